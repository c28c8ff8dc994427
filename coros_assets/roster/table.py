"""Rosters as tables: a header row and one shift a row, whether the cells come from CSV or from a workbook.

Belongs here: the columns, their other names, and the strict reading of cells. Does not: getting the cells
out of a file (`csv_cells.py`, `xlsx_cells.py`), or checks that hold for every roster (`read.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

import pyarrow as pa

from coros_assets.errors import RosterError
from coros_assets.home_timezone import HomeTimezone
from coros_assets.inert import printable
from coros_assets.roster.codes import OFF, TWICE_IN_CODES, Codes
from coros_assets.roster.hours import Hours, hours_between, read_clock
from coros_assets.roster.intervals import MAX_SHIFTS, check_year, too_many
from coros_assets.roster.rows import Row, check_zone, home_zone, intervals_of, row_on

COLUMNS: Final = {
    "start": ("start_time", "begin", "from", "von", "beginn"),
    "end": ("end_time", "until", "to", "bis", "ende"),
    "date": ("day", "datum", "tag"),
    "title": ("name", "summary", "code", "shift", "dienst", "schicht", "kürzel"),
    "timezone": ("time_zone", "tz", "zeitzone"),
    "fold": (),
}
"""The columns of a roster and the other names they go by; capitals, spaces and hyphens do not matter."""

_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?", re.ASCII)
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})([T ]00:00(:00)?)?", re.ASCII)
_TWICE = f"add a column fold, 0 for the first time and 1 for the second, or {TWICE_IN_CODES}"


class CellRow(NamedTuple):
    """A row of a table as text, with its number in the file."""

    number: int
    cells: list[str]


@dataclass(frozen=True)
class _Dated:
    """A row of a table with dates: what it says of its date's shift."""

    entry: str
    day: date
    timezone: str
    title: str
    given: Hours | None
    fold: int | None


def read_table(name: str, rows: Iterable[CellRow], home: HomeTimezone, codes: Codes) -> pa.Table:
    """The intervals of a table of cells.

    Three forms, told apart by the columns (see `COLUMNS` for their other names):

    - `start` and `end`: ISO 8601 such as `2026-03-28 19:00`, with seconds or an offset (`+01:00`, `Z`) if
      wanted. A time with an offset is an instant; the zone then only says which wall clock decides the
      shift's kind.
    - `date`, `start` and `end`: a date such as `2026-03-28` and times of day; an end that is not later than
      the start is the next day's.
    - `date` and `title`: the title is a code (`codes.py`). In the form before, too, a row without both
      times is read by its title, and one without title either is no shift.

    Optional are `title`, `timezone` (IANA name; where empty, the home zone on the date the shift starts),
    and `fold` for a local time that happens twice when the clocks go back: 0 the first time, 1 the second.
    `fold` counts for start and end; where one of them needs the other hour, write its offset.

    Args:
        name: the file's name for messages, printable.
        rows: rows in order; those without any content are passed over.
        home: the zones of rows that do not say theirs.
        codes: what titles mean.

    Returns:
        A table of the schema `INTERVALS`; `entry` is the number of the row.

    Raises:
        RosterError: a column unknown, missing or twice; a cell that cannot be read; codes that are not
            known, all of them named; a local time that does not exist, or happens twice without `fold`;
            more than 40,000 rows.
    """
    records = list(_records(name, rows))
    if any("date" in cells for _, cells in records):
        dated = [_dated(name, entry, cells, home) for entry, cells in records]
        codes.require(name, (row.title for row in dated if row.given is None and row.title))
        return intervals_of(name, [row for found in dated for row in _shift(found, codes)], _TWICE)
    return intervals_of(name, [_timed(name, entry, cells, home) for entry, cells in records], _TWICE)


def _records(name: str, rows: Iterable[CellRow]) -> Iterator[tuple[str, dict[str, str]]]:
    """Each row below the header with its place, its cells by the names of their columns."""
    header: list[str] = []
    found = 0
    for number, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if not header:
            header = _header(name, cells)
            continue
        if len(cells) != len(header):
            raise RosterError(
                f"{name}: row {number} has {len(cells)} cells, the header {len(header)}: correct the row."
            )
        found += 1
        if found > MAX_SHIFTS:
            raise too_many(name)
        yield f"row {number}", {column: cell.strip() for column, cell in zip(header, cells, strict=True)}


