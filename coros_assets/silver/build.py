"""The silver tables of one activity date from its bronze files.

Belongs here: putting cleaned, localised, unique activities into the tables' columns. Does not:
reading or writing files (`assets.py`, `storage/`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
import pyarrow as pa

from coros_assets.contract import Table
from coros_assets.formats.read import read_activities
from coros_assets.silver.clean import CleanActivity, clean
from coros_assets.silver.duplicates import Choice, Recording, choose
from coros_assets.silver.localise import LocalStart, local_start
from coros_assets.tables import SILVER_ACTIVITIES, SILVER_LAPS, SILVER_RECORDS

_DROPPED = ("points_without_time", "points_impossible_time", "points_repeated_time")


@dataclass(frozen=True)
class SourceFile:
    """A bronze file: its decompressed bytes and how it came."""

    sha256: str
    name: str
    landed_at: datetime
    data: bytes


@dataclass(frozen=True)
class LocatedActivity:
    """A cleaned activity of a file, with its local start."""

    file: SourceFile
    activity: CleanActivity
    start: LocalStart


@dataclass(frozen=True)
class SilverDate:
    """The three silver tables of one activity date, as their contracts say."""

    records: pa.Table
    laps: pa.Table
    activities: pa.Table


def located_activities(file: SourceFile, home_timezone: str) -> list[LocatedActivity]:
    """The usable activities of a file, each with its local start.

    Raises:
        UnreadableFileError: the file cannot be read.
    """
    cleaned = (clean(raw, file.landed_at) for raw in read_activities(file.data))
    return [LocatedActivity(file, a, local_start(a, home_timezone)) for a in cleaned if a is not None]


def build_date(files: Iterable[SourceFile], day: date, home_timezone: str) -> SilverDate:
    """The silver tables of `day`; activities of the files that started on other dates are left out."""
    found = [
        located
        for file in sorted(files, key=lambda file: file.sha256)
        for located in located_activities(file, home_timezone)
        if located.start.date == day
    ]
    choices = choose([_recording(located) for located in found])
    ids = _activity_ids(found, choices)
    winners = [
        (i, located) for i, located, choice in zip(ids, found, choices, strict=True) if choice.is_winner
    ]
    return SilverDate(
        _stacked(SILVER_RECORDS, [_records(activity_id, located) for activity_id, located in winners]),
        _stacked(SILVER_LAPS, [_laps(activity_id, located) for activity_id, located in winners]),
        _stacked(
            SILVER_ACTIVITIES,
            [_summary(i, located, choice) for i, located, choice in zip(ids, found, choices, strict=True)],
        ),
    )


def _recording(located: LocatedActivity) -> Recording:
    activity, file = located.activity, located.file
    raw = activity.raw
    return Recording(
        activity.start_us,
        activity.end_us,
        raw.sport,
        raw.source_format,
        file.landed_at,
        file.sha256,
        raw.source_index,
    )


def _activity_ids(found: Sequence[LocatedActivity], choices: Sequence[Choice]) -> list[str]:
    """UTC start of each cluster; a second cluster of the same second (another sport) gets `-2`."""
    names: dict[tuple[int, str], str] = {}
    taken: dict[str, int] = {}
    ordered = sorted(
        {(c.activity_start_us, f.activity.raw.sport) for c, f in zip(choices, found, strict=True)}
    )
    for start_us, sport in ordered:
        base = f"{np.datetime64(start_us, 'us').astype(datetime):%Y%m%dT%H%M%SZ}"
        taken[base] = taken.get(base, 0) + 1
        names[start_us, sport] = base if taken[base] == 1 else f"{base}-{taken[base]}"
    return [names[c.activity_start_us, f.activity.raw.sport] for c, f in zip(choices, found, strict=True)]


def _records(activity_id: str, located: LocatedActivity) -> pa.Table:
    activity = located.activity
    columns = {name: pa.array(values, from_pandas=True) for name, values in activity.columns.items()}
    return pa.table(
        columns
        | {
            "activity_id": pa.repeat(pa.scalar(activity_id), len(activity.time_us)),
            "time": pa.array(activity.time_us).cast(pa.timestamp("us", tz="UTC")),
            "lap_index": pa.array(activity.lap_index),
        }
    )


def _laps(activity_id: str, located: LocatedActivity) -> pa.Table:
    laps = located.activity.raw.laps
    numbered = laps.append_column("lap_index", pa.array(np.arange(len(laps), dtype=np.int32)))
    timed = numbered.filter(laps["start_time"].is_valid())
    return timed.append_column("activity_id", pa.repeat(pa.scalar(activity_id), len(timed)))


def _summary(activity_id: str, located: LocatedActivity, choice: Choice) -> pa.Table:
    activity, file, start = located.activity, located.file, located.start
    timer = activity.raw.laps["timer_time_s"].drop_null().to_numpy()
    row = {
        "activity_id": activity_id,
        "source_sha256": file.sha256,
        "source_index": activity.raw.source_index,
        "source_name": file.name,
        "source_format": activity.raw.source_format,
        "landed_at": file.landed_at,
        "is_winner": choice.is_winner,
        "choice_reason": choice.reason,
        "activity_date": start.date,
        "start_time": activity.start_us,
        "end_time": activity.end_us,
        "start_time_local": start.time,
        "timezone": start.timezone,
        "timezone_source": start.timezone_source,
        "sport": activity.raw.sport,
        "sub_sport": activity.raw.sub_sport,
        "is_indoor": not activity.has_position,
        "device": activity.raw.device,
        "timer_time_s": float(timer.sum()) if len(timer) else None,
        "points": len(activity.time_us),
        "points_dropped": sum(activity.counts[name] for name in _DROPPED),
        "quality_flags": sorted(set(activity.flags)),
    }
    return pa.Table.from_pylist([row | activity.counts], schema=SILVER_ACTIVITIES.arrow_schema)


def _stacked(table: Table, parts: Sequence[pa.Table]) -> pa.Table:
    names = table.arrow_schema.names
    return table.conform(pa.concat_tables([part.select(names) for part in parts])) if parts else table.empty()
