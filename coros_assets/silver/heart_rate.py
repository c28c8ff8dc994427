"""Repairs heart rate: impossible values, spikes, short gaps, and the sensor locked to cadence.

Belongs here: what makes a recorded heart rate believable. Does not: what it means for effort
(`gold/metrics/`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

LOWEST_BPM: Final = 30.0
HIGHEST_BPM: Final = 220.0

# Hampel filter (Hampel 1974): a value further from its window's median than this many robust
# standard deviations is a spike. 1.4826 makes the median absolute deviation one of a normal.
SPIKE_HALF_WINDOW_S: Final = 15.0
SPIKE_DEVIATIONS: Final = 3.5
MAD_TO_SD: Final = 1.4826
LEAST_SD_BPM: Final = 2.0  # watches write whole beats: a flat window would make every change a spike
_HALF_WINDOW_POINTS: Final = 15

LONGEST_FILLED_GAP_S: Final = 10.0

# An optical sensor that follows the arm swing instead of the pulse.
LOCK_LEAST_S: Final = 60.0
LOCK_DIFFERENCE_BPM: Final = 3.0
LOCK_CORRELATION: Final = 0.8
LOCK_JUMP_BPM: Final = 15.0
_BEFORE_LOCK_S: Final = 15.0

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class RepairedHeartRate:
    """Heart rate in bpm with NaN where there is none, and what was done to it."""

    heart_rate_bpm: Floats
    counts: dict[str, int]
    flags: tuple[str, ...]


def repaired(seconds: Floats, heart_rate_bpm: Floats, steps_per_minute: Floats | None) -> RepairedHeartRate:
    """Empties impossible values, spikes and cadence lock, and fills gaps of at most 10 s inside.

    `steps_per_minute` is None where there is no running cadence to compare with.
    """
    measured = np.isfinite(heart_rate_bpm)
    pulse = np.where((heart_rate_bpm >= LOWEST_BPM) & (heart_rate_bpm <= HIGHEST_BPM), heart_rate_bpm, np.nan)
    pulse = np.where(spikes(seconds, pulse), np.nan, pulse)
    nulled = int(np.count_nonzero(measured & np.isnan(pulse)))
    before_filling = np.isnan(pulse)
    pulse = _filled(seconds, pulse)
    filled = int(np.count_nonzero(before_filling & np.isfinite(pulse)))
    locked = np.zeros(len(pulse), dtype=bool)
    if steps_per_minute is not None:
        locked = cadence_lock(seconds, pulse, steps_per_minute)
    flags = ("no_heart_rate",) if not measured.any() else ()
    return RepairedHeartRate(
        np.where(locked, np.nan, pulse),
        {
            "heart_rate_points_nulled": nulled,
            "heart_rate_points_filled": filled,
            "heart_rate_points_excluded": int(np.count_nonzero(locked)),
        },
        (*flags, "heart_rate_locked_to_cadence") if locked.any() else flags,
    )


def spikes(seconds: Floats, heart_rate_bpm: Floats) -> Mask:
    """True where the value is a spike by a Hampel filter over 31 s (at most 31 points)."""
    if not np.isfinite(heart_rate_bpm).any():
        return np.zeros(len(heart_rate_bpm), dtype=bool)
    windows = _windows(seconds, heart_rate_bpm)
    median = _row_medians(windows)
    deviation = _row_medians(np.abs(windows - median[:, None]))
    robust_sd = np.maximum(MAD_TO_SD * deviation, LEAST_SD_BPM)
    return np.abs(heart_rate_bpm - median) > SPIKE_DEVIATIONS * robust_sd


def _windows(seconds: Floats, values: Floats) -> Floats:
    """One row a point: the values within 15 s and 15 points of it, NaN elsewhere."""
    half = _HALF_WINDOW_POINTS
    padding = np.full(half, np.nan)
    padded_values = np.concatenate([padding, values, padding])
    padded_seconds = np.concatenate([padding, seconds, padding])
    rows = np.lib.stride_tricks.sliding_window_view(padded_values, 2 * half + 1)
    times = np.lib.stride_tricks.sliding_window_view(padded_seconds, 2 * half + 1)
    near = np.abs(times - seconds[:, None]) <= SPIKE_HALF_WINDOW_S
    return np.where(near, rows, np.nan)


def _row_medians(rows: Floats) -> Floats:
    """Medians of the finite values of each row; NaN for a row without any. Sorting puts NaN last."""
    ordered = np.sort(rows, axis=1)
    count = np.count_nonzero(np.isfinite(rows), axis=1)
    at = np.arange(len(rows))
    lower = ordered[at, np.maximum((count - 1) // 2, 0)]
    upper = ordered[at, np.maximum(count // 2, 0)]
    return np.asarray((lower + upper) / 2)


def _filled(seconds: Floats, values: Floats) -> Floats:
    """Linear interpolation over gaps of at most 10 s between two values; never at the ends."""
    valid = np.flatnonzero(np.isfinite(values))
    if len(valid) <= 1:
        return values
    missing = np.isnan(values)
    before = np.clip(np.searchsorted(valid, np.arange(len(values)), side="right") - 1, 0, len(valid) - 2)
    gap_s = seconds[valid[before + 1]] - seconds[valid[before]]
    inside = (np.arange(len(values)) > valid[0]) & (np.arange(len(values)) < valid[-1])
    fill = missing & inside & (gap_s <= LONGEST_FILLED_GAP_S)
    return np.where(fill, np.interp(seconds, seconds[valid], values[valid]), values)


def cadence_lock(seconds: Floats, heart_rate_bpm: Floats, steps_per_minute: Floats) -> Mask:
    """True where heart rate follows the steps: within 3/min and correlated for a minute, after a jump."""
    close = np.abs(heart_rate_bpm - steps_per_minute) <= LOCK_DIFFERENCE_BPM
    locked = np.zeros(len(close), dtype=bool)
    for first, end in _stretches(close):
        long_enough = seconds[end - 1] - seconds[first] >= LOCK_LEAST_S
        if long_enough and _follows(seconds, heart_rate_bpm, steps_per_minute, slice(first, end)):
            locked[first:end] = True
    return locked


def _stretches(mask: Mask) -> NDArray[np.int64]:
    """Rows of (first, end) of the stretches where `mask` is true."""
    edges = np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8))
    return np.column_stack([np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)])


def _follows(seconds: Floats, heart_rate_bpm: Floats, steps_per_minute: Floats, stretch: slice) -> bool:
    pulse, steps = heart_rate_bpm[stretch], steps_per_minute[stretch]
    if np.ptp(pulse) == 0 or np.ptp(steps) == 0:
        return False
    before = (seconds < seconds[stretch.start]) & (seconds >= seconds[stretch.start] - _BEFORE_LOCK_S)
    earlier = heart_rate_bpm[before]
    earlier = earlier[np.isfinite(earlier)]
    jumped = bool(len(earlier)) and pulse[0] - float(np.min(earlier)) > LOCK_JUMP_BPM
    return jumped and bool(np.corrcoef(pulse, steps)[0, 1] > LOCK_CORRELATION)
