-- What may loader and reader touch? Run by the owner of the tables, whenever they were made anew.
-- The database is taken to be the warehouse's own: what PUBLIC had in it is taken away.
DO $$
BEGIN
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO coros_loader, coros_reader', current_database());
END
$$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;

GRANT USAGE ON SCHEMA gold TO coros_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA gold TO coros_reader;

GRANT USAGE ON SCHEMA gold, ledger TO coros_loader;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA gold, ledger TO coros_loader;

-- Statistics after a load; before version 17 only an owner can bring them up to date.
DO $$
BEGIN
    IF current_setting('server_version_num')::integer >= 170000 THEN
        GRANT MAINTAIN ON ALL TABLES IN SCHEMA gold, ledger TO coros_loader;
    END IF;
END
$$;
