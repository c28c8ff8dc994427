-- Which runs can be compared with one another, and what is known about each before and around it?
-- All three questions start here. A run counts if it has an efficiency factor, at least 15 minutes of
-- moving and values that a runner can have. Quality flags exclude nothing by themselves: what they tell
-- of is already cut out of the efficiency factor, or leaves it empty.
CREATE OR REPLACE VIEW gold.analysis_run AS
WITH run AS (
    SELECT
        *,
        start_time + elapsed_time_s * INTERVAL '1 second' AS end_time
    FROM gold.fact_activity
    WHERE
        sport = 'running'
        AND efficiency_factor_m_per_beat BETWEEN 0.3 AND 3
        AND moving_time_s >= 15 * 60
        AND distance_m > 0
        AND average_pace_s_per_km BETWEEN 120 AND 900
),

night_shift AS (
    SELECT
        start_time,
        end_time,
        lag(start_time) OVER (ORDER BY start_time) AS previous_start
    FROM gold.dim_shift
    WHERE kind = 'night'
),

moment AS (
    SELECT
        activity_id,
        start_time AS instant,
        end_time,
        FALSE AS is_night,
        FALSE AS begins_block
    FROM run
    UNION ALL
    SELECT
        NULL,
        start_time,
        end_time,
        TRUE,
        previous_start IS NULL OR start_time - previous_start > INTERVAL '48 hours'
    FROM night_shift
),

placed AS (
    SELECT
        activity_id,
        count(*) FILTER (WHERE begins_block) OVER earlier AS blocks_begun,
        max(end_time) FILTER (WHERE is_night) OVER earlier > instant AS during_night_shift,
        extract(EPOCH FROM min(instant) FILTER (WHERE is_night) OVER later - end_time) / 3600
            AS hours_until_night_start
    FROM moment
    WINDOW
        earlier AS (ORDER BY instant, is_night DESC, activity_id),
        later AS (ORDER BY instant DESC, is_night, activity_id DESC)
),

day AS (
    SELECT
        activity_date,
        tsb,
        resting_heart_rate_bpm,
        lag(ctl) OVER by_date AS ctl,
        lag(load, 1) OVER by_date AS load_day_before,
        lag(load, 2) OVER by_date AS load_2_days_before,
        lag(load, 3) OVER by_date AS load_3_days_before,
        lead(load, 1) OVER by_date AS load_day_after,
        lead(load, 2) OVER by_date AS load_2_days_after,
        lead(load, 3) OVER by_date AS load_3_days_after,
        bool_or(schedule_period = 'unknown') OVER (
            ORDER BY activity_date ROWS BETWEEN 3 PRECEDING AND CURRENT ROW
        ) AS roster_has_gap
    FROM gold.fact_day
    WINDOW by_date AS (ORDER BY activity_date)
)

SELECT
    run.activity_id,
    run.activity_date,
    run.activity_date - min(run.activity_date) OVER () AS day_number,
    run.start_time_local,
    (extract(EPOCH FROM run.start_time_local::time) / 3600)::double precision AS hour_of_day,
    run.is_indoor,
    run.schedule_period,
    run.hours_since_night_end,
    placed.hours_until_night_start::double precision AS hours_until_night_start,
    coalesce(placed.during_night_shift, FALSE) AS during_night_shift,
    CASE
        WHEN run.schedule_period = 'unknown' THEN NULL
        WHEN placed.during_night_shift OR run.hours_since_night_end <= 36 THEN 'night'
        WHEN coalesce(run.hours_since_night_end < 72, FALSE) THEN 'between'
        WHEN coalesce(placed.hours_until_night_start < 72, FALSE) THEN 'between'
        WHEN day.roster_has_gap OR roster.begins > run.start_time - INTERVAL '72 hours' THEN 'between'
        ELSE 'day'
    END AS night_arm,
    CASE WHEN run.schedule_period <> 'unknown' THEN placed.blocks_begun::integer END AS roster_cycle,
    run.efficiency_factor_m_per_beat,
    ln(run.efficiency_factor_m_per_beat) AS log_efficiency,
    run.average_heart_rate_bpm,
    run.heart_rate_reserve_pct,
    run.distance_m,
    ln(run.distance_m) AS log_distance,
    run.elevation_gain_m / (run.distance_m / 1000) AS climb_m_per_km,
    run.moving_time_s,
    run.average_pace_s_per_km,
    run.grade_adjusted_pace_s_per_km,
    day.load_day_before,
    day.load_2_days_before,
    day.load_3_days_before,
    day.load_day_after,
    day.load_2_days_after,
    day.load_3_days_after,
    day.tsb,
    day.ctl,
    run.start_time,
    run.end_time,
    run.aerobic_decoupling_pct,
    run.heart_rate_drift_pct_per_h,
    day.resting_heart_rate_bpm,
    run.vdot
FROM run
INNER JOIN placed ON run.activity_id = placed.activity_id
LEFT JOIN day ON run.activity_date = day.activity_date
CROSS JOIN (SELECT min(start_time) AS begins FROM gold.dim_shift) AS roster;

