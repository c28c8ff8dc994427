"""Question 1: how night shifts change running performance.

Belongs here: the contrast fixed in advance and its estimates. Does not: which run
belongs to which arm (`sql/01_analysis_run.sql`), or the regression itself (`regression.py`).
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

import numpy as np
import pyarrow as pa

from coros_assets.answers import wording
from coros_assets.answers.design import (
    BETWEEN,
    DAY,
    NIGHT,
    Design,
    Runs,
    confounder,
    covariates,
    design,
    differences_carried,
    fitness_over_time,
)
from coros_assets.answers.estimate import Estimate, Interval, Verdict, answer_table
from coros_assets.answers.regression import Fit, FloatArray, cluster_robust, newey_west
from coros_assets.answers.wording import METRES, Need
from coros_assets.tables import ANSWER_NIGHT_SHIFT

QUESTION: Final = "How do night shifts change running performance?"
CONTRAST: Final = "runs within 36 h of a night shift against runs at least 72 h from any night"
METHOD: Final = "least squares, intervals by roster cycle"

RUNS_PER_ARM: Final = 20
ROSTER_CYCLES: Final = 10
"""Least numbers for an answer. Cycles are counted that have a run after a night:
the interval is only as good as the number of night blocks it has seen."""


def answer_night_shift(runs: pa.Table) -> pa.Table:
    """`gold.answer_night_shift` from `gold.analysis_run`.

    The primary estimate is the coefficient of night in
    log EF ~ night + between + spline(day, 1 df per 60 d) + climb per km + % reserve + log distance
    + cos and sin of the hour + indoor, with intervals by roster cycle. Runs between the arms help to
    estimate everything else and stay out of the contrast; runs on an unknown roster are left out.
    Gold has no temperature, so the spline alone stands for season.
    Beside it: the same with Newey-West intervals, and plain averages. Below the least numbers, or where
    the arms cannot be told apart, a single row without numbers says what is missing.
    """
    recorded = Runs.of(runs)
    known = recorded.where(np.isin(recorded.night_arm, [NIGHT, DAY, BETWEEN]))
    shortfall = _no_roster(recorded, known) or _too_few(known)
    if shortfall:
        return answer_table(ANSWER_NIGHT_SHIFT, [_unanswered(known, shortfall)])
    plan = design(known, [*covariates(known), fitness_over_time(known)], _arms(known))
    shortfall = _too_few(plan.runs) or wording.inseparable("the hours after a night shift", confounder(plan))
    if shortfall:
        return answer_table(ANSWER_NIGHT_SHIFT, [_unanswered(plan.runs, shortfall)])
    fit = cluster_robust(plan.x, plan.y, plan.runs.number("roster_cycle"))
    neighbours = newey_west(plan.x, plan.y)
    interval, sensitivity = (each.interval(plan.weights(1.0)) for each in (fit, neighbours))
    if interval is None or sensitivity is None:
        return answer_table(ANSWER_NIGHT_SHIFT, [_unanswered(plan.runs, wording.NO_NOISE)])
    estimates = [_primary(plan, interval), _sensitivity(plan, sensitivity), _naive(plan, fit)]
    return answer_table(ANSWER_NIGHT_SHIFT, estimates)


def _arms(runs: Runs) -> FloatArray:
    """Columns night and, where there are such runs, between."""
    arms = np.column_stack([runs.night_arm == NIGHT, runs.night_arm == BETWEEN]).astype(np.float64)
    return arms if arms[:, 1].any() else arms[:, :1]


def _count(runs: Runs, arm: str) -> int:
    return int((runs.night_arm == arm).sum())


def _no_roster(recorded: Runs, known: Runs) -> str:
    if len(known) or not len(recorded):
        return ""
    return (
        f"Not enough data yet: the roster is missing, or does not cover the dates of your"
        f" {wording.count(len(recorded), 'run')}, so none can be placed before or after a night shift."
        " Add your roster as an .ics or .csv file."
    )


def _too_few(runs: Runs) -> str:
    night_cycles = len(np.unique(runs.number("roster_cycle")[runs.night_arm == NIGHT]))
    needs = wording.not_enough_yet(
        [
            Need("run", "within 36 hours of a night shift", _count(runs, NIGHT), RUNS_PER_ARM),
            Need("run", "at least 72 hours from any night", _count(runs, DAY), RUNS_PER_ARM),
            Need("roster cycle", "with a run after a night", night_cycles, ROSTER_CYCLES),
        ]
    )
    if _count(runs, NIGHT) >= RUNS_PER_ARM and not _count(runs, DAY):
        return f"{needs} A roster with fewer than six days between nights leaves none of the latter."
    return needs


def _estimate(runs: Runs, method: str, interval: Interval | None, sentence: str) -> Estimate:
    return Estimate(
        question=QUESTION,
        contrast=CONTRAST,
        method=method,
        is_primary=False,
        interval=interval,
        n=len(runs),
        n_exposed=_count(runs, NIGHT),
        n_control=_count(runs, DAY),
        clusters=_cycles(runs),
        sentence=sentence,
    )


def _cycles(runs: Runs) -> int:
    return len(np.unique(runs.number("roster_cycle")))


def _unanswered(runs: Runs, shortfall: str) -> Estimate:
    return replace(_estimate(runs, METHOD, None, shortfall), is_primary=True)


def _primary(plan: Design, interval: Interval) -> Estimate:
    runs, between = plan.runs, METRES.between(interval)
    basis = (
        f"95 % interval; {wording.count(_count(runs, NIGHT), 'run')} against {_count(runs, DAY)},"
        f" {wording.count(_cycles(runs), 'roster cycle')}"
    )
    sentence = {
        Verdict.EFFECT: (
            f"Within 36 hours of a night shift you cover {METRES.change(interval.percent.estimate)} metres"
            f" per heartbeat, all else equal, than at least 72 hours from any night ({between}, {basis})."
            f"{wording.seconds_per_km(interval, runs.usual_pace_s_per_km)}"
        ),
        Verdict.PRACTICALLY_NONE: (
            f"Practically no difference: within 36 hours of a night shift you cover {between} metres"
            f" per heartbeat than at least 72 hours from any night ({basis})."
        ),
        Verdict.NO_EVIDENCE: (
            "No evidence of a difference within 36 hours of a night shift, against at least 72 hours from any"
            f" night: the data are compatible with {between} metres per heartbeat ({basis})."
        ),
    }[interval.verdict]
    return replace(_estimate(runs, f"{METHOD}, {plan.allowing_for}", interval, sentence), is_primary=True)


def _sensitivity(plan: Design, interval: Interval) -> Estimate:
    sentence = (
        "The same difference, with an interval that allows for likeness of neighbouring runs instead of"
        f" roster cycles: {METRES.between(interval)} metres per heartbeat."
    )
    method = f"least squares, Newey-West intervals, {plan.allowing_for}"
    return _estimate(plan.runs, method, interval, sentence)


def _naive(plan: Design, fit: Fit) -> Estimate:
    """Welch's comparison of the two arms' means (Welch 1947), and what carries it away from the primary."""
    arms = [plan.y[plan.runs.night_arm == arm] for arm in (NIGHT, DAY)]
    squares = [float(arm.var(ddof=1)) / len(arm) for arm in arms]
    freedom = sum(squares) ** 2 / sum(s**2 / (len(arm) - 1) for s, arm in zip(squares, arms, strict=True))
    interval = Interval.from_t(float(arms[0].mean() - arms[1].mean()), math.sqrt(sum(squares)), freedom)
    carried = differences_carried(plan, fit.coefficients, np.isin(plan.runs.night_arm, [NIGHT, DAY]))
    sentence = (
        f"Plain averages of these runs: {METRES.change(interval.percent.estimate)} metres per heartbeat after"
        f" nights ({METRES.between(interval)}). {wording.why_naive_differs(carried)}"
    )
    return _estimate(plan.runs, "naive: plain averages (Welch)", interval, sentence)
