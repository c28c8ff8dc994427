-- What is gold made from, all dates together, and which files are in quarantine?
SELECT
    (
        SELECT coalesce(string_agg(activity_date || ' ' || gold_digest, E'\n' ORDER BY activity_date), '')
        FROM ledger.date_state
    ) AS gold,
    (
        SELECT coalesce(string_agg(sha256 || ' ' || reason, E'\n' ORDER BY path, name, sha256), '')
        FROM ledger.landing_file
        WHERE outcome = 'quarantined'
    ) AS quarantine;
