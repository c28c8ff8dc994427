-- Which landed files were taken in already, and in which version?
SELECT
    path,
    version
FROM ledger.landing_file;