def _header(name: str, cells: list[str]) -> list[str]:
    known = {other: column for column, others in COLUMNS.items() for other in (column, *others)}
    header = []
    for cell in cells:
        column = known.get(re.sub(r"[\s-]+", "_", cell.strip().lower()))
        if column is None:
            accepted = ", ".join(
                f"{column} ({', '.join(others)})" if others else column for column, others in COLUMNS.items()
            )
            raise RosterError(
                f"{name}: the column '{printable(cell)}' is unknown: "
                f"the first row names the columns, which are {accepted}."
            )
        if column in header:
            raise RosterError(f"{name}: there are two columns for {column}: keep one of them.")
        header.append(column)
    needed = ("title",) if "date" in header and not {"start", "end"} & {*header} else ("start", "end")
    for column in needed:
        if column not in header:
            raise RosterError(f"{name}: the column {column} is missing: name it in the first row.")
    return header


def _timed(name: str, entry: str, cells: dict[str, str], home: HomeTimezone) -> Row:
    start, end = _time(name, entry, cells["start"]), _time(name, entry, cells["end"])
    zone = _zone(name, entry, cells) or home_zone(home, start)
    title = printable(cells.get("title", "")).strip() or None
    return Row(entry, start, end, zone, title, _fold(name, entry, cells))


def _dated(name: str, entry: str, cells: dict[str, str], home: HomeTimezone) -> _Dated:
    day = _date(name, entry, cells["date"])
    start, end = cells.get("start", ""), cells.get("end", "")
    fold = _fold(name, entry, cells)
    given = None
    if start or end:
        given = hours_between(_clock(name, entry, start), _clock(name, entry, end), fold)
        if given is None:
            raise _unreadable(
                name, entry, start, "no start of a shift: write midnight as 00:00 of the next date"
            )
    zone = _zone(name, entry, cells) or home_zone(home, day)
    return _Dated(entry, day, zone, printable(cells.get("title", "")).strip(), given, fold)


def _shift(found: _Dated, codes: Codes) -> Iterator[Row]:
    """The shift of a row, if it is one."""
    hours = found.given or (codes.meaning(found.title) if found.title else OFF)
    if isinstance(hours, Hours):
        row = row_on(found.day, hours, found.entry, found.timezone, found.title or None)
        yield row if found.fold is None else row._replace(fold=found.fold)


def _zone(name: str, entry: str, cells: dict[str, str]) -> str:
    zone = cells.get("timezone", "")
    if zone:
        check_zone(name, entry, zone)
    return zone


def _fold(name: str, entry: str, cells: dict[str, str]) -> int | None:
    fold = cells.get("fold", "")
    if fold not in ("", "0", "1"):
        raise RosterError(f"{name}: {entry} has the fold '{printable(fold)}': write 0, 1 or nothing.")
    return int(fold) if fold else None


def _time(name: str, entry: str, cell: str) -> datetime:
    at = _parsed(cell) if _TIME.fullmatch(cell) else None
    if at is None:
        raise _unreadable(name, entry, cell, "no time: write it as 2026-03-28 19:00")
    check_year(name, entry, at)
    return at


def _date(name: str, entry: str, cell: str) -> date:
    found = _DATE.fullmatch(cell)
    day = _parsed(found[1]) if found else None
    if day is None:
        raise _unreadable(name, entry, cell, "no date: write it as 2026-03-28")
    check_year(name, entry, day)
    return day.date()


def _clock(name: str, entry: str, cell: str) -> timedelta:
    clock = read_clock(cell)
    if clock is None:
        raise _unreadable(name, entry, cell, "no time of day: write it as 19:00")
    return clock


def _parsed(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _unreadable(name: str, entry: str, cell: str, remedy: str) -> RosterError:
    return RosterError(f"{name}: {entry} has '{printable(cell)}', which is {remedy}.")
