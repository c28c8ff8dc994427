"""Where bytes and rows are kept: the lake, the warehouse, and Dagster's doors to both.

Belongs here: connections, atomic writes, SQL that moves rows. Does not: what the rows mean.
"""
