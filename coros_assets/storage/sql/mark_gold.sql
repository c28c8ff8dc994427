-- Records what the rows of a date were made from, in the transaction that writes them.
UPDATE ledger.date_state
SET gold_digest = %(gold_digest)s
WHERE activity_date = %(activity_date)s;
