-- Which landed objects hold files that were erased?
SELECT
    path,
    name,
    reason
FROM ledger.landing_file
WHERE outcome = 'erased'
ORDER BY name;
