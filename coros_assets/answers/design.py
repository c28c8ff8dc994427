"""The runs as arrays, and the columns of a regression on them.

Belongs here: reading `gold.analysis_run`, what runs are adjusted for, and which runs and columns can
be used. Does not: linear algebra (`regression.py`), or a question's own contrast (its module).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from coros_assets.answers import wording
from coros_assets.answers.regression import (
    FloatArray,
    independent_columns,
    natural_spline,
    own_share,
    own_shares,
)

DAYS_PER_DEGREE_OF_FREEDOM: Final = 60
"""How fast fitness may bend: one degree of freedom of the spline per 60 days."""

RUNS_PER_DEGREE_OF_FREEDOM: Final = 8
"""A spline has no more bends than this many runs each can carry."""

SMALLEST_KNOWN_SHARE: Final = 0.8
"""What is known of fewer runs than this is not adjusted for; else runs without it are left out."""

SMALLEST_SHARE_OF_ITS_OWN: Final = 0.01
"""An exposure of whose variance all else leaves less than this cannot be told apart from it."""

SEASON: Final = "season"
DAYS_PER_YEAR: Final = 365.25
SEASON_NEEDS_D: Final = 365
"""Shortest record in which season and trend can be told apart."""

TIME_OF_DAY: Final = "time of day"
HOURS_PER_DAY: Final = 24
NIGHT, DAY, BETWEEN = "night", "day", "between"


MOST_LOG_EFFICIENCY: Final = math.log(10)
"""Either side of 1 metre per heart beat; the view's own bounds lie within."""


@dataclass(frozen=True)
class Runs:
    """The runs of `gold.analysis_run` that have an efficiency, in order of time."""

    table: pa.Table

    @classmethod
    def of(cls, analysis_run: pa.Table) -> Runs:
        """Reads the view; runs without a day, or an efficiency that a runner can have, are left out."""
        ordered = cls(analysis_run.sort_by([("day_number", "ascending"), ("hour_of_day", "ascending")]))
        is_human = np.abs(ordered.log_efficiency) <= MOST_LOG_EFFICIENCY
        return ordered.where(is_human & np.isfinite(ordered.day))

    def __len__(self) -> int:
        """How many runs."""
        return int(self.table.num_rows)

    def where(self, mask: NDArray[np.bool_]) -> Runs:
        """The runs for which the mask holds."""
        return Runs(self.table.filter(pa.array(mask, pa.bool_())))

    def number(self, column: str) -> FloatArray:
        """A column as floats; a missing or infinite value is NaN."""
        values: FloatArray = self.table[column].cast(pa.float64()).to_numpy()
        return np.where(np.isfinite(values), values, np.nan)

    @property
    def log_efficiency(self) -> FloatArray:
        """Natural logarithm of metres per heart beat."""
        return self.number("log_efficiency")

    @property
    def day(self) -> FloatArray:
        """Days since the first run."""
        return self.number("day_number")

    @property
    def time_d(self) -> FloatArray:
        """Start in days since the first day began; noon where the hour is missing."""
        hour = self.number("hour_of_day")
        return self.day + np.where(np.isfinite(hour), hour / HOURS_PER_DAY, 0.5)

    @property
    def night_arm(self) -> NDArray[Any]:
        """night, day, between, or None."""
        return np.asarray(self.table["night_arm"].to_numpy(), dtype=object)

    @property
    def span_d(self) -> int:
        """Days from the first run's to the last one's, both counted; 0 without runs."""
        return int(np.ptp(self.day)) + 1 if len(self) else 0

    @property
    def usual_pace_s_per_km(self) -> float:
        """Mean pace of the runs whose pace is known; NaN if none is."""
        pace = self.number("average_pace_s_per_km")
        return float(pace[np.isfinite(pace)].mean()) if np.isfinite(pace).any() else float("nan")


@dataclass(frozen=True)
class Term:
    """Something runs are adjusted for: its name in plain words and its columns (n, k)."""

    words: str
    columns: FloatArray


def covariates(runs: Runs) -> list[Term]:
    """What makes runs differ whatever the question: hills, effort, distance, hour, roof."""
    angle = 2 * np.pi * runs.number("hour_of_day") / HOURS_PER_DAY
    return [
        Term("hills", runs.number("climb_m_per_km")[:, None]),
        Term("effort", runs.number("heart_rate_reserve_pct")[:, None]),
        Term("distance", runs.number("log_distance")[:, None]),
        Term(TIME_OF_DAY, np.column_stack([np.cos(angle), np.sin(angle)])),
        Term("treadmill", runs.number("is_indoor")[:, None]),
    ]


def fitness_over_time(runs: Runs) -> Term:
    """Slow change of fitness and season as a natural cubic spline of the day."""
    bends = round(runs.span_d / DAYS_PER_DEGREE_OF_FREEDOM)
    affordable = len(runs) // RUNS_PER_DEGREE_OF_FREEDOM
    return Term("fitness over time", natural_spline(runs.day, max(1, min(bends, affordable))))


