"""What the roster says about each run and each date.

Belongs here: the shift columns of the gold tables, and digests that tell when they would change.
Does not: kinds of shifts (`kinds.py`), which dates are covered (`timeline.py`), or any metric of a run.
"""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any, Final
from zlib import crc32

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from coros_assets.roster.circadian import BURN_IN, hours_from_minimum, wrapped
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

FARTHEST_DAYS: Final = int(HORIZON // ONE_DAY)
"""Most dates before its own that a label asks to be known."""

LONGEST_ACTIVITY: Final = np.timedelta64(48, "h")
"""An activity's end counts at most this long after its start; a longer recording was forgotten."""

_EAST, _WEST = np.timedelta64(14, "h"), np.timedelta64(12, "h")
"""Farthest that local dates begin before and after those of UTC."""

LABEL_VERSION: Final = "2"
"""Part of every digest: raised whenever the same roster gives other labels than before, as after a change of
what `light.py` assumes."""

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
    - is_first_day_after_nights: a night shift touches the date before, and none the date itself. The
      date a night shift ends on began at work and is slept away; the first date without night work is
      the first rest day, on which nurses were least alert (Totterdell et al. 1995). Null if the roster
      does not cover the date before.
    - is_transition: a shift that started in the 48 h before is of another kind than the one before it,
      early, day, evening or night alike; null if the roster does not cover these 48 h or what came
      before them.
    - hours_from_circadian_minimum: from the start back to the minimum that the model of `circadian.py`
      predicts nearest to it in the central scenario of `light.py`; negative before it. With `_low` and
      `_high`, the least and most over all scenarios, which are not wrapped and so may pass 12 h either
      way. Null unless the roster covers the 14 dates before. The roster's clock decides when she
      sleeps, the zone of the run does not matter. The band is of what is assumed: the model's own
      error, 1 h where light was measured (Stone et al. 2019), comes on top.
    - rotation_direction: which way the start moved by the wall clock when the kind of shift last
      changed: forward (later in the day, as from early to evening to night) or backward; half a day is
      forward (`Timeline.turns`). The text none if the kind did not change in the 28 days before, or
      changed without moving the start; null if the roster does not cover these days.

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
        **_nights(timeline, dates, start),
        **_changes(timeline, known, start),
        **_circadian(timeline, known, start),
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
    the rules (`LABEL_VERSION`), the date's own period, whether nights precede it and how many dates before
    it are known, and of each shift in the neighbourhood its hours, its number in a row of nights (0 for
    other kinds), whether the kind changed with it, which way its start moved then, and its zone.
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
    zones = np.array([crc32(zone.encode()) for zone in timeline.zone], dtype="<i8")
    zone_before = np.concatenate([zones[:1], zones])[begin] if len(zones) else begin
    facts = np.column_stack(
        [
            timeline.start.astype("<i8"),
            timeline.end.astype("<i8"),
            timeline.nights_in_a_row.astype("<i8"),
            timeline.changes.astype("<i8"),
            timeline.turns.astype("<i8"),
            zones,
        ]
    )
    after_nights = timeline.after_nights(day.astype(np.int64))
    return [
        _digest("unknown")
        if days_known == UNKNOWN
        else _digest(f"{period} {min(days_known, FARTHEST_DAYS)} {after} {zone}", facts[i:j].tobytes())
        for period, days_known, after, zone, i, j in zip(
            periods, known.tolist(), after_nights, zone_before, begin, stop, strict=True
        )
    ]


def _digest(of_date: str, of_shifts: bytes = b"") -> str:
    return hashlib.sha256(f"{LABEL_VERSION} {of_date} ".encode() + of_shifts).hexdigest()


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


def _nights(timeline: Timeline, dates: Days, start: Times) -> dict[str, pa.Array]:
    known = timeline.days_known(dates)
    since = _since(timeline.end, start)
    ended = np.searchsorted(timeline.end, start, side="right")
    in_a_row = np.concatenate([[0], timeline.nights_in_a_row])[ended] * (since <= NIGHT_HOLDS)
    night_ends = timeline.end[timeline.is_night]
    last_week = np.searchsorted(night_ends, start, side="right") - np.searchsorted(
        night_ends, start - NIGHTS_COUNTED, side="right"
    )
    row_known = (known != UNKNOWN) & ~np.isnat(since) & (in_a_row != UNKNOWN)
    return {
        "consecutive_nights": _nullable(in_a_row, row_known),
        "nights_last_7_days": _nullable(last_week, known >= NIGHTS_COUNTED // ONE_DAY),
        "is_first_day_after_nights": _nullable(timeline.after_nights(dates), known >= 1),
    }


def _changes(timeline: Timeline, known: Days, start: Times) -> dict[str, pa.Array]:
    changes = timeline.changes == 1
    changed = _since(timeline.start[changes], start)
    unclear = _since(timeline.start[timeline.changes == UNKNOWN], start)
    recent = changed <= TRANSITION
    recent_known = ~(unclear <= TRANSITION) & (known >= TRANSITION // ONE_DAY)
    none_known = np.isnat(unclear) & (known >= FARTHEST_DAYS)
    begun = np.searchsorted(timeline.start[changes], start, side="right")
    turn = np.concatenate([[0], timeline.turns[changes]])[begun] * ~np.isnat(changed)
    direction = np.select([turn > 0, turn < 0], ["forward", "backward"], "none")
    covered = known != UNKNOWN
    return {
        "is_transition": _nullable(recent, covered & (recent | recent_known)),
        "rotation_direction": _nullable(direction, covered & (~np.isnat(changed) | none_known)),
    }


def _circadian(timeline: Timeline, known: Days, start: Times) -> dict[str, pa.Array]:
    modelled = known >= BURN_IN // ONE_DAY
    central, low, high = np.full((3, len(start)), np.nan)
    if modelled.any():
        hours = hours_from_minimum(timeline, start[modelled])
        apart = wrapped(hours - hours[0])
        central[modelled] = hours[0]
        low[modelled], high[modelled] = hours[0] + apart.min(axis=0), hours[0] + apart.max(axis=0)
    return {
        "hours_from_circadian_minimum": _nullable(central, modelled),
        "hours_from_circadian_minimum_low": _nullable(low, modelled),
        "hours_from_circadian_minimum_high": _nullable(high, modelled),
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


def _nullable(values: npt.NDArray[Any], valid: Flags) -> pa.Array:
    return pa.array(values, mask=~valid)
