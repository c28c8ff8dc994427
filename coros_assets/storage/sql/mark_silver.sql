-- Records what a date's silver was made from and what is wrong with its bronze, in the transaction that holds the
-- date's lock. Without a digest silver was left as it is.
UPDATE ledger.date_state
SET
    silver_digest = coalesce(%(silver_digest)s, silver_digest),
    silver_activities = coalesce(%(silver_activities)s, silver_activities),
    silver_points = coalesce(%(silver_points)s, silver_points),
    silver_points_dropped = coalesce(%(silver_points_dropped)s, silver_points_dropped),
    problem = %(problem)s
WHERE activity_date = %(activity_date)s;
