"""How well each method would have forecast the record, and which of them may speak.

Belongs here: forecasts of the past made from what came before, their errors, and the choice. Does not: the
methods (`model.py`, `fatigue.py`), intervals (`conformal.py`), or words.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from coros_assets.answers.regression import FloatArray
from coros_assets.forecast.conformal import half_widths
from coros_assets.forecast.history import IntArray

FOLD_D: Final = 28
"""Days that are forecast before everything is learnt anew."""

GAP_D: Final = 7
"""Days left out between what is learnt from and the first day forecast."""

LEARNING_D: Final = 90
"""Days of the record before the first is forecast."""

RESAMPLES: Final = 1000
BLOCK_D: Final = 28
"""How the record is drawn anew for the interval of the skill: in stretches of so many days."""

CONFIDENCE: Final = 0.95

Learner = Callable[[NDArray[np.bool_], NDArray[np.bool_]], FloatArray | None]
"""From masks (n) of the forecasts to learn from and to make to those made, (m, methods); None: too few."""


@dataclass(frozen=True)
class Skill:
    """Share of the best baseline's mean error that the model saves, with its 95 % interval."""

    share: float
    low: float
    high: float

    @property
    def is_beyond_chance(self) -> bool:
        """Whether the model beats every baseline by more than the noise."""
        return self.low > 0


UNKNOWN: Final = Skill(math.nan, math.nan, math.nan)


@dataclass(frozen=True)
class Evaluation:
    """Forecasts of the past, in order of the days forecast; the model is the last method.

    Attributes:
        methods: their names.
        made_on, day: dates, as days since 1970, shape (n).
        group: forecasts whose intervals are drawn from one another, (n).
        outcome: what came, (n).
        forecast: by each method, (n, methods).
        half_width: of the intervals of each method, (n, methods); NaN from too few earlier forecasts.
        next_half_width: of each method's next interval in each group; NaN from too few forecasts.
        folds: how often everything was learnt anew.
        skill: not a number without a forecast.
    """

    methods: tuple[str, ...]
    made_on: IntArray
    day: IntArray
    group: IntArray
    outcome: FloatArray
    forecast: FloatArray
    half_width: FloatArray
    next_half_width: tuple[dict[int, float], ...]
    folds: int
    skill: Skill

    def __len__(self) -> int:
        """How many forecasts were made."""
        return len(self.day)

    @property
    def errors(self) -> FloatArray:
        """How far each forecast of each method was off, (n, methods)."""
        return np.abs(self.forecast - self.outcome[:, None])

    @property
    def best_baseline(self) -> int:
        """Position of the baseline with the smallest mean error."""
        return int(np.argmin(self.errors[:, :-1].mean(axis=0)))

    @property
    def shipped(self) -> int:
        """Position of the method whose forecasts count: the model's if it is better beyond chance."""
        return len(self.methods) - 1 if self.skill.is_beyond_chance else self.best_baseline

    def has_interval(self) -> NDArray[np.bool_]:
        """Which forecasts had enough before them for an interval."""
        return np.asarray(np.isfinite(self.half_width[:, -1]))

    def coverage(self, method: int) -> float:
        """Share of the intervals that held the outcome; NaN without any."""
        judged = self.has_interval()
        held = self.errors[judged, method] <= self.half_width[judged, method]
        return float(held.mean()) if judged.any() else float("nan")

    def width(self, method: int) -> float:
        """Mean width of the intervals; NaN without any."""
        widths = 2 * self.half_width[self.has_interval(), method]
        return float(widths.mean()) if len(widths) else float("nan")


def rolling(
    methods: tuple[str, ...],
    made_on: IntArray,
    day: IntArray,
    group: IntArray,
    outcome: FloatArray,
    learner: Learner,
) -> Evaluation:
    """Forecasts each day of the record from what was known `GAP_D` days before its fold began.

    Folds are counted from the first day, so that what comes later moves none. Forecasts (n) are in order of
    `day`.
    """
    made = np.full((len(day), len(methods)), np.nan)
    folds = 0
    for learnt, forecast in _folds(made_on, day):
        found = learner(learnt, forecast)
        if found is not None:
            made[forecast] = found
            folds += 1
    judged = np.isfinite(made).all(axis=1)
    made_on, day, group, outcome, made = (each[judged] for each in (made_on, day, group, outcome, made))
    errors = np.abs(made - outcome[:, None])
    widths = [half_widths(errors[:, method], made_on, day, group) for method in range(len(methods))]
    return Evaluation(
        methods,
        made_on,
        day,
        group,
        outcome,
        made,
        np.column_stack([each for each, _ in widths]),
        tuple(following for _, following in widths),
        folds,
        skill(errors, day) if len(day) else UNKNOWN,
    )


def _folds(made_on: IntArray, day: IntArray) -> Iterator[tuple[NDArray[np.bool_], NDArray[np.bool_]]]:
    if not len(day):
        return
    for start in range(int(day[0]) + LEARNING_D, int(day[-1]) + 1, FOLD_D):
        forecast = (made_on >= start) & (made_on < start + FOLD_D)
        if forecast.any():
            yield day < start - GAP_D, forecast


def skill(errors: FloatArray, day: IntArray) -> Skill:
    """What the last method saves against the best of the others, with an interval by moving blocks.

    Stretches of days are drawn with replacement (Künsch 1989), since forecasts near one another fail
    together; in each draw the best baseline is chosen anew, so that the interval pays for that choice.
    """
    days = int(day[-1] - day[0]) + 1
    sums = np.zeros((days, errors.shape[1]))
    np.add.at(sums, day - day[0], errors)
    block = min(BLOCK_D, days)
    circle = np.concatenate([sums, sums[: block - 1]])
    totals = np.cumsum(np.concatenate([np.zeros((1, sums.shape[1])), circle]), axis=0)
    blocks = totals[block:] - totals[:-block]
    random = np.random.default_rng(0)
    drawn = blocks[random.integers(days, size=(RESAMPLES, -(-days // block)))].sum(axis=1)
    saved = _saved(drawn[drawn.sum(axis=1) > 0])
    if not len(saved):  # every forecast came true: there is nothing to save
        return UNKNOWN
    low, high = np.quantile(saved, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return Skill(float(_saved(sums.sum(axis=0)[None])[0]), float(low), float(high))


def _saved(sums: FloatArray) -> FloatArray:
    best = np.maximum(sums[:, :-1].min(axis=1), np.finfo(np.float64).tiny)
    return np.asarray(1 - sums[:, -1] / best)
