"""How the loads of successive days add up.

Belongs here: fitness, fatigue, monotony, load ratios over a series with one load a day, rest days zero.
Does not: the load of an activity (`load.py`) or the calendar (`gold/days.py`).
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from coros_assets.gold.metrics.arrays import FloatArray

FITNESS_DAYS: Final = 42.0
FATIGUE_DAYS: Final = 7.0

MONOTONY_DAYS: Final = 7


ACUTE_DAYS: Final = 7
CHRONIC_DAYS: Final = 28


def fitness(daily_load: FloatArray) -> FloatArray:
    """Fitness: x + alpha (load - x) each day with alpha = 1 - exp(-1/42), from 0 before the first day.

    Others take alpha = 1/42 or 2/43: their figures differ. Never empty. Source: Banister et al. 1975, Aust J
    Sports Med 7:57-61; days as training software settled on.
    """
    return exponential_load(daily_load, FITNESS_DAYS)


def fatigue(daily_load: FloatArray) -> FloatArray:
    """Fatigue: as fitness, with alpha = 1 - exp(-1/7). Never empty. Source: as fitness."""
    return exponential_load(daily_load, FATIGUE_DAYS)


def exponential_load(daily_load: FloatArray, days: float) -> FloatArray:
    """x_t = x_{t-1} + alpha (load_t - x_{t-1}) with alpha = 1 - exp(-1/days), starting at 0."""
    alpha = -math.expm1(-1 / days)
    weights = alpha * (1 - alpha) ** np.arange(daily_load.size)
    return np.convolve(daily_load, weights)[: daily_load.size]


def form(daily_load: FloatArray) -> FloatArray:
    """Form: yesterday's fitness minus yesterday's fatigue; 0 on the first day, never empty.

    Source: as fitness.
    """
    balance = fitness(daily_load) - fatigue(daily_load)
    return np.concatenate(([0.0], balance))[: daily_load.size]


def monotony(daily_load: FloatArray) -> FloatArray:
    """Mean over population SD of the load of the last 7 days, rest days as zeros.

    NaN before day 7 and where all seven are equal. Source: Foster 1998, Med Sci Sports Exerc 30:1164-1168.
    """
    result = np.full(daily_load.size, np.nan)
    if daily_load.size >= MONOTONY_DAYS:
        week = np.lib.stride_tricks.sliding_window_view(daily_load, MONOTONY_DAYS)
        varied = np.ptp(week, axis=1) > 0
        result[MONOTONY_DAYS - 1 :][varied] = week[varied].mean(axis=1) / week[varied].std(axis=1)
    return result


def strain(daily_load: FloatArray) -> FloatArray:
    """Sum of the load of the last 7 days times `monotony`; NaN where that is.

    Source: Foster 1998, Med Sci Sports Exerc 30:1164-1168.
    """
    week = np.convolve(daily_load, np.ones(MONOTONY_DAYS))[: daily_load.size]
    return week * monotony(daily_load)


def coupled_ratio(daily_load: FloatArray) -> FloatArray:
    """Mean load of the last 7 days over that of the last 28, these 7 among them (ACWR).

    Shown, never used to conclude: the ratio predicts nothing by itself (Impellizzeri et al. 2020, Int J
    Sports Physiol Perform 15:907-913). NaN before day 28 and without load. Source: Hulin et al. 2014, Br J
    Sports Med 48:708-712.
    """
    return _ratio(_mean(daily_load, ACUTE_DAYS), _mean(daily_load, CHRONIC_DAYS))


def uncoupled_ratio(daily_load: FloatArray) -> FloatArray:
    """Mean load of the last 7 days over that of the 21 days before them.

    Shown, never used to conclude, as the coupled ratio; the two parts have no day in common, so that they
    do not correlate by construction. NaN before day 28 and without load in the 21 days. Source: Lolli et
    al. 2019, Br J Sports Med 53:921-922.
    """
    before = np.concatenate((np.full(ACUTE_DAYS, np.nan), daily_load))[: daily_load.size]
    return _ratio(_mean(daily_load, ACUTE_DAYS), _mean(before, CHRONIC_DAYS - ACUTE_DAYS))


def _mean(daily_load: FloatArray, days: int) -> FloatArray:
    """Mean of each day and the `days` - 1 before it; NaN where there are fewer."""
    result = np.full(daily_load.size, np.nan)
    if daily_load.size >= days:
        result[days - 1 :] = np.lib.stride_tricks.sliding_window_view(daily_load, days).mean(axis=1)
    return result


def _ratio(acute: FloatArray, chronic: FloatArray) -> FloatArray:
    ratio: FloatArray = np.divide(acute, chronic, out=np.full(acute.size, np.nan), where=chronic > 0)
    return ratio
