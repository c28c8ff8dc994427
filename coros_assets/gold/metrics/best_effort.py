"""The fastest stretches inside a run.

Belongs here: best efforts over standard distances. Does not: what they say of fitness (`vdot.py`).
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from coros_assets.gold.metrics.arrays import FloatArray


class StandardDistance(NamedTuple):
    """A distance that efforts are compared over; nobody has run it faster than `record_s`."""

    label: str
    length_m: float
    record_s: float


class BestEffort(NamedTuple):
    """Elapsed time of the fastest stretch and when it began, seconds from the start of the run."""

    time_s: float
    start_offset_s: float


STANDARD_DISTANCES: Final = (
    StandardDistance("400 m", 400.0, 43.03),
    StandardDistance("800 m", 800.0, 100.91),
    StandardDistance("1 km", 1000.0, 131.96),
    StandardDistance("1 mile", 1609.344, 223.13),
    StandardDistance("2 mile", 3218.688, 474.10),
    StandardDistance("5 km", 5000.0, 755.36),
    StandardDistance("10 km", 10000.0, 1571.00),
    StandardDistance("half marathon", 21097.5, 3402.0),
    StandardDistance("marathon", 42195.0, 7235.0),
)
"""Lengths by World Athletics, records: fastest times run by anyone up to 2025. A faster stretch is a jump of
the recorded position, not an effort."""

EQUALLY_FAST_S: Final = 1e-6
"""Times closer than this differ by rounding only: which of two stretches is the faster is not known."""


def best_efforts(time_s: FloatArray, path_m: FloatArray) -> dict[StandardDistance, BestEffort]:
    """The fastest stretch of each standard distance that fits into a path, but for jumps of the position."""
    found = {d: fastest_stretch(time_s, path_m, d.length_m) for d in STANDARD_DISTANCES}
    return {d: e for d, e in found.items() if e is not None and e.time_s >= d.record_s}


def fastest_stretch(time_s: FloatArray, path_m: FloatArray, length_m: float) -> BestEffort | None:
    """The least elapsed time over `length_m`, either end between two points; None if the path is shorter.

    `path_m` never decreases. Time is linear in distance between points, so the best stretch begins or ends
    at a point; one that begins at a point ends at one when the run is read backwards. Pauses count; standing
    still at either end does not. Of equally fast stretches the first.
    """
    if path_m[-1] - length_m < path_m[0]:
        return None
    begin_s, end_s = _ending_at_a_point(time_s, path_m, length_m)
    end_back_s, begin_back_s = _ending_at_a_point(-time_s[::-1], -path_m[::-1], length_m)
    lasting_s = np.concatenate((end_s - begin_s, begin_back_s - end_back_s))
    fastest_s = float(lasting_s.min())
    equally_fast = lasting_s <= fastest_s + EQUALLY_FAST_S
    first_s = float(np.concatenate((begin_s, -begin_back_s))[equally_fast].min())
    return BestEffort(fastest_s, first_s - float(time_s[0]))


def _ending_at_a_point(
    time_s: FloatArray, path_m: FloatArray, length_m: float
) -> tuple[FloatArray, FloatArray]:
    """When the stretches begin that end at a point, and when they end.

    Where a path stands still, `np.interp` at exactly that place takes the last of its times: a stretch
    begins when its first point is left.
    """
    begin_m = path_m - length_m
    first = np.searchsorted(begin_m, path_m[0])
    return np.interp(begin_m[first:], path_m, time_s), time_s[first:]
