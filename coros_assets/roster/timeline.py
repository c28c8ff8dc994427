"""A roster as sorted arrays: its shifts, its nights in a row, and which dates it covers.

Belongs here: what is true of shifts and dates alone, whatever was run on them.
Does not: what a run or a date is called because of it (`labels.py`), or reading rosters (`read.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from coros_assets.roster.kinds import NIGHT
from coros_assets.roster.zones import ONE_DAY, Days, Names, Times, midnight, names, times

HORIZON: Final = np.timedelta64(28, "D")
"""How far labels look, back and ahead. Four weeks off are leave; a longer hole without a single shift
looks like a month missing from the export. Its dates are unknown, not off: called off, runs after
nights nobody wrote down would join the comparison arm, while unknown merely leaves runs out."""

NIGHT_HOLDS: Final = np.timedelta64(36, "h")
"""How long after its end a night shift marks runs, and the most between the starts of two nights in a
row."""

HALF_A_DAY: Final = np.timedelta64(12, "h")

UNKNOWN: Final = -1

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Timeline:
    """A roster's shifts in order of time, and the dates it covers.

    Attributes:
        start: UTC starts, sorted.
        end: UTC ends, sorted, for shifts do not overlap.
        zone: IANA names of the shifts' zones.
        is_night: whether the shift is a night shift.
        nights_in_a_row: for a night shift, its number in the unbroken row of night shifts whose starts
            lie at most 36 h apart; UNKNOWN if the 36 h before the row are not covered; 0 for others.
        changes: 1 if the shift is of another kind than the one before it, 0 if not, UNKNOWN if none is
            known in the 28 days before it.
        turns: where the kind changed, 1 if the shift begins later in the day than the one before it, -1
            if earlier, both by the wall clock and by less than half a day; half a day is 1, for rest
            between shifts makes it a delay (07:00 today, 19:00 tomorrow). 0 for the rest.
        worked: dates that a shift touches, as days since 1970, sorted. An end at midnight touches the
            date before it.
        worked_nights: the dates that a night shift touches.
        stretch: for each worked date, the first of the stretch of dates covered around it.
    """

    start: Times
    end: Times
    zone: Names
    is_night: Flags
    nights_in_a_row: Days
    changes: Days
    turns: Days
    worked: Days
    worked_nights: Days
    stretch: Days

    @classmethod
    def of(cls, shifts: pa.Table) -> Timeline:
        """The timeline of a table of `ROSTER_SHIFTS`, which may be empty."""
        shifts = shifts.sort_by("start_time")
        start, end = times(shifts["start_time"]), times(shifts["end_time"])
        start_local = times(shifts["start_time_local"])
        kinds = names(shifts["kind"])
        is_night = kinds == NIGHT
        first, last = _dates(start_local), _dates(times(shifts["end_time_local"]) - np.timedelta64(1, "us"))
        worked = _touched(first, last)
        stretch = _stretches(worked)
        row, row_start = _rows_of_nights(start, is_night)
        before = _dates(start_local[row_start] - NIGHT_HOLDS)
        row_known = before >= stretch[np.searchsorted(worked, first[row_start])]
        changes = _changes(start, end, kinds)
        return cls(
            start=start,
            end=end,
            zone=names(shifts["timezone"]),
            is_night=is_night,
            nights_in_a_row=np.where(is_night, np.where(row_known, row, UNKNOWN), 0),
            changes=changes,
            turns=np.where(changes == 1, _turns(start_local), 0),
            worked=worked,
            worked_nights=_touched(first[is_night], last[is_night]),
            stretch=stretch,
        )

    def days_known(self, dates: Days) -> Days:
        """How many dates in a row before each date the roster covers; UNKNOWN where not the date itself.

        Covered are the dates from the first shift's to the last one's, but for holes of more than 28
        dates without any shift.
        """
        if not len(self.worked):
            return np.full(len(dates), UNKNOWN)
        after = np.minimum(np.searchsorted(self.worked, dates), len(self.worked) - 1)
        before = np.maximum(np.searchsorted(self.worked, dates, side="right") - 1, 0)
        inside = (self.worked[before] <= dates) & (dates <= self.worked[after])
        covered = inside & (self.stretch[before] == self.stretch[after])
        return np.where(covered, dates - self.stretch[before], UNKNOWN)

    def zones_at(self, instants: Times) -> Names:
        """The roster's zone at each instant: that of the last shift begun, or of the first before any was."""
        begun = np.searchsorted(self.start, instants, side="right")
        return self.zone[np.maximum(begun - 1, 0)]

    def after_nights(self, dates: Days) -> Flags:
        """Whether a night shift touches the date before each date, and none touches the date."""
        return np.isin(dates - 1, self.worked_nights) & ~np.isin(dates, self.worked_nights)

    def periods(self, dates: Days) -> npt.NDArray[np.object_]:
        """`day`, `night`, `off` or `unknown` for each date."""
        choices = [
            self.days_known(dates) == UNKNOWN,
            np.isin(dates, self.worked_nights),
            np.isin(dates, self.worked),
        ]
        return np.select(choices, ["unknown", NIGHT, "day"], "off").astype(object)


def _dates(wall: Times) -> Days:
    return midnight(wall).astype("datetime64[D]").astype(np.int64)


def _touched(first: Days, last: Days) -> Days:
    length = np.maximum(last - first, 0) + 1
    within = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
    return np.unique(np.repeat(first, length) + within)


def _stretches(worked: Days) -> Days:
    empty_dates = np.diff(worked, prepend=worked[:1]) - 1
    begins = np.flatnonzero(empty_dates > HORIZON // ONE_DAY)
    position = np.searchsorted(begins, np.arange(len(worked)), side="right")
    return worked[np.concatenate([[0], begins])[position]] if len(worked) else worked


def _rows_of_nights(start: Times, is_night: Flags) -> tuple[Days, Days]:
    goes_on = is_night[1:] & is_night[:-1] & (np.diff(start) <= NIGHT_HOLDS)
    index = np.arange(len(start))
    row_start = np.maximum.accumulate(np.where(np.concatenate([[False], goes_on])[: len(start)], 0, index))
    return index - row_start + 1, row_start


def _changes(start: Times, end: Times, kinds: Names) -> Days:
    changed = np.where(start[1:] - end[:-1] <= HORIZON, kinds[1:] != kinds[:-1], UNKNOWN)
    return np.concatenate([[UNKNOWN], changed])[: len(start)]


def _turns(start_local: Times) -> Days:
    time_of_day = start_local - midnight(start_local)
    later = np.diff(time_of_day, prepend=time_of_day[:1]) % ONE_DAY
    return np.where(later <= HALF_A_DAY, np.sign(later.astype(np.int64)), -1)
