-- Which activities had something unusual about their file?
-- A row a flag, for tools that cannot read the list in gold.fact_activity.
CREATE OR REPLACE VIEW gold.activity_quality_flag AS
SELECT DISTINCT
    activity.activity_id,
    flag.quality_flag
FROM gold.fact_activity AS activity
CROSS JOIN LATERAL unnest(activity.quality_flags) AS flag (quality_flag);
