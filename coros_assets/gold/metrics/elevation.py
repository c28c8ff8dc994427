"""Metres climbed.

Belongs here: elevation gain. Does not: grades along the path or what they cost (`grade.py`).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from coros_assets.gold.metrics.arrays import FloatArray
from coros_assets.gold.metrics.track import Track

HYSTERESIS_M: Final = 3.0
"""Rises and falls smaller than this are taken for noise of the altimeter; this project's definition."""


def elevation_gain(track: Track) -> float | None:
    """Metres climbed; rises and falls of up to 3 m are taken for noise. None with fewer than two altitudes.

    Source: this project's hysteresis; none is a standard.
    """
    altitude = track.altitude_m[~np.isnan(track.altitude_m)]
    return climb(altitude, HYSTERESIS_M) if altitude.size > 1 else None


def climb(altitude_m: FloatArray, hysteresis_m: float) -> float:
    """Sum of the rises above a reference that follows only moves larger than `hysteresis_m`.

    One pass over plain floats, since each step depends on the reference that the last one left; altitudes
    that repeat the one before cannot move it.
    """
    changed = altitude_m[1:][np.diff(altitude_m) != 0]
    gain = 0.0
    reference = float(altitude_m[0])
    lower, upper = reference - hysteresis_m, reference + hysteresis_m
    for altitude in changed.tolist():
        if lower <= altitude <= upper:
            continue
        if altitude > upper:
            gain += altitude - reference
        reference = altitude
        lower, upper = reference - hysteresis_m, reference + hysteresis_m
    return gain
