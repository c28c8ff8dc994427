-- Removes the common values and histograms that the planner keeps of these tables' columns.
DELETE FROM pg_statistic
WHERE starelid = ANY(%s);
