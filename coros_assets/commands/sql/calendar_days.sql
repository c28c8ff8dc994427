-- What was run on each date of the last weeks, counted from Monday, up to the last activity?
SELECT
    day.activity_date,
    day.runs,
    day.distance_m,
    day.moving_time_s,
    count(*) FILTER (WHERE run.schedule_period = 'night') AS night_runs
FROM gold.fact_day AS day
LEFT JOIN gold.fact_activity AS run ON day.activity_date = run.activity_date AND run.sport = 'running'
WHERE
    day.activity_date >= (SELECT date_trunc('week', max(activity_date)) FROM gold.fact_day)::date
    - 7 * (%(weeks)s::integer - 1)
GROUP BY day.activity_date
ORDER BY day.activity_date;
