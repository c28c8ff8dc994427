-- Questions on load, recovery and sleep.

-- Does hard training make my next run worse?
SELECT effect_pct, ci_low_pct, ci_high_pct, verdict, sentence
FROM gold.answer_next_day
WHERE is_primary;

-- How do I run on the day after a rest day, and after easy, middle and hard days?
SELECT day_before, n, efficiency_factor_m_per_beat
FROM gold.next_day_by_load_tercile
ORDER BY tercile;

-- Which week had the highest load?
SELECT day.iso_year, day.iso_week, sum(fact.load) AS week_load
FROM gold.fact_day AS fact
JOIN gold.dim_date AS day ON day.date = fact.activity_date
GROUP BY day.iso_year, day.iso_week
ORDER BY week_load DESC
LIMIT 1;

-- What are my fitness, fatigue and form on the last day of the record?
SELECT activity_date, ctl, atl, tsb
FROM gold.fact_day
ORDER BY activity_date DESC
LIMIT 1;

-- On which dates was my recovery unusually poor?
SELECT anomaly_date, outcome, sentence
FROM gold.recovery_anomaly
WHERE kind IN ('spike', 'drift')
ORDER BY anomaly_date;

-- How has my resting heart rate changed by month?
SELECT date_trunc('month', activity_date)::date AS month_start, avg(resting_heart_rate_bpm) AS resting_bpm
FROM gold.fact_day
GROUP BY 1
ORDER BY 1;

-- How long do I sleep on average?
SELECT avg(sleep_h) AS sleep_h
FROM gold.fact_day;

-- In which nights did I sleep less than six and a half hours?
SELECT activity_date, sleep_h
FROM gold.fact_day
WHERE sleep_h < 6.5
ORDER BY activity_date;

-- How is my efficiency when I slept less than six hours in the day before, and when I slept more?
SELECT activity.sleep_last_24h_h < 6 AS is_short, avg(run.efficiency_factor_m_per_beat) AS efficiency_m_per_beat
FROM gold.analysis_run AS run
JOIN gold.fact_activity AS activity USING (activity_id)
WHERE activity.sleep_last_24h_h IS NOT NULL
GROUP BY 1;

-- Is my HRV related to the load of the day before?
SELECT corr(hrv_rmssd_ms, load_before) AS correlation
FROM (
    SELECT hrv_rmssd_ms, lag(load) OVER (ORDER BY activity_date) AS load_before
    FROM gold.fact_day
) AS days;

-- What was my longest break without a run, in days?
SELECT max(gap_d) - 1 AS days_without_run
FROM (
    SELECT activity_date - lag(activity_date) OVER (ORDER BY activity_date) AS gap_d
    FROM gold.fact_day
    WHERE runs > 0
) AS gaps;

-- How many kilometres did I run in the last 28 days of the record?
SELECT sum(distance_m) / 1000 AS distance_km
FROM gold.fact_day
WHERE activity_date > (SELECT max(activity_date) - 28 FROM gold.fact_day);

-- On how many days was my form below minus 10?
SELECT count(*) AS days
FROM gold.fact_day
WHERE tsb < -10;
