-- Which landed files could not be read, and why?
CREATE OR REPLACE VIEW gold.quarantined_file AS
SELECT DISTINCT ON (sha256)
    sha256,
    name,
    reason,
    parser_version,
    first_seen
FROM ledger.landing_file
WHERE outcome = 'quarantined'
ORDER BY sha256, first_seen, name;
