"""Rosters as patterns (`.toml`): a cycle from a date on, and the dates that were otherwise.

Belongs here: that file's keys, and laying cycles on dates. Does not: the usual cycles (`cycles.py`), or what
letters and titles mean (`codes.py`).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any, Final

import pyarrow as pa

from coros_assets.errors import RosterError
from coros_assets.home_timezone import HomeTimezone
from coros_assets.inert import printable
from coros_assets.roster.codes import TWICE_IN_CODES, Codes, read_meaning, read_meanings, read_toml
from coros_assets.roster.cycles import find_cycle, named_cycles
from coros_assets.roster.hours import Hours
from coros_assets.roster.intervals import LAST_YEAR, MAX_SHIFTS, check_year, too_many
from coros_assets.roster.rows import Row, check_zone, intervals_of, row_on

ENDLESS_FOR: Final = timedelta(days=20 * 365 + 5)
"""How far a pattern without end is laid: twenty years past the latest date the file names. That is longer
than for a calendar's recurrence, which is written anew with every export; a pattern is written once."""

_KEYS: Final = ("cycle", "anchor", "from", "until", "timezone", "hours")
_EXAMPLE: Final = 'cycle = "DDNNOOOO" below [[pattern]]'
_MOST_NAMED: Final = 8
_ONE_DAY: Final = timedelta(days=1)
_LONGEST_EXCEPTION: Final = timedelta(days=366)
_DATES = re.compile(r"(\d{4}-\d{2}-\d{2})(?:/(\d{4}-\d{2}-\d{2}))?", re.ASCII)


@dataclass(frozen=True)
class _Stretch:
    """The dates on which one pattern holds, `last` included; without an end it is `date.max`."""

    letters: str
    anchor: date
    first: date
    last: date
    timezone: str | None
    codes: Codes

    def letter(self, day: date) -> str:
        return self.letters[(day - self.anchor).days % len(self.letters)]


def read_pattern(name: str, data: bytes, home: HomeTimezone, codes: Codes) -> pa.Table:
    """The intervals of a pattern file.

    A `[[pattern]]` has a `cycle`, by name (`cycles.toml`) or as letters, and its `anchor`, a date on which
    the cycle begins; optionally the first date it holds `from` (else the anchor) and the last, `until`; a
    `timezone` (else the home zone on each date); and the `hours` of its letters. Letters without are read
    as codes. A pattern without `until` holds until the next one begins, the last one for twenty years past
    the latest date that the file names. No clock is read.

    Below `[exceptions]` stands for a date, or two with a slash between and both included, what was worked
    instead: a letter, a code, hours, or `off`.

    Args:
        name: the file's name for messages, printable.
        data: the file's bytes.
        home: the zones of patterns that do not say theirs.
        codes: what titles mean.

    Returns:
        A table of the schema `INTERVALS`, one row a shift; `entry` is its date.

    Raises:
        RosterError: not TOML; a key that is unknown, missing or cannot be read; a letter without hours;
            patterns that overlap; an exception outside of all patterns; a local time that does not exist, or
            happens twice without fold; more than 40,000 shifts.
    """
    document = read_toml(name, data, _EXAMPLE)
    tables = document.pop("pattern", None)
    exceptions = document.pop("exceptions", {})
    if not tables or not _are_tables(tables) or document or not isinstance(exceptions, dict):
        raise RosterError(
            f"{name}: not a pattern: head each with [[pattern]] in double brackets and the dates that were "
            f"otherwise with [exceptions]; what codes mean belongs in {codes.place}."
        )
    stretches = [_stretch(name, f"pattern {n}", table, codes) for n, table in enumerate(tables, start=1)]
    changed = _exceptions(name, exceptions)
    laid = _bounded(name, sorted(stretches, key=lambda each: each.first), changed)
    _check_exceptions(name, laid, changed)
    return intervals_of(name, _rows(name, laid, changed, home), TWICE_IN_CODES)


def _are_tables(found: object) -> bool:
    return isinstance(found, list) and all(isinstance(table, dict) for table in found)


def _stretch(name: str, entry: str, table: Mapping[str, Any], codes: Codes) -> _Stretch:
    unknown = sorted(table.keys() - {*_KEYS})
    if unknown:
        raise RosterError(
            f"{name}: {entry} has the unknown key '{printable(unknown[0])}'; known are {', '.join(_KEYS)}."
        )
    letters, known = _cycle(name, entry, table, codes)
    anchor = _date(name, entry, table, "anchor", None)
    first = _date(name, entry, table, "from", anchor)
    last = _date(name, entry, table, "until", date.max)
    if last < first:
        raise RosterError(f"{name}: {entry} ends on {last}, before it begins on {first}: correct its dates.")
    zone = table.get("timezone")
    if zone is not None:
        check_zone(name, entry, str(zone))
    return _Stretch(letters, anchor, first, last, zone, known)


