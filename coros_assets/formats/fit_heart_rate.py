"""Heart rates that a FIT file keeps apart from its records, as chest straps record them under water.

Belongs here: messages of beats with packed times, and their join with records. Does not: the records
themselves (`fit.py`), plausibility (`silver/heart_rate.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from coros_assets.errors import UnreadableFileError
from coros_assets.formats import fit_profile as profile
from coros_assets.formats.fit_messages import Floats, Integers, Messages, unrolled

MAX_MESSAGES: Final = 20_000  # of eight beats each: a day
_MOST_IN_A_MESSAGE: Final = 10
_BYTES_OF_MOST: Final = 15
_TICKS_PER_S: Final = 1024
_SHORT_TICKS: Final = 2**12
_LONG_TICKS: Final = 2**32
_FRACTIONS_PER_S: Final = 2**15
# A beat counts until the next one, for 5 s at most, in steps of a quarter second (Garmin's FIT SDK).
_STEP_S: Final = 0.25
_MOST_STEPS: Final = 20


class HeartRates(NamedTuple):
    """Instants in seconds since 1970 UTC, ascending, and the heart rate in bpm at each."""

    seconds: Floats
    bpm: Floats


def heart_rates(files: Sequence[Messages]) -> HeartRates:
    """The heart rates of files in a row, a quarter second apart: a strap appends its own file to the watch's.

    Raises:
        UnreadableFileError: more of them than any recording has.
    """
    if sum(len(messages.positions(profile.HR)) for messages in files) > MAX_MESSAGES:
        raise UnreadableFileError(
            f"The file has more than {MAX_MESSAGES:,} messages of heart beats, which no recording has."
        )
    beats = [_beats(messages) for messages in files if len(messages.positions(profile.HR))]
    if not sum(len(bpm) for _, bpm in beats):
        return HeartRates(np.empty(0), np.empty(0))
    seconds, bpm = (np.concatenate(parts) for parts in zip(*beats, strict=True))
    return _in_steps(seconds, bpm)


def merged(rates: HeartRates, seconds: Floats, own: Floats) -> Floats:
    """Heart rate of records at `seconds`: the mean since the record before, else the record's `own`.

    The first record, and one that does not come later than the one before, stand for one second.
    """
    if not len(rates.seconds):
        return own
    timed = np.flatnonzero(np.isfinite(seconds))
    ends = seconds[timed]
    before = np.concatenate([ends[:1], ends[:-1]])
    starts = np.where(before < ends, before, ends - 1)
    first, stop = (np.searchsorted(rates.seconds, bounds, side="right") for bounds in (starts, ends))
    total = np.concatenate([[0.0], np.cumsum(rates.bpm)])
    count = stop - first
    mean = np.floor((total[stop] - total[first]) / np.maximum(count, 1) + 0.5)
    result = own.copy()
    result[timed] = np.where(count > 0, mean, own[timed])
    return result


def _beats(messages: Messages) -> tuple[Floats, Floats]:
    """Instants and heart rates of a file's beats, in file order.

    A message states the strap's time in full, or of up to ten beats its low 12 bits; a full one with an
    instant of the watch beside it is what the others are counted from.
    """
    stated, is_full = _ticks(messages)
    row, place = np.nonzero(np.isfinite(stated))
    ticks = stated[row, place].astype(np.int64)
    bpm = messages.lists(profile.HR, profile.HR_BPM, _MOST_IN_A_MESSAGE)[row, place]
    fraction = np.nan_to_num(messages.numbers(profile.HR, profile.HR_FRACTION)) / _FRACTIONS_PER_S
    instant = (messages.times(profile.HR) + fraction)[row]
    last_full = _last(is_full[row])
    anchor = _last(is_full[row] & np.isfinite(instant))
    passed = unrolled(ticks, _SHORT_TICKS)
    counted = (ticks[last_full] - ticks[anchor]) % _LONG_TICKS + passed - passed[last_full]
    usable = (anchor >= 0) & np.isfinite(bpm)
    return (instant[anchor] + counted / _TICKS_PER_S)[usable], bpm[usable]


def _ticks(messages: Messages) -> tuple[Floats, NDArray[np.bool_]]:
    """The strap's time of each beat, one row a message, and whether the row states it in full."""
    full = messages.numbers(profile.HR, profile.HR_TICKS)
    packed = _unpacked(messages.lists(profile.HR, profile.HR_PACKED_TICKS, _BYTES_OF_MOST))
    is_full = np.isfinite(full)
    packed[is_full] = np.nan
    packed[is_full, 0] = full[is_full]
    return packed, is_full


def _unpacked(octets: Floats) -> Floats:
    """Numbers of 12 bits, the lower first, of which three bytes hold two."""
    first, middle, last = (octets[:, start::3] for start in range(3))
    pairs = np.stack([first + middle % 16 * 256, middle // 16 + last * 16], axis=2)
    return pairs.reshape(len(octets), -1)


def _last(mask: NDArray[np.bool_]) -> Integers:
    """The last index up to each place at which `mask` is true; -1 before the first."""
    return np.maximum.accumulate(np.where(mask, np.arange(len(mask)), -1))


def _in_steps(seconds: Floats, bpm: Floats) -> HeartRates:
    """The beats, each repeated until the next one comes, in order of time."""
    gap_s = np.diff(seconds, append=seconds[-1:])
    repeats = np.clip(np.ceil(gap_s / _STEP_S) - 1, 0, _MOST_STEPS).astype(np.int64) + 1
    ends = np.cumsum(repeats)
    step = np.arange(ends[-1]) - np.repeat(ends - repeats, repeats)
    stepped = np.repeat(seconds, repeats) + _STEP_S * step
    order = np.argsort(stepped, kind="stable")
    return HeartRates(stepped[order], np.repeat(bpm, repeats)[order])
