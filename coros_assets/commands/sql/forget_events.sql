-- Removes from Dagster's event log what names an erased file or activity, and what was reported of its dates.
DELETE FROM event_logs
WHERE
    partition = ANY(%(emptied)s)
    OR (partition = ANY(%(dates)s) AND timestamp < %(begun)s)
    OR EXISTS (SELECT FROM unnest(%(words)s::text[]) AS word WHERE strpos(event, word) > 0);
