"""The activities of one file, cleaned and localised, in silver's columns.

Belongs here: what silver knows of a file by itself, and its packed form. Does not: which file of an
activity is used (`duplicates.py`), or the tables of a date (`build.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any, Final

import numpy as np
import pyarrow as pa

from coros_assets.formats.raw import RawActivity
from coros_assets.formats.read import PARSER_VERSION, read_activities
from coros_assets.home_timezone import HomeTimezone
from coros_assets.silver.clean import CleanActivity, clean
from coros_assets.silver.localise import local_start
from coros_assets.tables import SILVER_ACTIVITIES

CHOSEN_COLUMNS: Final = (
    "activity_id",
    "source_sha256",
    "source_name",
    "landed_at",
    "is_winner",
    "choice_reason",
)
"""Columns of `silver.activities` that depend on how the file came and on other files."""

FACTS: Final = pa.schema([f for f in SILVER_ACTIVITIES.arrow_schema if f.name not in CHOSEN_COLUMNS])
_DROPPED: Final = ("points_without_time", "points_impossible_time", "points_repeated_time")
_MADE_BY: Final = b"coros.made_by"


@dataclass(frozen=True)
class Recordings:
    """A file's usable activities in file order.

    `facts` has one row each in the columns of `FACTS`; `records` and `laps` one table each, with the
    columns of `silver.records` and `silver.laps` except `activity_id`.
    """

    facts: pa.Table
    records: tuple[pa.Table, ...]
    laps: tuple[pa.Table, ...]


def recordings(data: bytes, taken_in_at: datetime, home_timezone: HomeTimezone) -> Recordings:
    """The activities of a decompressed file that keep at least one point.

    Raises:
        UnreadableFileError: the file cannot be read.
    """
    cleaned = [found for raw in read_activities(data) if (found := clean(raw, taken_in_at)) is not None]
    facts = [_facts(activity, home_timezone) for activity in cleaned]
    return Recordings(
        pa.Table.from_pylist(facts, schema=FACTS), tuple(map(_records, cleaned)), tuple(map(_laps, cleaned))
    )


def packed(found: Recordings, home_timezone: HomeTimezone) -> bytes:
    """The recordings as bytes: Arrow streams of the facts, then of each activity's records and laps."""
    sink = BytesIO()  # hands out its bytes without a copy
    facts = found.facts.replace_schema_metadata({_MADE_BY: _made_by(home_timezone)})
    for table in (facts, *found.records, *found.laps):
        with pa.ipc.new_stream(sink, table.schema) as stream:
            stream.write_table(table)
    return sink.getvalue()


def unpacked(data: bytes, home_timezone: HomeTimezone) -> Recordings | None:
    """What `packed` made, or None if another version of the readers or another home zone made it."""
    source = pa.BufferReader(data)
    facts = pa.ipc.open_stream(source).read_all()
    if (facts.schema.metadata or {}).get(_MADE_BY) != _made_by(home_timezone) or facts.schema != FACTS:
        return None
    tables = [pa.ipc.open_stream(source).read_all() for _ in range(2 * len(facts))]
    return Recordings(facts, tuple(tables[: len(facts)]), tuple(tables[len(facts) :]))


def _made_by(home_timezone: HomeTimezone) -> bytes:
    return f"{PARSER_VERSION} {home_timezone}".encode()


def _facts(activity: CleanActivity, home_timezone: HomeTimezone) -> dict[str, Any]:
    start = local_start(activity, home_timezone)
    return activity.counts | {
        "source_index": activity.raw.source_index,
        "source_format": activity.raw.source_format,
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
        "timer_time_s": timer_time_s(activity.raw),
        "points_parsed": activity.raw.points.num_rows,
        "points": len(activity.time_us),
        "points_dropped": sum(activity.counts[name] for name in _DROPPED),
        "quality_flags": sorted(set(activity.flags)),
    }


def timer_time_s(raw: RawActivity) -> float | None:
    """The timer that the file states for the whole, else the sum of its laps', which may not cover it."""
    if raw.stated.timer_time_s is not None:
        return raw.stated.timer_time_s
    of_laps = raw.laps["timer_time_s"].drop_null().to_numpy()
    return float(of_laps.sum()) if len(of_laps) else None


def _records(activity: CleanActivity) -> pa.Table:
    columns = {name: pa.array(values, from_pandas=True) for name, values in activity.columns.items()}
    time = pa.array(activity.time_us).cast(pa.timestamp("us", tz="UTC"))
    return pa.table({"time": time, "lap_index": pa.array(activity.lap_index)} | columns)


def _laps(activity: CleanActivity) -> pa.Table:
    laps = activity.raw.laps
    numbered = laps.append_column("lap_index", pa.array(np.arange(len(laps), dtype=np.int32)))
    return numbered.filter(laps["start_time"].is_valid())
