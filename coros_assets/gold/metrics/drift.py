"""How heart rate rises while the speed stays.

Belongs here: heart-rate drift of a steady run. Does not: decoupling, which compares halves (`efficiency.py`).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from coros_assets.gold.metrics.efficiency import DECOUPLING_WARM_UP_S
from coros_assets.gold.metrics.minutes import MINUTE_S
from coros_assets.gold.metrics.track import Track

FIRST_MINUTE: Final = round(DECOUPLING_WARM_UP_S / MINUTE_S)
"""Drift begins after 10 to 20 min of exercise; Coyle & Gonzalez-Alonso 2001, Exerc Sport Sci Rev 29:88-92."""

FEWEST_MINUTES: Final = 30
"""With the warm-up a run of 40 min; this project's definition."""

SMALLEST_SHARE: Final = 0.9
"""Share of the minutes after the warm-up that a steady run runs through; this project's definition."""

LARGEST_SPREAD: Final = 0.1
"""Standard deviation of log speed between the minutes of a steady run; this project's definition."""

MINUTES_PER_HOUR: Final = 60.0


def heart_rate_drift(track: Track) -> float | None:
    """Rise of heart rate at equal grade-adjusted speed on a steady run, % per hour.

    Least squares of log heart rate on log speed and time over the minutes after the first ten. Steady is a
    run of which nine tenths of those minutes were run through and whose speed differs between them by a
    standard deviation of at most 10 %. None if it is not steady, without altitudes, or with fewer than 30
    such minutes. Source: cardiovascular drift, Coyle & Gonzalez-Alonso 2001; form and limits of this project.
    """
    if track.minutes is None:
        return None
    later = track.minutes.number >= FIRST_MINUTE
    used = int(np.count_nonzero(later))
    if used < max(FEWEST_MINUTES, SMALLEST_SHARE * (track.minutes.last - FIRST_MINUTE)):
        return None
    speed = np.log(track.minutes.speed_m_per_s[later])
    if speed.std() > LARGEST_SPREAD:
        return None
    hours = track.minutes.number[later] / MINUTES_PER_HOUR
    design = np.column_stack((np.ones(used), speed, hours))
    slopes = np.linalg.lstsq(design, np.log(track.minutes.heart_rate_bpm[later]), rcond=None)[0]
    return 100 * float(np.expm1(slopes[2]))
