"""The simulated nurse's roster: a 14-day rotation with leave, illness and swaps, and its calendar file.

Belongs here: which shift falls on which date, and the roster as iCalendar bytes.
Does not: reading rosters (`roster/`), or when she runs between the shifts (`runner.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

HOME_TIMEZONE: Final = "Europe/Vienna"

DAY: Final = "D"
NIGHT: Final = "N"
OFF: Final = "O"
CYCLE: Final = "DDOODOONNNOOOO"
"""Six 12-hour shifts in 14 days: three days, three nights; every second weekend is free."""

_ANCHOR: Final = date(2015, 1, 1)
"""A Thursday on which the cycle begins; it puts the night block on Thursday to Saturday."""

_HOURS: Final = {DAY: (time(7), time(19), 0), NIGHT: (time(19), time(7), 1)}
"""Local start, local end and how many days later it ends."""

_TITLES: Final = {DAY: "Day", NIGHT: "Night"}

_LEAVE_ISO_WEEKS: Final = ((8, 1), (30, 2), (41, 2))
"""First ISO week and number of weeks of each leave, every year: winter, summer, autumn; 25 working days."""

_SWAPS_PER_YEAR: Final = 3.0
"""How often in a year each kind of swap happens: a day given away, a day taken on, a night given away."""

_MARGIN_D: Final = 14
"""Days that the roster reaches beyond the history at both ends: one cycle."""


@dataclass(frozen=True)
class WorkShift:
    """One shift as rostered: its code and its two instants, in the home zone."""

    code: str
    start: datetime
    end: datetime


@dataclass(frozen=True)
class Roster:
    """What she worked and where she was: `codes` holds one of D, N, O for each date from `first`."""

    first: date
    codes: NDArray[np.str_]
    leave: tuple[tuple[date, date], ...]
    illness: tuple[date, date] | None
    abroad: tuple[date, date] | None
    swaps: tuple[date, ...]

    def code(self, day: date) -> str:
        """The shift code of a date inside the roster."""
        return str(self.codes[(day - self.first).days])

    def shifts(self) -> tuple[WorkShift, ...]:
        """Every shift, in order of time."""
        days = np.flatnonzero(self.codes != OFF)
        return tuple(_shift(str(self.codes[i]), self.first + timedelta(days=int(i))) for i in days)


def plan_roster(
    start: date, end: date, illness: tuple[date, date] | None, rng: np.random.Generator
) -> Roster:
    """The roster for a history of runs from `start` to `end`, one cycle longer at both ends.

    The last autumn leave that lies wholly inside the history is spent abroad, but for its first and last day.
    """
    first = start - timedelta(days=_MARGIN_D)
    count = (end - start).days + 1 + 2 * _MARGIN_D
    offset = (first - _ANCHOR).days
    codes = np.array(list(CYCLE))[(offset + np.arange(count)) % len(CYCLE)]
    leave = _leave(first, first + timedelta(days=count - 1))
    absent = np.zeros(count, dtype=np.bool_)
    for begin, finish in (*leave, *([illness] if illness else [])):
        absent[max((begin - first).days, 0) : (finish - first).days + 1] = True
    codes[absent] = OFF
    swapped = _swap(codes, absent, rng)
    away = [
        (begin + timedelta(days=1), finish - timedelta(days=1))
        for begin, finish in leave
        if begin.isocalendar().week == _LEAVE_ISO_WEEKS[-1][0] and start <= begin and finish <= end
    ]
    swaps = tuple(first + timedelta(days=int(i)) for i in swapped)
    return Roster(first, codes, leave, illness, away[-1] if away else None, swaps)


def _leave(first: date, last: date) -> tuple[tuple[date, date], ...]:
    spans = []
    for year in range(first.year, last.year + 1):
        for week, weeks in _LEAVE_ISO_WEEKS:
            begin = date.fromisocalendar(year, week, 1)
            finish = begin + timedelta(days=7 * weeks - 1)
            if begin <= last and finish >= first:
                spans.append((begin, finish))
    return tuple(spans)


def _swap(codes: NDArray[np.str_], absent: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[np.int64]:
    """Exchange a few shifts in place, no day shift straight after a night; the indices of their dates."""
    after_night = np.concatenate(([False], codes[:-1] == NIGHT))
    last_night = (codes == NIGHT) & np.concatenate((codes[1:] != NIGHT, [False]))
    changes = (
        (codes == DAY, OFF),
        ((codes == OFF) & ~after_night & ~absent, DAY),
        (last_night, OFF),
    )
    count = round(_SWAPS_PER_YEAR * len(codes) / 365.25)
    swapped = []
    for candidates, code in changes:
        chosen = rng.choice(np.flatnonzero(candidates), size=count, replace=False)
        codes[chosen] = code
        swapped.append(chosen)
    return np.sort(np.concatenate(swapped)).astype(np.int64)


def _shift(code: str, day: date) -> WorkShift:
    begins, ends, days_later = _HOURS[code]
    zone = ZoneInfo(HOME_TIMEZONE)
    end = datetime.combine(day + timedelta(days=days_later), ends, tzinfo=zone)
    return WorkShift(code, datetime.combine(day, begins, tzinfo=zone), end)


_CALENDAR_HEAD: Final = f"""\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//coros-assets//simulated roster//EN
CALSCALE:GREGORIAN
BEGIN:VTIMEZONE
TZID:{HOME_TIMEZONE}
BEGIN:DAYLIGHT
DTSTART:19810329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
END:STANDARD
END:VTIMEZONE
"""


def roster_ics(shifts: Sequence[WorkShift]) -> bytes:
    """The shifts as an iCalendar file (RFC 5545), an event each, titled Day or Night."""
    events = "".join(_event(shift) for shift in shifts)
    return f"{_CALENDAR_HEAD}{events}END:VCALENDAR\n".replace("\n", "\r\n").encode("ascii")


def _event(shift: WorkShift) -> str:
    local = "%Y%m%dT%H%M%S"
    return (
        "BEGIN:VEVENT\n"
        f"UID:{shift.start:{local}}-{_TITLES[shift.code].lower()}@roster.example\n"
        f"DTSTAMP:{shift.start.astimezone(UTC):{local}}Z\n"
        f"DTSTART;TZID={HOME_TIMEZONE}:{shift.start:{local}}\n"
        f"DTEND;TZID={HOME_TIMEZONE}:{shift.end:{local}}\n"
        f"SUMMARY:{_TITLES[shift.code]}\n"
        "END:VEVENT\n"
    )
