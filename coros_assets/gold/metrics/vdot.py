"""One number for a running performance, comparable between distances.

Belongs here: the Daniels-Gilbert index. Does not: finding the performance (`best_effort.py`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

from coros_assets.gold.metrics.best_effort import BestEffort, StandardDistance

SHORTEST_VDOT_DISTANCE_M: Final = 5000.0
"""Shorter stretches of a training run are sprints, not performances; this project's definition."""

LOWEST_VDOT: Final = 20.0
"""This project's floor, near where Daniels' tables for novices begin; below is walking or a long pause."""


def vdot(distance_m: float, time_s: float) -> float:
    """Daniels-Gilbert index, ml/(kg min) of oxygen: cost of the speed over the share of VO2max held so long.

    Source: Daniels & Gilbert 1979, Oxygen Power.
    """
    minutes = time_s / 60
    speed = distance_m / minutes
    cost = -4.6 + 0.182258 * speed + 0.000104 * speed**2
    share = 0.8 + 0.1894393 * math.exp(-0.012778 * minutes) + 0.2989558 * math.exp(-0.1932605 * minutes)
    return cost / share


def best_vdot(efforts: Mapping[StandardDistance, BestEffort]) -> float | None:
    """Highest index of the efforts of 5 km and longer; None without one of at least 20.

    A lower bound of what the runner can do, unless the effort was raced.
    """
    indices = [
        vdot(standard.length_m, effort.time_s)
        for standard, effort in efforts.items()
        if standard.length_m >= SHORTEST_VDOT_DISTANCE_M
    ]
    return max((index for index in indices if index >= LOWEST_VDOT), default=None)
