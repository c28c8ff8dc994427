-- Questions on runs: how many, how far, how fast.

-- How many runs have I recorded?
SELECT count(*) AS runs
FROM gold.fact_activity
WHERE sport = 'running';

-- How many kilometres did I run in 2025?
SELECT sum(distance_m) / 1000 AS distance_km
FROM gold.fact_activity
WHERE sport = 'running' AND activity_date BETWEEN '2025-01-01' AND '2025-12-31';

-- How many kilometres did I run in each month of 2024?
SELECT date_trunc('month', activity_date)::date AS month_start, sum(distance_m) / 1000 AS distance_km
FROM gold.fact_activity
WHERE sport = 'running' AND activity_date BETWEEN '2024-01-01' AND '2024-12-31'
GROUP BY 1
ORDER BY 1;

-- What is my longest run, and when was it?
SELECT activity_date, distance_m / 1000 AS distance_km
FROM gold.fact_activity
WHERE sport = 'running'
ORDER BY distance_m DESC
LIMIT 1;

-- When was my latest run, how far and how long was it?
SELECT activity_date, distance_m, moving_time_s
FROM gold.fact_activity
WHERE sport = 'running'
ORDER BY start_time DESC
LIMIT 1;

-- Which weekday do I run most often on?
SELECT extract(ISODOW FROM activity_date) AS iso_weekday, count(*) AS runs
FROM gold.fact_activity
WHERE sport = 'running'
GROUP BY 1
ORDER BY runs DESC
LIMIT 1;

-- What time of the day do I start to run, by hour?
SELECT extract(HOUR FROM start_time_local) AS hour_local, count(*) AS runs
FROM gold.fact_activity
WHERE sport = 'running'
GROUP BY 1;

-- What is my average pace on runs over 15 km?
SELECT avg(average_pace_s_per_km) AS pace_s_per_km
FROM gold.fact_activity
WHERE sport = 'running' AND distance_m > 15000;

-- How many metres did I climb in each year?
SELECT extract(YEAR FROM activity_date) AS year, sum(elevation_gain_m) AS climb_m
FROM gold.fact_activity
WHERE sport = 'running'
GROUP BY 1;

-- How many runs were shorter than 5 km, between 5 and 10 km, and longer?
SELECT
    count(*) FILTER (WHERE distance_m < 5000) AS short_runs,
    count(*) FILTER (WHERE distance_m BETWEEN 5000 AND 10000) AS middle_runs,
    count(*) FILTER (WHERE distance_m > 10000) AS long_runs
FROM gold.fact_activity
WHERE sport = 'running';

-- What is the highest heart rate I reached on a run, and when?
SELECT activity_date, max_heart_rate_bpm
FROM gold.fact_activity
WHERE sport = 'running' AND max_heart_rate_bpm IS NOT NULL
ORDER BY max_heart_rate_bpm DESC
LIMIT 1;

-- How much time did I spend in each heart-rate zone in 2025, in hours?
SELECT zone, sum(time_s) / 3600 AS time_h
FROM gold.fact_heart_rate_zone
WHERE activity_date BETWEEN '2025-01-01' AND '2025-12-31'
GROUP BY zone
ORDER BY zone;

-- What was my fastest kilometre lap?
SELECT activity_date, lap_index, average_pace_s_per_km
FROM gold.fact_lap
WHERE distance_m BETWEEN 990 AND 1010
ORDER BY average_pace_s_per_km
LIMIT 1;

-- What is my average cadence on runs faster than 5:00 per kilometre, and on slower ones?
SELECT average_pace_s_per_km < 300 AS is_fast, avg(average_cadence_spm) AS cadence_spm
FROM gold.fact_activity
WHERE sport = 'running' AND average_pace_s_per_km IS NOT NULL
GROUP BY 1;

-- How many days lay between my runs on average?
SELECT avg(gap_d) AS gap_d
FROM (
    SELECT activity_date - lag(activity_date) OVER (ORDER BY start_time) AS gap_d
    FROM gold.fact_activity
    WHERE sport = 'running'
) AS gaps;

-- How many dates had more than one run?
SELECT count(*) AS dates
FROM gold.fact_day
WHERE runs > 1;

-- How many laps have I recorded, and how long is the longest one, in metres?
SELECT count(*) AS laps, max(distance_m) AS longest_m
FROM gold.fact_lap;

-- How does my heart rate drift on steady runs, on average?
SELECT avg(heart_rate_drift_pct_per_h) AS drift_pct_per_h
FROM gold.fact_activity
WHERE sport = 'running';
