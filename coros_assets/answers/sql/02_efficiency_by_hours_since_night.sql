-- Question 1, for people: how do runs look the sooner or later after a night shift they come?
-- Plain averages: fitness, effort, hills and hour differ between the rows; gold.answer_night_shift allows for them.
CREATE OR REPLACE VIEW gold.efficiency_by_hours_since_night AS
WITH placed AS (
    SELECT
        *,
        CASE
            WHEN during_night_shift THEN 0
            WHEN hours_since_night_end IS NULL THEN 7
            ELSE width_bucket(hours_since_night_end, ARRAY[0, 12, 24, 36, 48, 72]::double precision[])
        END AS bin
    FROM gold.analysis_run
    WHERE schedule_period <> 'unknown'
)

SELECT
    bin,
    (ARRAY[
        'during a night shift', '0-12 h', '12-24 h', '24-36 h', '36-48 h', '48-72 h', '72 h or more',
        'no night in 28 days'
    ])[bin + 1] AS hours_since_night,
    count(*)::integer AS n,
    avg(average_pace_s_per_km) AS average_pace_s_per_km,
    avg(average_heart_rate_bpm) AS average_heart_rate_bpm,
    avg(efficiency_factor_m_per_beat) AS efficiency_factor_m_per_beat
FROM placed
GROUP BY bin
ORDER BY bin;
