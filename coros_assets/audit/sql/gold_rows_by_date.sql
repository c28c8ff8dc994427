-- How many rows of each date do the tables hold that silver can be counted against? One row a table and date.
SELECT 'fact_activity' AS table_name, activity_date, count(*) AS rows FROM gold.fact_activity GROUP BY 2
UNION ALL
SELECT 'activity_source', activity_date, count(*) FROM gold.activity_source GROUP BY 2
UNION ALL
SELECT 'fact_lap', activity_date, count(*) FROM gold.fact_lap GROUP BY 2
UNION ALL
SELECT 'fact_heart_rate_zone', activity_date, count(*) FROM gold.fact_heart_rate_zone GROUP BY 2;
