-- Under which name does each of these contents count as bronze?
SELECT
    sha256,
    path,
    name
FROM ledger.landing_file
WHERE sha256 = ANY(%(contents)s) AND outcome = 'bronze';
