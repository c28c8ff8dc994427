-- Records what a date's silver was made from, in the transaction that holds the date's lock.
UPDATE ledger.date_state
SET
    silver_digest = %(silver_digest)s,
    silver_activities = %(silver_activities)s,
    silver_points = %(silver_points)s,
    silver_points_dropped = %(silver_points_dropped)s
WHERE activity_date = %(activity_date)s;
