-- Removes what Dagster remembers of assets beside the event log; it is found again from there.
UPDATE asset_keys
SET
    cached_status_data = NULL,
    last_materialization = CASE
        WHEN EXISTS (SELECT FROM unnest(%(words)s::text[]) AS word WHERE strpos(last_materialization, word) > 0)
            THEN NULL
        ELSE last_materialization
    END;
