"""Question 2: how training load affects the next run.

Belongs here: the contrast fixed in advance and its estimates. Does not: loads (`gold/metrics/`), which
days they are taken from (`sql/01_analysis_run.sql`), or the regression itself (`regression.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pyarrow as pa

from coros_assets.answers import wording
from coros_assets.answers.autocorrelation import with_level_and_form
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
    season,
)
from coros_assets.answers.estimate import Estimate, Family, Interval, Verdict, answer_table
from coros_assets.answers.regression import Fit, FloatArray, newey_west, ordinary
from coros_assets.answers.wording import METRES, Need
from coros_assets.tables import ANSWER_NEXT_DAY

QUESTION: Final = "How does training load affect the next run?"
DAY_BEFORE: Final = "one standard deviation more load on the day before, the two days before that alike"
TWO_DAYS_BEFORE: Final = "one standard deviation more load two days before, the days beside it alike"
THREE_DAYS_BEFORE: Final = "one standard deviation more load three days before, the two days after it alike"
THREE_DAYS: Final = "one standard deviation more load on each of the three days before"
LAGS: Final = {
    DAY_BEFORE: (1.0, 0.0, 0.0),
    TWO_DAYS_BEFORE: (0.0, 1.0, 0.0),
    THREE_DAYS_BEFORE: (0.0, 0.0, 1.0),
    THREE_DAYS: (1.0, 1.0, 1.0),
}
"""What each contrast adds to the loads one, two and three days before."""

FURTHER: Final = (THREE_DAYS, TWO_DAYS_BEFORE, THREE_DAYS_BEFORE)
BRACKET: Final = "least squares, Newey-West: between the association and its excess over the days after"
ASSOCIATION: Final = "least squares, Newey-West: the association as it stands"
EXCESS: Final = "least squares, Newey-West: its excess over the association with the days after"
STATE_SPACE: Final = "state space: level, form and noise"

BEFORE: Final = ("load_day_before", "load_2_days_before", "load_3_days_before")
AFTER: Final = ("load_day_after", "load_2_days_after", "load_3_days_after")

RUNS: Final = 40
"""Least number for an answer: twice the least number per arm."""

LOAD_PER_MINUTE: Final = 100 / 60
"""Load of a minute at threshold effort, by the definition of load."""


def answer_next_day(runs: pa.Table) -> pa.Table:
    """`gold.answer_next_day` from `gold.analysis_run`: the rows of `estimates`."""
    return answer_table(ANSWER_NEXT_DAY, estimates(runs))


def estimates(runs: pa.Table) -> Iterator[Estimate]:
    """The rows one by one: the primary, its two bounds, the plain slope, further lags, a state-space model.

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
    Only runs with three recorded days before and after are used. Below the least number, a single row without
    numbers says what is missing.
    """
    recorded = Runs.of(runs)
    usable = recorded.where(known(_loads(recorded)))
    spread = float(usable.number(BEFORE[0]).std()) if len(usable) else 0.0
    plan = _too_few(usable) or _around(usable, spread)
    if isinstance(plan, str):
        yield _unanswered(usable, plan)
        return
    pair = _Pair.of(plan)
    association, excess = pair.intervals(DAY_BEFORE)
    if association is None or excess is None:
        yield _unanswered(plan.runs, wording.NO_NOISE)
        return
    yield _primary(plan, association.bracket(excess), spread)
    yield _bound(
        plan, ASSOCIATION, association, "As it stands", "If you train more when fresh, this is too high."
    )
    what = "Over and above runs before such days, which cannot be its effect"
    yield _bound(plan, EXCESS, excess, what, "If a bad run makes you rest, this is too low.")
    yield _naive(plan, pair.association)
    for contrast in FURTHER:
        yield _further(pair, contrast)
    yield state_space(usable, spread)


def _around(runs: Runs, spread: float) -> Design | str:
    """The columns with the loads around each run in standard deviations, or in words what is missing."""
    terms = [*covariates(runs), night_shifts(runs), fitness_over_time(runs)]
    plan = design(runs, terms, _loads(runs) / (spread or 1.0))
    alike = wording.inseparable("load on the days around a run", confounder(plan))
    return _too_few(plan.runs) or alike or plan


@dataclass(frozen=True)
class _Pair:
    """The two regressions: with the loads before alone, and with those after as well."""

    before: Design
    around: Design
    association: Fit
    excess: Fit

    @classmethod
    def of(cls, plan: Design) -> _Pair:
        before = replace(plan, x=plan.x[:, : plan.exposures + len(BEFORE)])
        return cls(before, plan, newey_west(before.x, plan.y), newey_west(plan.x, plan.y))

    def intervals(self, contrast: str) -> tuple[Interval | None, Interval | None]:
        """Association and excess of a contrast."""
        lags = LAGS[contrast]
        return (
            self.association.interval(self.before.weights(*lags)),
            self.excess.interval(self.around.weights(*lags, *(-lag for lag in lags))),
        )


def _loads(runs: Runs) -> FloatArray:
    return np.column_stack([runs.number(column) for column in (*BEFORE, *AFTER)])


def _too_few(runs: Runs) -> str:
    return wording.not_enough_yet([Need("run", "with three recorded days before and after", len(runs), RUNS)])


def _estimate(runs: Runs, method: str, interval: Interval | None, sentence: str) -> Estimate:
    return Estimate(
        question=QUESTION,
        contrast=DAY_BEFORE,
        method=method,
        family=Family.SENSITIVITY,
        interval=interval,
        n=len(runs),
        sentence=sentence,
    )


def _unanswered(runs: Runs, shortfall: str) -> Estimate:
    return replace(_estimate(runs, BRACKET, None, shortfall), family=Family.PRIMARY)


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
    return replace(_estimate(plan.runs, method, interval, sentence), family=Family.PRIMARY)


def _bound(plan: Design, method: str, interval: Interval, what: str, caution: str) -> Estimate:
    sentence = f"{what}: {METRES.found(interval)} metres per heartbeat. {caution}"
    return _estimate(plan.runs, f"{method}, {plan.allowing_for}", interval, sentence)


def _further(pair: _Pair, contrast: str) -> Estimate:
    """The bracket of another contrast than the primary's."""
    association, excess = pair.intervals(contrast)
    interval = association.bracket(excess) if association and excess else None
    sentence = wording.NO_NOISE
    if interval:
        sentence = f"{contrast[:1].upper()}{contrast[1:]}: {METRES.found(interval)} metres per heartbeat."
    method = f"{BRACKET}, {pair.around.allowing_for}"
    estimate = _estimate(pair.around.runs, method, interval, sentence)
    return replace(estimate, contrast=contrast, family=Family.SECONDARY)


