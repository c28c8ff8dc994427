"""What heart rate and speed of one run say of the most oxygen that the runner could use.

Belongs here: the VO2max index. Does not: the index of a performance (`vdot.py`).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from coros_assets.athlete import Athlete
from coros_assets.gold.metrics.arrays import FloatArray
from coros_assets.gold.metrics.minutes import Minutes
from coros_assets.gold.metrics.track import Track
from coros_assets.gold.metrics.vdot import oxygen_cost

FIRST_MINUTE: Final = 5
SEGMENT_MINUTES: Final = 3
"""Heart rate follows a change of speed within about 3 min; both are this project's definitions."""

LARGEST_SPEED_RANGE: Final = 0.1
LARGEST_HEART_RATE_RANGE_BPM: Final = 6.0
"""How much the three minutes of a steady segment may differ: 10 % and 6 bpm; this project's definition."""

LOWEST_RESERVE: Final = 0.55
HIGHEST_RESERVE: Final = 0.9
"""Between these shares of the reserve heart rate rises in a line with oxygen; this project's definition."""

FEWEST_SEGMENTS: Final = 5
SMALLEST_HEART_RATE_RANGE_BPM: Final = 25.0
SMALLEST_R_SQUARED: Final = 0.7
"""What a line needs before it is drawn on beyond the data; this project's definition."""

MOST_SEGMENTS: Final = 500
"""Of more, as in a run of ten hours, every other (third, ...) is looked at: pairs grow with the square."""


def vo2max_index(track: Track, athlete: Athlete) -> float | None:
    """Oxygen cost of the speed at which a run's heart rate would reach the maximum, ml/(kg min).

    An index, not a measurement: a line (Theil-Sen) of grade-adjusted speed on heart rate over the steady
    stretches of three minutes at 55 to 90 % of the reserve, the first 5 min left out, drawn on to maximum
    heart rate. None unless there are five such stretches, over 25 bpm or more, that the line explains with
    an R squared of 0.7 or more. Source: ACSM's extrapolation of submaximal heart rate; cost of running by
    Daniels & Gilbert 1979; limits of this project.
    """
    if track.minutes is None:
        return None
    rate, speed = _steady_segments(track.minutes, athlete)
    if rate.size < FEWEST_SEGMENTS or np.ptp(rate) < SMALLEST_HEART_RATE_RANGE_BPM:
        return None
    thinned = slice(None, None, -(-rate.size // MOST_SEGMENTS))
    rate, speed = rate[thinned], speed[thinned]
    first, second = np.triu_indices(rate.size, 1)
    apart = rate[first] != rate[second]
    slopes = (speed[second] - speed[first])[apart] / (rate[second] - rate[first])[apart]
    slope = float(np.median(slopes))
    level = float(np.median(speed - slope * rate))
    residual = speed - level - slope * rate
    if slope <= 0 or 1 - residual @ residual / (speed.size * speed.var()) < SMALLEST_R_SQUARED:
        return None
    return oxygen_cost(level + slope * athlete.max_heart_rate_bpm)


def _steady_segments(minutes: Minutes, athlete: Athlete) -> tuple[FloatArray, FloatArray]:
    """Mean heart rate and mean speed of each three minutes in a row that are steady; they may overlap."""
    late = minutes.number >= FIRST_MINUTE
    if np.count_nonzero(late) < SEGMENT_MINUTES:
        return np.empty(0), np.empty(0)
    number, speed, rate = (
        sliding_window_view(column[late], SEGMENT_MINUTES)
        for column in (minutes.number, minutes.speed_m_per_s, minutes.heart_rate_bpm)
    )
    mean_speed, mean_rate = speed.mean(axis=1), rate.mean(axis=1)
    reserve = (mean_rate - athlete.resting_heart_rate_bpm) / (
        athlete.max_heart_rate_bpm - athlete.resting_heart_rate_bpm
    )
    steady = (
        (np.ptp(number, axis=1) == SEGMENT_MINUTES - 1)
        & (np.ptp(speed, axis=1) <= LARGEST_SPEED_RANGE * mean_speed)
        & (np.ptp(rate, axis=1) <= LARGEST_HEART_RATE_RANGE_BPM)
        & (reserve >= LOWEST_RESERVE)
        & (reserve <= HIGHEST_RESERVE)
    )
    return mean_rate[steady], mean_speed[steady]
