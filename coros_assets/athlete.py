"""The runner's own values, dated: maximum, resting and threshold heart rate, threshold speed, sex, home zone.

Belongs here: reading and checking the athlete's TOML file, and the estimates for what it leaves out.
Does not: where the file lies (`settings.py`) or what is computed with it (`gold/metrics/`).
"""

from __future__ import annotations

import hashlib
import json
import reprlib
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final, Literal, TypeAlias, cast

import pyarrow as pa

from coros_assets.errors import CorosError, first_line
from coros_assets.home_timezone import zone_name

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
HOME_TIMEZONE: Final = "home_timezone"
ESTIMABLE: Final = (*RANGES, "sex")
KNOWN_KEYS: Final = (VALID_FROM, *ESTIMABLE, HOME_TIMEZONE)

ZONE_RANGES: Final[Mapping[str, tuple[float, float]]] = {
    "latitude": (-90.0, 90.0),
    "longitude": (-180.0, 180.0),
    "radius_m": (50.0, 20_000.0),
}
"""Keys of a privacy zone beside its name; less than 50 m is one house."""

MAX_BYTES: Final = 1024 * 1024
"""Largest athlete file read: an entry a day for ten years."""


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
class PrivacyZone:
    """A place, such as home, around which positions are hidden in whatever leaves silver."""

    name: str
    latitude_deg: float
    longitude_deg: float
    radius_m: float


@dataclass(frozen=True)
class AthleteHistory:
    """The entries of the athlete file, earliest first: the date each is valid from and its values.

    `zones` are known from the file alone; the lake has no copy of them.
    """

    entries: tuple[tuple[date, Values], ...]
    zones: tuple[PrivacyZone, ...] = ()

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

    @classmethod
    def of(cls, entries: pa.Table) -> AthleteHistory:
        """The history in rows of `tables.ATHLETE_SETTINGS`; a null is what an entry leaves out."""
        found = []
        for row in entries.to_pylist():
            day = row.pop(VALID_FROM)
            found.append((day, {name: value for name, value in row.items() if value is not None}))
        return cls(tuple(found))

    @property
    def home_moves(self) -> tuple[tuple[date, str], ...]:
        """The dates from which an entry names a home zone, and the zones."""
        return tuple(
            (day, str(values[HOME_TIMEZONE])) for day, values in self.entries if HOME_TIMEZONE in values
        )


def read_athlete(data: bytes | None) -> AthleteHistory:
    """The history and zones in a TOML file of `[[athlete]]` and `[[privacy_zone]]`; without one, estimates.

    Raises:
        AthleteError: not TOML, larger than 1 MiB, an unknown key, a date or a value that cannot be, or
            resting, threshold and maximum heart rate out of order.
    """
    if data is None:
        return AthleteHistory(())
    document = _document(data)
    entries = [_entry(table, number) for number, table in enumerate(_tables(document, "athlete"), 1)]
    zones = tuple(_zone(table, number) for number, table in enumerate(_tables(document, "privacy_zone"), 1))
    if len({zone.name for zone in zones}) < len(zones):
        raise AthleteError("The athlete file has two privacy zones of one name; give each its own.")
    entries.sort(key=lambda entry: entry[0])
    days = [day for day, _ in entries]
    for day in days:
        if days.count(day) > 1:
            raise AthleteError(f"The athlete file has two entries valid from {day}; merge them into one.")
    history = AthleteHistory(tuple(entries), zones)
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
        estimated=frozenset(ESTIMABLE) - given.keys(),
    )


def _document(data: bytes) -> dict[str, Any]:
    if len(data) > MAX_BYTES:
        raise AthleteError("The athlete file is larger than 1 MiB; write one entry for each change.")
    try:
        document = tomllib.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits is a ValueError of its own
        raise AthleteError(f"The athlete file is not TOML: {first_line(error)}.") from error
    unknown = sorted(document.keys() - {"athlete", "privacy_zone"})
    if unknown:
        raise AthleteError(
            f"The athlete file has {reprlib.repr(unknown[0])} outside an [[athlete]] table; "
            "put it below such a heading."
        )
    return document


def _tables(document: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    tables = document.get(name, [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise AthleteError(f"The athlete file must head each entry with [[{name}]], in double brackets.")
    return tables


def _zone(table: dict[str, Any], number: int) -> PrivacyZone:
    where = f"Privacy zone {number} of the athlete file"
    wrong = sorted(table.keys() ^ {"name", *ZONE_RANGES})
    if wrong:
        raise AthleteError(
            f"{where} needs the keys name, {', '.join(ZONE_RANGES)} and no other; "
            f"look at {reprlib.repr(wrong[0])}."
        )
    name = table["name"]
    if not isinstance(name, str) or not name:
        raise AthleteError(f"{where} needs a name in quotes.")
    return PrivacyZone(name, *(_number(key, table[key], each, where) for key, each in ZONE_RANGES.items()))


def _entry(table: dict[str, Any], number: int) -> tuple[date, dict[str, float | str]]:
    where = f"Entry {number} of the athlete file"
    unknown = sorted(table.keys() - set(KNOWN_KEYS))
    if unknown:
        raise AthleteError(
            f"{where} has the unknown key {reprlib.repr(unknown[0])}; known are {', '.join(KNOWN_KEYS)}."
        )
    day = table.get(VALID_FROM)
    if not isinstance(day, date) or isinstance(day, datetime):
        raise AthleteError(f"{where} needs a date without quotes, such as {VALID_FROM} = 2024-01-01.")
    return day, {key: _value(key, value, where) for key, value in table.items() if key != VALID_FROM}


def _value(key: str, value: object, where: str) -> float | str:
    if key == HOME_TIMEZONE:
        try:
            return zone_name(str(value))
        except ValueError as error:
            raise AthleteError(
                f"{where} has {key} = {reprlib.repr(value)}; write an IANA zone such as 'Europe/Vienna'."
            ) from error
    if key == "sex":
        if value not in SEXES:
            raise AthleteError(
                f"{where} has sex = {reprlib.repr(value)}; write 'female' or 'male', or leave it out."
            )
        return str(value)
    return _number(key, value, RANGES[key], where)


def _number(key: str, value: object, limits: tuple[float, float], where: str) -> float:
    low, high = limits
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise AthleteError(
            f"{where} has {key} = {reprlib.repr(value)}; write a number from {low:g} to {high:g}."
        )
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
