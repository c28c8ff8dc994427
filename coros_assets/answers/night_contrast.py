"""Question 1's contrast, fixed in advance: its arms, what it needs, and its rows before they have words.

Belongs here: what every estimate of question 1 shares. Does not: the answer (`night_shift.py`), the same
effect estimated otherwise (`night_checks.py`), or further effects (`night_recovery.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from coros_assets.answers import wording
from coros_assets.answers.design import (
    BETWEEN,
    DAY,
    NIGHT,
    Design,
    Runs,
    Term,
    confounder,
    covariates,
    design,
    fitness_over_time,
)
from coros_assets.answers.estimate import Estimate, Family, Interval
from coros_assets.answers.regression import FloatArray
from coros_assets.answers.wording import METRES, Need

QUESTION: Final = "How do night shifts change running performance?"
CONTRAST: Final = "runs within 36 h of a night shift against runs at least 72 h from any night"
METHOD: Final = "least squares, intervals by roster cycle"

RUNS_PER_ARM: Final = 20
ROSTER_CYCLES: Final = 10
"""Least numbers for an answer. Cycles are counted that have a run after a night:
the interval is only as good as the number of night blocks it has seen."""


def on_known_roster(runs: Runs) -> Runs:
    """The runs that have an arm."""
    return runs.where(np.isin(runs.night_arm, [NIGHT, DAY, BETWEEN]))


def adjustments(runs: Runs) -> list[Term]:
    """What the primary estimate allows for."""
    return [*covariates(runs), fitness_over_time(runs)]


def arms(runs: Runs) -> FloatArray:
    """Columns night and, where there are such runs, between."""
    columns = np.column_stack([runs.night_arm == NIGHT, runs.night_arm == BETWEEN]).astype(np.float64)
    return columns if columns[:, 1].any() else columns[:, :1]


def compared(runs: Runs, terms: Sequence[Term], outcome: FloatArray | None = None) -> Design | str:
    """The columns of the contrast given the terms, or in words what is missing for it."""
    plan = design(runs, terms, arms(runs), outcome)
    return (
        too_few(plan.runs) or wording.inseparable("the hours after a night shift", confounder(plan)) or plan
    )


def too_few(runs: Runs) -> str:
    """What is missing for the least numbers; empty if nothing is."""
    night_cycles = len(np.unique(cycles(runs)[runs.night_arm == NIGHT]))
    needs = wording.not_enough_yet(
        [
            Need("run", "within 36 hours of a night shift", count(runs, NIGHT), RUNS_PER_ARM),
            Need("run", "at least 72 hours from any night", count(runs, DAY), RUNS_PER_ARM),
            Need("roster cycle", "with a run after a night", night_cycles, ROSTER_CYCLES),
        ]
    )
    if count(runs, NIGHT) >= RUNS_PER_ARM and not count(runs, DAY):
        return f"{needs} A roster with fewer than six days between nights leaves none of the latter."
    return needs


def count(runs: Runs, arm: str) -> int:
    """How many runs of an arm."""
    return int((runs.night_arm == arm).sum())


def cycles(runs: Runs) -> NDArray[np.float64]:
    """Roster cycle of each run."""
    return runs.number("roster_cycle")


def cycle_count(runs: Runs) -> int:
    """How many roster cycles have runs."""
    return len(np.unique(cycles(runs)))


def row(runs: Runs, method: str, interval: Interval | None, sentence: str, family: Family) -> Estimate:
    """A row of question 1 with the counts of these runs."""
    return Estimate(
        question=QUESTION,
        contrast=CONTRAST,
        method=method,
        family=family,
        interval=interval,
        n=len(runs),
        n_exposed=count(runs, NIGHT),
        n_control=count(runs, DAY),
        clusters=cycle_count(runs),
        sentence=sentence,
    )


def told(plan: Design, method: str, interval: Interval | None, what: str, family: Family) -> Estimate:
    """A row whose sentence is what was done and what came out."""
    said = f"{what}: {METRES.found(interval)} metres per heartbeat." if interval else wording.NO_NOISE
    return row(plan.runs, f"{method}, {plan.allowing_for}", interval, said, family)
