-- How many rows do the other tables have, and how many should they have? One row a table.
SELECT
    'fact_day' AS table_name,
    (SELECT count(*) FROM gold.fact_day) AS rows,
    (SELECT coalesce(max(activity_date) - min(activity_date) + 1, 0) FROM gold.fact_activity) AS expected
UNION ALL
SELECT
    'dim_date',
    (SELECT count(*) FROM gold.dim_date),
    (
        SELECT coalesce(
            make_date(extract(YEAR FROM max(recorded.day))::integer + 1, 1, 1)
            - make_date(extract(YEAR FROM min(recorded.day))::integer, 1, 1),
            0
        )
        FROM (
            SELECT activity_date AS day
            FROM gold.fact_activity
            UNION ALL
            SELECT start_date
            FROM gold.dim_shift
            WHERE EXISTS (SELECT FROM gold.fact_activity)
        ) AS recorded
    )
UNION ALL
SELECT
    'fact_best_effort without their activity',
    (
        SELECT count(*)
        FROM gold.fact_best_effort AS effort
        LEFT JOIN gold.fact_activity AS activity USING (activity_id, activity_date)
        WHERE activity.activity_id IS NULL
    ),
    0;
