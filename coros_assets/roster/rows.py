"""Shifts as a roster writes them down, on a wall clock in a zone, to intervals in UTC.

Belongs here: the hour that the clocks skip and the hour that they repeat, and the zones of rows. Does not:
reading rows (`table.py`, `ics.py`, `pattern.py`).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from coros_assets.errors import RosterError
from coros_assets.home_timezone import HomeTimezone
from coros_assets.inert import printable
from coros_assets.roster.hours import Hours
from coros_assets.roster.intervals import INTERVALS
from coros_assets.roster.zones import Times, known_zone, to_utc


class Row(NamedTuple):
    """A shift with its place in the file; times without offset are wall-clock times in `timezone`.

    `fold` says which of two is meant when an hour happens twice: 0 the first, 1 the second.
    """

    entry: str
    start: datetime
    end: datetime
    timezone: str
    title: str | None
    fold: int | None


def row_on(day: date, hours: Hours, entry: str, timezone: str, title: str | None) -> Row:
    """The shift with these hours on a date."""
    midnight = datetime.combine(day, time.min)
    return Row(entry, midnight + hours.start, midnight + hours.end, timezone, title, hours.fold)


def home_zone(home: HomeTimezone, at: date) -> str:
    """The home zone on the date of `at`, a date or a wall-clock time, or at an instant with an offset."""
    if isinstance(at, datetime):
        return home.at(at) if at.tzinfo else home.on(at.date())
    return home.on(at)


def check_zone(name: str, entry: str, zone: str) -> None:
    """Refuse what is no IANA zone.

    Raises:
        RosterError: there is none of that name.
    """
    if known_zone(zone) is None:
        raise RosterError(
            f"{name}: {entry} is in the zone '{printable(zone)}', which is no IANA zone: "
            "write one such as Europe/Vienna."
        )


def intervals_of(name: str, rows: list[Row], remedy: str) -> pa.Table:
    """Rows as a table of the schema `INTERVALS`, in their order.

    Args:
        name: the file's name for messages, printable.
        rows: the shifts.
        remedy: what to do about a time that happens twice.

    Raises:
        RosterError: a local time that does not exist, or happens twice in a row without fold.
    """
    return pa.table(
        [
            pa.array(_instants(name, rows, "start", remedy), INTERVALS.field("start_time").type),
            pa.array(_instants(name, rows, "end", remedy), INTERVALS.field("end_time").type),
            pa.array([row.timezone for row in rows], pa.string()),
            pa.array([row.title for row in rows], pa.string()),
            pa.array([row.entry for row in rows], pa.string()),
        ],
        schema=INTERVALS,
    )


def _instants(name: str, rows: list[Row], column: str, remedy: str) -> Times:
    given: list[datetime] = [getattr(row, column) for row in rows]
    wall = np.array(
        [time if time.tzinfo is None else time.astimezone(UTC).replace(tzinfo=None) for time in given],
        dtype="datetime64[us]",
    )
    zones = np.array(
        [row.timezone if time.tzinfo is None else "UTC" for row, time in zip(rows, given, strict=True)],
        dtype=object,
    )
    fold = np.array([-1 if row.fold is None else row.fold for row in rows])
    first, second = to_utc(wall, zones), to_utc(wall, zones, ambiguous="latest")
    for row in np.flatnonzero(first != to_utc(wall, zones, nonexistent="latest")):
        raise RosterError(
            f"{name}: {rows[row].entry} has the {column} {given[row]}, "
            f"which the clocks skip in {zones[row]}: correct it."
        )
    for row in np.flatnonzero((first != second) & (fold < 0)):
        raise RosterError(
            f"{name}: {rows[row].entry} has the {column} {given[row]}, "
            f"which happens twice in {zones[row]}: {remedy}."
        )
    return np.where(fold == 1, second, first)
