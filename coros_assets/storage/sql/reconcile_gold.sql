-- Is every silver activity in gold, as itself or as a linked duplicate, for every date whose gold is made from
-- its silver, and does every row have its activity?
WITH made AS (
    SELECT
        activity_date,
        silver_activities
    FROM ledger.date_state
    WHERE split_part(gold_digest, ' ', 1) = 'recordings=' || silver_digest
)

SELECT
    (SELECT count(*) FROM gold.fact_activity) AS activities,
    (SELECT count(*) FROM ledger.date_state) - (SELECT count(*) FROM made) AS dates_waiting,
    (SELECT coalesce(sum(silver_activities), 0)::bigint FROM made) AS activities_silver,
    (SELECT count(*) FROM gold.fact_activity WHERE activity_date IN (SELECT activity_date FROM made))
        AS activities_gold,
    (
        SELECT count(*)
        FROM gold.activity_source
        WHERE NOT is_winner AND activity_date IN (SELECT activity_date FROM made)
    ) AS duplicates_linked,
    (
        SELECT count(*)
        FROM gold.fact_lap AS lap
        LEFT JOIN gold.fact_activity AS activity USING (activity_id)
        WHERE activity.activity_id IS NULL
    ) AS laps_without_activity;
