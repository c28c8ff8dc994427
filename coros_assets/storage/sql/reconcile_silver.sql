-- Is every point that was parsed kept in silver or dropped with a reason, for every date whose silver is made?
SELECT
    count(*) AS dates,
    count(*) FILTER (WHERE silver_digest IS NULL) AS dates_waiting,
    coalesce(sum(bronze_points) FILTER (WHERE silver_digest IS NOT NULL), 0)::bigint AS points_parsed,
    coalesce(sum(silver_points) FILTER (WHERE silver_digest IS NOT NULL), 0)::bigint AS points_kept,
    coalesce(sum(silver_points_dropped) FILTER (WHERE silver_digest IS NOT NULL), 0)::bigint AS points_dropped,
    coalesce(sum(bronze_activities) FILTER (WHERE silver_digest IS NOT NULL), 0)::bigint AS activities_parsed,
    coalesce(sum(silver_activities) FILTER (WHERE silver_digest IS NOT NULL), 0)::bigint AS activities_silver
FROM ledger.date_state;
