-- Which tables do these schemas have?
SELECT
    class.oid,
    namespace.nspname,
    class.relname
FROM pg_class AS class
INNER JOIN pg_namespace AS namespace ON class.relnamespace = namespace.oid
WHERE class.relkind = 'r' AND namespace.nspname = ANY(%s)
ORDER BY namespace.nspname, class.relname;
