"""The speed that a runner can hold, and the distance beyond it, from the best efforts of a season.

Belongs here: which efforts are near-maximal, critical speed and D' of each day. Does not: finding the efforts
(`best_effort.py`).
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from coros_assets.athlete import Athlete
from coros_assets.gold.metrics.arrays import BoolArray, FloatArray, IntArray
from coros_assets.gold.metrics.best_effort import BestEffort, StandardDistance
from coros_assets.gold.metrics.track import Track
from coros_assets.gold.metrics.vdot import vdot

SHORTEST_EFFORT_S: Final = 120.0
LONGEST_EFFORT_S: Final = 1200.0
"""Between 2 and 20 min distance is linear in time: Poole et al. 2016, Med Sci Sports Exerc 48:2320-2334."""

BELOW_MAXIMUM_BPM: Final = 10.0
"""A heart rate within 10 bpm of the maximum is a usual criterion of a maximal effort: Howley, Bassett & Welch
1995, Med Sci Sports Exerc 27:1292-1301."""

SEASON_DAYS: Final = 90
FEWEST_EFFORTS: Final = 3
"""Smyth & Muniz-Pumares 2020, Med Sci Sports Exerc 52:2637-2645, take at least three distances."""

LARGEST_D_PRIME_M: Final = 240.0
"""Mean and two standard deviations of 14 runners (123 and 58 m): Kordi, Menzies & Galbraith 2019, Int J
Sports Physiol Perform 14:685-688. More, or less than nothing, shows that not all efforts were maximal."""


class Efforts(NamedTuple):
    """Best efforts, one row each: day (0 is the first of the series), length, time, whether near-maximal."""

    day: IntArray
    distance_m: FloatArray
    time_s: FloatArray
    is_near_maximal: BoolArray


class CriticalSpeed(NamedTuple):
    """Of each day: critical speed in m/s, D' in m, and 1 where the speed is a lower bound, else 0.

    NaN where there is nothing.
    """

    speed_m_per_s: FloatArray
    d_prime_m: FloatArray
    is_lower_bound: FloatArray


def near_maximal(track: Track, athlete: Athlete) -> frozenset[StandardDistance]:
    """The distances whose best effort in this run was close to all that the runner had.

    That is an effort of 2 to 20 min in which heart rate came within 10 bpm of the maximum; of stretches that
    overlap only the one of the highest Daniels-Gilbert index, for a part of a race is not maximal itself.
    None while the maximum heart rate is an estimate.
    """
    if "max_heart_rate_bpm" in athlete.estimated:
        return frozenset()
    lowest = athlete.max_heart_rate_bpm - BELOW_MAXIMUM_BPM
    hard = {
        standard: effort
        for standard, effort in track.efforts.items()
        if SHORTEST_EFFORT_S <= effort.time_s <= LONGEST_EFFORT_S and _highest(track, effort) >= lowest
    }
    chosen: dict[StandardDistance, BestEffort] = {}
    for standard in sorted(hard, key=lambda d: vdot(d.length_m, hard[d].time_s), reverse=True):
        if not any(_overlap(hard[standard], other) for other in chosen.values()):
            chosen[standard] = hard[standard]
    return frozenset(chosen)


def _highest(track: Track, effort: BestEffort) -> float:
    begin_s = effort.start_offset_s + float(track.time_s[0])
    inside = (track.time_s >= begin_s) & (track.time_s <= begin_s + effort.time_s)
    return float(np.max(np.nan_to_num(track.heart_rate_bpm[inside]), initial=0.0))


def _overlap(one: BestEffort, other: BestEffort) -> bool:
    later, earlier = max(one, other, key=_began), min(one, other, key=_began)
    return later.start_offset_s < earlier.start_offset_s + earlier.time_s


def _began(effort: BestEffort) -> float:
    return effort.start_offset_s


def critical_speed(efforts: Efforts, days: int) -> CriticalSpeed:
    """Critical speed CS, m/s, and D', m, on each of `days` days from best efforts of it and the 89 before.

    Least squares of distance = CS time + D' over the fastest near-maximal effort of each distance (2 to
    20 min, with a heart rate within 10 bpm of the runner's own maximum, and no part of a better effort), if
    there are at least three distances, D' is above 0 and at most 240 m, and no effort shows a higher speed.
    Else the speed is a lower bound, which has no D': the least that explains the best of all efforts of
    2 min and longer, were D' 240 m. NaN without such an effort. Source: Smyth & Muniz-Pumares 2020, Med Sci
    Sports Exerc 52:2637-2645; D' of runners: Kordi et al. 2019, Int J Sports Physiol Perform 14:685-688.
    """
    enough = efforts.time_s >= SHORTEST_EFFORT_S
    shown = (efforts.distance_m - LARGEST_D_PRIME_M) / np.where(enough, efforts.time_s, np.inf)
    bound = -_least_of_season(efforts.day, np.where(enough, -shown, np.inf), days)
    speed, d_prime = _fitted(efforts, days)
    fits = (d_prime > 0) & (d_prime <= LARGEST_D_PRIME_M) & (speed >= bound)
    known = np.isfinite(bound) & (fits | (bound > 0))
    return CriticalSpeed(
        np.where(known, np.where(fits, speed, bound), np.nan),
        np.where(known & fits, d_prime, np.nan),
        np.where(known, ~fits, np.nan),
    )


def _fitted(efforts: Efforts, days: int) -> tuple[FloatArray, FloatArray]:
    """Slope and intercept of distance on time of each day's fastest near-maximal efforts; NaN below three."""
    lengths = np.unique(efforts.distance_m[efforts.is_near_maximal])
    time = np.full((lengths.size, days), np.inf)
    for row, length in enumerate(lengths):
        used = efforts.is_near_maximal & (efforts.distance_m == length)
        time[row] = _least_of_season(efforts.day[used], efforts.time_s[used], days)
    there = np.isfinite(time)
    distance = np.where(there, lengths[:, None], 0.0)
    time = np.where(there, time, 0.0)
    count = there.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean_time, mean_distance = time.sum(axis=0) / count, distance.sum(axis=0) / count
        from_mean = np.where(there, time - mean_time, 0.0)
        slope = (from_mean * distance).sum(axis=0) / (from_mean**2).sum(axis=0)
    slope = np.where(count >= FEWEST_EFFORTS, slope, np.nan)
    return slope, mean_distance - slope * mean_time


def _least_of_season(day: IntArray, values: FloatArray, days: int) -> FloatArray:
    """On each day the least value of the season up to it; infinity without one."""
    of_day = np.full(SEASON_DAYS - 1 + days, np.inf)
    np.minimum.at(of_day, SEASON_DAYS - 1 + day, values)
    least: FloatArray = sliding_window_view(of_day, SEASON_DAYS).min(axis=1)
    return least
