-- Which functions may a reader call? Those that compute, and those by which psql, Power BI and others look at
-- the tables' descriptions. Any other that is not immutable is taken from PUBLIC in this database and given to
-- the loader: advisory locks, large objects, sleep, notifications, settings, other sessions, files, XML of a
-- query, whatever a later version of PostgreSQL adds. Run by a superuser: the functions belong to one.
DO $$
DECLARE
    allowed CONSTANT text[] := ARRAY[
        -- time
        'age', 'clock_timestamp', 'date', 'date_add', 'date_part', 'date_subtract', 'date_trunc', 'extract',
        'generate_series', 'in_range', 'interval_pl_timestamptz', 'make_timestamptz', 'now', 'overlaps',
        'statement_timestamp', 'time', 'timestamp', 'timestamptz', 'timestamptz_mi_interval',
        'timestamptz_pl_interval', 'timetz', 'timezone', 'to_char', 'to_date', 'to_timestamp',
        'transaction_timestamp',
        -- text and numbers
        'anytextcat', 'array_to_string', 'concat', 'concat_ws', 'convert', 'convert_from', 'convert_to',
        'format', 'length', 'quote_literal', 'quote_nullable', 'random', 'textanycat', 'to_number',
        -- rows as JSON
        'array_to_json', 'row_to_json', 'to_json', 'to_jsonb',
        -- who and where
        'current_database', 'current_schema', 'current_schemas', 'current_user', 'getdatabaseencoding',
        'pg_backend_pid', 'pg_client_encoding', 'pg_has_role', 'pg_is_in_recovery', 'pg_typeof',
        'row_security_active', 'session_user', 'version',
        -- descriptions of tables
        'col_description', 'format_type', 'obj_description', 'oidvectortypes', 'pg_char_to_encoding',
        'pg_collation_for', 'pg_column_is_updatable', 'pg_encoding_to_char', 'pg_get_constraintdef',
        'pg_get_expr', 'pg_get_function_arguments', 'pg_get_function_identity_arguments',
        'pg_get_function_result', 'pg_get_indexdef', 'pg_get_keywords', 'pg_get_partition_constraintdef',
        'pg_get_partkeydef', 'pg_get_ruledef', 'pg_get_serial_sequence', 'pg_get_statisticsobjdef_columns',
        'pg_get_triggerdef', 'pg_get_userbyid', 'pg_get_viewdef', 'pg_indexes_size', 'pg_is_other_temp_schema',
        'pg_my_temp_schema', 'pg_options_to_table',
        'pg_partition_ancestors', 'pg_partition_tree', 'pg_relation_is_publishable',
        'pg_relation_is_updatable', 'pg_relation_size', 'pg_sequence_parameters', 'pg_table_size',
        'pg_total_relation_size', 'shobj_description'
    ];
    allowed_pattern CONSTANT text :=
        '^(jsonb?_.*|has_.*_privilege|pg_.*_is_visible|to_reg.*|(date|timestamp|timestamptz)_(cmp|eq|ge|gt|le|lt|ne)_.*)$';
    called regprocedure;
BEGIN
    FOR called IN
        SELECT routine.oid
        FROM pg_proc AS routine
        WHERE
            routine.pronamespace = 'pg_catalog'::regnamespace
            AND routine.provolatile <> 'i'
            AND routine.proname <> ALL(allowed)
            AND routine.proname !~ allowed_pattern
            AND has_function_privilege('public', routine.oid, 'EXECUTE')
    LOOP
        EXECUTE format('GRANT EXECUTE ON ROUTINE %s TO coros_loader', called);
        EXECUTE format('REVOKE EXECUTE ON ROUTINE %s FROM PUBLIC', called);
    END LOOP;
END
$$;

-- No blocks of program text.
REVOKE USAGE ON LANGUAGE plpgsql, sql FROM PUBLIC;
GRANT USAGE ON LANGUAGE plpgsql, sql TO coros_loader;

-- A sort that spills fills no disk; only a superuser may set this.
ALTER ROLE coros_reader SET temp_file_limit = '1GB';
