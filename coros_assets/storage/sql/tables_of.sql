-- Which tables do these schemas have, and may this user rewrite them?
SELECT
    class.oid,
    namespace.nspname,
    class.relname,
    pg_has_role(class.relowner, 'USAGE') AS is_owner
FROM pg_class AS class
INNER JOIN pg_namespace AS namespace ON class.relnamespace = namespace.oid
WHERE class.relkind = 'r' AND namespace.nspname = ANY(%s)
ORDER BY namespace.nspname, class.relname;