COMMENT ON VIEW gold.analysis_run IS
'One row per run that can be compared with others: its efficiency and everything the three answers allow for.';
COMMENT ON COLUMN gold.analysis_run.activity_id IS 'Run, as in gold.fact_activity';
COMMENT ON COLUMN gold.analysis_run.activity_date IS 'Local date on which the run started';
COMMENT ON COLUMN gold.analysis_run.day_number IS 'Days since the first of these runs [d]';
COMMENT ON COLUMN gold.analysis_run.start_time_local IS 'Wall-clock time at the start';
COMMENT ON COLUMN gold.analysis_run.hour_of_day IS 'Wall-clock time at the start as hours since midnight [h]';
COMMENT ON COLUMN gold.analysis_run.is_indoor IS 'True if no point has a position, as on a treadmill';
COMMENT ON COLUMN gold.analysis_run.schedule_period IS 'Shift block the run belongs to: day, night, off or unknown';
COMMENT ON COLUMN gold.analysis_run.hours_since_night_end IS
'Hours from the last night shift''s end to the start of the run; empty if none is known in 28 days [h]';
COMMENT ON COLUMN gold.analysis_run.hours_until_night_start IS
'Hours from the end of the run to the next night shift''s start; empty if none is known [h]';
COMMENT ON COLUMN gold.analysis_run.during_night_shift IS 'True if the run started during a night shift';
COMMENT ON COLUMN gold.analysis_run.night_arm IS
'night: during a night shift or at most 36 h after one; day: at least 72 h from any night shift, before and after, on a roster known for the 3 days before; between: neither; empty: roster unknown';
COMMENT ON COLUMN gold.analysis_run.roster_cycle IS
'Night blocks begun before the run, 0 before the first; a block begins at a night shift without another starting in the 48 h before; empty: roster unknown';
COMMENT ON COLUMN gold.analysis_run.efficiency_factor_m_per_beat IS
'Grade-adjusted metres per heart beat while moving [m/beat]';
COMMENT ON COLUMN gold.analysis_run.log_efficiency IS 'Natural logarithm of efficiency_factor_m_per_beat';
COMMENT ON COLUMN gold.analysis_run.average_heart_rate_bpm IS 'Time-weighted average heart rate [bpm]';
COMMENT ON COLUMN gold.analysis_run.heart_rate_reserve_pct IS 'Average heart rate as a share of the reserve [%]';
COMMENT ON COLUMN gold.analysis_run.distance_m IS 'Distance covered [m]';
COMMENT ON COLUMN gold.analysis_run.log_distance IS 'Natural logarithm of distance_m';
COMMENT ON COLUMN gold.analysis_run.climb_m_per_km IS 'Climb per kilometre [m/km]';
COMMENT ON COLUMN gold.analysis_run.moving_time_s IS 'Time with smoothed speed above 0.5 m/s [s]';
COMMENT ON COLUMN gold.analysis_run.average_pace_s_per_km IS 'Moving time per kilometre [s/km]';
COMMENT ON COLUMN gold.analysis_run.grade_adjusted_pace_s_per_km IS 'Pace on the flat at equal effort [s/km]';
COMMENT ON COLUMN gold.analysis_run.load_day_before IS
'Load of all activities on the date before; empty before the first recorded date';
COMMENT ON COLUMN gold.analysis_run.load_2_days_before IS 'Load two dates before; empty before the first recorded date';
COMMENT ON COLUMN gold.analysis_run.load_3_days_before IS
'Load three dates before; empty before the first recorded date';
COMMENT ON COLUMN gold.analysis_run.load_day_after IS 'Load on the date after; empty after the last recorded date';
COMMENT ON COLUMN gold.analysis_run.load_2_days_after IS 'Load two dates after; empty after the last recorded date';
COMMENT ON COLUMN gold.analysis_run.load_3_days_after IS 'Load three dates after; empty after the last recorded date';
COMMENT ON COLUMN gold.analysis_run.tsb IS
'Form before the run: fitness minus fatigue, both of the date before, as in gold.fact_day';
COMMENT ON COLUMN gold.analysis_run.ctl IS
'Fitness before the run: that of the date before in gold.fact_day; empty on the first recorded date';
COMMENT ON COLUMN gold.analysis_run.start_time IS 'Instant of the start';
COMMENT ON COLUMN gold.analysis_run.end_time IS 'Instant of the end';
COMMENT ON COLUMN gold.analysis_run.aerobic_decoupling_pct IS
'Loss of efficiency from the first to the second half; empty under 50 min [%]';
COMMENT ON COLUMN gold.analysis_run.heart_rate_drift_pct_per_h IS
'Rise of heart rate at equal speed on steady runs; empty on others [%/h]';
COMMENT ON COLUMN gold.analysis_run.resting_heart_rate_bpm IS
'Resting heart rate in the sleep that ended on the date of the run; empty without wellness data [bpm]';
COMMENT ON COLUMN gold.analysis_run.vdot IS
'Daniels-Gilbert index of the best 5 km or longer effort inside; a lower bound unless raced';
