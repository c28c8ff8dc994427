-- What does each date hold, and what were its silver and gold made from?
SELECT *
FROM ledger.date_state
ORDER BY activity_date;
