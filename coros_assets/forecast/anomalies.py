"""Readings that were not as their like before: single ones by robust z, slow drifts by cumulative sums.

Belongs here: the comparison of a reading with earlier ones of its kind, on plain arrays. Does not: which
readings those are (`mornings.py`), or how a finding is said (`findings.py`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from coros_assets.answers.regression import FloatArray
from coros_assets.forecast.history import IntArray
from coros_assets.forecast.model import MAD_TO_SD

SPIKE_SD: Final = 3.5
"""Robust standard deviations from which a single reading is unusual (Iglewicz and Hoaglin 1993)."""

WINDOW_D: Final = 120
FEWEST: Final = 14
"""A reading is compared with those of its kind in the days before it, if they are so many."""

SCALE_D: Final = 365
"""How much they differ among themselves is told from a longer time: that takes more of them than a middle."""

DOUBT: Final = 1.16
"""The scale of n readings is known to about its 1.16/√n, and taken to be larger by so much: the relative
standard deviation of a median absolute deviation."""

LAG_D: Final = 28
"""A drift is compared with readings that lie farther back, lest it be compared with itself."""

SLACK_SD: Final = 0.5
ALARM_SD: Final = 8.0
"""A cumulative sum forgives so much a reading, and is a drift above so much (Page 1954)."""

LIKENESS_N: Final = 60
MOST_LIKE: Final = 0.8
"""Readings that tell how alike neighbours are, and the largest correlation believed."""


@dataclass(frozen=True)
class Readings:
    """n readings in order of time.

    Attributes:
        day: dates as days since 1970.
        value: as they are compared, a logarithm or not; NaN where nothing was measured.
        state: readings of one state are each other's like.
        worse: 1 if more is worse, -1 if less is.
        covariates: what a reading also depends on, (n, k).
        effects: what covariates do to values, as known at each reading, (n, k).
        is_judged: whether a reading is itself compared, (n); if not, only others are with it.
        resolution: steps in which values are given, below which no scale can be told.
    """

    day: IntArray
    value: FloatArray
    state: IntArray
    worse: int
    covariates: FloatArray
    effects: FloatArray
    is_judged: NDArray[np.bool_]
    resolution: float = 0.0


@dataclass(frozen=True)
class Compared:
    """A reading and what it was compared with.

    Attributes:
        at: its position.
        expected: median of the readings it was compared with, adjusted to its covariates.
        limit: that median had all readings that are missing been bad.
        scale: robust standard deviation.
        n, missing: readings it was compared with, and missing ones among them.
        first, last: their dates.
    """

    at: int
    expected: float
    limit: float
    scale: float
    n: int
    missing: int
    first: int
    last: int

    def off(self, readings: Readings) -> float:
        """How far the reading is off towards worse, in scales."""
        return readings.worse * (float(readings.value[self.at]) - self.limit) / self.scale


def compared(readings: Readings, lag_d: int) -> Iterator[Compared]:
    """Each reading with those of its state in the `WINDOW_D` days that end `lag_d` before it.

    Left out are readings with fewer than `FEWEST` to compare with, or with as many missing ones.
    """
    for state in np.unique(readings.state):
        own = np.flatnonzero(readings.state == state)
        days = readings.day[own]
        first = np.searchsorted(days, days - lag_d - WINDOW_D)
        long_ago = np.searchsorted(days, days - lag_d - SCALE_D)
        stop = np.searchsorted(days, days - lag_d)
        for row, at in enumerate(own):
            if readings.is_judged[at]:
                around = own[first[row] : stop[row]]
                found = _compared(readings, int(at), around, own[long_ago[row] : stop[row]])
                if found is not None:
                    yield found


def _compared(readings: Readings, at: int, around: IntArray, of_scale: IntArray) -> Compared | None:
    def adjusted(rows: IntArray) -> FloatArray:
        change = (readings.covariates[at] - readings.covariates[rows]) @ readings.effects[at]
        return np.asarray(readings.value[rows] + change)

    is_known = np.isfinite(readings.value[around])
    n, missing = int(is_known.sum()), int((~is_known).sum())
    if n < FEWEST or missing >= n:
        return None
    rows = around[is_known]
    values = np.sort(readings.worse * adjusted(rows))
    many = np.sort(adjusted(of_scale[np.isfinite(readings.value[of_scale])]))
    spread = np.sort(np.abs(many - _at(many, (len(many) - 1) / 2)))
    scale = max(MAD_TO_SD * _at(spread, (len(many) - 1) / 2), readings.resolution)
    if not scale > 0:
        return None
    return Compared(
        at,
        readings.worse * _at(values, (n - 1) / 2),
        readings.worse * _at(values, (n + missing - 1) / 2),
        scale * (1 + DOUBT / math.sqrt(len(many))),
        n,
        missing,
        int(readings.day[rows[0]]),
        int(readings.day[rows[-1]]),
    )


def _at(ordered: FloatArray, position: float) -> float:
    """The value at a position of values in order, between two of them if it is no whole number."""
    below = int(position)
    above = min(below + 1, len(ordered) - 1)
    return float(ordered[below] + (position - below) * (ordered[above] - ordered[below]))


@dataclass(frozen=True)
class Drift:
    """A drift towards worse: its readings up to the one at which it was plain, each with its comparison."""

    readings: tuple[Compared, ...]

    @property
    def plain(self) -> Compared:
        """The comparison at which it was plain."""
        return self.readings[-1]


def spikes(readings: Readings) -> list[Compared]:
    """Single readings that were unusually bad."""
    return [found for found in compared(readings, 0) if found.off(readings) > SPIKE_SD]


def drifts(readings: Readings) -> list[Drift]:
    """Slow changes towards worse, by a cumulative sum of how far readings were off (Page 1954).

    Readings near one another resemble each other, which makes sums wander: what they are off by is divided by
    as much as their likeness widens a mean. A drift is told once, until the sum is back at nothing.
    """
    found = sorted(compared(readings, LAG_D), key=lambda each: each.at)
    off = np.clip([each.off(readings) for each in found], -SPIKE_SD, SPIKE_SD)
    told, total, begins, is_told = [], 0.0, 0, False
    for row, step in enumerate(off / _widened(off)):
        total = min(max(0.0, total + step - SLACK_SD), ALARM_SD + SLACK_SD)
        if total == 0:
            begins, is_told = row + 1, False
        elif total > ALARM_SD and not is_told:
            is_told = True
            told.append(Drift(tuple(found[begins : row + 1])))
    return told


def _widened(off: FloatArray) -> FloatArray:
    """How much likeness of neighbours widens a mean of readings, from `LIKENESS_N` of them farther back.

    The factor √((1 + r)/(1 - r)) of a process with correlation r between neighbours, r from 0 to `MOST_LIKE`.
    """
    factors = np.ones(len(off))
    for row in range(LAG_D + FEWEST, len(off)):
        before = off[max(0, row - LAG_D - LIKENESS_N) : row - LAG_D]
        before = before - before.mean()
        likeness = float(before[1:] @ before[:-1]) / max(float(before @ before), np.finfo(np.float64).tiny)
        likeness = min(max(likeness, 0.0), MOST_LIKE)
        factors[row] = np.sqrt((1 + likeness) / (1 - likeness))
    return factors
