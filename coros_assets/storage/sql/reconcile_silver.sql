-- Is every point that was parsed kept in silver or dropped with a reason, for every date that is loaded?
SELECT
    count(*) AS dates,
    count(*) FILTER (WHERE silver_digest IS NULL) AS dates_without_silver,
    coalesce(sum(bronze_points), 0)::bigint AS points_parsed,
    coalesce(sum(silver_points), 0)::bigint AS points_kept,
    coalesce(sum(silver_points_dropped), 0)::bigint AS points_dropped,
    coalesce(sum(bronze_activities), 0)::bigint AS activities_parsed,
    coalesce(sum(silver_activities), 0)::bigint AS activities_silver
FROM ledger.date_state;
