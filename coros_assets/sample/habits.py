"""When and how the simulated nurse runs: her habits around the shifts, before anything is planted.

Belongs here: dates, start times, kinds, durations, intensities and places of runs.
Does not: how efficient a run was (`runner.py`), or what its seconds look like (`track.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum, StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from coros_assets.errors import CorosError
from coros_assets.sample.roster import DAY, HOME_TIMEZONE, NIGHT, Roster

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class Kind(StrEnum):
    """What a run was for."""

    EASY = "easy"
    LONG = "long"
    TEMPO = "tempo"
    RACE = "race"


class _Rest(IntEnum):
    """What the roster leaves of a day; the rows of the tables below."""

    FREE = 0
    AFTER_NIGHT = 1
    DAY = 2
    FIRST_NIGHT = 3
    BETWEEN_NIGHTS = 4


@dataclass(frozen=True)
class Place:
    """Where she runs: a start in a public park, the loop's length, its climb."""

    latitude_deg: float
    longitude_deg: float
    loop_m: float
    climb_m_per_km: float
    timezone: str = HOME_TIMEZONE


@dataclass(frozen=True)
class Plan:
    """A run before it is run; `day` counts from the history's first date, `start_s` from local midnight."""

    date: date
    day: int
    timezone: str
    start_s: int
    timer_time_s: int
    pauses: tuple[tuple[int, int], ...]
    kind: Kind
    place: Place | None
    climb_m_per_km: float
    heart_rate_reserve: float


_HOME_PLACES: Final = (
    Place(48.2110, 16.4080, 5200.0, 2.0),  # Prater
    Place(48.2330, 16.4130, 6400.0, 2.5),  # Danube island
    Place(48.1790, 16.3010, 4300.0, 5.0),  # Schoenbrunn
    Place(48.2200, 16.2560, 5600.0, 6.5),  # Vienna woods
)
_ABROAD: Final = Place(35.6850, 139.7530, 5000.0, 3.5, "Asia/Tokyo")
"""Around the Imperial Palace: a morning run there starts on the day before in UTC."""

_WEIGHT: Final = np.array([0.62, 0.42, 0.28, 0.42, 0.42])
"""How much she likes to run on each kind of day, relative to the others."""

_EARLIEST_H: Final = np.array([7.5, 15.5, 19.75, 10.0, 15.0])
_LATEST_H: Final = np.array([11.0, 18.5, 20.75, 15.5, 16.25])
"""Local hours between which a run starts, by kind of day."""

_EVENING_SHARE: Final = 0.3
_EVENING_H: Final = (15.5, 18.5)
"""How many runs of free days start in the evening instead, and when."""

_KINDS: Final = (Kind.EASY, Kind.LONG, Kind.TEMPO)
_KIND_SHARE: Final = np.array(
    [[0.62, 0.20, 0.18], [0.92, 0.0, 0.08], [0.85, 0.0, 0.15], [0.78, 0.0, 0.22], [0.95, 0.0, 0.05]]
)
"""Share of easy, long and tempo runs, by kind of day."""

_SATURDAY: Final = 5
_RACE_SHARE: Final = 0.08
"""Share of races among the runs of free weekend days."""

_RACE_MIN: Final = np.array([24.5, 50.0, 50.0, 110.0])
"""Durations of her 5 km, 10 km (twice as often) and half-marathon races."""

_MINUTES: Final = {
    Kind.EASY: (38.0, 7.0, 22.0, 56.0),
    Kind.LONG: (82.0, 11.0, 65.0, 115.0),
    Kind.TEMPO: (43.0, 6.0, 32.0, 56.0),
}
"""Mean, standard deviation, shortest, longest."""

_RESERVE: Final = {
    Kind.EASY: (0.66, 0.030),
    Kind.LONG: (0.67, 0.020),
    Kind.TEMPO: (0.77, 0.020),
    Kind.RACE: (0.88, 0.015),
}
"""Share of the heart-rate reserve: mean and standard deviation."""

_TIRED_RESERVE: Final = -0.02
"""She runs a little easier on days after a night: a difference that an honest comparison must allow for."""

_INDOOR_SHARE: Final = 0.075
"""Share of treadmill runs among easy and tempo runs at home: 6 % of all."""

_PAUSED_SHARE: Final = 0.3
_PAUSE_S: Final = (20, 180)
"""Share of outdoor runs with a pause, and the shortest and longest pause."""


