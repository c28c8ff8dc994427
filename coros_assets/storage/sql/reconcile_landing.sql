-- Does every landed file have exactly one fate, and every date's bronze count for something?
SELECT
    count(*) AS landed,
    count(*) FILTER (WHERE outcome = 'bronze') AS bronze,
    count(*) FILTER (WHERE outcome = 'duplicate') AS duplicate,
    count(*) FILTER (WHERE outcome = 'quarantined') AS quarantined,
    count(*) FILTER (WHERE outcome = 'erased') AS erased
FROM ledger.landing_file;
