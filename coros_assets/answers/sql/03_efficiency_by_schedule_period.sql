-- Question 1, for people: how do runs of day blocks, night blocks and days off look?
-- Plain averages: fitness, effort, hills and hour differ between the rows; gold.answer_night_shift allows for them.
CREATE OR REPLACE VIEW gold.efficiency_by_schedule_period AS
SELECT
    schedule_period,
    count(*)::integer AS n,
    avg(average_pace_s_per_km) AS average_pace_s_per_km,
    avg(average_heart_rate_bpm) AS average_heart_rate_bpm,
    avg(efficiency_factor_m_per_beat) AS efficiency_factor_m_per_beat
FROM gold.analysis_run
GROUP BY schedule_period
ORDER BY schedule_period;
