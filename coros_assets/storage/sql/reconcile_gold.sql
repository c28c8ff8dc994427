-- Is every silver activity in gold, as itself or as a linked duplicate, and does every row have its activity?
SELECT
    (SELECT coalesce(sum(silver_activities), 0)::bigint FROM ledger.date_state) AS activities_silver,
    (SELECT count(*) FROM gold.fact_activity) AS activities_gold,
    (SELECT count(*) FROM gold.activity_source WHERE NOT is_winner) AS duplicates_linked,
    (
        SELECT count(*)
        FROM gold.fact_lap AS lap
        LEFT JOIN gold.fact_activity AS activity USING (activity_id)
        WHERE activity.activity_id IS NULL
    ) AS laps_without_activity;
