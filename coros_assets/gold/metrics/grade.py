"""What hills do to speed: the grade along a path, and how much flat running a step on it is worth.

Belongs here: grades, the two factors from grade to flat speed. Does not: grade-adjusted pace (`pace.py`) or
climb in metres (`elevation.py`).
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from coros_assets.gold.metrics.arrays import FloatArray

GRID_STEP_M: Final = 5.0
"""Spacing of the altitude profile along the path; this project's definition."""

SMOOTHING_WINDOW_M: Final = 50.0
"""Centred mean of the altitude profile; this project's definition."""

STEEPEST_GRADE: Final = 0.34
"""Grades are clipped to this rise over run: the published GAP behaviour ends there."""

SMALLEST_ALTITUDE_COVERAGE: Final = 0.9
"""Share of the points that need an altitude before a grade is believed."""

# Hyperbola 1 + b i + sqrt(s^2 (i - m)^2 + w^2) - sqrt(s^2 m^2 + w^2): straight far up and far down, curved
# between. Least squares on the pace adjustment against grade that Strava published from 240,000 runners
# (Robb 2017, An Improved GAP Model), read every 2 % from -34 % to 34 %, error 0.02 + 0.2 |i|; rms 0.035.
_GAP_SLOPE: Final = 2.27
_GAP_STEEPNESS: Final = 9.91
_GAP_CENTRE: Final = -0.0196
_GAP_ROUNDNESS: Final = 2.67

# Energy cost of running in J/(kg m), Minetti et al. 2002, J Appl Physiol 93:1039-1046, highest power first.
_MINETTI_COST: Final = np.array([155.4, -30.4, -43.3, 46.3, 19.5, 3.6])


def gap_factor(grade: FloatArray) -> FloatArray:
    """Flat speed at equal heart rate over speed on `grade` (rise over run).

    0.88 at -10 %, least (0.877) at -8 %, 1.47 at +10 %. Source: a curve fitted to Robb 2017, see above.
    """
    rounded = np.sqrt((_GAP_STEEPNESS * (grade - _GAP_CENTRE)) ** 2 + _GAP_ROUNDNESS**2)
    factor: FloatArray = (
        1 + _GAP_SLOPE * grade + rounded - math.hypot(_GAP_STEEPNESS * _GAP_CENTRE, _GAP_ROUNDNESS)
    )
    return factor


def minetti_cost(grade: FloatArray) -> FloatArray:
    """Energy cost of running on `grade` (rise over run, |grade| <= 0.45) in J/(kg m); Minetti et al. 2002."""
    cost: FloatArray = np.polyval(_MINETTI_COST, grade)
    return cost


def minetti_factor(grade: FloatArray) -> FloatArray:
    """Flat speed at equal metabolic power over speed on `grade`; credits descents more than runners gain."""
    return minetti_cost(grade) / float(_MINETTI_COST[-1])


def grades(path_m: FloatArray, altitude_m: FloatArray) -> FloatArray | None:
    """Grade of each of the n - 1 steps between n points, rise over run, clipped to +-0.34.

    `path_m` never decreases. None if fewer than 90 % of the points have an altitude, or nothing moved.
    """
    known = ~np.isnan(altitude_m)
    if np.count_nonzero(known) / known.size < SMALLEST_ALTITUDE_COVERAGE:
        return None
    path, altitude = _profile(path_m[known], altitude_m[known])
    grid = np.arange(path[0], path[-1] + GRID_STEP_M, GRID_STEP_M)
    if grid.size <= 1:
        return None
    smooth = _centred_mean(np.interp(grid, path, altitude), round(SMOOTHING_WINDOW_M / GRID_STEP_M / 2))
    middle = (path_m[1:] + path_m[:-1]) / 2
    grade = np.interp(middle, grid, np.gradient(smooth, GRID_STEP_M))
    return np.clip(grade, -STEEPEST_GRADE, STEEPEST_GRADE)


def _profile(path: FloatArray, altitude: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Strictly increasing path with the mean altitude of the points that share a place."""
    first = np.flatnonzero(np.diff(path, prepend=-np.inf))
    shared = np.diff(first, append=path.size)
    return path[first], np.add.reduceat(altitude, first) / shared


def _centred_mean(values: FloatArray, reach: int) -> FloatArray:
    """Mean of each value and `reach` neighbours on either side, of fewer at the ends."""
    sums = np.concatenate(([0.0], np.cumsum(values)))
    here = np.arange(values.size)
    start, end = np.maximum(here - reach, 0), np.minimum(here + reach + 1, values.size)
    means: FloatArray = (sums[end] - sums[start]) / (end - start)
    return means
