-- Says of a file that was in bronze that it can no longer be read, and why.
UPDATE ledger.landing_file
SET
    outcome = 'quarantined',
    reason = %(reason)s,
    parser_version = %(parser_version)s
WHERE sha256 = %(sha256)s;
