-- Is every point that was parsed kept in silver or dropped with a reason, for every date whose silver is made? Dates
-- of which a bronze file is damaged are counted apart: they keep what could be kept.
WITH made AS (
    SELECT *
    FROM ledger.date_state
    WHERE problem IS NULL AND silver_digest IS NOT NULL
)

SELECT
    (SELECT count(*) FROM ledger.date_state) AS dates,
    (SELECT count(*) FROM ledger.date_state WHERE problem IS NOT NULL) AS dates_damaged,
    (SELECT count(*) FROM ledger.date_state WHERE problem IS NULL AND silver_digest IS NULL) AS dates_waiting,
    coalesce(sum(bronze_points), 0)::bigint AS points_parsed,
    coalesce(sum(silver_points), 0)::bigint AS points_kept,
    coalesce(sum(silver_points_dropped), 0)::bigint AS points_dropped,
    coalesce(sum(bronze_activities), 0)::bigint AS activities_parsed,
    coalesce(sum(silver_activities), 0)::bigint AS activities_silver
FROM made;
