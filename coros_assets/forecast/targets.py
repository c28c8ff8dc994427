"""What is forecast of runs: the next one, one on each coming day, and a race of an hour.

Belongs here: for each target its past forecasts and those to come, as log efficiency. Does not: how they are
said (`outlook.py`), or fatigue (`fatigue.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from coros_assets.answers import wording
from coros_assets.answers.regression import SMALLEST_STANDARD_ERROR, FloatArray
from coros_assets.answers.wording import Need
from coros_assets.forecast.conformal import FEWEST_SCORES
from coros_assets.forecast.evaluation import FOLD_D, LEARNING_D, Evaluation, rolling
from coros_assets.forecast.history import COVARIATES, EFFORT, History
from coros_assets.forecast.model import METHODS, Model, adjustment
from coros_assets.forecast.pairs import (
    FEWEST_RUNS,
    LONGEST_BREAK_D,
    Pairs,
    coming_runs,
    next_runs,
    runs_to_come,
)

AHEAD_D: Final = 14
FEWEST_LEARNT: Final = 40
"""Runs to learn from, as for the answers."""

RACE_EFFORT_PCT: Final = 85.0
"""Share of the heart-rate reserve that can be held for about an hour, as the metrics' default threshold."""

HARD_PCT: Final = 80.0
HARD_RUNS: Final = 10
"""Runs at so much of the reserve, without which a race would be drawn on from jogging."""

SECONDS_PER_MINUTE: Final = 60
METRES_PER_KM: Final = 1000
_RECENT_RUNS: Final = 50


@dataclass(frozen=True)
class Target:
    """Past forecasts in order of their day, those to come by the shipped method, and what they start from.

    Attributes:
        to_come: log efficiency on the days after the record.
        usual: mean log efficiency of the last 15 runs.
        half_width: of the intervals of those to come; NaN from too few past forecasts.
    """

    past: Evaluation
    to_come: FloatArray
    usual: float
    half_width: float


def next_run(history: History) -> Target:
    """The next run, if it is on the first day after the record."""
    return _target(next_runs(history), runs_to_come(history, 1), effort_is_known=False)


def coming_run(history: History) -> Target:
    """A run on each of the 14 days after the record."""
    return _target(coming_runs(history, AHEAD_D), runs_to_come(history, AHEAD_D), effort_is_known=False)


def hour_race(history: History) -> Target:
    """A flat run at `RACE_EFFORT_PCT` on the first day after the record; log efficiency, not yet a pace."""
    race = runs_to_come(history, 1)
    at = {EFFORT: RACE_EFFORT_PCT, "climb_m_per_km": 0.0, "is_indoor": 0.0}
    planned = [at.get(name, race.covariates[0, column]) for column, name in enumerate(COVARIATES)]
    return _target(next_runs(history), replace(race, covariates=np.array([planned])), effort_is_known=True)


def race_heart_rate(history: History) -> float:
    """Beats per minute at `RACE_EFFORT_PCT`, from the last runs' averages; NaN where these do not tell."""
    effort, rate = history.covariates[-_RECENT_RUNS:, 0], history.heart_rate_bpm[-_RECENT_RUNS:]
    known = np.isfinite(rate)
    if not known.any() or np.ptp(effort[known]) < 1:
        return float("nan")
    slope, level = np.polyfit(effort[known], rate[known], 1)
    return float(level + slope * RACE_EFFORT_PCT)


def race_pace(log_efficiency: FloatArray, heart_rate_bpm: float) -> FloatArray:
    """Seconds per km at metres per beat and beats per minute."""
    return np.asarray(METRES_PER_KM * SECONDS_PER_MINUTE / (np.exp(log_efficiency) * heart_rate_bpm))


def missing(history: History) -> str:
    """What any forecast of a run still needs; empty if nothing."""
    since_break = _runs_since_break(history)
    span_d = int(history.day[-1] - history.day[0]) + 1 if len(history) else 0
    short = wording.not_enough_yet(
        [
            Need(
                "run",
                "with heart rate and at least 15 minutes of moving",
                len(history),
                FEWEST_RUNS + FEWEST_LEARNT + FEWEST_SCORES,
            ),
            Need("day", "of record", span_d, LEARNING_D + AHEAD_D),
        ]
    )
    break_d = history.loads.last - int(history.day[-1]) if len(history) else 0
    if short or (break_d <= LONGEST_BREAK_D and since_break >= FEWEST_RUNS):
        return short
    words = f"with heart rate after a break of more than {LONGEST_BREAK_D} days"
    return wording.not_enough_yet(
        [Need("run", words, 0 if break_d > LONGEST_BREAK_D else since_break, FEWEST_RUNS)]
    )


def missing_for_race(history: History) -> str:
    """What the pace of a race needs besides; empty if nothing."""
    hard = int((history.covariates[:, 0] >= HARD_PCT).sum())
    words = f"at {HARD_PCT:.0f} % or more of your heart-rate reserve"
    short = wording.not_enough_yet([Need("run", words, hard, HARD_RUNS)])
    if not short and not np.isfinite(race_heart_rate(history)):
        return "Not enough data yet: still needed are runs at different heart rates."
    return short


def without_interval(target: Target) -> str:
    """Why a target has no interval: too few runs to try it on, or none that vary; empty if it has one."""
    if target.half_width > SMALLEST_STANDARD_ERROR:
        return ""
    if np.isfinite(target.half_width):
        return wording.NO_NOISE
    return (
        f"Not enough data yet: still needed are runs over a longer time, so that the forecast can be tried on"
        f" {FEWEST_SCORES} of them."
    )


def _runs_since_break(history: History) -> int:
    breaks = np.flatnonzero(np.diff(history.day) > LONGEST_BREAK_D)
    return len(history) - (int(breaks[-1]) + 1 if len(breaks) else 0)


def _target(pairs: Pairs, to_come: Pairs, *, effort_is_known: bool) -> Target:
    past = _evaluated(pairs, effort_is_known=effort_is_known)
    half_width = past.next_half_width[past.shipped].get(0, float("nan")) if len(past) else float("nan")
    if not np.isfinite(half_width):
        return Target(past, np.full(len(to_come), np.nan), float("nan"), half_width)
    made = Model.fitted(pairs, effort_is_known=effort_is_known).forecasts(to_come)[:, past.shipped]
    return Target(past, made, float(to_come.means[0, -1]), half_width)


def _evaluated(pairs: Pairs, *, effort_is_known: bool) -> Evaluation:
    def learner(learnt: NDArray[np.bool_], made: NDArray[np.bool_]) -> FloatArray | None:
        if learnt.sum() < FEWEST_LEARNT:
            return None
        model = Model.fitted(pairs.where(learnt), effort_is_known=effort_is_known)
        return model.forecasts(pairs.where(made))

    group = np.zeros(len(pairs), dtype=np.int64)
    return rolling(METHODS, pairs.made_on, pairs.day, group, pairs.log_efficiency, learner)


def effects_as_known(history: History) -> FloatArray:
    """What covariates do to log efficiency, as earlier runs told it, (n, k); NaN before there are enough."""
    pairs = next_runs(history)
    effects = np.full(history.covariates.shape, np.nan)
    for start in range(int(history.day[0]) if len(history) else 0, history.loads.last + 1, FOLD_D):
        learnt = pairs.day < start
        if learnt.sum() >= FEWEST_LEARNT:
            inside = (history.day >= start) & (history.day < start + FOLD_D)
            effects[inside] = adjustment(pairs.where(learnt))
    return effects
