-- Which of these dates have no file any more?
SELECT activity_date
FROM ledger.date_state
WHERE activity_date = ANY(%(days)s) AND bronze_activities = 0;
