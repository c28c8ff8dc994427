"""A run minute by minute: how fast, as on the flat, and at which heart rate.

Belongs here: means over the minutes that were run through. Does not: what they say (`drift.py`, `vo2max.py`).
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from coros_assets.gold.metrics.arrays import FloatArray, IntArray

MINUTE_S: Final = 60.0

SMALLEST_SHARE: Final = 0.9
"""Share of a minute that is moved, and of that the share with a heart rate; this project's definition."""


class Minutes(NamedTuple):
    """The minutes that were run through: their numbers from 0 at the start, flat speed and heart rate.

    `last` is the number of the minute that the recording ends in.
    """

    number: IntArray
    speed_m_per_s: FloatArray
    heart_rate_bpm: FloatArray
    last: int


def minutes(
    time_s: FloatArray, moving_s: FloatArray, flat_m: FloatArray, heart_rate_bpm: FloatArray
) -> Minutes:
    """The minutes of a run with n points, of which at least nine tenths were moved with a heart rate.

    `moving_s`, `flat_m` and `heart_rate_bpm` are of the n - 1 steps; a step counts where it begins.
    """
    number, minute = np.unique((time_s[:-1] // MINUTE_S).astype(np.int64), return_inverse=True)
    known_s = np.where(np.isnan(heart_rate_bpm), 0.0, moving_s)
    moved = np.bincount(minute, moving_s)
    known = np.bincount(minute, known_s)
    beats = np.bincount(minute, np.nan_to_num(heart_rate_bpm) * known_s)
    metres = np.bincount(minute, np.where(moving_s > 0, flat_m, 0.0))
    through = (moved >= SMALLEST_SHARE * MINUTE_S) & (known >= SMALLEST_SHARE * moved) & (metres > 0)
    return Minutes(
        number[through],
        metres[through] / moved[through],
        beats[through] / known[through],
        int(number[-1]) if number.size else 0,
    )
