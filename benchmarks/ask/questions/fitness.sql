-- Questions on fitness, records and forecasts.

-- Has my fitness improved?
SELECT effect_pct, ci_low_pct, ci_high_pct, verdict, sentence
FROM gold.answer_fitness_trend
WHERE is_primary;

-- What are my personal bests?
SELECT distance_label, time_s, activity_date
FROM gold.personal_record
WHERE is_current
ORDER BY distance_m;

-- What is my best 10 km time, and when did I run it?
SELECT time_s, activity_date
FROM gold.personal_record
WHERE is_current AND distance_label = '10 km';

-- How many times did I break my 5 km record?
SELECT count(*) AS times
FROM gold.personal_record
WHERE distance_label = '5 km' AND previous_time_s IS NOT NULL;

-- What was my fastest 5 km in each month of 2025?
SELECT month_start, time_s
FROM gold.best_effort_by_month
WHERE distance_label = '5 km' AND month_start BETWEEN '2025-01-01' AND '2025-12-01'
ORDER BY month_start;

-- How did my efficiency change from month to month?
SELECT month_start, efficiency_factor_m_per_beat
FROM gold.fitness_by_month
ORDER BY month_start;

-- Which month was my most efficient one?
SELECT month_start, efficiency_factor_m_per_beat
FROM gold.fitness_by_month
ORDER BY efficiency_factor_m_per_beat DESC
LIMIT 1;

-- Is my pace at the same heart rate better in the second half of 2025 than in the first half of 2024?
SELECT
    avg(efficiency_factor_m_per_beat) FILTER (WHERE activity_date BETWEEN '2024-01-01' AND '2024-06-30') AS before,
    avg(efficiency_factor_m_per_beat) FILTER (WHERE activity_date BETWEEN '2025-07-01' AND '2025-12-31') AS after
FROM gold.analysis_run;

-- What is my best VDOT of each year?
SELECT extract(YEAR FROM activity_date) AS year, max(vdot) AS vdot
FROM gold.fact_activity
WHERE sport = 'running'
GROUP BY 1;

-- When was my fitness by training load highest?
SELECT activity_date, ctl
FROM gold.fact_day
ORDER BY ctl DESC
LIMIT 1;

-- What should I expect of my next run?
SELECT expected, low, high, unit, sentence
FROM gold.forecast
WHERE target = 'next run';

-- How tired will I be in the next fourteen days?
SELECT forecast_date, expected, low, high
FROM gold.forecast
WHERE target = 'fatigue'
ORDER BY forecast_date;

-- How good were the forecasts of my next run that count, and how often did their range hold the outcome?
SELECT method, mean_absolute_error, coverage_pct
FROM gold.forecast_evaluation
WHERE target = 'next run' AND is_shipped;

-- What pace could I race for an hour?
SELECT expected, low, high
FROM gold.forecast
WHERE target = 'race of an hour';
