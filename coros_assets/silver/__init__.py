"""Silver: bronze files made clean, local and unique, one Parquet file a date and table.

Belongs here: what makes a recording trustworthy. Does not: metrics of effort (`gold/metrics/`).
"""
