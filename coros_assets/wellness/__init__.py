"""Wellness: resting heart rate, heart-rate variability and sleep, and what they mean for runs. Pure.

Belongs here: reading what other programs export, body days, sleep before a run, baselines. Does not:
where the file lies and where its rows are kept (`assets.py` with `storage/`), or metrics of runs
(`gold/metrics/`).
"""
