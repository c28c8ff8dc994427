"""Sleeps: from rows to instants, main sleeps and naps, day and night.

Belongs here: what holds for every sleep whatever the format. Does not: what was measured in it
(`mornings.py`), or what it means for a run (`before_runs.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from coros_assets.errors import WellnessError
from coros_assets.home_timezone import HomeTimezone
from coros_assets.inert import printable
from coros_assets.roster.zones import Names, Times, known_zone, midnight, to_local, to_utc
from coros_assets.tables import WELLNESS_SLEEP
from coros_assets.wellness.rows import Row, date_of, flag, moment, number

LONGEST_SLEEP: Final = np.timedelta64(24, "h")
"""Longer is a wrong date at one end."""

LONGEST_NAP: Final = np.timedelta64(3, "h")
"""A sleep shorter than this is a nap where the file does not say; this project's definition."""

DAY_SLEEP_FROM, DAY_SLEEP_TO = np.timedelta64(8, "h"), np.timedelta64(22, "h")
"""Clock times between which the middle of a day sleep lies; this project's definition. From 23:00 to 07:00
the middle is 03:00, after a night shift from 08:30 to 14:30 it is 11:30."""

_ONE_HOUR = np.timedelta64(1, "h")
_ROUNDING_H = 1 / 60
"""Exports round time asleep and window separately, so that one can exceed the other by a minute."""


def sleep_table(name: str, rows: Sequence[Row], home: HomeTimezone) -> pa.Table:
    """The sleeps of rows with `sleep_start` and `sleep_end`, in order of time, as `WELLNESS_SLEEP`.

    A time without an offset is on the wall clock of the row's zone, else of the home zone of its date; of an
    hour that happens twice the first is meant, and one that is skipped ends with the gap. The same sleep
    twice counts once. What a nap shares with a main sleep, as when a watch splits a night at its edge, counts
    as the main sleep's.

    Raises:
        WellnessError: a sleep that lacks an end, ends before it starts, lasts more than 24 h, is dated
            otherwise than by its waking, or overlaps another; two rows are named then.
    """
    rows = [row for row in rows if not row.cells.keys().isdisjoint(("sleep_start", "sleep_end"))]
    zones = np.array([_zone(name, row, home) for row in rows], dtype=object)
    start, end = (_instants(name, rows, zones, column) for column in ("sleep_start", "sleep_end"))
    _check_lengths(name, rows, start, end)
    given = [number(name, row, "asleep_h") for row in rows]
    length_h = (end - start) / _ONE_HOUR
    asleep_h = np.array([h if asleep is None else asleep for h, asleep in zip(length_h, given, strict=True)])
    _check_asleep(name, rows, asleep_h, length_h)
    naps = [flag(name, row, "is_nap") for row in rows]
    short = (end - start) < LONGEST_NAP
    is_nap = np.array([s if nap is None else nap for s, nap in zip(short, naps, strict=True)], dtype=bool)
    woke = midnight(to_local(end, zones)).astype("datetime64[D]")
    _check_dates(name, rows, woke, is_nap)
    instant = WELLNESS_SLEEP.arrow_schema.field("start_time").type
    columns: dict[str, Any] = {
        "start_time": pa.array(start, instant),
        "end_time": pa.array(end, instant),
        "timezone": pa.array(zones, pa.string()),
        "asleep_h": np.minimum(asleep_h, length_h),
        "is_nap": is_nap,
        "entry": pa.array([row.entry for row in rows], pa.string()),
    }
    return _described(name, _apart(name, pa.table(columns)))


def _zone(name: str, row: Row, home: HomeTimezone) -> str:
    zone = row.cells.get("timezone")
    if zone is None:
        woke = moment(name, row, "sleep_end")
        return home.at(woke) if woke.tzinfo else home.on(woke.date())
    if known_zone(zone) is None:
        raise WellnessError(
            f"{name}: {row.entry} is in the zone '{printable(zone)}', which is no IANA zone: "
            "write one such as Europe/Vienna."
        )
    return zone


def _instants(name: str, rows: Sequence[Row], zones: Names, column: str) -> Times:
    given = [moment(name, row, column) for row in rows]
    wall = np.array([_naive(time) for time in given], dtype="datetime64[us]")
    exact = np.array([time.tzinfo is not None for time in given], dtype=bool)
    return to_utc(wall, np.where(exact, "UTC", zones).astype(object), nonexistent="latest")


def _naive(time: datetime) -> datetime:
    return time.astimezone(UTC).replace(tzinfo=None) if time.tzinfo else time