def plan_runs(
    roster: Roster, start: date, count: int, runs: int, rng: np.random.Generator
) -> tuple[Plan, ...]:
    """`runs` runs on as many of the `count` dates from `start`, at most one a date, none while ill.

    Raises:
        CorosError: more runs than dates.
    """
    offset = (start - roster.first).days
    rest = _rest(roster)[offset : offset + count]
    days = _choose_days(_WEIGHT[rest] * ~_span(roster.illness, start, count), runs, rng)
    rest = rest[days]
    dates = [start + timedelta(days=int(day)) for day in days]
    kinds = _kinds(rest, np.array([on.weekday() >= _SATURDAY for on in dates], dtype=np.bool_), rng)
    places = _places(kinds, _span(roster.abroad, start, count)[days], rng)
    start_s = _start_s(rest, kinds, rng)
    tired = (rest == _Rest.AFTER_NIGHT) | (rest == _Rest.BETWEEN_NIGHTS)
    plans = []
    for i, (on, kind, place) in enumerate(zip(dates, kinds, places, strict=True)):
        timer_time_s = _timer_time_s(kind, rng)
        mean, spread = _RESERVE[kind]
        reserve = mean + spread * float(np.clip(rng.normal(), -2, 2)) + _TIRED_RESERVE * bool(tired[i])
        plans.append(
            Plan(
                date=on,
                day=int(days[i]),
                timezone=place.timezone if place else HOME_TIMEZONE,
                start_s=int(start_s[i]),
                timer_time_s=timer_time_s,
                pauses=_pauses(kind, place, timer_time_s, rng),
                kind=kind,
                place=place,
                climb_m_per_km=place.climb_m_per_km * rng.uniform(0.85, 1.15) if place else 0.0,
                heart_rate_reserve=reserve,
            )
        )
    return tuple(plans)


def _rest(roster: Roster) -> IntArray:
    """The kind of day of every date of the roster."""
    codes = roster.codes
    after = np.concatenate(([False], codes[:-1] == NIGHT))
    night = codes == NIGHT
    return np.select(
        [codes == DAY, night & after, night, after],
        [_Rest.DAY, _Rest.BETWEEN_NIGHTS, _Rest.FIRST_NIGHT, _Rest.AFTER_NIGHT],
        default=_Rest.FREE,
    ).astype(np.int64)


def _span(span: tuple[date, date] | None, start: date, count: int) -> NDArray[np.bool_]:
    inside = np.zeros(count, dtype=np.bool_)
    if span:
        inside[max((span[0] - start).days, 0) : max((span[1] - start).days + 1, 0)] = True
    return inside


def _choose_days(weight: FloatArray, runs: int, rng: np.random.Generator) -> IntArray:
    """`runs` days in order, drawn by weight without replacement (Efraimidis and Spirakis 2006)."""
    possible = int(np.count_nonzero(weight))
    if runs > possible:
        raise CorosError(f"{runs} runs do not fit into {possible} days: choose fewer runs per year.")
    waiting = np.full(len(weight), np.inf)
    np.divide(rng.exponential(size=len(weight)), weight, out=waiting, where=weight > 0)
    return np.sort(np.argsort(waiting, kind="stable")[:runs])


def _kinds(rest: IntArray, weekend: NDArray[np.bool_], rng: np.random.Generator) -> list[Kind]:
    share = np.cumsum(_KIND_SHARE[rest], axis=1)
    drawn = (rng.uniform(size=(len(rest), 1)) > share[:, :-1]).sum(axis=1)
    race = (rest == _Rest.FREE) & weekend & (rng.uniform(size=len(rest)) < _RACE_SHARE)
    return [Kind.RACE if race[i] else _KINDS[drawn[i]] for i in range(len(rest))]


def _places(kinds: list[Kind], abroad: NDArray[np.bool_], rng: np.random.Generator) -> list[Place | None]:
    indoor = rng.uniform(size=len(kinds)) < _INDOOR_SHARE
    home = rng.integers(len(_HOME_PLACES), size=len(kinds))
    return [
        _ABROAD
        if abroad[i]
        else None
        if indoor[i] and kind in {Kind.EASY, Kind.TEMPO}
        else _HOME_PLACES[home[i]]
        for i, kind in enumerate(kinds)
    ]


def _start_s(rest: IntArray, kinds: list[Kind], rng: np.random.Generator) -> IntArray:
    """Seconds from local midnight to the start; long runs and races start in the morning."""
    movable = np.array([kind in {Kind.EASY, Kind.TEMPO} for kind in kinds], dtype=np.bool_)
    evening = (rest == _Rest.FREE) & movable & (rng.uniform(size=len(rest)) < _EVENING_SHARE)
    earliest = np.where(evening, _EVENING_H[0], _EARLIEST_H[rest])
    latest = np.where(evening, _EVENING_H[1], _LATEST_H[rest])
    hours = earliest + (latest - earliest) * rng.uniform(size=len(rest))
    return np.rint(hours * 3600).astype(np.int64)


def _timer_time_s(kind: Kind, rng: np.random.Generator) -> int:
    if kind is Kind.RACE:
        return round(60 * float(rng.choice(_RACE_MIN)) * rng.uniform(0.97, 1.03))
    mean, spread, shortest, longest = _MINUTES[kind]
    return round(60 * float(np.clip(rng.normal(mean, spread), shortest, longest)))


def _pauses(
    kind: Kind, place: Place | None, timer_time_s: int, rng: np.random.Generator
) -> tuple[tuple[int, int], ...]:
    """At most two pauses, in the order of time, neither at the start nor at the end."""
    if place is None or kind is Kind.RACE or rng.uniform() >= _PAUSED_SHARE:
        return ()
    at = np.sort(rng.choice(np.arange(300, timer_time_s - 300, 60), size=rng.integers(1, 3), replace=False))
    return tuple((int(second), int(rng.integers(_PAUSE_S[0], _PAUSE_S[1] + 1))) for second in at)
