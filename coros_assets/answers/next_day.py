"""Question 2: how training load affects the next run.

Belongs here: the contrast fixed in advance and its estimates. Does not: loads (`gold/metrics/`), which
days they are taken from (`sql/01_analysis_run.sql`), or the regression itself (`regression.py`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import pyarrow as pa

from coros_assets.answers import wording
from coros_assets.answers.design import (
    Design,
    Runs,
    confounder,
    covariates,
    design,
    differences_carried,
    fitness_over_time,
    known,
    night_shifts,
)
from coros_assets.answers.estimate import Estimate, Interval, Verdict, answer_table
from coros_assets.answers.regression import Fit, FloatArray, newey_west, ordinary
from coros_assets.answers.wording import METRES, Need
from coros_assets.tables import ANSWER_NEXT_DAY

QUESTION: Final = "How does training load affect the next run?"
DAY_BEFORE: Final = "one standard deviation more load on the day before, the two days before that alike"
THREE_DAYS: Final = "one standard deviation more load on each of the three days before"
BRACKET: Final = "least squares, Newey-West: between the association and its excess over the days after"
ASSOCIATION: Final = "least squares, Newey-West: the association as it stands"
EXCESS: Final = "least squares, Newey-West: its excess over the association with the days after"

BEFORE: Final = ("load_day_before", "load_2_days_before", "load_3_days_before")
AFTER: Final = ("load_day_after", "load_2_days_after", "load_3_days_after")

RUNS: Final = 40
"""Least number for an answer: twice the least number per arm."""

LOAD_PER_MINUTE: Final = 100 / 60
"""Load of a minute at threshold effort, by the definition of load."""


def answer_next_day(runs: pa.Table) -> pa.Table:
    """`gold.answer_next_day` from `gold.analysis_run`.

    The effect asked for is that of one standard deviation (over the days before these runs) more load on
    the day before, with the two days before that alike. Runners train more when fresh, and freshness lasts:
    regression of log EF on the loads before then finds an effect of load where there is none. Two
    regressions, each adjusted as question 1 is and for night shifts, with Newey-West intervals:

    - association: log EF ~ load at lags 1-3. If fresh runners train more, it makes load look too good.
    - excess: log EF ~ load at lags 1-3 and leads 1-3, lag 1 minus lead 1. Load on the day after cannot have
      changed the run, and lasting freshness goes with both alike (a negative control, Lipsitch, Tchetgen
      Tchetgen and Cohen 2010). If a bad run itself makes the runner rest, it makes load look too bad.

    Where training reacts in these ways, the truth lies between the two, and where it does not react, both
    are right: the primary row is the bracket that holds both intervals, centred between the estimates.
    Neither allows for plans that tie load to something else that changes runs, so it remains an association.
    Only runs with three recorded days before and after are used. Beside it: the two regressions, the sum
    over three days, and the plain slope.
    """
    recorded = Runs.of(runs)
    usable = recorded.where(known(_loads(recorded)))
    shortfall = _too_few(usable)
    if shortfall:
        return answer_table(ANSWER_NEXT_DAY, [_unanswered(usable, shortfall)])
    spread = float(usable.number(BEFORE[0]).std())
    terms = [*covariates(usable), night_shifts(usable), fitness_over_time(usable)]
    plan = design(usable, terms, _loads(usable) / (spread or 1.0))
    shortfall = _too_few(plan.runs) or wording.inseparable("load on the days around a run", confounder(plan))
    if shortfall:
        return answer_table(ANSWER_NEXT_DAY, [_unanswered(plan.runs, shortfall)])
    estimates = _estimates(plan, spread) or [_unanswered(plan.runs, wording.NO_NOISE)]
    return answer_table(ANSWER_NEXT_DAY, estimates)


def _loads(runs: Runs) -> FloatArray:
    return np.column_stack([runs.number(column) for column in (*BEFORE, *AFTER)])


def _too_few(runs: Runs) -> str:
    return wording.not_enough_yet([Need("run", "with three recorded days before and after", len(runs), RUNS)])


def _estimate(runs: Runs, method: str, interval: Interval | None, sentence: str) -> Estimate:
    return Estimate(
        question=QUESTION,
        contrast=DAY_BEFORE,
        method=method,
        is_primary=False,
        interval=interval,
        n=len(runs),
        sentence=sentence,
    )


def _unanswered(runs: Runs, shortfall: str) -> Estimate:
    return replace(_estimate(runs, BRACKET, None, shortfall), is_primary=True)


def _estimates(plan: Design, spread: float) -> list[Estimate]:
    """All rows; none where the data have no noise."""
    lags, both = len(BEFORE), len(BEFORE) + len(AFTER)
    without_after = replace(plan, x=plan.x[:, : plan.exposures + lags])
    fits = newey_west(without_after.x, plan.y), newey_west(plan.x, plan.y)
    association, excess, all_association, all_excess = (
        fits[0].interval(without_after.weights(1)),
        fits[1].interval(plan.weights(1, 0, 0, -1)),
        fits[0].interval(without_after.weights(*[1] * lags)),
        fits[1].interval(plan.weights(*[1] * lags, *[-1] * (both - lags))),
    )
    if association is None or excess is None or all_association is None or all_excess is None:
        return []
    return [
        _primary(plan, association.bracket(excess), spread),
        _bound(
            plan, ASSOCIATION, association, "As it stands", "If you train more when fresh, this is too high."
        ),
        _bound(
            plan,
            EXCESS,
            excess,
            "Over and above runs before such days, which cannot be its effect",
            "If a bad run makes you rest, this is too low.",
        ),
        _three_days(plan, all_association.bracket(all_excess)),
        _naive(plan, fits[0]),
    ]


def _primary(plan: Design, interval: Interval, spread: float) -> Estimate:
    between = METRES.between(interval)
    after = (
        f"on the day after {spread:.0f} points more load (one standard deviation; about"
        f" {spread / LOAD_PER_MINUTE:.0f} min at threshold)"
    )
    basis = f"95 % interval, {wording.count(len(plan.runs), 'run')}"
    sentence = {
        Verdict.EFFECT: (
            f"You cover {METRES.change(interval.percent.estimate)} metres per heartbeat {after}"
            f" ({between}, {basis}).{wording.seconds_per_km(interval, plan.runs.usual_pace_s_per_km)}"
        ),
        Verdict.PRACTICALLY_NONE: (
            f"Practically no difference: {after} you cover {between} metres per heartbeat ({basis})."
        ),
        Verdict.NO_EVIDENCE: (
            f"No evidence of a difference {after}: the data are compatible with {between}"
            f" metres per heartbeat ({basis})."
        ),
    }[interval.verdict]
    method = f"{BRACKET}, {plan.allowing_for}"
    return replace(_estimate(plan.runs, method, interval, sentence), is_primary=True)


def _bound(plan: Design, method: str, interval: Interval, what: str, caution: str) -> Estimate:
    sentence = (
        f"{what}: {METRES.change(interval.percent.estimate)} metres per heartbeat"
        f" ({METRES.between(interval)}). {caution}"
    )
    return _estimate(plan.runs, f"{method}, {plan.allowing_for}", interval, sentence)


def _three_days(plan: Design, interval: Interval) -> Estimate:
    sentence = (
        "With that much more load on each of the three days before:"
        f" {METRES.change(interval.percent.estimate)} metres per heartbeat ({METRES.between(interval)})."
    )
    method = f"{BRACKET}, {plan.allowing_for}"
    return replace(_estimate(plan.runs, method, interval, sentence), contrast=THREE_DAYS)


def _naive(plan: Design, association: Fit) -> Estimate:
    """The slope on the load of the day before alone, and what carries it away from the association."""
    line = ordinary(plan.x[:, [0, plan.exposures]], plan.y)
    interval = line.interval(np.array([0.0, 1.0]))
    carried = differences_carried(plan, association.coefficients)
    gap = float(line.coefficients[1] - association.coefficients[plan.exposures])
    carried["load of the two days before that"] = gap - sum(carried.values())
    sentence = f"A plain line through these runs{_said(interval)}. {wording.why_naive_differs(carried)}"
    return _estimate(plan.runs, "naive: plain line", interval, sentence)


def _said(interval: Interval | None) -> str:
    if interval is None:
        return ""
    return f": {METRES.change(interval.percent.estimate)} metres per heartbeat ({METRES.between(interval)})"
