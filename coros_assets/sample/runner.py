"""The simulated runner: a nurse on rotating shifts, with known effects planted in how she runs.

Belongs here: the planted effects, and when, how long, how hard and how efficiently she runs.
Does not: the roster (`roster.py`), the seconds of a run (`track.py`), files (`tcx.py`, `files.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from math import ceil
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from coros_assets.errors import CorosError
from coros_assets.sample import habits
from coros_assets.sample.habits import Plan
from coros_assets.sample.roster import NIGHT, Roster, WorkShift, plan_roster

DEFAULT_END: Final = date(2025, 12, 31)
"""Last date of a history that names no other: fixed, so that the same command makes the same bytes."""

DEFAULT_RUNS_PER_YEAR: Final = 175.0
"""48 % of days."""

MAX_HEART_RATE_BPM: Final = 188
RESTING_HEART_RATE_BPM: Final = 50
THRESHOLD_HEART_RATE_BPM: Final = 167
"""Resting plus 85 % of the reserve."""

_LONGEST_YEARS: Final = 20.0
"""Points before 2005 are dropped as impossible, so no history reaches further back."""

_ILLNESS_AT: Final = 0.62
"""Where in the history the illness begins, as a share of its days."""

_ILLNESS_D: Final = 14
_ILLNESS_NEEDS_D: Final = 120
"""A shorter history has no illness in it."""

_DAYS_PER_YEAR: Final = 365.25

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Planted:
    """The effects that a simulated history holds; each acts on log efficiency, in metres per heart beat.

    log efficiency = log(`efficiency_m_per_beat`) + `efficiency_per_reserve` · (reserve - 0.70)
      + fitness + season + night + next day + an AR(1) process by the day + noise by the run.

    Fitness is a line in time, zero in the middle of the history.
    The night effect is whole while a run starts at most `night_whole_h` after a night shift's end and fades
    in a line to nothing at `night_gone_h`, so that runs within 36 h differ by just it from runs after 72 h.
    The next-day effect is per standard deviation of daily load (Banister's training impulse, rest days as
    zeros, over all days of the history). Season is a cosine, best on that day of January.
    Nothing else acts: not the hour, the climb, the distance, the roof overhead or the time zone.
    """

    night_effect_pct: float = -3.0
    night_whole_h: float = 36.0
    night_gone_h: float = 60.0
    fitness_change_pct_per_year: float = 4.0
    next_day_effect_pct_per_sd: float = -0.8
    season_amplitude_pct: float = 1.0
    season_best_day: int = 15
    autocorrelation_per_day: float = 0.7
    autocorrelated_sd: float = 0.015
    noise_sd: float = 0.02
    efficiency_m_per_beat: float = 1.22
    efficiency_per_reserve: float = 0.35


PLANTED: Final = Planted()
"""What the sample history holds."""


@dataclass(frozen=True)
class Run:
    """One run as planned and as it went.

    `start` is in the zone she ran in. `hours_since_night_end` is None before the first known night.
    `load_before_sd` is the standardised load of the day before. `seed` makes its track.
    """

    plan: Plan
    start: datetime
    efficiency_m_per_beat: float
    hours_since_night_end: float | None
    load_before_sd: float
    seed: tuple[int, int]

    @property
    def end(self) -> datetime:
        """The instant of the last point."""
        total_s = self.plan.timer_time_s + sum(length for _, length in self.plan.pauses)
        return self.start.astimezone(UTC) + timedelta(seconds=total_s)

    @property
    def heart_rate_bpm(self) -> float:
        """The average heart rate she ran at."""
        reserve_bpm = MAX_HEART_RATE_BPM - RESTING_HEART_RATE_BPM
        return RESTING_HEART_RATE_BPM + self.plan.heart_rate_reserve * reserve_bpm


@dataclass(frozen=True)
class Simulation:
    """A whole history: what was planted, what she worked, what she ran."""

    planted: Planted
    roster: Roster
    shifts: tuple[WorkShift, ...]
    runs: tuple[Run, ...]


def simulate(
    years: float = 2,
    seed: int = 0,
    end: date = DEFAULT_END,
    runs_per_year: float = DEFAULT_RUNS_PER_YEAR,
    planted: Planted = PLANTED,
) -> Simulation:
    """The history of `years` up to and including `end`; equal arguments give an equal history.

    Raises:
        CorosError: more years than can be simulated, or more runs than free days.
    """
    if not 0 < years <= _LONGEST_YEARS:
        raise CorosError(
            f"A history of {years:g} years cannot be simulated: choose more than 0 and at most"
            f" {_LONGEST_YEARS:g}."
        )
    rng = np.random.default_rng(seed)
    count = ceil(years * _DAYS_PER_YEAR)
    start = end - timedelta(days=count - 1)
    roster = plan_roster(start, end, _illness(start, count), rng)
    shifts = roster.shifts()
    plans = habits.plan_runs(roster, start, count, round(runs_per_year * years), rng)
    starts = [_start(plan) for plan in plans]
    rested_h = _hours_since_night_end(starts, shifts)
    load_sd = _load_of_the_day_before(plans, count)
    days = np.array([plan.day for plan in plans], dtype=np.int64)
    efficiency = np.exp(
        _at_reserve(plans, planted)
        + _of_the_day(start, count, planted, rng)[days]
        + np.log1p(planted.night_effect_pct / 100) * _night_share(rested_h, planted)
        + planted.next_day_effect_pct_per_sd / 100 * load_sd
        + rng.normal(size=len(plans)) * planted.noise_sd
    )
    known_h = [float(hours) if np.isfinite(hours) else None for hours in rested_h]
    runs = tuple(
        Run(plan, starts[i], float(efficiency[i]), known_h[i], float(load_sd[i]), (seed, i))
        for i, plan in enumerate(plans)
    )
    return Simulation(planted, roster, shifts, runs)


def _illness(start: date, count: int) -> tuple[date, date] | None:
    if count < _ILLNESS_NEEDS_D:
        return None
    begin = start + timedelta(days=round(_ILLNESS_AT * count))
    return begin, begin + timedelta(days=_ILLNESS_D - 1)


def _start(plan: Plan) -> datetime:
    midnight = datetime.combine(plan.date, time(), tzinfo=ZoneInfo(plan.timezone))
    return midnight + timedelta(seconds=plan.start_s)


def _hours_since_night_end(starts: list[datetime], shifts: tuple[WorkShift, ...]) -> FloatArray:
    """Hours from the last night shift's end to each start; infinite before the first night."""
    ends = np.array([-np.inf, *(shift.end.timestamp() for shift in shifts if shift.code == NIGHT)])
    at = np.array([start.timestamp() for start in starts])
    return np.asarray((at - ends[np.searchsorted(ends, at, side="right") - 1]) / 3600.0, dtype=np.float64)


