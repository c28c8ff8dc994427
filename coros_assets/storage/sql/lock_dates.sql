-- What are these dates made from at present? Locks them until the transaction ends, in order, so that nobody
-- waits for one who waits for him.
SELECT
    activity_date,
    bronze_digest,
    silver_digest,
    gold_digest
FROM ledger.date_state
WHERE activity_date = ANY(%(dates)s)
ORDER BY activity_date
FOR UPDATE;
