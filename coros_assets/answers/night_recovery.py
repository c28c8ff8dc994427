"""Question 1's further effects: by the hours since a night shift, and on how efficiency lasts in a run.

Belongs here: secondary rows. Does not: the answer (`night_shift.py`) or the same effect estimated otherwise
(`night_checks.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from coros_assets.answers import wording
from coros_assets.answers.design import DAY, NIGHT, Runs, confounder, design
from coros_assets.answers.estimate import Estimate, Family
from coros_assets.answers.night_contrast import (
    METHOD,
    RUNS_PER_ARM,
    adjustments,
    compared,
    count,
    cycles,
    row,
)
from coros_assets.answers.regression import FloatArray, cluster_robust
from coros_assets.answers.wording import FITNESS, METRES, Need

BY_HOURS: Final = f"{METHOD}: by hours since the night shift"
HOURS_SINCE: Final = ((0, 12), (12, 24), (24, 36), (36, 72))
"""Stretches of hours since a night shift's end, each from more than the first to the second, 0 included."""

LARGEST_LOSS_PCT: Final = 99.0
DECOUPLING: Final = "log ratio of second-half to first-half efficiency (aerobic decoupling)"


def recovery(runs: Runs) -> Iterator[Estimate]:
    """The secondary rows, from the runs whose arm is known."""
    yield from _by_hours(runs)
    yield _decoupling(runs)


def _by_hours(runs: Runs) -> Iterator[Estimate]:
    """One regression as the primary's, with a column for each stretch and one for all else between."""
    columns = _stretches(runs)
    some = np.flatnonzero(columns.any(axis=0))
    plan = design(runs, adjustments(runs), columns[:, some])
    position = {int(stretch): plan.exposures + i for i, stretch in enumerate(some)}
    alike = wording.inseparable("the hours after a night shift", confounder(plan))
    fit = None if alike else cluster_robust(plan.x, plan.y, cycles(plan.runs))
    for stretch, (since, until) in enumerate(HOURS_SINCE):
        weights = np.zeros(plan.x.shape[1])
        if stretch in position:
            weights[position[stretch]] = 1
        exposed = int((plan.x @ weights).sum())
        words = f"{since} to {until} h after a night shift"
        short = wording.not_enough_yet([Need("run", words, exposed, RUNS_PER_ARM)])
        interval = fit.interval(weights) if fit and not short else None
        sentence = short or alike or wording.NO_NOISE
        if interval:
            sentence = f"From {words}: {METRES.found(interval)} metres per heartbeat."
        estimate = row(plan.runs, f"{BY_HOURS}, {plan.allowing_for}", interval, sentence, Family.SECONDARY)
        contrast = f"runs {words} against runs at least 72 h from any night"
        yield replace(estimate, contrast=contrast, n_exposed=exposed)


def _stretches(runs: Runs) -> FloatArray:
    """A column for each stretch, and one for the other runs between the arms."""
    during = runs.table["during_night_shift"].to_numpy().astype(bool)
    hours = np.where(during, 0.0, runs.number("hours_since_night_end"))
    inside = [
        (hours <= until) & ((hours > since) | (since == 0)) & (runs.night_arm != DAY)
        for since, until in HOURS_SINCE
    ]
    rest = (runs.night_arm != DAY) & ~np.any(inside, axis=0)
    return np.column_stack([*inside, rest]).astype(np.float64)


def _decoupling(runs: Runs) -> Estimate:
    """The primary's regression with another outcome, which only runs of 50 minutes and more have."""
    change = np.log1p(-np.minimum(runs.number("aerobic_decoupling_pct"), LARGEST_LOSS_PCT) / 100)
    long = runs.where(np.isfinite(change))
    plan = _too_few_long(long) or compared(long, adjustments(long), change[np.isfinite(change)])
    if isinstance(plan, str):
        return replace(row(long, METHOD, None, plan, Family.SECONDARY), outcome=DECOUPLING)
    interval = cluster_robust(plan.x, plan.y, cycles(plan.runs)).interval(plan.weights(1.0))
    sentence = wording.NO_NOISE
    if interval:
        sentence = (
            "Metres per heartbeat in the second half of runs of 50 minutes or more, against the first half:"
            f" {FITNESS.found(interval)} within 36 hours of a night shift than far from any."
        )
    estimate = row(plan.runs, f"{METHOD}, {plan.allowing_for}", interval, sentence, Family.SECONDARY)
    return replace(estimate, outcome=DECOUPLING)


def _too_few_long(runs: Runs) -> str:
    return wording.not_enough_yet(
        [
            Need("run", "of 50 minutes or more within 36 hours of a night", count(runs, NIGHT), RUNS_PER_ARM),
            Need("such run", "at least 72 hours from any night", count(runs, DAY), RUNS_PER_ARM),
        ]
    )
