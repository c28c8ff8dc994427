-- Question 3, for people: how fast was the fastest stretch of each standard distance, month by month?
-- Most stretches lie inside training runs: they tell how fast one ran, seldom how fast one could have run.
-- The best of twelve months bridges seasons of easy running; it is empty if the distance was not run in all that time.
CREATE OR REPLACE VIEW gold.best_effort_by_month AS
WITH placed AS (
    SELECT
        *,
        date_trunc('month', activity_date::timestamp) AS month_start
    FROM gold.fact_best_effort
),

best AS (
    SELECT
        distance_label,
        distance_m,
        month_start,
        count(*)::integer AS n,
        min(time_s) AS time_s,
        (array_agg(activity_id ORDER BY time_s, activity_id))[1] AS activity_id
    FROM placed
    GROUP BY distance_label, distance_m, month_start
),

calendar AS (
    SELECT
        distance_label,
        distance_m,
        generate_series(
            min(month_start), (SELECT max(month_start) FROM placed), INTERVAL '1 month'
        ) AS month_start
    FROM best
    GROUP BY distance_label, distance_m
)

SELECT
    calendar.distance_label,
    calendar.distance_m,
    calendar.month_start::date AS month_start,
    coalesce(best.n, 0) AS n,
    best.activity_id,
    best.time_s,
    1000 * best.time_s / calendar.distance_m AS pace_s_per_km,
    min(best.time_s) OVER (
        by_month ROWS BETWEEN 11 PRECEDING AND CURRENT ROW
    ) AS best_of_12_months_s,
    min(best.time_s) OVER by_month AS best_so_far_s
FROM calendar
LEFT JOIN best
    ON calendar.distance_label = best.distance_label AND calendar.month_start = best.month_start
WINDOW by_month AS (PARTITION BY calendar.distance_label ORDER BY calendar.month_start)
ORDER BY calendar.distance_m, calendar.month_start;
