"""How hard an activity was: load from heart rate and from speed.

Belongs here: load of one activity. Does not: how loads add up over days (`training.py`).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from coros_assets.athlete import Athlete, Sex
from coros_assets.gold.metrics.arrays import FloatArray
from coros_assets.gold.metrics.heart_rate import coverage
from coros_assets.gold.metrics.pace import METRES_PER_KM, grade_adjusted_pace, moving_time
from coros_assets.gold.metrics.track import Track

SMALLEST_COVERAGE: Final = 0.8
"""Share of the recorded time that needs a heart rate before a sum over it is believed."""

BANISTER_WEIGHTS: Final[dict[Sex, tuple[float, float]]] = {"male": (0.64, 1.92), "female": (0.86, 1.67)}
"""a and b of a x exp(b x); Morton, Fitz-Clarke & Banister 1990, J Appl Physiol 69:1171-1177."""

SECONDS_PER_HOUR: Final = 3600.0
MINUTES_PER_HOUR: Final = 60.0


def trimp_per_minute(heart_rate_bpm: FloatArray, athlete: Athlete) -> FloatArray:
    """Banister's training impulse of a minute at each heart rate; the share of reserve is clipped to 0..1."""
    factor, exponent = BANISTER_WEIGHTS[athlete.sex]
    reserve = athlete.max_heart_rate_bpm - athlete.resting_heart_rate_bpm
    share = np.clip((heart_rate_bpm - athlete.resting_heart_rate_bpm) / reserve, 0.0, 1.0)
    return share * factor * np.exp(exponent * share)


def trimp(track: Track, athlete: Athlete) -> float | None:
    """Banister's training impulse, summed per step; None if less than 80 % of the time has a heart rate.

    Source: Morton, Fitz-Clarke & Banister 1990.
    """
    if coverage(track, track.recorded_s) < SMALLEST_COVERAGE:
        return None
    minutes = track.recorded_s * MINUTES_PER_HOUR / SECONDS_PER_HOUR
    return float(np.nansum(minutes * trimp_per_minute(track.heart_rate_bpm[:-1], athlete)))


def hrss(track: Track, athlete: Athlete) -> float | None:
    """Load from heart rate, 100 for one hour at threshold heart rate; None where `trimp` is None."""
    impulse = trimp(track, athlete)
    if impulse is None:
        return None
    hour_at_threshold = MINUTES_PER_HOUR * trimp_per_minute(
        np.array([athlete.threshold_heart_rate_bpm]), athlete
    )
    return 100 * impulse / float(hour_at_threshold[0])


def rss(track: Track, athlete: Athlete) -> float | None:
    """Load from grade-adjusted speed, 100 for one hour at threshold speed, which counts squared.

    None where grade-adjusted pace is None.
    """
    pace, moving = grade_adjusted_pace(track), moving_time(track)
    if pace is None or moving is None:
        return None
    share = METRES_PER_KM / pace / athlete.threshold_speed_m_per_s
    return 100 * moving / SECONDS_PER_HOUR * share**2