def season(runs: Runs) -> list[Term]:
    """A yearly wave, if the record is long enough to tell it from the trend."""
    if runs.span_d < SEASON_NEEDS_D:
        return []
    angle = 2 * np.pi * runs.day / DAYS_PER_YEAR
    return [Term(SEASON, np.column_stack([np.cos(angle), np.sin(angle)]))]


def night_shifts(runs: Runs) -> Term:
    """Whether the run came with or after a night shift; a run on an unknown roster counts as not."""
    return Term("night shifts", (runs.night_arm == NIGHT).astype(np.float64)[:, None])


@dataclass(frozen=True)
class Design:
    """A regression's columns: intercept, adjustments (standardised), then the exposures as they are.

    Attributes:
        runs: those with everything known.
        x: shape (n, p).
        y: the outcome, shape (n): log efficiency, unless another was asked for.
        terms: for each term adjusted for, its words and the positions of its columns in x.
        exposures: position in x of the first exposure; all after it are exposures.
        left_out: words of the terms known of too few runs.
    """

    runs: Runs
    x: FloatArray
    y: FloatArray
    terms: tuple[tuple[str, NDArray[np.intp]], ...]
    exposures: int
    left_out: tuple[str, ...]

    @property
    def allowing_for(self) -> str:
        """The adjustments in plain words."""
        return wording.allowing_for([words for words, _ in self.terms], self.left_out)

    def weights(self, *exposure_weights: float) -> FloatArray:
        """Weights for all p coefficients from those of the exposures; exposures not named weigh 0."""
        weights = np.zeros(self.x.shape[1])
        weights[self.exposures : self.exposures + len(exposure_weights)] = exposure_weights
        return weights


def known(columns: FloatArray) -> NDArray[np.bool_]:
    """For each row of columns (n, k) whether none of its values is missing."""
    return np.asarray(np.isfinite(columns).all(axis=1))


def design(
    runs: Runs, terms: Sequence[Term], exposures: FloatArray, outcome: FloatArray | None = None
) -> Design:
    """The columns for the runs with the outcome, all exposures and all usable terms known.

    Terms known of fewer than 80 % of the runs are left out. Columns that do not vary, or are mixtures of
    columns before them, are dropped. Exposures (n, k) are kept as they are: the caller asks `confounder`
    before it trusts them.
    """
    usable = [term for term in terms if known(term.columns).mean() >= SMALLEST_KNOWN_SHARE]
    columns = np.column_stack([np.empty((len(runs), 0)), *(term.columns for term in usable)])
    y = runs.log_efficiency if outcome is None else outcome
    complete = known(np.column_stack([columns, exposures, y]))
    columns, exposures = columns[complete], exposures[complete]
    owner = np.repeat(np.arange(len(usable)), [term.columns.shape[1] for term in usable])
    kept = independent_columns(columns)
    adjustments = (columns[:, kept] - columns[:, kept].mean(axis=0)) / columns[:, kept].std(axis=0)
    positions = [(term.words, 1 + np.flatnonzero(owner[kept] == i)) for i, term in enumerate(usable)]
    return Design(
        runs=runs.where(complete),
        x=np.column_stack([np.ones(int(complete.sum())), adjustments, exposures]),
        y=y[complete],
        terms=tuple((words, at) for words, at in positions if at.size),
        exposures=1 + kept.size,
        left_out=tuple(term.words for term in terms if not any(term is t for t in usable)),
    )


def confounder(plan: Design) -> str:
    """What an exposure cannot be told apart from, in words; empty if all of them can.

    That is the case where the other columns explain more than 99 % of an exposure's variance. Named is the
    term that alone explains most of it.
    """
    shares_left = own_shares(plan.x[:, 1:])[plan.exposures - 1 :]
    for position in plan.exposures + np.flatnonzero(shares_left < SMALLEST_SHARE_OF_ITS_OWN)[:1]:
        shares = {words: own_share(plan.x[:, position], plan.x[:, at]) for words, at in plan.terms}
        return min(shares, key=lambda words: shares[words], default="everything else")
    return ""


def differences_carried(
    plan: Design, coefficients: FloatArray, among: NDArray[np.bool_] | None = None
) -> dict[str, float]:
    """How much of the unadjusted slope of the first exposure each term carries, in log units.

    For least squares these sum to the unadjusted minus the adjusted coefficient
    (Gelbach 2016, When do covariates matter?). `among` (n) picks the runs of the unadjusted comparison.
    """
    x = plan.x if among is None else plan.x[among]
    exposure = x[:, plan.exposures] - x[:, plan.exposures].mean()
    slopes = exposure @ x / (exposure @ exposure)
    return {words: float(slopes[at] @ coefficients[at]) for words, at in plan.terms}
