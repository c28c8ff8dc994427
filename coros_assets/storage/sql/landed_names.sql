-- Under which names were files of these hashes landed?
SELECT DISTINCT name
FROM ledger.landing_file
WHERE sha256 = ANY(%(hashes)s)
ORDER BY name;
