-- Which kinds of shift block occur, and in which order are they shown?
-- One dimension for days and activities, so that one slicer filters both.
CREATE OR REPLACE VIEW gold.dim_schedule_period AS
WITH kind AS (
    SELECT schedule_period FROM gold.fact_day
    UNION
    SELECT schedule_period FROM gold.fact_activity
)

SELECT
    schedule_period,
    array_position(ARRAY['day', 'night', 'off', 'unknown'], schedule_period) AS sort_order
FROM kind
ORDER BY sort_order;
