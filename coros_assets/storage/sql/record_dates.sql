-- Records what bronze holds of a date. If that is not what it held, its silver waits to be made again.
INSERT INTO ledger.date_state AS known (
    activity_date, bronze_digest, bronze_activities, bronze_points, bronze_files
)
VALUES (
    %(activity_date)s, %(bronze_digest)s, %(bronze_activities)s, %(bronze_points)s, %(bronze_files)s
)
ON CONFLICT (activity_date) DO UPDATE SET
    bronze_digest = excluded.bronze_digest,
    bronze_activities = excluded.bronze_activities,
    bronze_points = excluded.bronze_points,
    bronze_files = excluded.bronze_files,
    silver_digest = CASE WHEN known.bronze_digest = excluded.bronze_digest THEN known.silver_digest END;
