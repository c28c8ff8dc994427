-- Says of every date that silver and gold are to be made again. Gold that has rows keeps them until then.
UPDATE ledger.date_state
SET
    silver_digest = NULL,
    gold_digest = CASE WHEN gold_digest IS NOT NULL THEN 'to be made again' END;
