-- Which of these dates have, or had, files?
SELECT activity_date
FROM ledger.date_state
WHERE activity_date = ANY(%(days)s);
