"""Rosters: the shifts a runner worked, from a file, and what they mean for each run. Pure.

Belongs here: reading, kinds, labels and the calendar for the terminal. Does not: where the file lies
and where its shifts are kept (`assets.py` with `storage/`), or metrics of runs (`gold/metrics/`).
"""
