"""One number for a running performance, comparable between distances.

Belongs here: the Daniels-Gilbert index. Does not: finding the performance (`best_effort.py`).
"""

from __future__ import annotations

import math
from typing import Final

from coros_assets.gold.metrics.track import Track

SHORTEST_VDOT_DISTANCE_M: Final = 5000.0
"""Shorter stretches of a training run are sprints, not performances; this project's definition."""

LOWEST_VDOT: Final = 20.0
"""This project's floor, near where Daniels' tables for novices begin; below is walking or a long pause."""


def oxygen_cost(speed_m_per_s: float) -> float:
    """Oxygen that running on the flat takes, ml/(kg min); Daniels & Gilbert 1979, Oxygen Power."""
    speed = 60 * speed_m_per_s
    return -4.6 + 0.182258 * speed + 0.000104 * speed**2


def vdot(distance_m: float, time_s: float) -> float:
    """Daniels-Gilbert index, ml/(kg min) of oxygen: cost of the speed over the share of VO2max held so long.

    Source: Daniels & Gilbert 1979, Oxygen Power.
    """
    minutes = time_s / 60
    share = 0.8 + 0.1894393 * math.exp(-0.012778 * minutes) + 0.2989558 * math.exp(-0.1932605 * minutes)
    return oxygen_cost(distance_m / time_s) / share


def best_vdot(track: Track) -> float | None:
    """Highest Daniels-Gilbert index, ml/(kg min), of the best efforts of 5 km and longer.

    A lower bound of what the runner can do, unless the effort was raced. None without a stretch of 5 km
    whose index is at least 20. Source: Daniels & Gilbert 1979, Oxygen Power.
    """
    indices = [
        vdot(standard.length_m, effort.time_s)
        for standard, effort in track.efforts.items()
        if standard.length_m >= SHORTEST_VDOT_DISTANCE_M
    ]
    return max((index for index in indices if index >= LOWEST_VDOT), default=None)
