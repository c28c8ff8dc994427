"""Question 1's effect estimated otherwise: whether the answer hangs on how it was got.

Belongs here: sensitivity rows. Does not: the answer (`night_shift.py`) or further effects
(`night_recovery.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import pyarrow as pa

from coros_assets.answers import wording
from coros_assets.answers.autocorrelation import with_level_and_form
from coros_assets.answers.design import (
    DAY,
    NIGHT,
    TIME_OF_DAY,
    Design,
    Runs,
    Term,
    covariates,
    season,
)
from coros_assets.answers.estimate import Estimate, Family, Interval
from coros_assets.answers.matching import matched_weights
from coros_assets.answers.night_contrast import (
    METHOD,
    RUNS_PER_ARM,
    adjustments,
    compared,
    count,
    cycles,
    row,
    told,
)
from coros_assets.answers.placebo import MOVES, Nights, hours, placebo_ratios
from coros_assets.answers.regression import Fit, cluster_robust, newey_west
from coros_assets.answers.wording import Need

LOAD_BEFORE: Final = ("load_day_before", "load_2_days_before", "load_3_days_before")
WITHOUT_HOUR: Final = f"{METHOD}: without the time of day"
WITH_LOAD: Final = f"{METHOD}: with the load of the days before"
STATE_SPACE: Final = "state space: level, form and noise"
WEIGHT: Final = "weight"
MATCHED: Final = f"{METHOD}: matched runs"
PLACEBO: Final = "least squares: placebo, the roster moved around the record"


def checks(runs: Runs, plan: Design, fit: Fit, shifts: pa.Table) -> Iterator[Estimate]:
    """The sensitivity rows beside `neighbours`, one by one; `plan` and `fit` are those of the primary.

    The hour a run starts and the load before it may be how nights act (mediators), so the effect is shown
    without the one and with the other as well.
    """
    terms = adjustments(runs)
    yield _without_hour(runs, [term for term in terms if term.words != TIME_OF_DAY])
    yield _with_load(runs, [*terms, _load_before(runs)])
    yield state_space(runs)
    yield matched(runs)
    yield placebo(plan, fit, shifts)


def neighbours(plan: Design) -> Estimate:
    """The primary with Newey-West intervals."""
    interval = newey_west(plan.x, plan.y).interval(plan.weights(1.0))
    what = "The same difference, with an interval that allows for likeness of neighbouring runs instead of"
    return told(
        plan,
        "least squares, Newey-West intervals",
        interval,
        f"{what} roster cycles",
        Family.SENSITIVITY,
    )


def _load_before(runs: Runs) -> Term:
    return Term("training of the days before", np.column_stack([runs.number(name) for name in LOAD_BEFORE]))


def _without_hour(runs: Runs, terms: list[Term]) -> Estimate:
    what = "Without allowing for the time of day, through which nights may act"
    return _by_cycle(WITHOUT_HOUR, runs, terms, what)


def _with_load(runs: Runs, terms: list[Term]) -> Estimate:
    what = "Allowing also for the training of the three days before, through which nights may act"
    return _by_cycle(WITH_LOAD, runs, terms, what)


def _by_cycle(method: str, runs: Runs, terms: list[Term], what: str) -> Estimate:
    plan = compared(runs, terms)
    if isinstance(plan, str):
        return row(runs, method, None, plan, Family.SENSITIVITY)
    interval = cluster_robust(plan.x, plan.y, cycles(plan.runs)).interval(plan.weights(1.0))
    return told(plan, method, interval, what, Family.SENSITIVITY)


def state_space(runs: Runs) -> Estimate:
    """The effect where fitness is a random walk and form an AR(1), instead of a curve and likeness."""
    plan = compared(runs, [*covariates(runs), *season(runs)])
    if isinstance(plan, str):
        return row(runs, STATE_SPACE, None, plan, Family.SENSITIVITY)
    interval = with_level_and_form(plan.x, plan.y, plan.runs.time_d).interval(plan.weights(1.0))
    what = "With fitness that wanders from day to day instead of following a smooth curve"
    return told(plan, STATE_SPACE, interval, what, Family.SENSITIVITY)


def matched(runs: Runs) -> Estimate:
    """The effect between runs after nights and runs like them, by weighted least squares."""
    weights = matched_weights(
        runs.night_arm == NIGHT,
        runs.night_arm == DAY,
        runs.day,
        runs.number("log_distance"),
        runs.number("climb_m_per_km"),
    )
    like = Runs(runs.table.append_column(WEIGHT, pa.array(weights))).where(weights > 0)
    short = wording.not_enough_yet(
        [Need("run", "after a night that can be matched with a like one", count(like, NIGHT), RUNS_PER_ARM)]
    )
    plan = short or compared(like, adjustments(like))
    if isinstance(plan, str):
        return row(like, MATCHED, None, plan, Family.SENSITIVITY)
    root = np.sqrt(plan.runs.number(WEIGHT))
    fit = cluster_robust(plan.x * root[:, None], plan.y * root, cycles(plan.runs))
    what = (
        f"Comparing {wording.count(count(plan.runs, NIGHT), 'run')} after nights only with the"
        f" {count(plan.runs, DAY)} far from nights of like distance and climb within three weeks"
    )
    return told(plan, MATCHED, fit.interval(plan.weights(1.0)), what, Family.SENSITIVITY)


def placebo(plan: Design, fit: Fit, shifts: pa.Table) -> Estimate:
    """The primary effect with its interval and p-value from the roster in other places of the record.

    The roster as it was worked is one of all its places on a circle of dates: if nights change nothing, its
    ratio of effect to standard error is as likely as any to be the largest (Good 2005).
    The interval is as wide as the largest 5 % of ratios say, so it excludes zero exactly if the
    p-value is at most 5 %.
    """
    interval, nights = fit.interval(plan.weights(1.0)), Nights.of(shifts)
    runs = plan.runs
    if interval is None or nights is None:
        short = "Not enough data yet: the night shifts themselves are missing, so they cannot be moved."
        return row(runs, PLACEBO, None, short, Family.SENSITIVITY)
    run_start, run_end = hours(runs.table["start_time"]), hours(runs.table["end_time"])
    ratios = placebo_ratios(nights, run_start, run_end, plan.x[:, : plan.exposures], plan.y)
    short = wording.not_enough_yet(
        [Need("place", "to which the roster can be moved", len(ratios), MOVES // 2)]
    )
    if short:
        return row(runs, PLACEBO, None, short, Family.SENSITIVITY)
    moved = Interval.from_ratios(interval.estimate, fit.standard_error(plan.weights(1.0)), ratios)
    as_clear = round(moved.p_value * (len(ratios) + 1)) - 1
    what = (
        f"Judged by your roster moved to {len(ratios)} other places in time, of which {as_clear} show a"
        " difference as clear as yours"
    )
    return told(plan, PLACEBO, moved, what, Family.SENSITIVITY)
