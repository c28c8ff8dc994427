"""Rosters as CSV: a header row, and one shift a row with its start and end.

Belongs here: the columns, their other names, and the strict reading of cells.
Does not: checks that hold for every roster (`read.py`), or codes and patterns instead of hours.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Final

import pyarrow as pa

from coros_assets.errors import RosterError
from coros_assets.home_timezone import HomeTimezone
from coros_assets.roster.intervals import MAX_SHIFTS, check_year, printable, too_many
from coros_assets.roster.rows import TWICE_IN_A_TABLE, Row, home_zone, intervals_of
from coros_assets.roster.zones import known_zone

COLUMNS: Final = {
    "start": ("start_time", "begin", "from", "von", "beginn"),
    "end": ("end_time", "until", "to", "bis", "ende"),
    "timezone": ("time_zone", "tz", "zeitzone"),
    "title": ("name", "summary", "shift", "dienst"),
    "fold": (),
}
"""The columns of a roster and the other names they go by; capitals, spaces and hyphens do not matter."""

_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?", re.ASCII)
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def read_csv(name: str, data: bytes, home: HomeTimezone) -> pa.Table:
    """The intervals of a CSV roster.

    Text in UTF-8, with commas or semicolons. Columns (see `COLUMNS` for their other names): `start` and
    `end`, ISO 8601 such as `2026-03-28 19:00`, with seconds or an offset (`+01:00`, `Z`) if wanted;
    optionally `timezone` (IANA name; where empty, the home zone on the date it starts),
    `title`, and `fold` for a local time that happens twice when the clocks go back: 0 the first time, 1
    the second. `fold` counts for start and end; where one of them needs the other hour, write its offset.
    A time with an offset is an instant; the zone then only says which wall clock decides the shift's kind.

    Args:
        name: the file's name for messages, printable.
        data: the file's bytes.
        home: the zones of rows that do not say theirs.

    Returns:
        A table of the schema `INTERVALS`, one row per row with content; `entry` counts the header as 1.

    Raises:
        RosterError: not CSV in UTF-8; a column unknown, missing or twice; a cell that cannot be read; a
            local time that does not exist, or happens twice without `fold`; more than 40,000 rows.
    """
    return intervals_of(name, list(_rows(name, _text(name, data), home)), TWICE_IN_A_TABLE)


def _text(name: str, data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if _BINARY.search(text):
        raise RosterError(
            f"{name}: neither an iCalendar nor CSV text in UTF-8: "
            "export the roster as .ics, or save it as CSV UTF-8."
        )
    return text


def _rows(name: str, text: str, home: HomeTimezone) -> Iterator[Row]:
    first_line = next((line for line in text.splitlines() if line.strip()), "")
    records = csv.reader(
        io.StringIO(text, newline=""), delimiter=";" if ";" in first_line else ",", strict=True
    )
    header: list[str] = []
    shifts = 0
    try:
        for number, cells in enumerate(records, start=1):
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = _header(name, cells)
                continue
            if len(cells) != len(header):
                raise RosterError(
                    f"{name}: row {number} has {len(cells)} cells, the header {len(header)}: correct the row."
                )
            shifts += 1
            if shifts > MAX_SHIFTS:
                raise too_many(name)
            yield _row(name, f"row {number}", dict(zip(header, cells, strict=True)), home)
    except csv.Error as error:
        raise RosterError(f"{name}: row {records.line_num} is not CSV ({error}): correct the row.") from error


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
    for column in ("start", "end"):
        if column not in header:
            raise RosterError(f"{name}: the column {column} is missing: name it in the first row.")
    return header


def _row(name: str, entry: str, cells: dict[str, str], home: HomeTimezone) -> Row:
    start, end = _time(name, entry, cells["start"]), _time(name, entry, cells["end"])
    zone = cells.get("timezone", "").strip() or home_zone(home, start)
    if known_zone(zone) is None:
        raise RosterError(
            f"{name}: {entry} is in the zone '{printable(zone)}', which is no IANA zone: "
            "write one such as Europe/Vienna."
        )
    fold = cells.get("fold", "").strip()
    if fold not in ("", "0", "1"):
        raise RosterError(f"{name}: {entry} has the fold '{printable(fold)}': write 0, 1 or nothing.")
    title = printable(cells.get("title", "")) or None
    return Row(entry, start, end, zone, title, int(fold) if fold else None)


def _time(name: str, entry: str, cell: str) -> datetime:
    time = _parsed(cell.strip())
    if time is None:
        raise RosterError(
            f"{name}: {entry} has '{printable(cell)}', which is no time: write it as 2026-03-28 19:00."
        )
    check_year(name, entry, time)
    return time


def _parsed(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if _TIME.fullmatch(text) else None
    except ValueError:
        return None
