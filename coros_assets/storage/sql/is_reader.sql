-- May this session's user read schema gold as a reader does, and change nothing of it?
SELECT
    EXISTS (SELECT FROM pg_roles WHERE rolname = 'coros_reader' AND pg_has_role(oid, 'USAGE'))
    AND NOT has_schema_privilege('gold', 'CREATE')
    AND NOT EXISTS (
        SELECT FROM pg_class
        WHERE relnamespace = 'gold'::regnamespace AND has_table_privilege(oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
    )
