"""How fast the heart slows down when the runner stops.

Belongs here: heart-rate recovery after the last step. Does not: recovery from day to day (`answers/`).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from coros_assets.gold.metrics.track import Track

RECOVERY_S: Final = 60.0
AROUND_S: Final = 3.0
"""Heart rate at a moment is the mean of the points within this of it."""

SLOWEST_RUN_M_PER_S: Final = 2.0
"""Speed at which adults change from walking to running; Hreljac 1993, Med Sci Sports Exerc 25:1158-1162."""


def heart_rate_recovery(track: Track) -> float | None:
    """Fall of heart rate in the 60 s after the runner last moved (HRR60), bpm.

    None where the recording ends earlier, as it almost always does, where no heart rate was recorded within
    3 s of either moment, or where the last minute before was walked (below 2 m/s). Source: Bosquet, Gamelin
    & Berthoin 2008, Int J Sports Med 29:238-243, who find it uncertain by about 20 %.
    """
    if track.path_m is None or track.moving_s is None or not track.moving_s.any():
        return None
    stop_s = float(track.time_s[np.flatnonzero(track.moving_s)[-1] + 1])
    last_minute = np.interp((stop_s - RECOVERY_S, stop_s), track.time_s, track.path_m)
    if np.diff(last_minute)[0] < RECOVERY_S * SLOWEST_RUN_M_PER_S:
        return None
    at_stop, after = _heart_rate_at(track, stop_s), _heart_rate_at(track, stop_s + RECOVERY_S)
    return None if at_stop is None or after is None else at_stop - after


def _heart_rate_at(track: Track, moment_s: float) -> float | None:
    near = (np.abs(track.time_s - moment_s) <= AROUND_S) & ~np.isnan(track.heart_rate_bpm)
    return float(track.heart_rate_bpm[near].mean()) if near.any() else None
