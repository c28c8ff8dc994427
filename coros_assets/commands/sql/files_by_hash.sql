-- Which files have a hash that begins like this, and on which dates are their activities?
SELECT
    source_sha256,
    source_name,
    activity_date
FROM gold.activity_source
WHERE starts_with(source_sha256, %(hash)s)
ORDER BY source_sha256, activity_date;
