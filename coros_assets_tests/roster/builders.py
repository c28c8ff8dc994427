"""Small rosters and activities for tests, written as a person would.

Belongs here: building inputs. Does not: expected values (the tests, `reference.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pyarrow as pa
from openpyxl import Workbook
from openpyxl.utils.datetime import WINDOWS_EPOCH

from coros_assets.home_timezone import HomeTimezone
from coros_assets.roster.codes import read_codes
from coros_assets.roster.read import read_roster

VIENNA = "Europe/Vienna"
INSTANT = pa.timestamp("us", tz="UTC")

Interval = tuple[datetime, datetime, str]

_HOURS = {
    "D": ("07:00", "19:00", 0),
    "N": ("19:00", "07:00", 1),
    "E": ("14:00", "22:00", 0),
    "L": ("05:00", "13:00", 0),
}


def read(name: str, data: bytes, home: str = VIENNA, codes: str = "") -> pa.Table:
    """Shifts of a roster file; `home` is the home zone as the setting spells it, `codes` TOML lines."""
    return read_roster(name, data, HomeTimezone.parse(home), read_codes("codes.toml", codes.encode()))


def csv_bytes(*rows: str) -> bytes:
    return "\n".join(rows).encode()


def workbook_bytes(*rows: Sequence[object], epoch: datetime = WINDOWS_EPOCH) -> bytes:
    """A workbook with these rows on its only sheet."""
    book = Workbook()
    book.epoch = epoch
    for row in rows:
        book["Sheet"].append(row)
    into = BytesIO()
    book.save(into)
    return into.getvalue()


def roster(*rows: str, zone: str = VIENNA) -> pa.Table:
    """Shifts from `start,end` rows."""
    return read("r.csv", csv_bytes("start,end", *rows), zone)


def pattern(first: str, letters: str) -> pa.Table:
    """Shifts from a letter a date: D 07-19, N 19-07, E 14-22, L 05-13, anything else no shift."""
    rows = []
    for number, letter in enumerate(letters):
        if letter in _HOURS:
            start, end, later = _HOURS[letter]
            day = date.fromisoformat(first) + timedelta(days=number)
            rows.append(f"{day} {start},{day + timedelta(days=later)} {end}")
    return roster(*rows)


def roster_of(intervals: Iterable[Interval]) -> pa.Table:
    """Shifts from UTC intervals, each with its zone."""
    rows = [f"{start.isoformat()},{end.isoformat()},{zone}" for start, end, zone in intervals]
    return read("r.csv", csv_bytes("start,end,timezone", *rows))


def activities_of(intervals: Sequence[Interval]) -> pa.Table:
    """Activities from UTC intervals; the zone gives the local date."""
    return pa.table(
        {
            "start_time": pa.array([start for start, _, _ in intervals], INSTANT),
            "end_time": pa.array([end for _, end, _ in intervals], INSTANT),
            "activity_date": pa.array(
                [start.astimezone(ZoneInfo(zone)).date() for start, _, zone in intervals], pa.date32()
            ),
        }
    )


def runs(*local_starts: str, minutes: int = 60, zone: str = VIENNA) -> pa.Table:
    """Runs of so many minutes."""
    starts = [
        datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) for text in local_starts
    ]
    return activities_of([(start, start + timedelta(minutes=minutes), zone) for start in starts])


def calendar_bytes(*events: str, header: str = "") -> bytes:
    """An iCalendar of events given as lines joined by `|`."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN", *filter(None, header.split("|"))]
    for number, event in enumerate(events):
        own = event.split("|")
        uid = [] if any(line.startswith("UID") for line in own) else [f"UID:{number}@test"]
        lines += ["BEGIN:VEVENT", *uid, *own, "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()
