"""A roster file, whatever its format, to the table of shifts.

Belongs here: telling the formats apart, and what holds for every roster (order, overlaps, kinds, ids).
Does not: the formats themselves (`ics.py`, `table.py`, `pattern.py`), or what shifts mean for runs
(`labels.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from coros_assets.errors import RosterError
from coros_assets.formats import zip_members
from coros_assets.home_timezone import HomeTimezone
from coros_assets.inert import printable
from coros_assets.roster.codes import Codes
from coros_assets.roster.csv_cells import csv_cells
from coros_assets.roster.ics import read_ics
from coros_assets.roster.intervals import OLD_WORKBOOK_MARK
from coros_assets.roster.kinds import shift_kinds
from coros_assets.roster.pattern import read_pattern
from coros_assets.roster.table import CellRow, read_table
from coros_assets.roster.zones import Times, names, times, to_local
from coros_assets.tables import ROSTER_SHIFTS

LONGEST_SHIFT: Final = np.timedelta64(72, "h")
"""Longest shift believed, a weekend on duty: longer ones are holidays or a wrong date at one end."""

MAX_BYTES: Final = 64 * 1024 * 1024
"""Largest roster file read: 40,000 events of 1.6 kB each."""

PATTERN_SUFFIX: Final = ".toml"

_CALENDAR = re.compile(rb"(\xef\xbb\xbf)?\s*BEGIN:VCALENDAR\s", re.IGNORECASE)


def read_roster(name: str, data: bytes, home: HomeTimezone, codes: Codes) -> pa.Table:
    """The shifts of a roster file, in order of time.

    A file named `.toml` is a pattern. The other formats are told apart by how they begin: an iCalendar with
    `BEGIN:VCALENDAR`, a workbook as a zip archive does; text in UTF-8 is CSV with a header row.

    Args:
        name: the file's name, for `source` and for messages.
        data: the file's bytes.
        home: the zones of times that do not say theirs, by their dates.
        codes: what titles mean.

    Returns:
        The table of the contract `ROSTER_SHIFTS`, at least one row.

    Raises:
        RosterError: the file cannot be read, has no shifts or more than 40,000, or a shift ends before
            it starts, lasts more than 72 h or overlaps another.
    """
    shown = printable(name)
    if len(data) > MAX_BYTES:
        raise RosterError(
            f"{shown}: larger than {MAX_BYTES >> 20} MiB: export only the years you have runs from."
        )
    return _shifts(shown, _intervals(shown, data, home, codes))


def _intervals(name: str, data: bytes, home: HomeTimezone, codes: Codes) -> pa.Table:
    if name.lower().endswith(PATTERN_SUFFIX):
        return read_pattern(name, data, home, codes)
    if _CALENDAR.match(data):
        return read_ics(name, data, home, codes)
    return read_table(name, _cells(name, data), home, codes)


def _cells(name: str, data: bytes) -> Iterable[CellRow]:
    if not data.startswith((*zip_members.MARKS, OLD_WORKBOOK_MARK)):
        return csv_cells(name, data)
    from coros_assets.roster.xlsx_cells import xlsx_cells  # noqa: PLC0415  its library takes 0.4 s to import

    return xlsx_cells(name, data)


def _shifts(name: str, intervals: pa.Table) -> pa.Table:
    intervals = intervals.sort_by("start_time")
    start, end, zones = (
        times(intervals["start_time"]),
        times(intervals["end_time"]),
        names(intervals["timezone"]),
    )
    start_local = to_local(start, zones)
    _check(name, intervals["entry"].to_pylist(), start, end, start_local)
    return ROSTER_SHIFTS.conform(
        pa.table(
            {
                "shift_id": pc.strftime(pa.array(start.astype("datetime64[s]")), format="%Y%m%dT%H%M%SZ"),
                "start_time": intervals["start_time"],
                "end_time": intervals["end_time"],
                "start_time_local": start_local,
                "end_time_local": to_local(end, zones),
                "timezone": intervals["timezone"],
                "kind": shift_kinds(intervals["start_time"], intervals["end_time"], intervals["timezone"]),
                "title": intervals["title"],
                "source": [f"{name} {entry}" for entry in intervals["entry"].to_pylist()],
            }
        )
    )


def _check(name: str, entries: list[str], start: Times, end: Times, start_local: Times) -> None:
    def shown(row: np.intp) -> str:
        return f"{entries[row]} ({str(start_local[row])[:16].replace('T', ' ')})"

    if not entries:
        raise RosterError(f"{name}: there are no shifts in it: export the roster again with its shifts.")
    for row in np.flatnonzero(end <= start):
        raise RosterError(f"{name}: {shown(row)} does not end after it starts: correct its times.")
    for row in np.flatnonzero(end - start > LONGEST_SHIFT):
        raise RosterError(
            f"{name}: {shown(row)} lasts more than 72 h: give the hours worked, or leave it out."
        )
    for row in np.flatnonzero(start[1:] < end[:-1]):
        raise RosterError(
            f"{name}: {shown(row)} and {shown(row + 1)} overlap: correct one of them or leave it out."
        )
