"""Gold: the star schema in PostgreSQL, made from silver, the roster and the runner's own values.

Belongs here: metrics, rows, what is due. Does not: the three questions (`answers/`).
"""
