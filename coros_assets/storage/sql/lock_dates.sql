-- Which of these dates still hold the silver that the batch was made from, and need it? Locks them.
SELECT
    activity_date,
    silver_digest,
    gold_digest
FROM ledger.date_state
WHERE activity_date = ANY(%(dates)s)
ORDER BY activity_date
FOR UPDATE;
