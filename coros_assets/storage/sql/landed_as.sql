-- Which landed files have a hash that begins like this, or are called like this?
SELECT
    sha256,
    min(name) AS name
FROM ledger.landing_file
WHERE
    outcome <> 'erased'
    AND (
        starts_with(sha256, lower(%(word)s))
        OR name = %(word)s
        OR path = %(word)s
        OR right(name, length(%(word)s) + 1) = '/' || %(word)s
    )
GROUP BY sha256
ORDER BY name;
