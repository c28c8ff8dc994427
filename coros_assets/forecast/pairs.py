"""Pairs of a moment at which a forecast is made and a run that it is made for.

Belongs here: what was known at the moment, as columns. Does not: what is estimated from them (`model.py`), or
which pairs are learnt from (`evaluation.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from coros_assets.answers.design import HOURS_PER_DAY
from coros_assets.answers.regression import FloatArray
from coros_assets.forecast.history import History, IntArray
from coros_assets.gold.metrics.training import FATIGUE_DAYS

WINDOWS: Final = (1, 5, 15)
"""Runs whose mean is a baseline; the longest is also what a forecast is a deviation from."""

FEWEST_RUNS: Final = 5
"""Runs before the moment."""

MEMORIES_D: Final = (2.0, 7.0, 28.0, 112.0)
"""How fast what runs showed is forgotten: their weight falls to 1/e in so many days."""

LONGEST_BREAK_D: Final = 60
"""A run after a longer break without any is not forecast."""

NIGHT_STEPS_H: Final = (0.0, 12.0, 36.0, 72.0)
WEEK_H: Final = 7 * 24.0
_THURSDAY: Final = 3
"""1 January 1970 was one, counted from Monday."""
_SATURDAY: Final = 5


@dataclass(frozen=True)
class Pairs:
    """m pairs. Each array has the pair first; k is the number of covariates.

    Attributes:
        made_on: date of the last thing known, as days since 1970.
        day: date of the run forecast.
        log_efficiency: what the run showed; NaN of a run to come.
        covariates: of that run, (m, k).
        means: mean log efficiency of the last 1, 5 and 15 runs, (m, 3).
        covariate_means: those of their covariates, (m, 3, k).
        recent: log efficiency of earlier runs against the mean of 15, for each of `MEMORIES_D`, (m, 4).
        covariate_recent: the same of covariates, (m, 4, k).
        circumstances: shifts, load, hour and weekend of the run, (m, q).
        loads: fitness and fatigue on the day before the run, as known or expected at the moment, (m, 2).
    """

    made_on: IntArray
    day: IntArray
    log_efficiency: FloatArray
    covariates: FloatArray
    means: FloatArray
    covariate_means: FloatArray
    recent: FloatArray
    covariate_recent: FloatArray
    circumstances: FloatArray
    loads: FloatArray

    def where(self, mask: NDArray[np.bool_]) -> Pairs:
        """The pairs for which the mask holds."""
        return Pairs(*(getattr(self, field.name)[mask] for field in fields(self)))

    @property
    def in_order(self) -> Pairs:
        """The pairs in order of the day forecast, then of the moment."""
        order = np.lexsort([self.made_on, self.day])
        return Pairs(*(getattr(self, field.name)[order] for field in fields(self)))

    def __len__(self) -> int:
        """How many pairs."""
        return len(self.day)


@dataclass(frozen=True)
class Moments:
    """m moments: the last run known, and date and hour of the run forecast."""

    last_run: IntArray
    day: IntArray
    hour: FloatArray


def weekend(day: IntArray) -> NDArray[np.bool_]:
    """Whether dates, as days since 1970, are Saturdays or Sundays."""
    return np.asarray((day + _THURSDAY) % 7 >= _SATURDAY)


def next_runs(history: History) -> Pairs:
    """Each run as its runner could forecast it when setting out: all days before it are known."""
    target = np.arange(FEWEST_RUNS, len(history))
    moments = Moments(target - 1, history.day[target], history.hour[target])
    loads = history.loads.at_end_of(history.day[target] - 1)
    made_on = history.day[target] - 1
    return _recent(_pairs(history, moments, made_on, loads, target), history.day[target - 1])


def coming_runs(history: History, most_days: int) -> Pairs:
    """Each run as forecast at the end of each earlier date with a run, up to `most_days` before it."""
    is_last = np.append(history.day[1:] > history.day[:-1], True)[: len(history)]
    origins = np.flatnonzero(is_last & (np.arange(len(history)) >= FEWEST_RUNS - 1))
    stop = np.searchsorted(history.day, history.day[origins] + most_days, side="right")
    ahead = stop - origins - 1
    last_run = np.repeat(origins, ahead)
    target = last_run + 1 + np.arange(ahead.sum()) - np.repeat(np.cumsum(ahead) - ahead, ahead)
    moments = Moments(last_run, history.day[target], history.hour[target])
    made_on = history.day[last_run]
    loads = _expected_loads(history, made_on, moments.day)
    return _pairs(history, moments, made_on, loads, target).in_order


def runs_to_come(history: History, most_days: int) -> Pairs:
    """A run at the usual hour on each of the days after the record."""
    made_on = np.full(most_days, history.loads.last)
    day = made_on + 1 + np.arange(most_days)
    moments = Moments(np.full(most_days, len(history) - 1), day, np.full(most_days, history.usual_hour))
    return _pairs(history, moments, made_on, _expected_loads(history, made_on, day), None)


def _recent(pairs: Pairs, last_run_day: IntArray) -> Pairs:
    return pairs.where(pairs.day - last_run_day <= LONGEST_BREAK_D)


def _expected_loads(history: History, made_on: IntArray, day: IntArray) -> FloatArray:
    """Load, fitness and fatigue on the day before a run, if load goes on at the level of fitness."""
    load, fitness, fatigue = history.loads.at_end_of(made_on)
    days = day - 1 - made_on
    return np.stack(
        [
            np.where(days == 0, load, fitness),
            fitness,
            fitness + (fatigue - fitness) * np.exp(-days / FATIGUE_DAYS),
        ]
    )


def _pairs(
    history: History, moments: Moments, made_on: IntArray, loads: FloatArray, target: IntArray | None
) -> Pairs:
    """`loads` are load, fitness and fatigue of the day before; `target` None is a run to come."""
    values = np.column_stack([history.log_efficiency, history.covariates])
    means = np.stack([_mean_of_last(values, moments.last_run, runs) for runs in WINDOWS], axis=1)
    recent = _weighed(history.time_d, values, moments, means[:, -1])
    covariates = means[:, -1, 1:] if target is None else history.covariates[target]
    return Pairs(
        made_on,
        moments.day,
        np.full(len(made_on), np.nan) if target is None else history.log_efficiency[target],
        covariates,
        means[:, :, 0],
        means[:, :, 1:],
        recent[:, :, 0],
        recent[:, :, 1:],
        _circumstances(history, moments, loads),
        loads[1:].T,
    )


def _mean_of_last(values: FloatArray, last: IntArray, runs: int) -> FloatArray:
    """Mean of so many rows up to each; of fewer where there are fewer."""
    sums = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)])
    first = np.maximum(last + 1 - runs, 0)
    return np.asarray((sums[last + 1] - sums[first]) / (last + 1 - first)[:, None])


def _weighed(time_d: FloatArray, values: FloatArray, moments: Moments, base: FloatArray) -> FloatArray:
    """Deviations of earlier rows from the base, weighed by how long ago they were, (m, memories, columns).

    The weights' sum is raised by 1, so that a few old runs say less than many recent ones.
    """
    memories = np.array(MEMORIES_D)
    sums, weights = np.zeros((2, len(memories), values.shape[1]))
    all_sums, all_weights = np.empty((2, len(values), len(memories), values.shape[1]))
    for row, step in enumerate(np.diff(time_d, prepend=time_d[:1])):
        kept = np.exp(-step / memories)[:, None]
        sums, weights = kept * sums + values[row], kept * weights + 1
        all_sums[row], all_weights[row] = sums, weights
    since = moments.day + moments.hour / HOURS_PER_DAY - time_d[moments.last_run]
    kept = np.exp(-np.maximum(since, 0)[:, None] / memories)[:, :, None]
    total, weight = kept * all_sums[moments.last_run], kept * all_weights[moments.last_run]
    return np.asarray((total - weight * base[:, None, :]) / (1 + weight))


def _circumstances(history: History, moments: Moments, loads: FloatArray) -> FloatArray:
    """Hours since a night shift in steps, nights of the week, load, hour and weekend."""
    at_h = HOURS_PER_DAY * moments.day + moments.hour
    since = history.nights.hours_since(at_h)
    steps = [(since >= low) & (since < high) for low, high in pairwise(NIGHT_STEPS_H)]
    angle = 2 * np.pi * moments.hour / HOURS_PER_DAY
    load, fitness, fatigue = loads
    return np.column_stack(
        [
            *steps,
            history.nights.ended_within(at_h, WEEK_H),
            load,
            fitness,
            fitness - fatigue,
            np.cos(angle),
            np.sin(angle),
            weekend(moments.day),
        ]
    ).astype(np.float64)
