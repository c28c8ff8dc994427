"""What the roster says about each run and each date.

Belongs here: the shift columns of the gold tables, and digests that tell when they would change.
Does not: kinds of shifts (`kinds.py`), which dates are covered (`timeline.py`), or any metric of a run.
"""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from coros_assets.roster.kinds import NIGHT
from coros_assets.roster.timeline import HORIZON, NIGHT_HOLDS, UNKNOWN, Flags, Timeline
from coros_assets.roster.zones import ONE_DAY, Days, Durations, Names, Times, days, times
from coros_assets.tables import SHIFT_CONTEXT

NEAR: Final = np.timedelta64(12, "h")
"""Longest time between a run and a shift for the run to be called after or before it."""

SAME_BLOCK: Final = np.timedelta64(48, "h")
"""Longest time between two shifts of one block; a run between them is not off."""

TRANSITION: Final = np.timedelta64(48, "h")
"""How long a run counts as in transition after the kind of shift changed."""

NIGHTS_COUNTED: Final = np.timedelta64(7, "D")

LONGEST_ACTIVITY: Final = np.timedelta64(48, "h")
"""An activity's end counts at most this long after its start; a longer recording was forgotten."""

_EAST, _WEST = np.timedelta64(14, "h"), np.timedelta64(12, "h")
"""Farthest that local dates begin before and after those of UTC."""

_INSTANT = np.timedelta64(1, "us")
_HOUR = np.timedelta64(1, "h")


def label_activities(activities: pa.Table, shifts: pa.Table) -> pa.Table:
    """The columns of `SHIFT_CONTEXT` for each activity.

    On dates the roster does not cover (`Timeline.days_known`), `schedule_period` and `shift_relation` are
    unknown and everything else is null. Elsewhere, in elapsed time and with limits included:

    - schedule_period: night if the activity overlaps a night shift or starts within 36 h of the last
      one's end; else the period of its date as in `label_dates`. So a run in the hours before the first
      night shift of a block is night, for its date belongs to that block; tell it by `shift_relation`.
    - shift_relation: during if it overlaps a shift; after or before if the nearer of the last end and
      the next start is within 12 h (a tie is after); between if these two lie at most 48 h apart; off.
    - hours_since_shift_end, hours_since_night_end, days_since_last_night: from the last (night) shift
      that had ended when the activity started, so during a night shift from the one before. Null if
      there is none in 28 days.
    - hours_until_shift_start: from the activity's end to the next start; null if none in 28 days.
    - consecutive_nights: night shifts in a row (starts at most 36 h apart) up to the last shift ended;
      0 if that was no night or ended more than 36 h before; null if no shift ended in 28 days, or if
      the row may have begun before the roster does.
    - nights_last_7_days: night shifts that ended in the 7 days before; null unless the roster covers
      the 7 dates before, for it would be too low.
    - is_transition: a shift started in the 48 h before, and exactly one of it and the shift before it
      is a night; null if the roster does not cover these 48 h or what came before them.

    Args:
        activities: columns `start_time`, `end_time` (timestamp with zone) and `activity_date` (date32,
            the local date of the start); others are ignored.
        shifts: a table of `ROSTER_SHIFTS`, which may be empty.

    Returns:
        One row per activity in the same order, the columns of `SHIFT_CONTEXT` in theirs.
    """
    timeline = Timeline.of(shifts)
    dates = days(activities["activity_date"])
    start = times(activities["start_time"])
    end = np.clip(times(activities["end_time"]), start, start + LONGEST_ACTIVITY)
    known = timeline.days_known(dates)
    columns = {
        **_place(timeline, timeline.periods(dates), start, end),
        **_nights(timeline, known, start),
    }
    fields = [pa.field(c.name, c.type.arrow, nullable=not c.required) for c in SHIFT_CONTEXT]
    return pa.table([columns[field.name].cast(field.type) for field in fields], schema=pa.schema(fields))


def label_dates(dates: pa.Array, shifts: pa.Table) -> pa.Array:
    """The `schedule_period` of each calendar date.

    - unknown: the roster does not cover the date (`Timeline.days_known`).
    - night: a night shift touches it, so both the date it starts on and the one it ends on.
    - day: shifts touch it, none of them a night.
    - off: no shift touches it.

    A date has no hour, so the 36 h after a night reach no further here than the date it ends on.

    Args:
        dates: date32 without nulls, in any order.
        shifts: a table of `ROSTER_SHIFTS`, which may be empty.

    Returns:
        Text, as long as `dates`.
    """
    return pa.array(Timeline.of(shifts).periods(days(dates)), pa.string())


