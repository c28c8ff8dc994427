-- Says of landed files that were erased that they are refused, under their tombstone's mark instead of their hash.
UPDATE ledger.landing_file
SET
    sha256 = %(mark)s,
    outcome = 'erased',
    reason = %(reason)s
WHERE sha256 = %(sha256)s;
