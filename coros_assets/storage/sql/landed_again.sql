-- Records that an archive was written anew, with nothing in it that was not known.
UPDATE ledger.landing_file
SET version = %(version)s
WHERE path = %(path)s;
