-- Who may do what? The roles of the warehouse. Run by a user who may make roles, before `grants.sql`.
-- The owner is whoever makes the tables; the loader changes their rows; the reader reads schema gold.
-- None has a password here: set one for those who come over a network.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'coros_loader') THEN
        CREATE ROLE coros_loader LOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'coros_reader') THEN
        CREATE ROLE coros_reader LOGIN;
    END IF;
    -- The loader sees the reader's sessions, and may end those that go on for too long.
    GRANT coros_reader TO coros_loader;
END
$$;

ALTER ROLE coros_loader NOCREATEDB NOCREATEROLE;
ALTER ROLE coros_reader NOCREATEDB NOCREATEROLE CONNECTION LIMIT 20;
-- Defaults for who means well. A session may set its own; what it may not is taken away in `reader_limits.sql`
-- and `grants.sql`, and sessions that go on for too long are ended from outside (`end_long_reads.sql`).
ALTER ROLE coros_reader SET default_transaction_read_only = on;
ALTER ROLE coros_reader SET statement_timeout = '30s';
ALTER ROLE coros_reader SET idle_in_transaction_session_timeout = '60s';
