-- Forgets the state of dates whose rows are removed in the same transaction.
DELETE FROM ledger.date_state
WHERE activity_date = ANY(%(days)s);
