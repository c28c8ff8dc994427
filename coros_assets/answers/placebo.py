"""A roster moved around the record: night shifts where none were worked, as a check of the method.

Belongs here: arms of runs on a moved roster, and how clear an effect of nights then seems. Does not: the arms
of runs on the roster as it was worked (`sql/01_analysis_run.sql`), or what follows (`night_checks.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from coros_assets.answers.design import HOURS_PER_DAY, NIGHT, SMALLEST_SHARE_OF_ITS_OWN
from coros_assets.answers.regression import FloatArray

AFTER_NIGHT_H: Final = 36.0
FAR_FROM_NIGHT_H: Final = 72.0
SAME_BLOCK_H: Final = 48.0
"""Limits of the arms and of a block of nights, as in `gold.analysis_run`."""

MOVES: Final = 199
"""To how many places the roster is moved: with its own, 200 make a p-value in steps of half a percent."""

SMALLEST_ARM: Final = 10
"""Runs in either arm below which a place of the roster tells nothing."""

MICROSECONDS_PER_HOUR: Final = 3_600_000_000

_PAIRS: Final = ((0, 0), (0, 1), (1, 1))


@dataclass(frozen=True)
class Nights:
    """The night shifts of a roster on a circle: what is moved past its end comes in at its start.

    Attributes:
        begins: first instant of the roster, in hours since 1970.
        span_d: whole days of the roster.
        start: starts of the night shifts, sorted, with those one turn before and after.
        end: their ends.
        block: starts of blocks of nights, likewise.
    """

    begins: float
    span_d: int
    start: FloatArray
    end: FloatArray
    block: FloatArray

    @classmethod
    def of(cls, shifts: pa.Table) -> Nights | None:
        """Those of `gold.dim_shift`; None without a night shift."""
        shifts = shifts.sort_by("start_time")
        start, end = hours(shifts["start_time"]), hours(shifts["end_time"])
        night = np.asarray(shifts["kind"].to_numpy() == NIGHT)
        if not night.any():
            return None
        span_d = int(np.ceil((end.max() - start[0]) / HOURS_PER_DAY))
        turns = HOURS_PER_DAY * span_d * np.array([-1.0, 0.0, 1.0])[:, None]
        starts = (start[night] + turns).ravel()
        first = np.diff(starts, prepend=-np.inf) > SAME_BLOCK_H
        return cls(float(start[0]), span_d, starts, (end[night] + turns).ravel(), starts[first])

    def moved(
        self, days: NDArray[np.int_], run_start: FloatArray, run_end: FloatArray
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.intp]]:
        """Arms and roster cycle of runs, had the roster been worked so many days later.

        Args:
            days: shape (m).
            run_start: shape (n), in hours since 1970, as is `run_end`.

        Returns:
            Whether in arm night, whether in arm day (neither is between), and a number of the cycle, each of
            shape (m, n).
        """
        turn = HOURS_PER_DAY * self.span_d
        start = self.begins + (run_start - self.begins - HOURS_PER_DAY * days[:, None]) % turn
        end = start + run_end - run_start
        last = np.searchsorted(self.start, start, side="right") - 1
        since, until = start - self.end[last], self.start[last + 1] - end
        far = (since >= FAR_FROM_NIGHT_H) & (until >= FAR_FROM_NIGHT_H)
        return since <= AFTER_NIGHT_H, far, np.searchsorted(self.block, start, side="right")

    @property
    def moves(self) -> NDArray[np.int_]:
        """To where it is moved: whole days, evenly around the circle, its own place left out."""
        days = np.unique(np.rint(self.span_d * np.arange(1, MOVES + 1) / (MOVES + 1)).astype(np.int_))
        return days[(days > 0) & (days < self.span_d)]


def hours(instants: pa.ChunkedArray) -> FloatArray:
    """Instants as hours since 1970."""
    micros = instants.cast(pa.timestamp("us", instants.type.tz)).cast(pa.int64())
    return np.asarray(micros.to_numpy(), dtype=np.float64) / MICROSECONDS_PER_HOUR


def placebo_ratios(
    nights: Nights, run_start: FloatArray, run_end: FloatArray, x: FloatArray, y: FloatArray
) -> FloatArray:
    """Effect of nights over its standard error with the roster in each of its other places.

    Least squares with x (n, p) and intervals by the moved roster's cycles, as for the roster as it was
    worked. Places that leave too few runs in an arm, or nothing of the arms beside x, are left out.
    """
    night, day, cycle = nights.moved(nights.moves, run_start, run_end)
    between = ~night & ~day
    enough = np.minimum(night.sum(axis=1), day.sum(axis=1)) >= SMALLEST_ARM
    basis, _ = np.linalg.qr(x)

    def apart(rows: FloatArray) -> FloatArray:
        return np.asarray(rows - (rows @ basis) @ basis.T, dtype=np.float64)

    columns = np.stack([apart(arm[enough].astype(np.float64)) for arm in (night, between)], axis=1)
    return _ratios(columns, apart(y), cycle[enough], x.shape[1])


def _ratios(columns: FloatArray, y: FloatArray, cycle: NDArray[np.intp], others: int) -> FloatArray:
    """First coefficient over its cluster-robust standard error, given columns free of `others` others.

    By Frisch, Waugh and Lovell it is that of `regression.cluster_robust` on all columns at once.

    Args:
        columns: shape (m, 2, n); the second may be all zeros.
        y: shape (n).
        cycle: shape (m, n).
        others: their number.
    """
    places, n = cycle.shape
    first, cross, second = (np.einsum("mn,mn->m", columns[:, i], columns[:, j]) for i, j in _PAIRS)
    second = np.where(second > 0, second, 1.0)
    own = first - cross**2 / second
    lone = columns[:, 0] - (cross / second)[:, None] * columns[:, 1]
    usable = own > SMALLEST_SHARE_OF_ITS_OWN * first
    effect = (lone @ y) / np.where(usable, own, 1.0)
    other = np.einsum("mn,mn->m", columns[:, 1], y - effect[:, None] * columns[:, 0]) / second
    left = y - effect[:, None] * columns[:, 0] - other[:, None] * columns[:, 1]
    named = cycle + (cycle.max(initial=0) + 1) * np.arange(places)[:, None]
    shape = places, int(cycle.max(initial=0)) + 1
    sums = np.bincount(named.ravel(), (lone * left).ravel(), shape[0] * shape[1]).reshape(shape)
    count = (np.bincount(named.ravel(), minlength=shape[0] * shape[1]).reshape(shape) > 0).sum(axis=1)
    correction = count / (count - 1) * (n - 1) / (n - others - 2)
    error = np.sqrt(correction * (sums**2).sum(axis=1)) / np.where(usable, own, 1.0)
    return np.asarray((effect / error)[usable & (error > 0)])