def _check_lengths(name: str, rows: Sequence[Row], start: Times, end: Times) -> None:
    for at in np.flatnonzero(end <= start).tolist():
        raise WellnessError(
            f"{name}: the sleep of {rows[at].entry} does not end after it starts: correct it."
        )
    for at in np.flatnonzero(end - start > LONGEST_SLEEP).tolist():
        hours = (end - start)[at] / _ONE_HOUR
        raise WellnessError(f"{name}: the sleep of {rows[at].entry} lasts {hours:.0f} h: correct its dates.")


def _check_asleep(name: str, rows: Sequence[Row], asleep_h: Any, length_h: Any) -> None:
    for at in np.flatnonzero(asleep_h > length_h + _ROUNDING_H).tolist():
        raise WellnessError(
            f"{name}: {rows[at].entry} has {asleep_h[at]:.1f} h asleep in a sleep of {length_h[at]:.1f} h: "
            "correct one of them."
        )


def _check_dates(name: str, rows: Sequence[Row], woke: Any, is_nap: Any) -> None:
    for row, date, nap in zip(rows, woke, is_nap, strict=True):
        if "date" in row.cells and not nap and date_of(name, row.entry, row.cells["date"]) != date.item():
            raise WellnessError(
                f"{name}: {row.entry} is dated {printable(row.cells['date'])}, and its sleep ends on {date}: "
                "date each row by the day of waking up."
            )


def _apart(name: str, sleeps: pa.Table) -> pa.Table:
    """The sleeps in order of time, without repetitions, naps cut where a main sleep is."""
    once = sleeps.group_by(["start_time", "end_time"], use_threads=False).aggregate(
        [("timezone", "first"), ("asleep_h", "first"), ("is_nap", "min"), ("entry", "first")]
    )
    sleeps = once.rename_columns(sleeps.column_names)
    sleeps = _cut(sleeps.sort_by([("is_nap", "ascending"), ("start_time", "ascending")])).sort_by(
        "start_time"
    )
    start, end = _times(sleeps, "start_time"), _times(sleeps, "end_time")
    for at in np.flatnonzero(start[1:] < end[:-1]):
        first, second = sleeps["entry"].take([at, at + 1]).to_pylist()
        raise WellnessError(
            f"{name}: the sleeps of {first} and {second} overlap: correct one of them or leave it out."
        )
    return sleeps


def _cut(sleeps: pa.Table) -> pa.Table:
    """Main sleeps first, sorted; then naps, shortened to what lies before or else after main sleeps."""
    mains = pc.sum(pc.invert(sleeps["is_nap"])).as_py() or 0
    start, end = _times(sleeps, "start_time"), _times(sleeps, "end_time")
    far = np.array(["2200-01-01"], dtype="datetime64[us]")
    main_start, main_end = np.append(start[:mains], far), np.append(end[:mains], far)
    begins, ends = start[mains:], end[mains:]
    touched = np.searchsorted(main_end[:-1], begins, side="right")
    begins = np.where(main_start[touched] <= begins, np.maximum(begins, main_end[touched]), begins)
    following = np.searchsorted(main_end[:-1], begins, side="right")
    ends = np.minimum(ends, main_start[following])
    kept = np.concatenate([np.ones(mains, dtype=bool), begins < ends])
    share = np.concatenate([np.ones(mains), (ends - begins) / (end[mains:] - start[mains:])])
    instant = sleeps["start_time"].type
    columns = {
        "start_time": pa.array(np.append(start[:mains], begins), instant),
        "end_time": pa.array(np.append(end[:mains], ends), instant),
        "timezone": sleeps["timezone"],
        "asleep_h": pc.multiply(sleeps["asleep_h"], share),
        "is_nap": sleeps["is_nap"],
        "entry": sleeps["entry"],
    }
    return pa.table(columns).filter(pa.array(kept))


def _described(name: str, sleeps: pa.Table) -> pa.Table:
    start, end = _times(sleeps, "start_time"), _times(sleeps, "end_time")
    zones = np.asarray(sleeps["timezone"].to_numpy(), dtype=object)
    middle = to_local(start + (end - start) // 2, zones)
    clock = middle - midnight(middle)
    columns = {
        **{column: sleeps[column] for column in ("start_time", "end_time", "timezone", "asleep_h", "is_nap")},
        "sleep_id": pc.strftime(pa.array(start.astype("datetime64[s]")), format="%Y%m%dT%H%M%SZ"),
        "wake_date": pa.array(to_local(end, zones).astype("datetime64[D]")),
        "is_day_sleep": (clock >= DAY_SLEEP_FROM) & (clock < DAY_SLEEP_TO),
        "source": pa.array([f"{name} {entry}" for entry in sleeps["entry"].to_pylist()], pa.string()),
    }
    return WELLNESS_SLEEP.conform(pa.table(columns))


def _times(sleeps: pa.Table, column: str) -> Times:
    return np.asarray(sleeps[column].cast(pa.int64()).to_numpy()).astype("datetime64[us]")
