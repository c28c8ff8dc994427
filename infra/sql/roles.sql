-- Who logs in to the warehouse on RDS, and how? Run by psql as the administrator, in database coros, again whenever
-- it changed: `psql … -f infra/sql/roles.sql`. What each may touch is the program's own (storage/sql/).
-- Four log in by IAM token; coros_bi alone has a password, for tools that know nothing else (bi_password.sql).
\set ON_ERROR_STOP on
\ir ../../coros_assets/storage/sql/roles.sql

SELECT format('CREATE ROLE %I LOGIN', wanted)
FROM unnest(ARRAY['coros_owner', 'coros_dagster', 'coros_analyst', 'coros_bi']) AS wanted
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted)
\gexec

-- coros_reader itself is nobody's login here: whoever is in rds_iam, also by way of another role, can no longer use
-- a password, and coros_bi must.
GRANT coros_reader TO coros_analyst, coros_bi;

-- A member inherits rights, not settings.
SELECT format('ALTER ROLE %I SET %s', reader, setting)
FROM
    unnest(ARRAY['coros_analyst', 'coros_bi']) AS reader,
    unnest(ARRAY[
        'default_transaction_read_only = on',
        'statement_timeout = ''30s''',
        'idle_in_transaction_session_timeout = ''60s'''
    ]) AS setting
\gexec
ALTER ROLE coros_analyst CONNECTION LIMIT 5;
ALTER ROLE coros_bi CONNECTION LIMIT 10;

-- The owner makes the schemas gold and ledger, and gives loader and reader their rights on them.
GRANT CREATE ON DATABASE coros TO coros_owner;
GRANT CONNECT ON DATABASE coros TO coros_owner;

-- Dagster's own storage, in a database that the others cannot enter.
SELECT 'CREATE DATABASE dagster'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'dagster')
\gexec
REVOKE ALL ON DATABASE dagster FROM PUBLIC;
GRANT CONNECT ON DATABASE dagster TO coros_dagster;
\connect dagster
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO coros_dagster;

-- Last, because it may lock out the one who runs this: from version 16 on whoever makes a role is a member of it,
-- and so of rds_iam, whose members log in by token only. README.md says how the administrator does.
GRANT rds_iam TO coros_owner, coros_loader, coros_dagster, coros_analyst;
