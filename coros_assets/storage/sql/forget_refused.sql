-- Forgets erased files that are in landing no more.
DELETE FROM ledger.landing_file
WHERE outcome = 'erased' AND path = ANY(%(paths)s);
