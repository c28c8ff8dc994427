-- Questions that need the roster: none of them can be answered from a watch's data alone.

-- How many runs did I do in night blocks, in day blocks and off?
SELECT schedule_period, count(*) AS runs
FROM gold.fact_activity
WHERE sport = 'running'
GROUP BY schedule_period;

-- Do night shifts make my running worse, and by how much?
SELECT effect_pct, ci_low_pct, ci_high_pct, verdict, sentence
FROM gold.answer_night_shift
WHERE is_primary;

-- How is my average pace within 36 hours after a night shift, and how is it on runs of a day schedule?
SELECT night_arm, avg(average_pace_s_per_km) AS pace_s_per_km
FROM gold.analysis_run
WHERE night_arm IN ('night', 'day')
GROUP BY night_arm;

-- How do I run on the second morning after nights, compared with the first?
WITH night_end AS (
    SELECT DISTINCT end_time_local::date AS end_date
    FROM gold.dim_shift
    WHERE kind = 'night'
), block_end AS (
    SELECT end_date
    FROM night_end
    WHERE NOT EXISTS (
        SELECT 1 FROM night_end AS later WHERE later.end_date = night_end.end_date + 1
    )
)
SELECT
    run.activity_date - block_end.end_date AS mornings_after,
    count(*) AS runs,
    avg(run.efficiency_factor_m_per_beat) AS efficiency_m_per_beat
FROM gold.analysis_run AS run
JOIN block_end ON run.activity_date - block_end.end_date IN (1, 2)
WHERE run.hour_of_day < 12
GROUP BY 1;

-- How many night shifts did I work in each month of 2025?
SELECT date_trunc('month', start_date)::date AS month_start, count(*) AS night_shifts
FROM gold.dim_shift
WHERE kind = 'night' AND start_date BETWEEN '2025-01-01' AND '2025-12-31'
GROUP BY 1;

-- How many kilometres did I run within 12 hours after any shift?
SELECT sum(distance_m) / 1000 AS distance_km
FROM gold.fact_activity
WHERE sport = 'running' AND shift_relation = 'after';

-- How long do I sleep on average on dates of night blocks, of day blocks and off?
SELECT schedule_period, avg(sleep_h) AS sleep_h
FROM gold.fact_day
GROUP BY schedule_period;

-- How much higher is my resting heart rate after a day sleep than after a night sleep, in beats per minute?
SELECT
    avg(resting_heart_rate_bpm) FILTER (WHERE main_sleep_is_day)
    - avg(resting_heart_rate_bpm) FILTER (WHERE NOT main_sleep_is_day) AS difference_bpm
FROM gold.fact_day;

-- What is my average HRV after a day sleep, and after a night sleep?
SELECT main_sleep_is_day, avg(hrv_rmssd_ms) AS hrv_rmssd_ms
FROM gold.fact_day
WHERE main_sleep_is_day IS NOT NULL
GROUP BY main_sleep_is_day;

-- What was my longest run in a night block?
SELECT activity_date, distance_m
FROM gold.fact_activity
WHERE sport = 'running' AND schedule_period = 'night'
ORDER BY distance_m DESC
LIMIT 1;

-- How many rest days did I take in night blocks?
SELECT count(*) AS rest_days
FROM gold.fact_day
WHERE schedule_period = 'night' AND runs = 0;

-- How many hours after the end of a night shift do I usually start to run, when I run within 12 hours of it?
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY hours_since_night_end) AS median_h
FROM gold.fact_activity
WHERE sport = 'running' AND hours_since_night_end BETWEEN 0 AND 12;

-- How does my efficiency change with the hours since the last night shift?
SELECT hours_since_night, n, efficiency_factor_m_per_beat
FROM gold.efficiency_by_hours_since_night
ORDER BY bin;

-- What was the most night shifts that I worked in a row before a run?
SELECT max(consecutive_nights) AS most_nights
FROM gold.fact_activity;

-- On which share of my dates in night blocks did I run?
SELECT avg(CASE WHEN runs > 0 THEN 100.0 ELSE 0 END) AS share_pct
FROM gold.fact_day
WHERE schedule_period = 'night';

-- How did I run on the first day after nights, compared with all my other runs?
SELECT
    activity.is_first_day_after_nights,
    count(*) AS runs,
    avg(run.efficiency_factor_m_per_beat) AS efficiency_m_per_beat
FROM gold.analysis_run AS run
JOIN gold.fact_activity AS activity USING (activity_id)
WHERE activity.is_first_day_after_nights IS NOT NULL
GROUP BY 1;

-- How many hours did I work in 2025, by kind of shift?
SELECT kind, sum(extract(EPOCH FROM end_time - start_time)) / 3600 AS worked_h
FROM gold.dim_shift
WHERE start_date BETWEEN '2025-01-01' AND '2025-12-31'
GROUP BY kind;

-- Did I set any personal record within 36 hours after a night shift?
SELECT record.distance_label, record.activity_date, record.time_s
FROM gold.personal_record AS record
JOIN gold.fact_activity AS activity USING (activity_id)
WHERE activity.hours_since_night_end BETWEEN 0 AND 36 AND record.previous_time_s IS NOT NULL;

-- How much sleep did I have before runs within 12 hours after a night shift, and how much of it by day?
SELECT avg(sleep_last_24h_h) AS sleep_h, avg(day_sleep_last_24h_h) AS day_sleep_h
FROM gold.fact_activity
WHERE sport = 'running' AND hours_since_night_end BETWEEN 0 AND 12;

-- How does training load per date differ between night blocks, day blocks and days off?
SELECT schedule_period, avg(load) AS mean_load
FROM gold.fact_day
GROUP BY schedule_period;

-- How many shifts began on a weekend, by kind?
SELECT shift.kind, count(*) AS shifts
FROM gold.dim_shift AS shift
JOIN gold.dim_date AS day ON day.date = shift.start_date
WHERE day.is_weekend
GROUP BY shift.kind;

-- Is the effect of nights still there without allowing for anything, by plain averages?
SELECT effect_pct, ci_low_pct, ci_high_pct
FROM gold.answer_night_shift
WHERE family = 'naive';

-- In which month did I run the most kilometres in night blocks?
SELECT date_trunc('month', activity_date)::date AS month_start, sum(distance_m) / 1000 AS distance_km
FROM gold.fact_activity
WHERE sport = 'running' AND schedule_period = 'night'
GROUP BY 1
ORDER BY distance_km DESC
LIMIT 1;

-- What is my average heart rate on runs with 0, 1, 2 or more nights in the seven days before?
SELECT least(nights_last_7_days, 2) AS nights, avg(average_heart_rate_bpm) AS heart_rate_bpm
FROM gold.fact_activity
WHERE sport = 'running'
GROUP BY 1;

-- How many runs did I start less than 3 hours before a shift?
SELECT count(*) AS runs
FROM gold.fact_activity
WHERE sport = 'running' AND hours_until_shift_start < 3;

-- What is expected of a run on each coming date in a night block?
SELECT forecast_date, expected, low, high
FROM gold.forecast
WHERE target = 'run on a coming day' AND schedule_period = 'night'
ORDER BY forecast_date;
