"""Fatigue of the coming days: the load of one week, if training goes on as it does on such shifts.

Belongs here: what load is to be expected on what kind of day, and what fatigue it makes. Does not: load and
fatigue as they were (`gold/metrics/training.py`), or how well this forecasts (`evaluation.py`).
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from coros_assets.answers.regression import FloatArray
from coros_assets.forecast.evaluation import Evaluation, rolling
from coros_assets.forecast.history import IntArray, Loads
from coros_assets.forecast.model import BANISTER, LAST, ROLLING_5, ROLLING_15
from coros_assets.forecast.pairs import weekend
from coros_assets.gold.metrics.training import FATIGUE_DAYS, FITNESS_DAYS
from coros_assets.roster.labels import label_dates

BY_SHIFT: Final = "load by shift and weekend"
METHODS: Final = (LAST, ROLLING_5, ROLLING_15, BANISTER, BY_SHIFT)
"""Fatigue stays as it is, or load goes on as in the last 5 or 15 days, or at the level of fitness, or at that
level times what kind of day it is."""

AHEAD_D: Final = 14
HALF_KNOWN_D: Final = 20
"""Days of a kind after which its own share of load counts as much as the usual one."""

FEWEST_D: Final = 60
"""Days to learn from."""

PERIODS: Final = ("day", "night", "off", "unknown")


def kinds(dates: IntArray, shifts: pa.Table) -> IntArray:
    """A number for each date by its `schedule_period` and whether it is a weekend."""
    periods = label_dates(pa.array(dates.astype(np.int32)).cast(pa.date32()), shifts).to_pylist()
    return np.array([PERIODS.index(period) for period in periods], dtype=np.int64) * 2 + weekend(dates)


def evaluate(loads: Loads, kind: IntArray) -> Evaluation:
    """Fatigue 1 to 14 days ahead from each date of the record; `kind` of its dates and the 14 after it."""
    origin, ahead = _origins(len(loads.load))
    day = loads.first + origin + ahead

    def learner(learnt: NDArray[np.bool_], made: NDArray[np.bool_]) -> FloatArray | None:
        days = int(day[learnt].max(initial=loads.first)) - loads.first
        if days < FEWEST_D:
            return None
        shares = load_shares(loads, kind, days)
        at = np.unique(origin[made])
        forecast = forecasts(loads, kind, shares, at)
        return forecast[np.searchsorted(at, origin[made]), ahead[made] - 1]

    return rolling(METHODS, loads.first + origin, day, ahead, loads.fatigue[origin + ahead], learner)


def _origins(days: int) -> tuple[IntArray, IntArray]:
    """Rows of origins and days ahead of all forecasts whose day is recorded, in order of that day."""
    origin, ahead = (each.ravel() for each in np.mgrid[0:days, 1 : AHEAD_D + 1])
    inside = origin + ahead < days
    origin, ahead = origin[inside], ahead[inside]
    order = np.lexsort([origin, origin + ahead])
    return origin[order], ahead[order]


def load_shares(loads: Loads, kind: IntArray, days: int) -> FloatArray:
    """Load of each kind of day as a share of fitness the day before, from the first `days` days.

    Fitness is what it would be had it not begun at 0. Shares are drawn towards 1 by `HALF_KNOWN_D`.
    """
    day, size = np.arange(1, days), 2 * len(PERIODS)
    usual = loads.fitness[: days - 1] / -np.expm1(-day / FITNESS_DAYS)
    added = HALF_KNOWN_D * float(usual.mean()) + np.finfo(np.float64).tiny
    load, of_days = (np.bincount(kind[day], each, size) for each in (loads.load[day], usual))
    return np.asarray((load + added) / (of_days + added))


def forecasts(loads: Loads, kind: IntArray, shares: FloatArray, origins: IntArray) -> FloatArray:
    """Fatigue 1 to 14 days after the rows `origins` by each method, shape (origins, 14, methods)."""
    fatigue, fitness = loads.fatigue[origins], loads.fitness[origins]
    sums = np.append(0.0, np.cumsum(loads.load))
    recent = [
        (sums[origins + 1] - sums[np.maximum(origins + 1 - days, 0)]) / np.minimum(origins + 1, days)
        for days in (5, 15)
    ]
    by_kind = fitness[:, None] * shares[kind[origins[:, None] + 1 + np.arange(AHEAD_D)]]
    expected = [np.repeat(each[:, None], AHEAD_D, axis=1) for each in (*recent, fitness)]
    made = [_carried_on(fatigue, load) for load in (*expected, by_kind)]
    return np.stack([np.repeat(fatigue[:, None], AHEAD_D, axis=1), *made], axis=2)


def _carried_on(fatigue: FloatArray, load: FloatArray) -> FloatArray:
    """Fatigue after each of the days with these loads, both (origins, days)."""
    alpha, after = -math.expm1(-1 / FATIGUE_DAYS), []
    for day in range(load.shape[1]):
        fatigue = fatigue + alpha * (load[:, day] - fatigue)
        after.append(fatigue)
    return np.column_stack(after)
