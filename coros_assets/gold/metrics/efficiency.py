"""Speed for heart rate: how much flat running a heart beat buys, and how that fades.

Belongs here: efficiency factor and decoupling. Does not: their meaning over weeks (`answers/`).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from coros_assets.gold.metrics.arrays import FloatArray
from coros_assets.gold.metrics.heart_rate import SMALLEST_COVERAGE, coverage
from coros_assets.gold.metrics.pace import average_pace
from coros_assets.gold.metrics.track import Track

SECONDS_PER_MINUTE: Final = 60.0

DECOUPLING_WARM_UP_S: Final = 600.0
"""Moving time skipped while heart rate rises to the effort; this project's definition."""

SHORTEST_DECOUPLING_S: Final = 2400.0
"""Moving time that must be left after the warm-up; this project's definition."""


def efficiency_factor(track: Track) -> float | None:
    """Grade-adjusted metres per heart beat over moving steps with a heart rate.

    None without a pace or altitudes, or if heart rate is known for less than half of the moving time.
    Source: speed over heart rate, as trainers use it; grade-adjusted by this project.
    """
    if track.flat_m is None or track.moving_s is None or average_pace(track) is None:
        return None
    return _metres_per_beat(track, track.flat_m, track.moving_s)


def decoupling(track: Track) -> float | None:
    """Loss of efficiency from the first to the second half of the moving time, in %.

    The first 10 min of moving are skipped; None with less than 40 min left, without altitudes, or if
    heart rate is known for less than half of either half. Source: aerobic decoupling, as trainers use it
    (Friel); lengths of this project.
    """
    if track.flat_m is None or track.moving_s is None:
        return None
    moved = np.cumsum(track.moving_s)
    left = moved[-1] - DECOUPLING_WARM_UP_S
    if left < SHORTEST_DECOUPLING_S:
        return None
    later = moved > DECOUPLING_WARM_UP_S
    second = moved > DECOUPLING_WARM_UP_S + left / 2
    before = _metres_per_beat(track, track.flat_m, np.where(later & ~second, track.moving_s, 0.0))
    after = _metres_per_beat(track, track.flat_m, np.where(second, track.moving_s, 0.0))
    return None if before is None or after is None else 100 * (before - after) / before


def _metres_per_beat(track: Track, flat_m: FloatArray, seconds: FloatArray) -> float | None:
    """Flat metres per beat over the steps with `seconds` above 0 and a heart rate."""
    if coverage(track, seconds) < SMALLEST_COVERAGE:
        return None
    rate = track.heart_rate_bpm[:-1]
    used = (seconds > 0) & ~np.isnan(rate)
    beats = float((rate[used] * seconds[used]).sum()) / SECONDS_PER_MINUTE
    return float(flat_m[used].sum()) / beats
