"""Question 3: how running fitness has changed.

Belongs here: the change over the record, its estimates, and the level for the chart. Does not: the model
of errors (`autocorrelation.py`), the smoother (`smoothing.py`), or averages by month (`sql/`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import pyarrow as pa

from coros_assets.answers import wording
from coros_assets.answers.autocorrelation import with_drifting_form
from coros_assets.answers.design import (
    Design,
    Runs,
    Term,
    confounder,
    covariates,
    design,
    differences_carried,
    fitness_over_time,
    night_shifts,
)
from coros_assets.answers.estimate import Estimate, Interval, Verdict, answer_table
from coros_assets.answers.regression import FloatArray, ordinary
from coros_assets.answers.smoothing import smooth_level
from coros_assets.answers.wording import FITNESS, Need
from coros_assets.tables import ANSWER_FITNESS_TREND

QUESTION: Final = "How has running fitness changed?"
CONTRAST: Final = "end against start of the record, along the straight line through all runs"
METHOD: Final = "generalised least squares, errors of drifting form and noise"

RUNS: Final = 40
"""Least number for an answer: twice the least number per arm."""

DAYS: Final = 90
"""Shortest record for an answer: in less, form of the week passes for fitness."""

SEASON: Final = "season"
DAYS_PER_YEAR: Final = 365.25
SEASON_NEEDS_D: Final = 365
"""Shortest record in which season and trend can be told apart."""

RUNS_FOR_LEVEL: Final = 20
WEEKS_FOR_LEVEL: Final = 8
"""Least runs and weeks with runs for a level."""

DAYS_PER_WEEK: Final = 7

LEVEL_SCHEMA: Final = pa.schema(
    [
        ("date", pa.date32()),
        ("level_m_per_beat", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
    ]
)


def answer_fitness_trend(runs: pa.Table) -> pa.Table:
    """`gold.answer_fitness_trend` from `gold.analysis_run`.

    The primary estimate is the change of log EF from the start to the end of the record along a straight
    line, given climb per km, % reserve, log distance, hour, indoor, night shifts and, from a year on, a
    yearly wave for season. Errors drift as a process in time (`autocorrelation.with_drifting_form`), so that
    slow wandering of fitness widens the interval; Newey-West intervals are too narrow for a trend.
    Beside it: the plain line. Below the least numbers, a single row without numbers says what is missing.
    """
    recorded = Runs.of(runs)
    shortfall = _too_few(recorded)
    if shortfall:
        return answer_table(ANSWER_FITNESS_TREND, [_unanswered(recorded, shortfall)])
    terms = [*covariates(recorded), night_shifts(recorded), *_season(recorded)]
    plan = design(recorded, terms, recorded.day[:, None] / DAYS_PER_YEAR)
    shortfall = _too_few(plan.runs) or wording.inseparable("the passing of time", confounder(plan))
    if shortfall:
        return answer_table(ANSWER_FITNESS_TREND, [_unanswered(plan.runs, shortfall)])
    interval = with_drifting_form(plan.x, plan.y, plan.runs.time_d).interval(plan.weights(_years(plan.runs)))
    if interval is None:
        return answer_table(ANSWER_FITNESS_TREND, [_unanswered(plan.runs, wording.NO_NOISE)])
    return answer_table(ANSWER_FITNESS_TREND, [_primary(plan, interval), _naive(plan)])


def fitness_level(runs: pa.Table) -> pa.Table:
    """The level of fitness by week, for the chart, from `gold.analysis_run`.

    Weekly means of log EF, adjusted to the average hills, effort, distance, hour, roof and share of nights,
    and smoothed (`smoothing.smooth_level`). Season is not taken out.

    Returns:
        `date` (middle of the week), `level_m_per_beat`, `low`, `high` (95 %, pointwise); no rows with fewer
        than 20 runs or 8 weeks that have any.
    """
    recorded = Runs.of(runs)
    if len(recorded) < RUNS_FOR_LEVEL:
        return LEVEL_SCHEMA.empty_table()
    over_time = fitness_over_time(recorded)
    terms = [*covariates(recorded), night_shifts(recorded), over_time]
    plan = design(recorded, terms, np.empty((len(recorded), 0)))
    week = ((plan.runs.day - plan.runs.day[:1]) // DAYS_PER_WEEK).astype(np.int64)
    if len(plan.runs) < RUNS_FOR_LEVEL or len(np.unique(week)) < WEEKS_FOR_LEVEL:
        return LEVEL_SCHEMA.empty_table()
    counts = np.bincount(week).astype(np.float64)
    sums = np.bincount(week, _adjusted(plan, over_time.words))
    level, half_width = smooth_level(sums / np.maximum(counts, 1), counts)
    levels = [np.exp(level + shift) for shift in (0.0, -half_width, half_width)]
    return pa.table([_middle_of_weeks(plan.runs, len(counts)), *levels], schema=LEVEL_SCHEMA)


def _adjusted(plan: Design, kept: str) -> FloatArray:
    """Log efficiency less what every term but `kept` adds to it."""
    coefficients = ordinary(plan.x, plan.y).coefficients
    for words, at in plan.terms:
        coefficients[at] *= words != kept
    return plan.y - plan.x[:, 1:] @ coefficients[1:]


def _middle_of_weeks(runs: Runs, weeks: int) -> pa.Array:
    dates = runs.table["activity_date"].cast(pa.int32()).to_numpy()
    middles = dates[0] + DAYS_PER_WEEK * np.arange(weeks) + DAYS_PER_WEEK // 2
    return pa.array(np.minimum(middles, dates[-1]), pa.int32()).cast(pa.date32())


def _season(runs: Runs) -> list[Term]:
    """A yearly wave, if the record is long enough to tell it from the trend."""
    if runs.span_d < SEASON_NEEDS_D:
        return []
    angle = 2 * np.pi * runs.day / DAYS_PER_YEAR
    return [Term(SEASON, np.column_stack([np.cos(angle), np.sin(angle)]))]


def _years(runs: Runs) -> float:
    return runs.span_d / DAYS_PER_YEAR


def _too_few(runs: Runs) -> str:
    return wording.not_enough_yet(
        [
            Need("run", "with heart rate and at least 15 minutes of moving", len(runs), RUNS),
            Need("day", "of record", runs.span_d, DAYS),
        ]
    )


def _estimate(runs: Runs, method: str, interval: Interval | None, sentence: str) -> Estimate:
    return Estimate(
        question=QUESTION,
        contrast=CONTRAST,
        method=method,
        is_primary=False,
        interval=interval,
        n=len(runs),
        sentence=sentence,
    )


def _unanswered(runs: Runs, shortfall: str) -> Estimate:
    return replace(_estimate(runs, METHOD, None, shortfall), is_primary=True)


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
    return replace(_estimate(runs, method, interval, sentence), is_primary=True)


def _naive(plan: Design) -> Estimate:
    """The plain line, and what carries it away from the same line with the adjustments."""
    years = _years(plan.runs)
    line = ordinary(plan.x[:, [0, plan.exposures]], plan.y).interval(np.array([0.0, years]))
    carried = differences_carried(plan, years * ordinary(plan.x, plan.y).coefficients)
    said = f" {FITNESS.change(line.percent.estimate)} ({FITNESS.between(line)})." if line else ""
    sentence = (
        f"A plain line through the same runs:{said} {wording.why_naive_differs(carried)}"
        " Its interval is too narrow, because runs close in time resemble one another."
    )
    return _estimate(plan.runs, "naive: plain line", line, sentence)
