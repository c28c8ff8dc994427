-- Says of a date that its silver is not what was recorded, so that it is made again.
UPDATE ledger.date_state
SET silver_digest = NULL
WHERE activity_date = %(activity_date)s;
