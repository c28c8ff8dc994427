-- Which recordings look like one recording twice, written in two time zones?
-- Same sport, equal length, and starts that differ by whole quarters of an hour, as zones do. Exporters that
-- mistake local time for UTC make such copies. They are shown and never merged.
CREATE OR REPLACE VIEW gold.suspected_copy AS
SELECT
    earlier.activity_id,
    later.activity_id AS copy_activity_id,
    earlier.activity_date,
    later.activity_date AS copy_activity_date,
    apart.offset_s / 3600 AS offset_h
FROM gold.fact_activity AS earlier
CROSS JOIN generate_series(0, 2) AS days_later
INNER JOIN gold.fact_activity AS later
    ON earlier.activity_date + days_later = later.activity_date AND earlier.sport = later.sport
CROSS JOIN LATERAL (
    SELECT extract(EPOCH FROM later.start_time - earlier.start_time)::double precision AS offset_s
) AS apart
WHERE
    round(apart.offset_s / 900) BETWEEN 1 AND 26 * 4
    AND abs(apart.offset_s - 900 * round(apart.offset_s / 900)) <= 1
    AND abs(later.elapsed_time_s - earlier.elapsed_time_s) <= 1
    AND abs(later.distance_m - earlier.distance_m) <= 0.005 * earlier.distance_m
ORDER BY earlier.activity_id, later.activity_id;