def _cycle(name: str, entry: str, table: Mapping[str, Any], codes: Codes) -> tuple[str, Codes]:
    """The letters of a pattern, and the codes by which they and its exceptions are read."""
    written = table.get("cycle")
    cycle = find_cycle(written) if isinstance(written, str) else None
    if cycle is None:
        raise RosterError(
            f"{name}: {entry} has the cycle '{printable(str(written))}', which is neither letters such as "
            f"DDNNOOOO nor one of {', '.join(named_cycles())}."
        )
    hours = table.get("hours", {})
    own = read_meanings(name, hours if isinstance(hours, dict) else {"hours": hours})
    known = codes.over_shipped(cycle.hours).over(own)
    without = [letter for letter in dict.fromkeys(cycle.letters) if known.meaning(letter) is None]
    if without:
        raise RosterError(
            f"{name}: {entry} has no hours for {', '.join(without)} of its cycle: below [pattern.hours] "
            f'write {without[0]} = "07:00-15:00", or {without[0]} = "off".'
        )
    return cycle.letters, known


def _date(name: str, entry: str, table: Mapping[str, Any], key: str, default: date | None) -> date:
    day = table.get(key, default)
    if not isinstance(day, date) or isinstance(day, datetime):
        said = f"no {key}" if day is None else f"{key} = '{printable(str(day))}', which is no date"
        raise RosterError(f"{name}: {entry} has {said}: write it as {key} = 2026-01-05, without quotes.")
    if key in table:
        check_year(name, entry, day)
    return day


def _exceptions(name: str, written: Mapping[str, Any]) -> dict[date, Any]:
    """What is written for each date that was otherwise; for a date in two entries the later counts."""
    changed: dict[date, Any] = {}
    for key, value in written.items():
        for day in _days(name, key):
            changed[day] = value
    return changed


def _days(name: str, key: str) -> list[date]:
    found = _DATES.fullmatch(key)
    try:
        first, last = [date.fromisoformat(day) for day in (found[1], found[2] or found[1])] if found else []
    except ValueError as error:
        raise RosterError(
            f"{name}: the exception '{printable(key)}' is no date: write it as 2026-03-04, "
            'or as "2026-07-01/2026-07-14" for several in a row.'
        ) from error
    for day in (first, last):
        check_year(name, f"the exception {key}", day)
    if not first <= last <= first + _LONGEST_EXCEPTION:
        raise RosterError(
            f"{name}: the exception {key} ends before it begins, or more than a year later: correct it."
        )
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _bounded(name: str, stretches: Sequence[_Stretch], changed: Mapping[date, Any]) -> list[_Stretch]:
    """The same, in order of time, each with its last date."""
    for one, other in pairwise(stretches):
        if one.first == other.first or other.first <= one.last < date.max:
            raise RosterError(
                f"{name}: the patterns from {one.first} and from {other.first} overlap: "
                "let the earlier one end with an until before the later."
            )
    named = max([*changed, *(day for each in stretches for day in (each.anchor, each.first))])
    horizon = min(named, date(LAST_YEAR, 12, 31) - ENDLESS_FOR) + ENDLESS_FOR
    ends = [each.first - _ONE_DAY for each in stretches[1:]] + [horizon]
    return [
        replace(each, last=end if each.last == date.max else each.last)
        for each, end in zip(stretches, ends, strict=True)
    ]


def _check_exceptions(name: str, laid: Sequence[_Stretch], changed: Mapping[date, Any]) -> None:
    begins = [each.first for each in laid]
    titles: defaultdict[int, list[str]] = defaultdict(list)
    for day, value in changed.items():
        number = bisect_right(begins, day) - 1
        if number < 0 or day > laid[number].last:
            spans = ", ".join(f"{each.first} to {each.last}" for each in laid[:_MOST_NAMED])
            raise RosterError(
                f"{name}: the exception of {day} lies outside the pattern, which holds from {spans}: "
                "correct its date, or the pattern's from and until."
            )
        if isinstance(value, str):
            titles[number].append(value)
        elif read_meaning(value) is None:
            raise RosterError(
                f'{name}: the exception of {day} is neither a code nor hours: write {day} = "N", '
                f'{day} = "08:00-12:00" or {day} = "off".'
            )
    for number, written in titles.items():
        laid[number].codes.require(name, written)


def _rows(name: str, laid: Sequence[_Stretch], changed: Mapping[date, Any], home: HomeTimezone) -> list[Row]:
    rows: list[Row] = []
    for each in laid:
        for number in range((each.last - each.first).days + 1):
            day = each.first + timedelta(days=number)
            value = changed.get(day, each.letter(day))
            written = value if isinstance(value, str) else None
            meaning = read_meaning(value) if written is None else each.codes.meaning(written)
            if isinstance(meaning, Hours):
                title = printable(written).strip() if written else None
                rows.append(row_on(day, meaning, str(day), each.timezone or home.on(day), title))
    if len(rows) > MAX_SHIFTS:
        raise too_many(name)
    return rows
