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
