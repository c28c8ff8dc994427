"""How far, how long and how fast an activity was, and what was measured while moving.

Belongs here: distance, moving time, pace, pace as on the flat, cadence and power averages.
Does not: what a hill is worth (`grade.py`) or anything compared with heart rate (`efficiency.py`).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from coros_assets.gold.metrics.arrays import FloatArray, weighted_mean
from coros_assets.gold.metrics.grade import minetti_factor
from coros_assets.gold.metrics.track import Track

SHORTEST_PACED_DISTANCE_M: Final = 100.0
"""Under this distance a pace says more about the position error than about the runner."""

METRES_PER_KM: Final = 1000.0


def distance(track: Track) -> float | None:
    """Distance covered in metres, as the watch counted it; None without recorded distances.

    Source: the file; where it has none, the sum between positions.
    """
    return None if track.path_m is None else float(track.path_m[-1])


def moving_time(track: Track) -> float | None:
    """Time moving faster than 0.5 m/s over 5 s, in seconds, pauses excluded; None without recorded distances.

    Source: this project's threshold; within 1 % of what five watches say of themselves.
    """
    return None if track.moving_s is None else float(track.moving_s.sum())


def average_pace(track: Track) -> float | None:
    """Moving time per kilometre in s/km; None without distances, under 100 m, or if nothing moved.

    Source: the definition of pace.
    """
    covered, moving = distance(track), moving_time(track)
    if covered is None or not moving or covered < SHORTEST_PACED_DISTANCE_M:
        return None
    return METRES_PER_KM * moving / covered


def grade_adjusted_pace(track: Track) -> float | None:
    """Pace on the flat at equal effort in s/km; None without a pace or altitudes at 90 % of the points.

    Source: a curve fitted to the heart rates of 240,000 runners on hills, as Strava published them (Robb
    2017, An Improved GAP Model).
    """
    return None if track.flat_m is None else _pace_over(track, track.flat_m)


def grade_adjusted_pace_minetti(track: Track) -> float | None:
    """Pace on the flat at equal metabolic power in s/km; None where `grade_adjusted_pace_s_per_km` is.

    Credits descents more than runners gain. Source: Minetti et al. 2002, J Appl Physiol 93:1039-1046.
    """
    if track.path_m is None or track.grade is None:
        return None
    return _pace_over(track, np.diff(track.path_m) * minetti_factor(track.grade))


def _pace_over(track: Track, flat_m: FloatArray) -> float | None:
    """Average pace, had each step been as long as `flat_m` says."""
    pace = average_pace(track)
    if pace is None or track.path_m is None:
        return None
    return pace * float(track.path_m[-1] - track.path_m[0]) / float(flat_m.sum())


def average_cadence(track: Track) -> float | None:
    """Mean steps (or crank turns) per minute while moving, zeros left out; None if none was recorded then.

    Source: the time-weighted mean of what the file holds.
    """
    if track.moving_s is None:
        return None
    cadence = track.cadence_spm[:-1]
    return weighted_mean(np.where(cadence > 0, cadence, np.nan), track.moving_s)


def average_power(track: Track) -> float | None:
    """Mean power in watts while moving, zeros included; None if none was recorded then.

    Source: the time-weighted mean of what the file holds.
    """
    return None if track.moving_s is None else weighted_mean(track.power_w[:-1], track.moving_s)
