-- What the reader's own session is refused for want of privilege, after it lifted every default it may lift.
-- One statement a line.
-- Changing rows
INSERT INTO gold.dim_date DEFAULT VALUES
UPDATE gold.fact_activity SET sport = 'x'
DELETE FROM gold.fact_activity
TRUNCATE gold.fact_activity
WITH gone AS (DELETE FROM gold.fact_lap RETURNING *) SELECT * FROM gone
EXPLAIN ANALYZE DELETE FROM gold.fact_lap
COPY gold.fact_lap FROM STDIN
-- Making things, for a moment or for good
SELECT * INTO gold.copy FROM gold.fact_lap
CREATE TABLE gold.mine (x int)
CREATE TABLE public.mine (x int)
CREATE TEMP TABLE mine (x int)
CREATE TEMP TABLE mine AS SELECT 1
SELECT 1 AS x INTO TEMP mine
CREATE TEMP VIEW mine AS SELECT 1
CREATE VIEW gold.mine AS SELECT 1
CREATE SCHEMA mine
CREATE FUNCTION gold.f() RETURNS int LANGUAGE sql AS 'SELECT 1'
CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'
CREATE DATABASE mine
CREATE ROLE mine
CREATE PUBLICATION mine
CREATE EVENT TRIGGER mine ON ddl_command_start EXECUTE FUNCTION f()
DO $$ BEGIN PERFORM 1; END $$
-- Changing what is there
ALTER TABLE gold.fact_lap ADD COLUMN x int
COMMENT ON TABLE gold.fact_lap IS 'x'
DROP TABLE gold.fact_lap
DROP SCHEMA gold CASCADE
REINDEX SCHEMA gold
CLUSTER gold.fact_lap
CHECKPOINT
LOAD 'auto_explain'
-- Becoming more
ALTER ROLE coros_reader SUPERUSER
ALTER ROLE coros_reader CREATEROLE
ALTER ROLE coros_reader CONNECTION LIMIT 100
ALTER SYSTEM SET statement_timeout = 0
GRANT coros_loader TO coros_reader
SET ROLE coros_loader
SET ROLE pg_read_all_data
SET SESSION AUTHORIZATION coros_loader
SET session_replication_role = replica
SET temp_file_limit = -1
SET log_statement = 'none'
-- Rows locked, advisory locks
SELECT * FROM gold.fact_lap FOR UPDATE
SELECT * FROM gold.fact_lap FOR NO KEY UPDATE
SELECT * FROM gold.fact_lap FOR SHARE
SELECT * FROM gold.fact_lap FOR KEY SHARE
SELECT pg_advisory_lock(1)
SELECT pg_advisory_xact_lock(1)
SELECT pg_advisory_lock_shared(1)
SELECT pg_try_advisory_lock(1)
SELECT pg_try_advisory_xact_lock(1, 2)
SELECT pg_advisory_unlock_all()
-- Large objects
SELECT lo_create(0)
SELECT lo_creat(-1)
SELECT lo_from_bytea(0, 'x')
SELECT lo_put(1, 0, 'x')
SELECT lo_get(1)
SELECT lo_open(1, 131072)
SELECT lo_unlink(1)
SELECT lo_import('/etc/passwd')
SELECT lo_export(1, '/tmp/x')
SELECT * FROM pg_largeobject
-- Functions that wait, read files, meet other sessions or run text as a query
SELECT pg_sleep(0.01)
SELECT pg_sleep_for('1 ms')
SELECT pg_read_file('/etc/passwd')
SELECT pg_read_binary_file('PG_VERSION')
SELECT pg_stat_file('PG_VERSION')
SELECT pg_ls_dir('.')
SELECT pg_ls_logdir()
SELECT pg_terminate_backend(1)
SELECT pg_cancel_backend(pg_backend_pid())
SELECT pg_reload_conf()
SELECT pg_notify('channel', 'text')
SELECT pg_export_snapshot()
SELECT pg_logical_emit_message(false, 'x', 'y')
SELECT pg_switch_wal()
SELECT pg_stat_reset()
SELECT txid_current()
SELECT query_to_xml('SELECT * FROM ledger.landing_file', true, true, '')
SELECT table_to_xml('gold.fact_lap', true, true, '')
SELECT database_to_xml(true, true, '')
SELECT cursor_to_xml('x', 1, true, true, '')
SELECT ts_stat('SELECT to_tsvector(path) FROM ledger.landing_file')
SELECT set_config('statement_timeout', '0', false)
SELECT set_config('role', 'coros_loader', false)
COPY gold.fact_lap TO '/tmp/x'
COPY (SELECT 1) TO PROGRAM 'id'
-- What others do, and how the server is set up
SELECT * FROM ledger.landing_file
SELECT count(*) FROM ledger.date_state
COPY ledger.landing_file TO STDOUT
SELECT pid, query FROM pg_stat_activity
SELECT * FROM pg_locks
SELECT * FROM pg_prepared_xacts
SELECT * FROM pg_settings
SELECT * FROM pg_hba_file_rules
SELECT current_setting('data_directory')
SHOW data_directory
SELECT pg_relation_filepath('gold.fact_lap')
SELECT * FROM pg_authid
SELECT * FROM pg_shadow
SELECT * FROM pg_statistic
SELECT * FROM pg_user_mapping