def _load_of_the_day_before(plans: tuple[Plan, ...], count: int) -> FloatArray:
    """The load of the day before each run, less the mean of all days and over their standard deviation."""
    days = np.array([plan.day for plan in plans], dtype=np.int64)
    reserve = np.array([plan.heart_rate_reserve for plan in plans])
    minutes = np.array([plan.timer_time_s for plan in plans]) / 60.0
    load = np.zeros(count)
    load[days] = minutes * reserve * 0.86 * np.exp(1.67 * reserve)  # Banister 1991, women
    spread = load.std() or 1.0
    standardised = (load - load.mean()) / spread
    return np.where(days > 0, standardised[days - 1], 0.0)


def _at_reserve(plans: tuple[Plan, ...], planted: Planted) -> FloatArray:
    """Log efficiency at the intensity of each run, all else equal."""
    reserve = np.array([plan.heart_rate_reserve for plan in plans])
    base = float(np.log(planted.efficiency_m_per_beat))
    return base + planted.efficiency_per_reserve * (reserve - 0.70)


def _of_the_day(start: date, count: int, planted: Planted, rng: np.random.Generator) -> FloatArray:
    """Fitness, season and the AR(1) process, in log efficiency, for each date of the history."""
    days = np.arange(count)
    fitness = np.log1p(planted.fitness_change_pct_per_year / 100) * (days - (count - 1) / 2) / _DAYS_PER_YEAR
    since_best_d = days + (start - date(start.year, 1, planted.season_best_day)).days
    season = planted.season_amplitude_pct / 100 * np.cos(2 * np.pi * since_best_d / _DAYS_PER_YEAR)
    rho = planted.autocorrelation_per_day
    shocks = rng.normal(size=count) * planted.autocorrelated_sd
    shocks[1:] *= np.sqrt(1 - rho**2)
    wandering = np.fromiter(accumulate(shocks, lambda before, shock: rho * before + shock), np.float64)
    return np.asarray(fitness + season + wandering, dtype=np.float64)


def _night_share(rested_h: FloatArray, planted: Planted) -> FloatArray:
    """How much of the night effect is left after so many hours, from 1 to 0."""
    fades_h = planted.night_gone_h - planted.night_whole_h
    return np.clip((planted.night_gone_h - rested_h) / fades_h, 0.0, 1.0)
