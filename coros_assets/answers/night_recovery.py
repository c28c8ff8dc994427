"""Question 1's further effects: by the hours since a night shift, and on signs of recovery.

Belongs here: secondary rows. Does not: the answer (`night_shift.py`) or the same effect estimated otherwise
(`night_checks.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import numpy as np

from coros_assets.answers import wording
from coros_assets.answers.design import DAY, NIGHT, Runs
from coros_assets.answers.estimate import Estimate, Family
from coros_assets.answers.night_contrast import (
    METHOD,
    ROSTER_CYCLES,
    RUNS_PER_ARM,
    adjustments,
    compared,
    count,
    cycle_count,
    cycles,
    row,
)
from coros_assets.answers.recovery import HOUR_EDGES, Stretch, stretches
from coros_assets.answers.regression import FloatArray, cluster_robust
from coros_assets.answers.wording import FITNESS, METRES, Need

BY_HOURS: Final = f"{METHOD}: by hours since the night shift"
LARGEST_LOSS_PCT: Final = 99.0


@dataclass(frozen=True)
class _Sign:
    """Another outcome than efficiency.

    Attributes:
        column: of `gold.analysis_run`.
        outcome: what is estimated, a logarithm.
        words: the same for a sentence.
        log: the outcome from the column.
    """

    column: str
    outcome: str
    words: str
    log: Callable[[FloatArray], FloatArray]


def _second_half(loss_pct: FloatArray) -> FloatArray:
    return np.log1p(-np.minimum(loss_pct, LARGEST_LOSS_PCT) / 100)


def _an_hour_later(rise_pct_per_h: FloatArray) -> FloatArray:
    return np.log1p(np.maximum(rise_pct_per_h, -LARGEST_LOSS_PCT) / 100)


def _positive_log(values: FloatArray) -> FloatArray:
    return np.log(np.where(values > 0, values, np.nan))


SIGNS: Final = (
    _Sign(
        "aerobic_decoupling_pct",
        "log ratio of second-half to first-half efficiency (aerobic decoupling)",
        "metres per heartbeat in the second half of a run against the first",
        _second_half,
    ),
    _Sign(
        "heart_rate_drift_pct_per_h",
        "log rise of heart rate an hour at equal speed (drift)",
        "heart rate after an hour at equal speed against its start",
        _an_hour_later,
    ),
    _Sign("resting_heart_rate_bpm", "log resting heart rate", "resting heart rate", _positive_log),
)


def recovery(runs: Runs) -> Iterator[Estimate]:
    """The secondary rows, from the runs whose arm is known; signs that no run has are left out.

    So are hours that cannot be told apart from what else is allowed for.
    """
    found = {(stretch.from_h, stretch.to_h): stretch for stretch in stretches(runs)}
    for from_h, to_h in pairwise(HOUR_EDGES if found else ()):
        yield _by_hours(runs, from_h, to_h, found.get((from_h, to_h)))
    for sign in SIGNS:
        if np.isfinite(runs.number(sign.column)).any():
            yield _of_sign(runs, sign)


def _by_hours(runs: Runs, from_h: int, to_h: int, found: Stretch | None) -> Estimate:
    words = f"{from_h} to {to_h} h after a night shift"
    inside = found.runs if found else runs.where(np.zeros(len(runs), dtype=np.bool_))
    needs = [
        Need("run", words, len(inside), RUNS_PER_ARM),
        Need("roster cycle", "with such a run", cycle_count(inside), ROSTER_CYCLES),
    ]
    sentence = wording.not_enough_yet(needs) or wording.NO_NOISE
    interval = found.interval if found else None
    if interval:
        sentence = f"From {words}: {METRES.found(interval)} metres per heartbeat."
    estimate = row(runs, BY_HOURS, interval, sentence, Family.SECONDARY)
    contrast = f"runs {words} against runs at least 72 h from any night"
    return replace(estimate, contrast=contrast, n_exposed=len(inside))


def _of_sign(runs: Runs, sign: _Sign) -> Estimate:
    """The primary's regression with another outcome."""
    outcome = sign.log(runs.number(sign.column))
    some, outcome = runs.where(np.isfinite(outcome)), outcome[np.isfinite(outcome)]
    plan = _too_few(some, sign.words) or compared(some, adjustments(some), outcome)
    if isinstance(plan, str):
        return replace(row(some, METHOD, None, plan, Family.SECONDARY), outcome=sign.outcome)
    interval = cluster_robust(plan.x, plan.y, cycles(plan.runs)).interval(plan.weights(1.0))
    sentence = wording.NO_NOISE
    if interval:
        where = "Within 36 hours of a night shift, against far from any"
        sentence = f"{where}, {sign.words}: {FITNESS.found(interval)}."
    estimate = row(plan.runs, f"{METHOD}, {plan.allowing_for}", interval, sentence, Family.SECONDARY)
    return replace(estimate, outcome=sign.outcome)


def _too_few(runs: Runs, words: str) -> str:
    return wording.not_enough_yet(
        [
            Need("run", "within 36 hours of a night", count(runs, NIGHT), RUNS_PER_ARM),
            Need("run", f"far from nights that tell {words}", count(runs, DAY), RUNS_PER_ARM),
        ]
    )
