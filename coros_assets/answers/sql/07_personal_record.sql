-- Question 3, for people: when was each standard distance run faster than ever before, and by how much?
-- The first effort over a distance is its first record; a time run again is none.
CREATE OR REPLACE VIEW gold.personal_record AS
WITH effort AS (
    SELECT
        *,
        min(time_s) OVER (
            PARTITION BY distance_label
            ORDER BY activity_date, activity_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS previous_time_s
    FROM gold.fact_best_effort
)

SELECT
    distance_label,
    distance_m,
    activity_date,
    activity_id,
    time_s,
    1000 * time_s / distance_m AS pace_s_per_km,
    lag(activity_date) OVER by_date AS previous_activity_date,
    lag(activity_id) OVER by_date AS previous_activity_id,
    previous_time_s,
    previous_time_s - time_s AS faster_by_s,
    lead(activity_id) OVER by_date IS NULL AS is_current
FROM effort
WHERE previous_time_s IS NULL OR time_s < previous_time_s
WINDOW by_date AS (PARTITION BY distance_label ORDER BY activity_date, activity_id)
ORDER BY distance_m, activity_date, activity_id;
