"""Question 3: how running fitness has changed.

Belongs here: the change over the record, its estimates, and the level for the chart. Does not: the model
of errors (`autocorrelation.py`), the smoother (`smoothing.py`), or averages by month (`sql/`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np
import pyarrow as pa

from coros_assets.answers import wording
from coros_assets.answers.autocorrelation import with_drifting_form
from coros_assets.answers.design import (
    DAYS_PER_YEAR,
    SEASON,
    Design,
    Runs,
    confounder,
    covariates,
    design,
    differences_carried,
    night_shifts,
    season,
)
from coros_assets.answers.estimate import Estimate, Family, Interval, Verdict, answer_table
from coros_assets.answers.fitness_changes import changes, estimate
from coros_assets.answers.regression import ordinary
from coros_assets.answers.smoothing import smooth_level
from coros_assets.answers.weekly import weekly
from coros_assets.answers.wording import FITNESS, Need
from coros_assets.tables import ANSWER_FITNESS_TREND

CONTRAST: Final = "end against start of the record, along the straight line through all runs"
METHOD: Final = "generalised least squares, errors of drifting form and noise"

RUNS: Final = 40
"""Least number for an answer: twice the least number per arm."""

DAYS: Final = 90
"""Shortest record for an answer: in less, form of the week passes for fitness."""

LEVEL_SCHEMA: Final = pa.schema(
    [
        ("date", pa.date32()),
        ("level_m_per_beat", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
    ]
)


def answer_fitness_trend(runs: pa.Table) -> pa.Table:
    """`gold.answer_fitness_trend` from `gold.analysis_run`: the rows of `estimates`."""
    return answer_table(ANSWER_FITNESS_TREND, estimates(runs))


def estimates(runs: pa.Table) -> Iterator[Estimate]:
    """The rows one by one: the primary, the plain line, the smoothed level, bends, best efforts.

    The primary estimate is the change of log EF from the start to the end of the record along a straight
    line, given climb per km, % reserve, log distance, hour, indoor, night shifts and, from a year on, a
    yearly wave for season. Errors drift as a process in time (`autocorrelation.with_drifting_form`), so that
    slow wandering of fitness widens the interval; Newey-West intervals are too narrow for a trend.
    Below the least numbers, a single row without numbers says what is missing.
    """
    recorded = Runs.of(runs)
    shortfall = _too_few(recorded)
    if shortfall:
        yield _unanswered(recorded, shortfall)
        return
    plan = straight_line(recorded)
    shortfall = _too_few(plan.runs) or wording.inseparable("the passing of time", confounder(plan))
    if shortfall:
        yield _unanswered(plan.runs, shortfall)
        return
    interval = with_drifting_form(plan.x, plan.y, plan.runs.time_d).interval(plan.weights(_years(plan.runs)))
    if interval is None:
        yield _unanswered(plan.runs, wording.NO_NOISE)
        return
    yield _primary(plan, interval)
    yield _naive(plan)
    yield from changes(recorded, plan)


def straight_line(runs: Runs) -> Design:
    """The columns of the primary estimate; its exposure is time in years."""
    terms = [*covariates(runs), night_shifts(runs), *season(runs)]
    return design(runs, terms, runs.day[:, None] / DAYS_PER_YEAR)


def fitness_level(runs: pa.Table) -> pa.Table:
    """The level of fitness by week, for the chart, from `gold.analysis_run`.

    Adjusted weekly means (`weekly.weekly`), smoothed (`smoothing.smooth_level`).

    Returns:
        `date` (middle of the week), `level_m_per_beat`, `low`, `high` (95 %, pointwise); no rows with fewer
        than 20 runs or 8 weeks that have any.
    """
    weeks = weekly(Runs.of(runs))
    if weeks is None:
        return LEVEL_SCHEMA.empty_table()
    smoothed = smooth_level(weeks.means, weeks.counts)
    level, half_width = smoothed.coefficients, smoothed.half_widths
    levels = [np.exp(level + shift) for shift in (0.0, -half_width, half_width)]
    return pa.table([weeks.dates(weeks.middles), *levels], schema=LEVEL_SCHEMA)


def _years(runs: Runs) -> float:
    return runs.span_d / DAYS_PER_YEAR


def _too_few(runs: Runs) -> str:
    return wording.not_enough_yet(
        [
            Need("run", "with heart rate and at least 15 minutes of moving", len(runs), RUNS),
            Need("day", "of record", runs.span_d, DAYS),
        ]
    )


def _unanswered(runs: Runs, shortfall: str) -> Estimate:
    return estimate(len(runs), CONTRAST, METHOD, shortfall, Family.PRIMARY)


def _primary(plan: Design, interval: Interval) -> Estimate:
    runs, between = plan.runs, FITNESS.between(interval)
    months, basis = wording.months(runs.span_d), f"95 % interval, {wording.count(len(plan.runs), 'run')}"
    sentence = {
        Verdict.EFFECT: (
            f"Over the {months} recorded your fitness became {FITNESS.change(interval.percent.estimate)}, in"
            f" metres per heartbeat, all else equal ({between}, {basis})."
        ),
        Verdict.PRACTICALLY_NONE: (
            f"Practically no difference: over the {months} recorded your fitness, in metres per heartbeat,"
            f" all else equal, became {between} ({basis})."
        ),
        Verdict.NO_EVIDENCE: (
            f"No evidence that your fitness changed over the {months} recorded: the data are compatible with"
            f" {between}, in metres per heartbeat, all else equal ({basis})."
        ),
    }[interval.verdict]
    if SEASON not in dict(plan.terms):
        sentence += " With less than a year recorded, the season cannot be told apart from fitness."
    method = f"{METHOD}, {plan.allowing_for}"
    return replace(estimate(len(runs), CONTRAST, method, sentence, Family.PRIMARY), interval=interval)


def _naive(plan: Design) -> Estimate:
    """The plain line, and what carries it away from the same line with the adjustments."""
    years = _years(plan.runs)
    line = ordinary(plan.x[:, [0, plan.exposures]], plan.y).interval(np.array([0.0, years]))
    carried = differences_carried(plan, years * ordinary(plan.x, plan.y).coefficients)
    said = f" {FITNESS.found(line)}." if line else ""
    sentence = (
        f"A plain line through the same runs:{said} {wording.why_naive_differs(carried)}"
        " Its interval is too narrow, because runs close in time resemble one another."
    )
    naive = estimate(len(plan.runs), CONTRAST, "naive: plain line", sentence, Family.NAIVE)
    return replace(naive, interval=line)
