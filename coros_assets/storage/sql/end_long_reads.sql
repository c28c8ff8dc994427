-- Which sessions of the reader hold a transaction for longer than one may? Ends them, whatever they have set.
SELECT
    pid,
    pg_terminate_backend(pid) AS is_ended
FROM pg_stat_activity
WHERE
    usename = 'coros_reader'
    AND datname = current_database()
    AND xact_start < clock_timestamp() - make_interval(secs => %(limit_s)s);
