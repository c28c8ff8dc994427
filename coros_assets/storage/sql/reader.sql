-- Who may look: the role behind `coros-assets sql`, psql and Power BI. It reads gold and nothing else.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'coros_reader') THEN
        CREATE ROLE coros_reader LOGIN CONNECTION LIMIT 20;
        ALTER ROLE coros_reader SET default_transaction_read_only = on;
        ALTER ROLE coros_reader SET statement_timeout = '30s';
    END IF;
    EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
END
$$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA gold TO coros_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA gold TO coros_reader;
