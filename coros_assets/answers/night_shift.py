"""Question 1: how night shifts change running performance.

Belongs here: the answer and the plain averages beside it. Does not: the contrast (`night_contrast.py`),
which run belongs to which arm (`sql/01_analysis_run.sql`), or the regression itself (`regression.py`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from coros_assets.answers import wording
from coros_assets.answers.design import DAY, NIGHT, Design, Runs, differences_carried
from coros_assets.answers.estimate import Estimate, Family, Interval, Verdict, answer_table
from coros_assets.answers.night_checks import checks, neighbours
from coros_assets.answers.night_contrast import (
    METHOD,
    adjustments,
    compared,
    count,
    cycle_count,
    cycles,
    on_known_roster,
    row,
    too_few,
)
from coros_assets.answers.night_recovery import recovery
from coros_assets.answers.regression import Fit, cluster_robust
from coros_assets.answers.wording import METRES
from coros_assets.tables import ANSWER_NIGHT_SHIFT


def answer_night_shift(runs: pa.Table, shifts: pa.Table) -> pa.Table:
    """`gold.answer_night_shift` from `gold.analysis_run` and `gold.dim_shift`: the rows of `estimates`."""
    return answer_table(ANSWER_NIGHT_SHIFT, estimates(runs, shifts))


def estimates(runs: pa.Table, shifts: pa.Table) -> Iterator[Estimate]:
    """The rows one by one: the primary, plain averages, checks of the primary, further effects.

    The primary estimate is the coefficient of night in
    log EF ~ night + between + spline(day, 1 df per 60 d) + climb per km + % reserve + log distance
    + cos and sin of the hour + indoor, with intervals by roster cycle. Runs between the arms help to
    estimate everything else and stay out of the contrast; runs on an unknown roster are left out.
    Gold has no temperature, so the spline alone stands for season. Below the least numbers, or where
    the arms cannot be told apart, a single row without numbers says what is missing.
    """
    recorded = Runs.of(runs)
    known = on_known_roster(recorded)
    shortfall = _no_roster(recorded, known) or too_few(known)
    plan = shortfall or compared(known, adjustments(known))
    if isinstance(plan, str):
        yield _unanswered(known, plan)
        return
    fit = cluster_robust(plan.x, plan.y, cycles(plan.runs))
    interval, sensitivity = fit.interval(plan.weights(1.0)), neighbours(plan)
    if interval is None or sensitivity.interval is None:
        yield _unanswered(plan.runs, wording.NO_NOISE)
        return
    yield _primary(plan, interval)
    yield _naive(plan, fit)
    yield sensitivity
    yield from checks(known, plan, fit, shifts)
    yield from recovery(known)


def _no_roster(recorded: Runs, known: Runs) -> str:
    if len(known) or not len(recorded):
        return ""
    return (
        f"Not enough data yet: the roster is missing, or does not cover the dates of your"
        f" {wording.count(len(recorded), 'run')}, so none can be placed before or after a night shift."
        " Add your roster: a calendar, a table or a pattern."
    )


def _unanswered(runs: Runs, shortfall: str) -> Estimate:
    return row(runs, METHOD, None, shortfall, Family.PRIMARY)


def _primary(plan: Design, interval: Interval) -> Estimate:
    runs, between = plan.runs, METRES.between(interval)
    basis = (
        f"95 % interval; {wording.count(count(runs, NIGHT), 'run')} against {count(runs, DAY)},"
        f" {wording.count(cycle_count(runs), 'roster cycle')}"
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
    return row(runs, f"{METHOD}, {plan.allowing_for}", interval, sentence, Family.PRIMARY)


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
    return row(plan.runs, "naive: plain averages (Welch)", interval, sentence, Family.NAIVE)
