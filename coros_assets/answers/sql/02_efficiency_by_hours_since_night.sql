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

COMMENT ON VIEW gold.efficiency_by_hours_since_night IS
'One row per stretch of hours since the last night shift: plain averages of the runs in it, roster known.';
COMMENT ON COLUMN gold.efficiency_by_hours_since_night.bin IS 'Order of the rows: 0 is during a night shift';
COMMENT ON COLUMN gold.efficiency_by_hours_since_night.hours_since_night IS
'Hours from the last night shift''s end to the start of the run, lower end included';
COMMENT ON COLUMN gold.efficiency_by_hours_since_night.n IS 'Runs';
COMMENT ON COLUMN gold.efficiency_by_hours_since_night.average_pace_s_per_km IS 'Mean of the runs'' paces [s/km]';
COMMENT ON COLUMN gold.efficiency_by_hours_since_night.average_heart_rate_bpm IS
'Mean of the runs'' average heart rates [bpm]';
COMMENT ON COLUMN gold.efficiency_by_hours_since_night.efficiency_factor_m_per_beat IS
'Mean of the runs'' grade-adjusted metres per heart beat [m/beat]';
