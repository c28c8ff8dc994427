-- Records what a date's silver was made from, unless bronze has changed since it was read.
UPDATE ledger.date_state
SET
    silver_digest = %(silver_digest)s,
    silver_activities = %(silver_activities)s,
    silver_points = %(silver_points)s,
    silver_points_dropped = %(silver_points_dropped)s
WHERE activity_date = %(activity_date)s
AND bronze_digest = %(bronze_digest)s;
