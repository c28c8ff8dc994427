"""Mornings: what was measured in the main sleep that a date woke from, and how long the sleep was.

Belongs here: values by date of waking, and body days. Does not: single sleeps (`episodes.py`) or how a
morning compares with others (`baseline.py`).

The body day of someone who works nights does not change at midnight: it begins at the end of a main sleep
and lasts to the end of the next one. It is named by the date on which it ends, the date of waking: so the
sleep of a date is that of its body day, naps before the main sleep included, and what was measured in
that main sleep (resting heart rate, rMSSD) stands beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from coros_assets.errors import WellnessError
from coros_assets.roster.zones import times
from coros_assets.tables import WELLNESS_DAILY
from coros_assets.wellness.rows import Row, date_of, flag, moment, number

LONGEST_BODY_DAY: Final = np.timedelta64(36, "h")
"""From waking before the first night shift to waking after it pass about 31 h; a longer body day has a sleep
missing, and what lies further back than this is not counted to it."""

FloatArray = npt.NDArray[np.float64]

_VALUES: Final = ("resting_heart_rate_bpm", "hrv_rmssd_ms", "sleep_h")


def daily_table(name: str, rows: Sequence[Row], sleeps: pa.Table) -> pa.Table:
    """The mornings of rows and of their sleeps, in order of date, as `WELLNESS_DAILY`.

    Hours of sleep are those of the body day's sleeps; where none has hours of the clock, those that the file
    states for the date. A date may stand in several rows, as when it has two sleeps or two replies.

    Raises:
        WellnessError: values without a date, or two different ones for the same date; both rows are named.
    """
    stated = _stated(name, rows)
    slept = {morning["date"]: morning for morning in body_days(sleeps).to_pylist()}
    mornings = [
        {"date": day, **stated.get(day, {}), **slept.get(day, {})}
        for day in sorted(stated.keys() | slept.keys())
    ]
    return WELLNESS_DAILY.conform(pa.Table.from_pylist(mornings, schema=WELLNESS_DAILY.arrow_schema))


def body_days(sleeps: pa.Table) -> pa.Table:
    """The sleep of each body day that ended with a main sleep: a row a date of waking, in no order.

    Of two main sleeps that end on one date the hours are summed; the later one says if it was by day.

    Args:
        sleeps: a table of `WELLNESS_SLEEP`, which may be empty.

    Returns:
        Columns `date`, `sleep_h`, `day_sleep_h`, `main_sleep_is_day`, `source`.
    """
    start, end = times(sleeps["start_time"]), times(sleeps["end_time"])
    mains = sleeps.filter(pc.invert(sleeps["is_nap"]))
    waking = times(mains["end_time"])
    body_day = np.searchsorted(waking, end)
    ends = np.append(waking, np.datetime64("NaT"))[body_day]
    counted = ends - start <= LONGEST_BODY_DAY
    asleep_h = np.asarray(sleeps["asleep_h"])
    is_day = np.asarray(sleeps["is_day_sleep"])

    def total(hours: FloatArray) -> FloatArray:
        by_main = np.bincount(body_day[counted], weights=hours[counted], minlength=mains.num_rows)
        return by_main.astype(np.float64)

    by_waking = pa.table(
        {
            "date": mains["wake_date"],
            "sleep_h": total(asleep_h),
            "day_sleep_h": total(asleep_h * is_day),
            "main_sleep_is_day": mains["is_day_sleep"],
            "source": mains["source"],
        }
    )
    by_date = by_waking.group_by("date", use_threads=False).aggregate(
        [("sleep_h", "sum"), ("day_sleep_h", "sum"), ("main_sleep_is_day", "last"), ("source", "last")]
    )
    return by_date.rename_columns(["date", "sleep_h", "day_sleep_h", "main_sleep_is_day", "source"])


def _stated(name: str, rows: Sequence[Row]) -> dict[date, dict[str, Any]]:
    """The values that rows give for dates, each once, with the first row as source."""
    found: dict[date, dict[str, Any]] = {}
    entries: dict[tuple[date, str], str] = {}
    for row in rows:
        values = {column: number(name, row, column) for column in _VALUES if column in row.cells}
        if not values:
            continue
        day = _date(name, row)
        morning = found.setdefault(day, {"source": f"{name} {row.entry}"})
        for column, value in values.items():
            if morning.setdefault(column, value) != value:
                raise WellnessError(
                    f"{name}: {entries[day, column]} and {row.entry} give {day} another {column}: "
                    "keep one of them."
                )
            entries.setdefault((day, column), row.entry)
    return found


def _date(name: str, row: Row) -> date:
    """The date of a row with values: its own, else that of its main sleep's end."""
    if "date" in row.cells:
        return date_of(name, row.entry, row.cells["date"])
    if "sleep_end" not in row.cells or flag(name, row, "is_nap"):
        raise WellnessError(f"{name}: {row.entry} has no date: give the day of waking up in a column date.")
    return moment(name, row, "sleep_end").date()
