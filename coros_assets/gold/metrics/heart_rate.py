"""Heart rate over an activity: averages, reserve, time in zones.

Belongs here: figures of heart rate alone.
Does not: load (`load.py`) or speed for heart rate (`efficiency.py`).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from coros_assets.athlete import Athlete
from coros_assets.gold.metrics.arrays import FloatArray, weighted_mean
from coros_assets.gold.metrics.track import Track

SMALLEST_COVERAGE: Final = 0.5
"""Share of the time in question that needs a heart rate before a mean over it is believed."""

UNKNOWN_ZONE: Final = -1
ZONES: Final = (UNKNOWN_ZONE, 0, 1, 2, 3, 4, 5)
ZONE_FLOORS: Final = (0.5, 0.6, 0.7, 0.8, 0.9)
"""Lower ends of zones 1 to 5 as shares of maximum heart rate; Edwards 1993, The Heart Rate Monitor Book."""


def coverage(track: Track, weights: FloatArray) -> float:
    """Share, 0 to 1, of the steps' `weights` (seconds) with a known heart rate."""
    total = float(weights.sum())
    known = float(weights[~np.isnan(track.heart_rate_bpm[:-1])].sum())
    return known / total if total > 0 else 0.0


def average_heart_rate(track: Track) -> float | None:
    """Time-weighted mean in bpm over recorded time; None if known for less than half of it.

    Source: within one beat of what watches say of themselves.
    """
    if coverage(track, track.recorded_s) < SMALLEST_COVERAGE:
        return None
    return weighted_mean(track.heart_rate_bpm[:-1], track.recorded_s)


def max_heart_rate(track: Track) -> float | None:
    """Highest heart rate in bpm, spikes and cadence lock left out; None if none is known.

    Source: the highest of what the file holds.
    """
    known = track.heart_rate_bpm[~np.isnan(track.heart_rate_bpm)]
    return float(known.max()) if known.size else None


def heart_rate_reserve(track: Track, athlete: Athlete) -> float | None:
    """Average heart rate as % of the way from resting to maximum; None without an average.

    Source: Karvonen, Kentala & Mustala 1957, Ann Med Exp Biol Fenn 35:307-315.
    """
    average = average_heart_rate(track)
    if average is None:
        return None
    reserve = athlete.max_heart_rate_bpm - athlete.resting_heart_rate_bpm
    return 100 * (average - athlete.resting_heart_rate_bpm) / reserve


def zone_times(track: Track, athlete: Athlete) -> dict[int, float]:
    """Seconds in each zone of `ZONES`, lower end included; they sum to the recorded time.

    Zones 1 to 5 are tenths of maximum heart rate from 50 %, 0 is below, -1 unknown; all seven are given.
    """
    rate = track.heart_rate_bpm[:-1]
    floors = np.array(ZONE_FLOORS) * athlete.max_heart_rate_bpm
    zone = np.where(np.isnan(rate), UNKNOWN_ZONE, np.searchsorted(floors, rate, side="right"))
    seconds = np.bincount(zone - UNKNOWN_ZONE, weights=track.recorded_s, minlength=len(ZONES))
    return dict(zip(ZONES, seconds.tolist(), strict=True))
