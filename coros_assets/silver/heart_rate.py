"""Repairs heart rate: impossible values, spikes, short gaps, and the sensor locked to cadence.

Belongs here: what makes a recorded heart rate believable. Does not: what it means for effort
(`gold/metrics/`).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from coros_assets.silver.repair import Floats, Repaired

LOWEST_BPM: Final = 30.0
HIGHEST_BPM: Final = 220.0

# Hampel filter (Hampel 1974): a value further from its window's median than this many robust
# standard deviations is a spike. 1.4826 makes the median absolute deviation one of a normal.
SPIKE_HALF_WINDOW_S: Final = 15.0
SPIKE_DEVIATIONS: Final = 3.5
MAD_TO_SD: Final = 1.4826
LEAST_SD_BPM: Final = 2.0  # watches write whole beats: a flat window would make every change a spike
_HALF_WINDOW_POINTS: Final = 15
_WINDOWS_AT_ONCE: Final = 20_000  # 5 MB for each step of the filter

LONGEST_FILLED_GAP_S: Final = 10.0

# An optical sensor that follows the arm swing instead of the pulse.
LOCK_LEAST_S: Final = 60.0
LOCK_DIFFERENCE_BPM: Final = 3.0
LOCK_CORRELATION: Final = 0.8
LOCK_JUMP_BPM: Final = 15.0
LOCK_LONGEST_BREAK_S: Final = 30.0  # a sensor that follows the steps again so soon never found the pulse
_BEFORE_LOCK_S: Final = 15.0

Mask = NDArray[np.bool_]


def repaired(seconds: Floats, heart_rate_bpm: Floats, steps_per_minute: Floats | None) -> Repaired:
    """Empties impossible values, spikes and cadence lock, and fills gaps of at most 10 s inside.

    `steps_per_minute` is None where there is no running cadence to compare with.
    """
    measured = np.isfinite(heart_rate_bpm)
    pulse = np.where((heart_rate_bpm >= LOWEST_BPM) & (heart_rate_bpm <= HIGHEST_BPM), heart_rate_bpm, np.nan)
    pulse = np.where(spikes(seconds, pulse), np.nan, pulse)
    empty = np.isnan(pulse)
    nulled = int(np.count_nonzero(measured & empty))
    pulse = _filled(seconds, pulse)
    filled = int(np.count_nonzero(empty & np.isfinite(pulse)))
    locked = np.zeros(len(pulse), dtype=bool)
    if steps_per_minute is not None:
        locked = cadence_lock(seconds, pulse, steps_per_minute)
    flags = ("no_heart_rate",) if not measured.any() else ()
    return Repaired(
        np.where(locked, np.nan, pulse),
        {
            "heart_rate_points_nulled": nulled,
            "heart_rate_points_filled": filled,
            "heart_rate_points_excluded": int(np.count_nonzero(locked)),
        },
        (*flags, "heart_rate_locked_to_cadence") if locked.any() else flags,
    )


def spikes(seconds: Floats, heart_rate_bpm: Floats) -> Mask:
    """True where the value is a spike by a Hampel filter over 31 s (at most 31 points).

    A window's median lies between its least and its greatest value. So only a value that is further from
    one of these than the least deviation of a spike can be one, and medians are taken of these few windows.
    """
    padding = np.full(_HALF_WINDOW_POINTS, np.nan)
    values = np.concatenate([padding, heart_rate_bpm, padding])
    lowest, highest = _window_extremes(np.fmin, values), _window_extremes(np.fmax, values)
    farthest = np.fmax(highest - heart_rate_bpm, heart_rate_bpm - lowest)
    suspects = np.flatnonzero(farthest > SPIKE_DEVIATIONS * LEAST_SD_BPM)
    windows, times = _windows(values), _windows(np.concatenate([padding, seconds, padding]))
    found = np.zeros(len(heart_rate_bpm), dtype=bool)
    for start in range(0, len(suspects), _WINDOWS_AT_ONCE):
        group = suspects[start : start + _WINDOWS_AT_ONCE]
        near = np.abs(times[group] - seconds[group, None]) <= SPIKE_HALF_WINDOW_S
        found[group] = _are_spikes(heart_rate_bpm[group], np.where(near, windows[group], np.nan))
    return found


def _are_spikes(values: Floats, windows: Floats) -> Mask:
    """Whether each value deviates from the median of its window, a row, as a spike does."""
    median = _row_medians(windows)
    deviation = _row_medians(np.abs(windows - median[:, None]))
    robust_sd = np.maximum(MAD_TO_SD * deviation, LEAST_SD_BPM)
    return np.asarray(np.abs(values - median) > SPIKE_DEVIATIONS * robust_sd)


def _windows(padded: Floats) -> Floats:
    """One row a point: the 31 values around it, as a view."""
    return np.lib.stride_tricks.sliding_window_view(padded, 2 * _HALF_WINDOW_POINTS + 1)


def _window_extremes(extreme: np.ufunc, padded: Floats) -> Floats:
    """`np.fmin` or `np.fmax` of each window: of 2, 4, 8, 16 values, then of two 16s that share one."""
    for width in (1, 2, 4, 8):
        padded = extreme(padded[width:], padded[:-width])
    return np.asarray(extreme(padded[_HALF_WINDOW_POINTS:], padded[:-_HALF_WINDOW_POINTS]))


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
    missing = np.isnan(values)
    known, unknown = np.flatnonzero(~missing), np.flatnonzero(missing)
    after = np.searchsorted(known, unknown)
    inside = (after > 0) & (after < len(known))
    unknown, after = unknown[inside], after[inside]
    unknown = unknown[seconds[known[after]] - seconds[known[after - 1]] <= LONGEST_FILLED_GAP_S]
    filled = values.copy()
    if len(unknown):
        filled[unknown] = np.interp(seconds[unknown], seconds[known], values[known])
    return filled


def cadence_lock(seconds: Floats, heart_rate_bpm: Floats, steps_per_minute: Floats) -> Mask:
    """True where heart rate follows the steps: within 3/min and correlated for a minute, after a jump.

    A stretch that begins within 30 s of the end of a locked one needs no jump of its own, and what lies
    between is locked as well. Where heart rate or steps stay constant nothing shows that one follows the
    other, and the heart rate is kept.
    """
    close = np.abs(heart_rate_bpm - steps_per_minute) <= LOCK_DIFFERENCE_BPM
    locked = np.zeros(len(close), dtype=bool)
    firsts, ends = _stretches(close)
    long_enough = seconds[ends - 1] - seconds[firsts] >= LOCK_LEAST_S
    lock_end = 0
    for first, end in zip(firsts[long_enough].tolist(), ends[long_enough].tolist(), strict=True):
        goes_on = lock_end > 0 and seconds[first] - seconds[lock_end - 1] <= LOCK_LONGEST_BREAK_S
        begins = goes_on or _jumps(seconds, heart_rate_bpm, first)
        if begins and _correlated(heart_rate_bpm[first:end], steps_per_minute[first:end]):
            locked[lock_end if goes_on else first : end] = True
            lock_end = end
    return locked


def _stretches(mask: Mask) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First and end of each of the stretches where `mask` is true."""
    edges = np.flatnonzero(np.diff(mask, prepend=False, append=False))
    return edges[::2], edges[1::2]


def _jumps(seconds: Floats, heart_rate_bpm: Floats, at: int) -> bool:
    """Whether heart rate at a point is more than 15 bpm above one of the 15 s before."""
    earlier = heart_rate_bpm[np.searchsorted(seconds, seconds[at] - _BEFORE_LOCK_S) : at]
    return bool(np.any(heart_rate_bpm[at] - earlier > LOCK_JUMP_BPM))


def _correlated(heart_rate_bpm: Floats, steps_per_minute: Floats) -> bool:
    if np.ptp(heart_rate_bpm) == 0 or np.ptp(steps_per_minute) == 0:
        return False
    return bool(np.corrcoef(heart_rate_bpm, steps_per_minute)[0, 1] > LOCK_CORRELATION)
