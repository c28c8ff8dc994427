-- Is every point that was parsed kept in silver or dropped with a reason, for every date that is loaded? Dates of
-- which a bronze file is damaged are counted apart: they keep what could be kept.
SELECT
    count(*) AS dates,
    count(*) FILTER (WHERE problem IS NOT NULL) AS dates_damaged,
    count(*) FILTER (WHERE problem IS NULL AND silver_digest IS NULL) AS dates_without_silver,
    coalesce(sum(bronze_points) FILTER (WHERE problem IS NULL), 0)::bigint AS points_parsed,
    coalesce(sum(silver_points) FILTER (WHERE problem IS NULL), 0)::bigint AS points_kept,
    coalesce(sum(silver_points_dropped) FILTER (WHERE problem IS NULL), 0)::bigint AS points_dropped,
    coalesce(sum(bronze_activities) FILTER (WHERE problem IS NULL), 0)::bigint AS activities_parsed,
    coalesce(sum(silver_activities) FILTER (WHERE problem IS NULL), 0)::bigint AS activities_silver
FROM ledger.date_state;