def shift_neighbourhood_digests(dates: list[date], shifts: pa.Table) -> list[str]:
    """A digest, for each date, of all in the roster that labels of that date and its runs depend on.

    If a label of any activity on a date differs between two rosters, so do the date's digests. They cover
    the date's own period and how many dates before it are known, and of each shift in the neighbourhood
    its hours, its number in a row of nights (0 for other kinds) and whether the kind changed with it.
    The neighbourhood reaches from 28 days before the date to 48 h after it (the longest activity), and
    to the next shift after that if it starts within 28 days. Zones are allowed for: the date is taken
    wherever on Earth it is. So a longer roster leaves the digests of dates as they were whose next shift
    was known, and titles, sources and the rest of the file never matter.

    Args:
        dates: local dates of activities, in any order.
        shifts: a table of `ROSTER_SHIFTS`, which may be empty.

    Returns:
        SHA-256 in hexadecimal, one a date.
    """
    timeline = Timeline.of(shifts)
    day = np.array(dates, dtype="datetime64[D]")
    known, periods = timeline.days_known(day.astype(np.int64)), timeline.periods(day.astype(np.int64))
    earliest = day.astype("datetime64[us]") - _EAST
    latest = day.astype("datetime64[us]") + ONE_DAY + _WEST + LONGEST_ACTIVITY
    begin = np.searchsorted(timeline.end, earliest - HORIZON)
    next_known = np.searchsorted(timeline.start, latest + HORIZON, side="right")
    stop = np.minimum(np.searchsorted(timeline.start, latest) + 1, next_known)
    facts = np.column_stack(
        [
            timeline.start.astype("<i8"),
            timeline.end.astype("<i8"),
            timeline.nights_in_a_row.astype("<i8"),
            timeline.changes.astype("<i8"),
        ]
    )
    return [
        _digest(period, 0, b"")
        if days_known == UNKNOWN
        else _digest(period, min(days_known, int(NIGHTS_COUNTED // ONE_DAY)), facts[i:j].tobytes())
        for period, days_known, i, j in zip(periods, known.tolist(), begin, stop, strict=True)
    ]


def _digest(period: str, days_known: int, facts: bytes) -> str:
    return hashlib.sha256(f"{period} {days_known} ".encode() + facts).hexdigest()


def _place(timeline: Timeline, periods: Names, start: Times, end: Times) -> dict[str, pa.Array]:
    covered = periods != "unknown"
    ended = np.searchsorted(timeline.end, start, side="right")
    begun = np.searchsorted(timeline.start, np.maximum(end, start + _INSTANT))
    during = begun > ended
    nights_before = np.concatenate([[0], np.cumsum(timeline.is_night)])
    since_night = _since(timeline.end[timeline.is_night], start)
    night = (nights_before[begun] > nights_before[ended]) | (since_night <= NIGHT_HOLDS)
    since, until = _since(timeline.end, start), _until(timeline.start, end)
    relation = np.select(
        [
            ~covered,
            during,
            (since <= NEAR) & ~(until < since),
            until <= NEAR,
            since + until + (end - start) <= SAME_BLOCK,
        ],
        ["unknown", "during", "after", "before", "between"],
        "off",
    )
    return {
        "schedule_period": pa.array(np.where(covered & night, NIGHT, periods)),
        "shift_relation": pa.array(relation),
        "hours_since_shift_end": _nullable(since / _HOUR, covered & ~np.isnat(since)),
        "hours_until_shift_start": _nullable(until / _HOUR, covered & ~np.isnat(until)),
        "hours_since_night_end": _nullable(since_night / _HOUR, covered & ~np.isnat(since_night)),
        "days_since_last_night": _nullable(since_night / ONE_DAY, covered & ~np.isnat(since_night)),
    }


def _nights(timeline: Timeline, known: Days, start: Times) -> dict[str, pa.Array]:
    covered = known != UNKNOWN
    since = _since(timeline.end, start)
    ended = np.searchsorted(timeline.end, start, side="right")
    in_a_row = np.concatenate([[0], timeline.nights_in_a_row])[ended] * (since <= NIGHT_HOLDS)
    night_ends = timeline.end[timeline.is_night]
    last_week = np.searchsorted(night_ends, start, side="right") - np.searchsorted(
        night_ends, start - NIGHTS_COUNTED, side="right"
    )
    changed = _started_before(timeline, timeline.changes == 1, start)
    unclear = _started_before(timeline, timeline.changes == UNKNOWN, start) | (known < TRANSITION // ONE_DAY)
    return {
        "consecutive_nights": _nullable(in_a_row, covered & ~np.isnat(since) & (in_a_row != UNKNOWN)),
        "nights_last_7_days": _nullable(last_week, known >= NIGHTS_COUNTED // ONE_DAY),
        "is_transition": _nullable(changed, covered & (changed | ~unclear)),
    }


def _since(ends: Times, start: Times) -> Durations:
    """Time since the last of `ends` at or before each start; NaT if there is none in the horizon."""
    padded = np.concatenate([np.array(["NaT"], dtype="datetime64[us]"), ends])
    gap = start - padded[np.searchsorted(ends, start, side="right")]
    return np.where(gap <= HORIZON, gap, np.timedelta64("NaT", "us"))


def _until(starts: Times, end: Times) -> Durations:
    padded = np.concatenate([starts, np.array(["NaT"], dtype="datetime64[us]")])
    gap = padded[np.searchsorted(starts, end)] - end
    return np.where(gap <= HORIZON, gap, np.timedelta64("NaT", "us"))


def _started_before(timeline: Timeline, chosen: Flags, start: Times) -> Flags:
    """Whether one of the chosen shifts started in the transition time before each start."""
    starts = timeline.start[chosen]
    return np.searchsorted(starts, start, side="right") > np.searchsorted(starts, start - TRANSITION)


def _nullable(values: npt.NDArray[Any], valid: Flags) -> pa.Array:
    return pa.array(values, mask=~valid)
