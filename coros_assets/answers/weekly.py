"""Log efficiency week by week, adjusted to the average run.

Belongs here: weekly means and their dates. Does not: smoothing them (`smoothing.py`) or their bends
(`bends.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from coros_assets.answers.design import Design, Runs, covariates, design, fitness_over_time, night_shifts
from coros_assets.answers.regression import FloatArray, ordinary

RUNS_FOR_LEVEL: Final = 20
WEEKS_FOR_LEVEL: Final = 8
"""Least runs and weeks with runs for a level."""

DAYS_PER_WEEK: Final = 7


@dataclass(frozen=True)
class Weeks:
    """Every week from the first run's to the last one's, counted from the first run.

    Attributes:
        runs: the runs in them.
        means: mean adjusted log efficiency, 0 in a week without runs.
        counts: its runs.
        words: what was adjusted for.
    """

    runs: Runs
    means: FloatArray
    counts: FloatArray
    words: str

    @property
    def middles(self) -> FloatArray:
        """Days from the first run's date to the middle of each week, and no later than the last one's."""
        middle = DAYS_PER_WEEK * np.arange(len(self.counts)) + DAYS_PER_WEEK // 2
        return np.minimum(middle, self.runs.span_d - 1).astype(np.float64)

    def dates(self, days: FloatArray) -> pa.Array:
        """Dates of days counted as in `middles`."""
        first = self.runs.table["activity_date"].cast(pa.int32())[0].as_py()
        return pa.array((first + np.rint(days)).astype(np.int32)).cast(pa.date32())


def weekly(recorded: Runs) -> Weeks | None:
    """Weekly means adjusted to the average hills, effort, distance, hour, roof and share of nights.

    Season is not taken out. None with fewer than 20 runs or 8 weeks that have any.
    """
    if len(recorded) < RUNS_FOR_LEVEL:
        return None
    over_time = fitness_over_time(recorded)
    terms = [*covariates(recorded), night_shifts(recorded), over_time]
    plan = design(recorded, terms, np.empty((len(recorded), 0)))
    week = ((plan.runs.day - plan.runs.day[:1]) // DAYS_PER_WEEK).astype(np.int64)
    if len(plan.runs) < RUNS_FOR_LEVEL or len(np.unique(week)) < WEEKS_FOR_LEVEL:
        return None
    counts = np.bincount(week).astype(np.float64)
    sums = np.bincount(week, _adjusted(plan, over_time.words))
    return Weeks(plan.runs, sums / np.maximum(counts, 1), counts, plan.allowing_for)


def _adjusted(plan: Design, kept: str) -> FloatArray:
    """Log efficiency less what every term but `kept` adds to it."""
    coefficients = ordinary(plan.x, plan.y).coefficients
    for words, at in plan.terms:
        coefficients[at] *= words != kept
    return plan.y - plan.x[:, 1:] @ coefficients[1:]
