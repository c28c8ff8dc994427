-- Under which names was this content landed, and when?
SELECT
    path,
    name,
    landed_at,
    first_seen
FROM ledger.landing_file
WHERE sha256 = %(sha256)s
ORDER BY landed_at, name;
