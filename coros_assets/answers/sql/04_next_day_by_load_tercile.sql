-- Question 2, for people: how do runs look after a rest day, and after the lighter and harder training days?
-- Rest days are a row of their own, for as many equal loads cannot be cut into thirds.
-- Plain averages: runners train more when they are fresh; gold.answer_next_day allows for it.
CREATE OR REPLACE VIEW gold.next_day_by_load_tercile AS
WITH ranked AS (
    SELECT
        *,
        CASE
            WHEN load_day_before > 0
                THEN ntile(3) OVER (PARTITION BY load_day_before > 0 ORDER BY load_day_before, activity_id)
            ELSE 0
        END AS tercile
    FROM gold.analysis_run
    WHERE load_day_before IS NOT NULL
)

SELECT
    tercile,
    (ARRAY['rest day', 'lightest third', 'middle third', 'hardest third'])[tercile + 1] AS day_before,
    min(load_day_before) AS load_from,
    max(load_day_before) AS load_to,
    count(*)::integer AS n,
    avg(average_pace_s_per_km) AS average_pace_s_per_km,
    avg(average_heart_rate_bpm) AS average_heart_rate_bpm,
    avg(efficiency_factor_m_per_beat) AS efficiency_factor_m_per_beat
FROM ranked
GROUP BY tercile
ORDER BY tercile;
