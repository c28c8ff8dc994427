-- What does each measure of the Power BI model say in SQL?
-- The rows that a filter leaves come first; each measure is then one query on them. A measure that ends in
-- "last year" or "in 28 days" is another measure in the window of that name. No rows give an empty value, not 0.
WITH activity AS (
    SELECT * FROM gold.fact_activity
    WHERE activity_date BETWEEN %(first)s AND %(last)s AND schedule_period = ANY(%(periods)s)
),

run AS (SELECT * FROM activity WHERE sport = 'running'),

day AS (
    SELECT * FROM gold.fact_day
    WHERE activity_date BETWEEN %(first)s AND %(last)s AND schedule_period = ANY(%(periods)s)
),

shift AS (SELECT * FROM gold.dim_shift WHERE start_time_local::date BETWEEN %(first)s AND %(last)s),

comparable AS (
    SELECT * FROM gold.analysis_run WHERE activity_id IN (SELECT activity.activity_id FROM activity)
),

zone AS (
    SELECT * FROM gold.fact_heart_rate_zone WHERE activity_id IN (SELECT activity.activity_id FROM activity)
),

effort AS (
    SELECT * FROM gold.fact_best_effort
    WHERE
        activity_id IN (SELECT activity.activity_id FROM activity)
        AND distance_label = ANY(%(distances)s)
),

source AS (
    SELECT * FROM gold.activity_source WHERE activity_id IN (SELECT activity.activity_id FROM activity)
),

estimate AS (
    SELECT * FROM gold.answer_estimate
    WHERE question_number = ANY(%(questions)s) AND sort_order = ANY(%(orders)s)
)

-- window: last year
SELECT
    (%(first)s::date - INTERVAL '1 year')::date,
    (least(%(last)s::date, (SELECT max(activity_date) FROM gold.fact_day)) - INTERVAL '1 year')::date
-- window: in 28 days
SELECT
    max(activity_date) - 27,
    max(activity_date)
FROM day
-- measure: Runs
SELECT nullif(count(*), 0) FROM run
-- measure: Distance km
SELECT sum(distance_m) / 1000 FROM run
-- measure: Moving time h
SELECT sum(moving_time_s) / 3600 FROM run
-- measure: Climb m
SELECT sum(elevation_gain_m) FROM run
-- measure: Pace s per km
SELECT sum(moving_time_s) * 1000 / sum(distance_m) FROM run WHERE distance_m > 0
-- measure: Average heart rate bpm
SELECT avg(average_heart_rate_bpm) FROM run
-- measure: Load
SELECT sum(load) FROM day
-- measure: Time in zone h
SELECT sum(time_s) / 3600 FROM zone
-- measure: Efficiency m per beat
SELECT avg(efficiency_factor_m_per_beat) FROM comparable
-- measure: Comparable runs
SELECT nullif(count(*), 0) FROM comparable
-- measure: VDOT
SELECT max(vdot) FROM activity
-- measure: Fitness
SELECT ctl FROM day ORDER BY activity_date DESC LIMIT 1
-- measure: Fatigue
SELECT atl FROM day ORDER BY activity_date DESC LIMIT 1
-- measure: Form
SELECT tsb FROM day ORDER BY activity_date DESC LIMIT 1
-- measure: Resting heart rate bpm
SELECT avg(resting_heart_rate_bpm) FROM day
-- measure: Heart-rate variability ms
SELECT avg(hrv_rmssd_ms) FROM day
-- measure: Sleep h
SELECT avg(sleep_h) FROM day
-- measure: Day sleep h
SELECT avg(day_sleep_h) FROM day
-- measure: Shifts worked
SELECT nullif(count(*), 0) FROM shift
-- measure: Night shifts
SELECT nullif(count(*), 0) FROM shift WHERE kind = 'night'
-- measure: Runs in night blocks
SELECT nullif(count(*), 0) FROM run WHERE schedule_period = 'night'
-- measure: Efficiency in night blocks m per beat
SELECT avg(efficiency_factor_m_per_beat) FROM comparable WHERE schedule_period = 'night'
-- measure: Runs in day blocks
SELECT nullif(count(*), 0) FROM run WHERE schedule_period = 'day'
-- measure: Efficiency in day blocks m per beat
SELECT avg(efficiency_factor_m_per_beat) FROM comparable WHERE schedule_period = 'day'
-- measure: Night against day blocks %
SELECT
    100 * (
        avg(efficiency_factor_m_per_beat) FILTER (WHERE schedule_period = 'night')
        / avg(efficiency_factor_m_per_beat) FILTER (WHERE schedule_period = 'day')
        - 1
    )
FROM comparable
-- measure: Distance change on last year %
SELECT
    100 * (coalesce(sum(run.distance_m), 0) / before.distance_m - 1)
FROM (
    SELECT sum(distance_m) AS distance_m FROM gold.fact_activity
    WHERE
        sport = 'running'
        AND schedule_period = ANY(%(periods)s)
        AND activity_date BETWEEN (%(first)s::date - INTERVAL '1 year')::date AND (
            least(%(last)s::date, (SELECT max(activity_date) FROM gold.fact_day)) - INTERVAL '1 year'
        )::date
) AS before
LEFT JOIN run ON TRUE
GROUP BY before.distance_m
-- measure: Best time s
SELECT min(time_s) FROM effort
-- measure: Best pace s per km
SELECT min(1000 * time_s / distance_m) FROM effort
-- measure: Records
SELECT nullif(count(*), 0) FROM gold.personal_record WHERE activity_id IN (SELECT activity_id FROM activity)
-- measure: Effect %
SELECT CASE WHEN count(*) = 1 THEN min(effect_pct) END FROM estimate
-- measure: Interval low %
SELECT CASE WHEN count(*) = 1 THEN min(ci_low_pct) END FROM estimate
-- measure: Interval high %
SELECT CASE WHEN count(*) = 1 THEN min(ci_high_pct) END FROM estimate
-- measure: Runs used
SELECT CASE WHEN count(*) = 1 THEN min(n) END FROM estimate
-- measure: Mean pace by hours since night s per km
SELECT avg(average_pace_s_per_km) FROM gold.efficiency_by_hours_since_night WHERE bin = ANY(%(bins)s)
-- measure: Mean efficiency by hours since night
SELECT avg(efficiency_factor_m_per_beat) FROM gold.efficiency_by_hours_since_night WHERE bin = ANY(%(bins)s)
-- measure: Mean efficiency by load the day before
SELECT avg(efficiency_factor_m_per_beat) FROM gold.next_day_by_load_tercile WHERE tercile = ANY(%(terciles)s)
-- measure: Activities
SELECT nullif(count(*), 0) FROM activity
-- measure: Files
SELECT nullif(count(*), 0) FROM source
-- measure: Duplicate files
SELECT nullif(count(*), 0) FROM source WHERE NOT is_winner
-- measure: Quarantined files
SELECT nullif(count(*), 0) FROM gold.quarantined_file
-- measure: Suspected copies
SELECT nullif(count(*), 0) FROM gold.suspected_copy WHERE activity_id IN (SELECT activity_id FROM activity)
-- measure: Activities with a flag
SELECT nullif(count(*), 0) FROM activity WHERE cardinality(quality_flags) > 0
-- measure: Points dropped
SELECT sum(points_dropped) FROM activity
-- measure: Heart rates excluded %
SELECT 100.0 * sum(heart_rate_points_excluded) / nullif(sum(points), 0) FROM activity
