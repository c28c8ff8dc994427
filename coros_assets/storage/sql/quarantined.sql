-- Which landed files could not be read, and why, under every name they were landed with?
SELECT
    sha256,
    path,
    name,
    landed_at,
    first_seen AS taken_in_at,
    size_bytes,
    parser_version,
    reason
FROM ledger.landing_file
WHERE outcome = 'quarantined';
