-- Writes a little into the write-ahead log and goes on to its next file; one with nothing new is not left.
SELECT
    pg_logical_emit_message(false, 'coros', ''),
    pg_switch_wal();
