"""What sleep says about each run, and digests that tell when it would say something else.

Belongs here: the sleep columns of `gold.fact_activity`. Does not: sleeps themselves (`episodes.py`) or
days (`mornings.py`).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from coros_assets.roster.zones import ONE_DAY, Times, times
from coros_assets.tables import SLEEP_CONTEXT
from coros_assets.wellness.mornings import LONGEST_BODY_DAY

STILL_AWAKE: Final = np.timedelta64(18, "h")
"""How long after the last sleep on record no other is expected; later, one may be missing from the file."""

_EAST, _WEST = np.timedelta64(14, "h"), np.timedelta64(12, "h")
"""Farthest that local dates begin before and after those of UTC."""

_ONE_HOUR = np.timedelta64(1, "h")

FloatArray = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def sleep_before(activities: pa.Table, sleeps: pa.Table) -> pa.Table:
    """The columns of `SLEEP_CONTEXT` for each activity.

    A time is covered by the record if it lies in a row of main sleeps none of which ends more than 36 h after
    the one before (`LONGEST_BODY_DAY`), or within 18 h after the last of such a row.

    - sleep_last_24h_h, and by clock night_sleep_last_24h_h and day_sleep_last_24h_h: hours asleep in the 24 h
      before the start, naps included, a sleep's time asleep spread evenly over it. Null unless the record
      covers the 24 h: a night without a watch is not a night without sleep.
    - hours_since_sleep_end: hours from the end of the last sleep, naps included, to the start. Null if the
      record does not cover the start, and if it has a sleep then.

    Args:
        activities: column `start_time` (timestamp with zone); others are ignored.
        sleeps: a table of `WELLNESS_SLEEP`, which may be empty.

    Returns:
        One row per activity in the same order, the columns of `SLEEP_CONTEXT` in theirs.
    """
    record = _Record.of(sleeps)
    start = times(activities["start_time"])
    covered = record.covers(start)
    whole_day = covered & (record.row_of(start) == record.row_of(start - ONE_DAY))
    day_h = record.hours_asleep(start, record.is_day)
    night_h = record.hours_asleep(start, ~record.is_day)
    last = np.searchsorted(record.end, start, side="right")
    asleep = np.searchsorted(record.start, start, side="right") > last
    since = start - np.concatenate([np.array(["NaT"], dtype="datetime64[us]"), record.end])[last]
    columns = {
        "sleep_last_24h_h": (day_h + night_h, whole_day),
        "night_sleep_last_24h_h": (night_h, whole_day),
        "day_sleep_last_24h_h": (day_h, whole_day),
        "hours_since_sleep_end": (since / _ONE_HOUR, covered & ~asleep),
    }
    return pa.table({c.name: pa.array(columns[c.name][0], mask=~columns[c.name][1]) for c in SLEEP_CONTEXT})


def sleep_digests(dates: list[date], sleeps: pa.Table) -> list[str]:
    """A digest, for each date, of all sleeps that the columns of its activities depend on.

    They reach from 36 h before the 24 h before the date to 36 h after it, wherever on Earth the date is.
    Empty where there is none, so that without a record nothing depends on it.

    Args:
        dates: local dates of activities, in any order.
        sleeps: a table of `WELLNESS_SLEEP`, which may be empty.

    Returns:
        SHA-256 in hexadecimal, one a date.
    """
    record = _Record.of(sleeps)
    begin_of = np.array(dates, dtype="datetime64[D]").astype("datetime64[us]")
    begin = np.searchsorted(record.end, begin_of - _EAST - ONE_DAY - LONGEST_BODY_DAY)
    stop = np.searchsorted(record.start, begin_of + ONE_DAY + _WEST + LONGEST_BODY_DAY, side="right")
    facts = np.rec.fromarrays(
        [record.start.astype("<i8"), record.end.astype("<i8"), record.asleep_h, record.is_day, record.is_nap]
    )
    return [
        hashlib.sha256(facts[i:j].tobytes()).hexdigest() if i < j else ""
        for i, j in zip(begin.tolist(), stop.tolist(), strict=True)
    ]


@dataclass(frozen=True)
class _Record:
    """Sleeps as sorted arrays; `begins` and `ends` are those of each row of main sleeps without a gap."""

    start: Times
    end: Times
    asleep_h: FloatArray
    is_nap: Flags
    is_day: Flags
    begins: Times
    ends: Times

    @classmethod
    def of(cls, sleeps: pa.Table) -> _Record:
        sleeps = sleeps.sort_by("start_time")
        mains = sleeps.filter(pc.invert(sleeps["is_nap"]))
        start, end = times(mains["start_time"]), times(mains["end_time"])
        breaks = np.diff(end) > LONGEST_BODY_DAY
        is_first, is_last = np.ones(len(start), dtype=bool), np.ones(len(start), dtype=bool)
        is_first[1:] = is_last[:-1] = breaks
        return cls(
            times(sleeps["start_time"]),
            times(sleeps["end_time"]),
            np.asarray(sleeps["asleep_h"], dtype=np.float64),
            np.asarray(sleeps["is_nap"], dtype=bool),
            np.asarray(sleeps["is_day_sleep"], dtype=bool),
            start[is_first],
            end[is_last] + STILL_AWAKE,
        )

    def row_of(self, at: Times) -> npt.NDArray[np.int64]:
        """The number of the last row of main sleeps begun by each time, from 1."""
        return np.searchsorted(self.begins, at, side="right")

    def covers(self, at: Times) -> Flags:
        ends = np.concatenate([np.array([np.datetime64(0, "us")]), self.ends])
        row = self.row_of(at)
        return np.asarray((row > 0) & (at <= ends[row]), dtype=bool)

    def hours_asleep(self, until: Times, chosen: Flags) -> FloatArray:
        """Hours of the chosen sleeps in the 24 h until each time."""
        knots = np.column_stack([self.start, self.end]).ravel().astype(np.float64)
        total = np.cumsum(self.asleep_h * chosen)
        hours = np.column_stack([np.concatenate([[0.0], total])[:-1], total]).ravel()
        if not len(knots):
            return np.zeros(len(until))
        at, day = until.astype(np.float64), ONE_DAY / np.timedelta64(1, "us")
        return np.asarray(np.interp(at, knots, hours) - np.interp(at - day, knots, hours))
