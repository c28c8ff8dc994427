-- Question 3, for people: what did the runs of each month average?
-- Plain averages: effort, hills and weather differ between the months; gold.answer_fitness_trend allows for them.
CREATE OR REPLACE VIEW gold.fitness_by_month AS
SELECT
    date_trunc('month', activity_date::timestamp)::date AS month_start,
    count(*)::integer AS n,
    sum(distance_m) AS distance_m,
    avg(average_pace_s_per_km) AS average_pace_s_per_km,
    avg(average_heart_rate_bpm) AS average_heart_rate_bpm,
    avg(efficiency_factor_m_per_beat) AS efficiency_factor_m_per_beat
FROM gold.analysis_run
GROUP BY month_start
ORDER BY month_start;
