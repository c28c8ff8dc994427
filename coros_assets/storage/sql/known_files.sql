-- Which of these dates have, or had, files, and which ones?
SELECT
    activity_date,
    bronze_files
FROM ledger.date_state
WHERE activity_date = ANY(%(days)s);
