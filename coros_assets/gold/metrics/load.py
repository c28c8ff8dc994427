"""How hard an activity was: load from heart rate and from speed.

Belongs here: load of one activity. Does not: how loads add up over days (`training.py`).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from coros_assets.athlete import Athlete, Sex
from coros_assets.gold.metrics.arrays import FloatArray
from coros_assets.gold.metrics.heart_rate import UNKNOWN_ZONE, coverage, zone_times
from coros_assets.gold.metrics.pace import METRES_PER_KM, grade_adjusted_pace, moving_time
from coros_assets.gold.metrics.track import Track

SMALLEST_COVERAGE: Final = 0.8
"""Share of the recorded time that needs a heart rate before a sum over it is believed."""

BANISTER_WEIGHTS: Final[dict[Sex, tuple[float, float]]] = {"male": (0.64, 1.92), "female": (0.86, 1.67)}
"""a and b of a x exp(b x); Morton, Fitz-Clarke & Banister 1990, J Appl Physiol 69:1171-1177."""

FIRST_THRESHOLD_SHARE: Final = 0.91
"""Heart rate at the first ventilatory threshold as a share of that at the second: 85.1 over 93.5 % of the
peak in 1,411 runners; Esteve-Lanao et al. 2026, Sports 14(1):29."""

SECONDS_PER_HOUR: Final = 3600.0
MINUTES_PER_HOUR: Final = 60.0


def trimp_per_minute(heart_rate_bpm: FloatArray, athlete: Athlete) -> FloatArray:
    """Banister's training impulse of a minute at each heart rate; the share of reserve is clipped to 0..1."""
    factor, exponent = BANISTER_WEIGHTS[athlete.sex]
    reserve = athlete.max_heart_rate_bpm - athlete.resting_heart_rate_bpm
    share = np.clip((heart_rate_bpm - athlete.resting_heart_rate_bpm) / reserve, 0.0, 1.0)
    return share * factor * np.exp(exponent * share)


def trimp(track: Track, athlete: Athlete) -> float | None:
    """Banister's training impulse: minutes times the share x of the reserve times 0.64 exp(1.92 x).

    For women 0.86 exp(1.67 x). None if less than 80 % of the recorded time has a heart rate. Source: Morton,
    Fitz-Clarke & Banister 1990, J Appl Physiol 69:1171-1177.
    """
    if coverage(track, track.recorded_s) < SMALLEST_COVERAGE:
        return None
    minutes = track.recorded_s * MINUTES_PER_HOUR / SECONDS_PER_HOUR
    return float(np.nansum(minutes * trimp_per_minute(track.heart_rate_bpm[:-1], athlete)))


def trimp_edwards(track: Track, athlete: Athlete) -> float | None:
    """Minutes in the heart-rate zones times 1 to 5; below 50 % of maximum heart rate nothing counts.

    None if less than 80 % of the time has a heart rate. Source: Edwards 1993, The Heart Rate Monitor Book.
    """
    if coverage(track, track.recorded_s) < SMALLEST_COVERAGE:
        return None
    zones = zone_times(track, athlete)
    weighted_s = sum(zone * seconds for zone, seconds in zones.items() if zone != UNKNOWN_ZONE)
    return weighted_s * MINUTES_PER_HOUR / SECONDS_PER_HOUR


def trimp_lucia(track: Track, athlete: Athlete) -> float | None:
    """Minutes below, between and from the two ventilatory thresholds upwards, times 1, 2 and 3.

    The second threshold is the runner's threshold heart rate, the first 0.91 of it. None if less than 80 % of
    the time has a heart rate. Source: Lucia et al. 2003, Med Sci Sports Exerc 35:872-878.
    """
    if coverage(track, track.recorded_s) < SMALLEST_COVERAGE:
        return None
    rate = track.heart_rate_bpm[:-1]
    thresholds = np.array([FIRST_THRESHOLD_SHARE, 1.0]) * athlete.threshold_heart_rate_bpm
    weight = np.where(np.isnan(rate), 0, 1 + np.searchsorted(thresholds, rate, side="right"))
    return float((weight * track.recorded_s).sum()) * MINUTES_PER_HOUR / SECONDS_PER_HOUR


def hrss(track: Track, athlete: Athlete) -> float | None:
    """Load from heart rate, 100 for one hour at threshold heart rate; None where `trimp` is.

    Source: `trimp` over that of the hour at threshold, this project's scale.
    """
    impulse = trimp(track, athlete)
    if impulse is None:
        return None
    hour_at_threshold = MINUTES_PER_HOUR * trimp_per_minute(
        np.array([athlete.threshold_heart_rate_bpm]), athlete
    )
    return 100 * impulse / float(hour_at_threshold[0])


def rss(track: Track, athlete: Athlete) -> float | None:
    """Load from grade-adjusted speed, 100 for one hour at threshold speed, which counts squared.

    None where `grade_adjusted_pace_s_per_km` is. Source: this project's scale, the same as that of `hrss`.
    """
    pace, moving = grade_adjusted_pace(track), moving_time(track)
    if pace is None or moving is None:
        return None
    share = METRES_PER_KM / pace / athlete.threshold_speed_m_per_s
    return 100 * moving / SECONDS_PER_HOUR * share**2
