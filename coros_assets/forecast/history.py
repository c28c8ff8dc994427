"""Runs, loads and night shifts as arrays in order of time: all that a forecast may look at.

Belongs here: reading gold's tables, and what was known at an instant. Does not: which of it a forecast uses
(`pairs.py`), or any estimate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from coros_assets.answers.design import HOURS_PER_DAY, NIGHT, Runs
from coros_assets.answers.regression import FloatArray

IntArray = NDArray[np.int64]

EFFORT: Final = "heart_rate_reserve_pct"
COVARIATES: Final = (EFFORT, "climb_m_per_km", "log_distance", "is_indoor")
"""What makes an efficiency that is known only once the run is: past runs are adjusted for it."""

_MICROSECONDS_PER_HOUR: Final = 3_600_000_000


@dataclass(frozen=True)
class Loads:
    """Training load of consecutive dates.

    Attributes:
        first: the first date, as days since 1970.
        load, fitness, fatigue: of each date, at its end.
    """

    first: int
    load: FloatArray
    fitness: FloatArray
    fatigue: FloatArray

    @classmethod
    def of(cls, fact_day: pa.Table) -> Loads:
        """Reads `gold.fact_day`."""
        days = fact_day.sort_by("activity_date")
        number = days["activity_date"].cast(pa.int32()).to_numpy()
        load, fitness, fatigue = (days[name].to_numpy() for name in ("load", "ctl", "atl"))
        return cls(int(number[0]) if len(number) else 0, load, fitness, fatigue)

    @property
    def last(self) -> int:
        """The last date, as days since 1970."""
        return self.first + len(self.load) - 1

    def at_end_of(self, day: IntArray) -> FloatArray:
        """Load, fitness and fatigue at the end of dates, shape (3, n): zeros before the record."""
        row = np.clip(day - self.first, 0, len(self.load) - 1)
        return np.where(day < self.first, 0.0, np.stack([self.load, self.fitness, self.fatigue])[:, row])


@dataclass(frozen=True)
class Nights:
    """Ends of night shifts on the wall clock, in hours since 1970, sorted."""

    end_h: FloatArray

    @classmethod
    def of(cls, dim_shift: pa.Table) -> Nights:
        """Reads `gold.dim_shift`."""
        nights = dim_shift.filter(pc.equal(dim_shift["kind"], NIGHT))
        end = nights["end_time_local"].cast(pa.int64()).to_numpy() / _MICROSECONDS_PER_HOUR
        return cls(np.sort(end))

    def hours_since(self, instant_h: FloatArray) -> FloatArray:
        """Hours from the last night shift's end to instants of the wall clock; infinite before the first."""
        ends = np.append(-np.inf, self.end_h)
        return np.asarray(instant_h - ends[np.searchsorted(ends, instant_h, side="right") - 1])

    def ended_within(self, instant_h: FloatArray, hours: float) -> FloatArray:
        """How many night shifts ended in so many hours before instants."""
        until, since = (
            np.searchsorted(self.end_h, at, side="right") for at in (instant_h, instant_h - hours)
        )
        return np.asarray(until - since, dtype=np.float64)


@dataclass(frozen=True)
class History:
    """All of it; the runs are those of `gold.analysis_run`, in order of time.

    Attributes:
        day: dates of the runs, as days since 1970, shape (n).
        hour: hours since midnight by the wall clock; noon where that is not known.
        log_efficiency: shape (n).
        covariates: those of `COVARIATES`, shape (n, k); a missing one is the mean of the earlier runs'.
        heart_rate_bpm: averages; NaN where missing.
    """

    day: IntArray
    hour: FloatArray
    log_efficiency: FloatArray
    covariates: FloatArray
    heart_rate_bpm: FloatArray
    loads: Loads
    nights: Nights

    @classmethod
    def of(cls, analysis_run: pa.Table, fact_day: pa.Table, dim_shift: pa.Table) -> History:
        """Reads the three tables."""
        runs = Runs.of(analysis_run)
        hour = runs.number("hour_of_day")
        return cls(
            runs.table["activity_date"].cast(pa.int32()).to_numpy().astype(np.int64),
            np.where(np.isfinite(hour), hour, HOURS_PER_DAY / 2),
            runs.log_efficiency,
            np.column_stack([_filled(runs.number(name)) for name in COVARIATES]),
            runs.number("average_heart_rate_bpm"),
            Loads.of(fact_day),
            Nights.of(dim_shift),
        )

    def __len__(self) -> int:
        """How many runs."""
        return len(self.day)

    @property
    def time_d(self) -> FloatArray:
        """Starts by the wall clock, in days since 1970."""
        return self.day + self.hour / HOURS_PER_DAY

    @property
    def usual_hour(self) -> float:
        """The median of the hours at which runs start."""
        return float(np.median(self.hour))


def _filled(values: FloatArray) -> FloatArray:
    """Missing values as the mean of those before them, 0 before the first: later ones must not tell."""
    is_known = np.isfinite(values)
    total, count = np.cumsum(np.where(is_known, values, 0.0)), np.cumsum(is_known)
    return np.where(is_known, values, total / np.maximum(count, 1))
