"""The runner's own numbers, dated: maximum, resting and threshold heart rate, threshold speed, sex.

Belongs here: reading and checking the athlete's TOML file, and the estimates for what it leaves out.
Does not: where the file lies (`settings.py`) or what is computed with it (`gold/metrics/`).
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final, Literal, TypeAlias, cast

from coros_assets.errors import CorosError

Sex: TypeAlias = Literal["female", "male"]
Values: TypeAlias = Mapping[str, float | str]

ESTIMATED_AGE_YEARS: Final = 35.0
"""Average age in U.S. races in 2014 (34.5 and 35.8 by sex): Running USA, State of the Sport 2015."""

ESTIMATED_MAX_HEART_RATE_BPM: Final = 208.0 - 0.7 * ESTIMATED_AGE_YEARS
"""183.5 bpm; Tanaka, Monahan & Seals 2001, J Am Coll Cardiol 37:153-156."""

ESTIMATED_RESTING_HEART_RATE_BPM: Final = 65.0
"""Mean of 92,457 adults: Quer et al. 2020, PLoS ONE 15(2):e0227709."""

ESTIMATED_THRESHOLD_RESERVE: Final = 0.85
"""Threshold heart rate = resting + 0.85 of the reserve; this project's definition."""

ESTIMATED_THRESHOLD_SPEED_M_PER_S: Final = 10_000.0 / 3600.0
"""An hour for 10 km, the middle of the 50 to 70 min that recreational runners take; threshold speed is what
can be held for about an hour."""

ESTIMATED_SEX: Final[Sex] = "male"
"""Weights of Banister's training impulse in most software."""

RANGES: Final[Mapping[str, tuple[float, float]]] = {
    "max_heart_rate_bpm": (100.0, 240.0),
    "resting_heart_rate_bpm": (25.0, 120.0),
    "threshold_heart_rate_bpm": (80.0, 230.0),
    "threshold_speed_m_per_s": (1.0, 8.0),
}
"""What a person can have; outside is a slip of the unit or the pen."""

SEXES: Final = ("female", "male")
VALID_FROM: Final = "valid_from"
KNOWN_KEYS: Final = (VALID_FROM, *RANGES, "sex")


class AthleteError(CorosError):
    """An athlete file that cannot be understood; the text names the entry."""


@dataclass(frozen=True)
class Athlete:
    """The runner's numbers on one date; `estimated` names those that the file does not give."""

    max_heart_rate_bpm: float
    resting_heart_rate_bpm: float
    threshold_heart_rate_bpm: float
    threshold_speed_m_per_s: float
    sex: Sex
    estimated: frozenset[str] = frozenset()

    @property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits, equal on all machines, that differ when a value or its origin does."""
        values = asdict(self) | {"estimated": sorted(self.estimated)}
        return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class AthleteHistory:
    """The entries of the athlete file, earliest first: the date each is valid from and its values."""

    entries: tuple[tuple[date, Values], ...]

    def on(self, day: date) -> Athlete:
        """The runner on `day`: of each value the latest given by then, else the first given later.

        A value measured later is nearer the truth than an estimate, and load does not jump on the day of
        the first entry. A value that no entry gives is estimated.
        """
        given: dict[str, float | str] = {}
        for _, values in reversed(self.entries):
            given |= values
        for valid_from, values in self.entries:
            if valid_from <= day:
                given |= values
        return _completed(given)


def read_athlete(data: bytes | None) -> AthleteHistory:
    """The history in a TOML file of `[[athlete]]` tables; without a file, one of estimates only.

    Raises:
        AthleteError: not TOML, an unknown key, a date or a value that cannot be, or resting, threshold and
            maximum heart rate out of order.
    """
    if data is None:
        return AthleteHistory(())
    entries = [_entry(table, number) for number, table in enumerate(_tables(data), 1)]
    entries.sort(key=lambda entry: entry[0])
    days = [day for day, _ in entries]
    for day in days:
        if days.count(day) > 1:
            raise AthleteError(f"The athlete file has two entries valid from {day}; merge them into one.")
    history = AthleteHistory(tuple(entries))
    for day in days:
        _check_order(history.on(day), day)
    return history


def _completed(given: Values) -> Athlete:
    highest = float(given.get("max_heart_rate_bpm", ESTIMATED_MAX_HEART_RATE_BPM))
    resting = float(given.get("resting_heart_rate_bpm", ESTIMATED_RESTING_HEART_RATE_BPM))
    threshold = resting + ESTIMATED_THRESHOLD_RESERVE * (highest - resting)
    speed = float(given.get("threshold_speed_m_per_s", ESTIMATED_THRESHOLD_SPEED_M_PER_S))
    return Athlete(
        max_heart_rate_bpm=highest,
        resting_heart_rate_bpm=resting,
        threshold_heart_rate_bpm=float(given.get("threshold_heart_rate_bpm", threshold)),
        threshold_speed_m_per_s=speed,
        sex=cast("Sex", given.get("sex", ESTIMATED_SEX)),
        estimated=frozenset(KNOWN_KEYS) - {VALID_FROM} - given.keys(),
    )


def _tables(data: bytes) -> list[dict[str, Any]]:
    try:
        document = tomllib.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise AthleteError(f"The athlete file is not TOML: {error}.") from error
    unknown = sorted(document.keys() - {"athlete"})
    if unknown:
        raise AthleteError(
            f"The athlete file has {unknown[0]!r} outside an [[athlete]] table; put it below such a heading."
        )
    tables = document.get("athlete", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise AthleteError("The athlete file must head each entry with [[athlete]], in double brackets.")
    return tables


def _entry(table: dict[str, Any], number: int) -> tuple[date, dict[str, float | str]]:
    where = f"Entry {number} of the athlete file"
    unknown = sorted(table.keys() - set(KNOWN_KEYS))
    if unknown:
        raise AthleteError(f"{where} has the unknown key {unknown[0]!r}; known are {', '.join(KNOWN_KEYS)}.")
    day = table.get(VALID_FROM)
    if not isinstance(day, date) or isinstance(day, datetime):
        raise AthleteError(f"{where} needs a date without quotes, such as {VALID_FROM} = 2024-01-01.")
    return day, {key: _value(key, value, where) for key, value in table.items() if key != VALID_FROM}


def _value(key: str, value: object, where: str) -> float | str:
    if key == "sex":
        if value not in SEXES:
            raise AthleteError(f"{where} has sex = {value!r}; write 'female' or 'male', or leave it out.")
        return str(value)
    low, high = RANGES[key]
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise AthleteError(f"{where} has {key} = {value!r}; write a number from {low:g} to {high:g}.")
    return float(value)


def _check_order(athlete: Athlete, day: date) -> None:
    rates = (athlete.resting_heart_rate_bpm, athlete.threshold_heart_rate_bpm, athlete.max_heart_rate_bpm)
    resting, threshold, highest = rates
    if resting < threshold <= highest:
        return
    estimates = sorted(name for name in athlete.estimated if name.endswith("heart_rate_bpm"))
    remedy = f"give also {' and '.join(estimates)}, which is estimated" if estimates else "correct the entry"
    raise AthleteError(
        f"The athlete file's heart rates valid on {day} are out of order: resting {resting:g}, "
        f"threshold {threshold:g}, maximum {highest:g} bpm must rise; {remedy}."
    )
