"""The fastest stretches inside a run.

Belongs here: best efforts over standard distances. Does not: what they say of fitness (`vdot.py`).
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from coros_assets.gold.metrics.track import FloatArray, Track


class StandardDistance(NamedTuple):
    """A distance that efforts are compared over; nobody has run it faster than `record_s`."""

    label: str
    length_m: float
    record_s: float


class BestEffort(NamedTuple):
    """Elapsed time of the fastest stretch and when it began, seconds from the start of the run."""

    time_s: float
    start_offset_s: float


class Crossings(NamedTuple):
    """Each place of a path once, in order, with the times it was first reached and last left."""

    place_m: FloatArray
    arrival_s: FloatArray
    departure_s: FloatArray


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


def best_efforts(track: Track) -> dict[StandardDistance, BestEffort]:
    """The fastest stretch of each standard distance that fits into the run; empty without a path."""
    if track.path_m is None:
        return {}
    crossings = path_crossings(track.time_s, track.path_m)
    found = {d: fastest_stretch(crossings, d.length_m) for d in STANDARD_DISTANCES}
    return {d: e for d, e in found.items() if e is not None and e.time_s >= d.record_s}


def path_crossings(time_s: FloatArray, path_m: FloatArray) -> Crossings:
    """The crossings of a path of n points that never decreases."""
    first = np.flatnonzero(np.diff(path_m, prepend=-np.inf))
    last = np.append(first[1:], path_m.size) - 1
    return Crossings(path_m[first], time_s[first], time_s[last])


def fastest_stretch(crossings: Crossings, length_m: float) -> BestEffort | None:
    """The least elapsed time over `length_m`, either end between two points; None if the path is shorter.

    Time is linear in distance between points, so the best stretch starts or ends at a point: both kinds
    are tried at every point, each found by one search in the sorted path. Pauses count; standing still
    at either end does not: a stretch begins when its first point is left.
    """
    place, arrival, departure = crossings
    if place[-1] - place[0] < length_m:
        return None
    starts = place <= place[-1] - length_m
    ends = place >= place[0] + length_m
    reached = _reached(place[starts] + length_m, crossings)
    begun = _reached(place[ends] - length_m, crossings)
    times = np.concatenate((reached - departure[starts], arrival[ends] - begun))
    begins = np.concatenate((departure[starts], begun))
    best = np.argmin(times)
    return BestEffort(float(times[best]), float(begins[best] - arrival[0]))


def _reached(at_m: FloatArray, crossings: Crossings) -> FloatArray:
    """When each place was first reached, linear from leaving one point to reaching the next."""
    place, arrival, departure = crossings
    after = np.clip(np.searchsorted(place, at_m), 1, place.size - 1)
    share = (at_m - place[after - 1]) / (place[after] - place[after - 1])
    times: FloatArray = departure[after - 1] + share * (arrival[after] - departure[after - 1])
    return times
