"""Speed as ratios: against peers, against floors, and of the whole line, measured in one run.

Belongs here: what is compared with what. Does not: tests (a ratio on a noisy machine is no test).
"""
