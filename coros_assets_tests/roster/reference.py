"""The labels of one activity by the book, in slow and plain Python, to hold the columns against.

Belongs here: the definitions of the labels, read literally. Does not: any code it checks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HORIZON = 28 * DAY


@dataclass(frozen=True)
class Shift:
    start: datetime
    end: datetime
    dates: frozenset[date]
    kind: str
    before_row: date
    start_local: datetime

    @property
    def night(self) -> bool:
        return self.kind == "night"


def _shifts(table: pa.Table) -> list[Shift]:
    found = []
    for row in table.to_pylist():
        first, last = (
            row["start_time_local"].date(),
            (row["end_time_local"] - timedelta(microseconds=1)).date(),
        )
        dates = frozenset(first + n * DAY for n in range(max((last - first).days, 0) + 1))
        before = (row["start_time_local"] - 36 * HOUR).date()
        found.append(
            Shift(row["start_time"], row["end_time"], dates, row["kind"], before, row["start_time_local"])
        )
    return sorted(found, key=lambda shift: shift.start)


def _covered(day: date, shifts: list[Shift]) -> bool:
    worked = {d for shift in shifts for d in shift.dates}
    if day in worked:
        return True
    before, after = [d for d in worked if d < day], [d for d in worked if d > day]
    return bool(before and after) and (min(after) - max(before)).days - 1 <= 28


def _all_covered(first: date, last: date, shifts: list[Shift]) -> bool:
    return all(_covered(first + n * DAY, shifts) for n in range((last - first).days + 1))


def period(day: date, table: pa.Table) -> str:
    shifts = _shifts(table)
    touching = [shift.night for shift in shifts if day in shift.dates]
    if not _covered(day, shifts):
        return "unknown"
    return "off" if not touching else "night" if any(touching) else "day"


def _row(ended: list[Shift], shifts: list[Shift]) -> int | None:
    """Nights in a row up to the last ended shift; None if the row may be longer than the roster shows."""
    first = len(ended) - 1
    if not ended[first].night:
        return 0
    while first and ended[first - 1].night and ended[first].start - ended[first - 1].start <= 36 * HOUR:
        first -= 1
    known = _all_covered(ended[first].before_row, min(ended[first].dates), shifts)
    return len(ended) - first if known else None


def _transition(start: datetime, day: date, shifts: list[Shift]) -> bool | None:
    unclear = not _all_covered(day - 2 * DAY, day, shifts)
    for number, shift in enumerate(shifts):
        if start - 48 * HOUR <= shift.start <= start:
            if number == 0 or shift.start - shifts[number - 1].end > HORIZON:
                unclear = True
            elif shift.kind != shifts[number - 1].kind:
                return True
    return None if unclear else False


def _first_day_after_nights(day: date, shifts: list[Shift]) -> bool | None:
    nights = {d for shift in shifts if shift.night for d in shift.dates}
    return (day - DAY in nights and day not in nights) if _covered(day - DAY, shifts) else None


def _rotation(start: datetime, day: date, shifts: list[Shift]) -> str | None:
    """Walks back from the run to the last change of kind."""
    unclear = not _all_covered(day - HORIZON, day, shifts)
    for number in reversed(range(len(shifts))):
        shift = shifts[number]
        if start - HORIZON <= shift.start <= start:
            if number == 0 or shift.start - shifts[number - 1].end > HORIZON:
                return None
            before = shifts[number - 1]
            if shift.kind != before.kind:
                return _direction(_time_of_day(shift) - _time_of_day(before))
    return None if unclear else "none"


def _time_of_day(shift: Shift) -> timedelta:
    return shift.start_local - datetime.combine(shift.start_local.date(), datetime.min.time())


def _direction(moved: timedelta) -> str:
    if moved <= -12 * HOUR:
        moved += DAY
    if moved > 12 * HOUR:
        moved -= DAY
    return "none" if not moved else "forward" if moved > 0 * HOUR else "backward"


def labels(activity: dict[str, Any], table: pa.Table) -> dict[str, Any]:
    shifts, day, start = _shifts(table), activity["activity_date"], activity["start_time"]
    end = min(activity["end_time"], start + 48 * HOUR)
    if not _covered(day, shifts):
        return {"schedule_period": "unknown", "shift_relation": "unknown"}
    ended = [shift for shift in shifts if shift.end <= start]
    coming = [shift for shift in shifts if shift.start >= end]
    during = [s for s in shifts if s.end > start and (s.start < end or s.start <= start)]
    nights = [shift for shift in ended if shift.night]
    since = start - ended[-1].end if ended and start - ended[-1].end <= HORIZON else None
    until = coming[0].start - end if coming and coming[0].start - end <= HORIZON else None
    since_night = start - nights[-1].end if nights and start - nights[-1].end <= HORIZON else None
    at_night = any(s.night for s in during) or (since_night is not None and since_night <= 36 * HOUR)
    recent = since is not None and since <= 36 * HOUR
    return {
        "schedule_period": "night" if at_night else period(day, table),
        "shift_relation": _relation(bool(during), since, until, end - start),
        "hours_since_shift_end": None if since is None else since / HOUR,
        "hours_until_shift_start": None if until is None else until / HOUR,
        "hours_since_night_end": None if since_night is None else since_night / HOUR,
        "consecutive_nights": None if since is None else _row(ended, shifts) if recent else 0,
        "nights_last_7_days": sum(s.end > start - 7 * DAY for s in nights)
        if _all_covered(day - 7 * DAY, day, shifts)
        else None,
        "days_since_last_night": None if since_night is None else since_night / DAY,
        "is_first_day_after_nights": _first_day_after_nights(day, shifts),
        "is_transition": _transition(start, day, shifts),
        "rotation_direction": _rotation(start, day, shifts),
    }


def _relation(during: bool, since: timedelta | None, until: timedelta | None, length: timedelta) -> str:
    after, before = since is not None and since <= 12 * HOUR, until is not None and until <= 12 * HOUR
    if during:
        return "during"
    if after and before:
        return "after" if since <= until else "before"
    if after or before:
        return "after" if after else "before"
    if since is not None and until is not None and since + length + until <= 48 * HOUR:
        return "between"
    return "off"
