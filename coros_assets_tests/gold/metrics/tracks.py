"""Synthetic tracks: what a test does not say is steady flat running at 3 m/s, one point a second."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from coros_assets.athlete import Athlete
from coros_assets.gold.metrics.track import Track

Values: TypeAlias = NDArray[np.float64] | Sequence[float] | float | None

ATHLETE = Athlete(
    max_heart_rate_bpm=190.0,
    resting_heart_rate_bpm=50.0,
    threshold_heart_rate_bpm=169.0,
    threshold_speed_m_per_s=4.0,
    sex="male",
)


def make_track(
    seconds: float = 3600,
    *,
    time_s: Values = None,
    speed_m_per_s: float = 3.0,
    distance_m: Values = None,
    altitude_m: Values = 200.0,
    heart_rate_bpm: Values = 150.0,
    cadence_spm: Values = 170.0,
    power_w: Values = np.nan,
    timer_time_s: float | None = None,
) -> Track:
    """A track of points 0 to `seconds`; a single value holds at every point, NaN is 'not recorded'."""
    time = np.arange(seconds + 1) if time_s is None else np.asarray(time_s)
    time = time.astype(np.float64)

    def column(values: Values) -> NDArray[np.float64]:
        return np.broadcast_to(np.asarray(values, dtype=np.float64), time.shape)

    return Track(
        time_s=time,
        distance_m=column(time * speed_m_per_s if distance_m is None else distance_m),
        altitude_m=column(altitude_m),
        heart_rate_bpm=column(heart_rate_bpm),
        cadence_spm=column(cadence_spm),
        power_w=column(power_w),
        timer_time_s=timer_time_s,
    )