def state_space(runs: Runs, spread: float) -> Estimate:
    """The association given the level and form that earlier runs showed, which load may follow.

    A runner who trains by form feels more of it than the runs show, so this removes a part of what makes the
    plain association too high, not all.
    """
    loads = _loads(runs)[:, : len(BEFORE)] / spread
    plan = design(runs, [*covariates(runs), night_shifts(runs), *season(runs)], loads)
    alike = wording.inseparable("load on the days before a run", confounder(plan))
    fit = None if alike else with_level_and_form(plan.x, plan.y, plan.runs.time_d)
    interval = fit.interval(plan.weights(1)) if fit else None
    method, sentence = f"{STATE_SPACE}, {plan.allowing_for}", alike or wording.NO_NOISE
    if interval:
        sentence = (
            f"Given the form that the runs before showed: {METRES.found(interval)} metres per heartbeat."
            " If you train more when fresh, a part of that remains."
        )
    return _estimate(plan.runs, method, interval, sentence)


def _naive(plan: Design, association: Fit) -> Estimate:
    """The slope on the load of the day before alone, and what carries it away from the association."""
    line = ordinary(plan.x[:, [0, plan.exposures]], plan.y)
    interval = line.interval(np.array([0.0, 1.0]))
    carried = differences_carried(plan, association.coefficients)
    gap = float(line.coefficients[1] - association.coefficients[plan.exposures])
    carried["load of the two days before that"] = gap - sum(carried.values())
    said = f": {METRES.found(interval)} metres per heartbeat" if interval else ""
    sentence = f"A plain line through these runs{said}. {wording.why_naive_differs(carried)}"
    estimate = _estimate(plan.runs, "naive: plain line", interval, sentence)
    return replace(estimate, family=Family.NAIVE)
