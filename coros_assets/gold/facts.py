"""The gold rows of activity dates, from their silver rows.

Belongs here: which silver rows become which fact rows. Does not: formulas (`metrics/`), shift columns
(`roster/labels.py`), days and the calendar (`days.py`), or writing to PostgreSQL (`assets.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from coros_assets.athlete import Athlete, AthleteHistory
from coros_assets.contract import Table
from coros_assets.gold.metrics import METRIC_VERSION
from coros_assets.gold.metrics.critical_speed import near_maximal
from coros_assets.gold.metrics.heart_rate import zone_times
from coros_assets.gold.metrics.pace import METRES_PER_KM, SHORTEST_PACED_DISTANCE_M
from coros_assets.gold.metrics.registry import RUNNING, activity_metrics
from coros_assets.gold.metrics.track import MICROSECONDS_PER_SECOND, RECORDED, Track
from coros_assets.tables import (
    ACTIVITY_SOURCE,
    FACT_ACTIVITY,
    FACT_BEST_EFFORT,
    FACT_HEART_RATE_ZONE,
    FACT_LAP,
    SHIFT_CONTEXT,
    SLEEP_CONTEXT,
)

RECORD_COLUMNS: Final = ("activity_id", "time", *RECORDED)
"""Columns of `silver.records` that facts are made from."""


def facts_of_dates(
    records: pa.Table, laps: pa.Table, activities: pa.Table, athlete: AthleteHistory, context: pa.Table
) -> dict[str, pa.Table]:
    """The dates' rows of each of `GOLD_DATE_TABLES`, keyed by table name.

    `records` (at least `RECORD_COLUMNS`), `laps` and `activities` are the silver rows of any number of whole
    dates; of each activity the points are in order of time. Chosen files become facts, every file becomes a
    row of `activity_source`. `context` holds the columns of `SHIFT_CONTEXT` and `SLEEP_CONTEXT`, one row
    for each chosen file in order of `activity_id`.

    Raises:
        ValueError: `context` has another number of rows than there are chosen files, or a column is missing.
    """
    activities = activities.combine_chunks()  # filtering many small chunks takes ten times as long
    winners = activities.filter(activities["is_winner"]).sort_by("activity_id")
    if context.num_rows != winners.num_rows:
        raise ValueError(f"{context.num_rows} rows of context for {winners.num_rows} chosen files")
    points = _points_by_activity(records)
    metrics, efforts, zones = [], [], []
    for winner in winners.select(["activity_id", "activity_date", "sport", "timer_time_s"]).to_pylist():
        sport, timer_time_s = winner.pop("sport"), winner.pop("timer_time_s")
        runner = athlete.on(winner["activity_date"])
        track = Track.from_records(points.get(winner["activity_id"], records.slice(0, 0)), timer_time_s)
        metrics.append(activity_metrics(track, runner, sport))
        row = {**winner, "metric_version": METRIC_VERSION}
        efforts += [row | effort for effort in _efforts(track, runner)] if sport == RUNNING else []
        zones += [row | {"zone": zone, "time_s": s} for zone, s in zone_times(track, runner).items()]
    return {
        FACT_ACTIVITY.name: _fact_activity(winners, metrics, context),
        FACT_LAP.name: _fact_lap(laps, winners),
        FACT_BEST_EFFORT.name: _from_rows(FACT_BEST_EFFORT, efforts),
        FACT_HEART_RATE_ZONE.name: _from_rows(FACT_HEART_RATE_ZONE, zones),
        ACTIVITY_SOURCE.name: ACTIVITY_SOURCE.conform(activities.select(ACTIVITY_SOURCE.arrow_schema.names)),
    }


def _points_by_activity(records: pa.Table) -> dict[str, pa.Table]:
    """The rows of each activity. Those that stand together, as silver writes them, are not copied."""
    parts: dict[str, list[pa.Table]] = defaultdict(list)
    start = 0
    for runs in pc.run_end_encode(records["activity_id"]).chunks:
        lengths = np.diff(runs.run_ends.to_numpy(), prepend=0).tolist()
        for activity_id, length in zip(runs.values.to_pylist(), lengths, strict=True):
            parts[activity_id].append(records.slice(start, length))
            start += length
    return {activity_id: pa.concat_tables(tables) for activity_id, tables in parts.items()}


def _efforts(track: Track, runner: Athlete) -> Iterator[dict[str, Any]]:
    hard = near_maximal(track, runner)
    for standard, effort in track.efforts.items():
        yield {
            "distance_label": standard.label,
            "distance_m": standard.length_m,
            **effort._asdict(),
            "is_near_maximal": standard in hard,
        }


def _from_rows(table: Table, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    return table.conform(pa.Table.from_pylist(rows, schema=table.arrow_schema))


def _fact_activity(
    winners: pa.Table, metrics: Sequence[Mapping[str, float | None]], context: pa.Table
) -> pa.Table:
    """One row for each chosen file: what silver knows, what was computed, and the context."""
    if not metrics:
        return FACT_ACTIVITY.empty()
    elapsed = pc.subtract(winners["end_time"].cast(pa.int64()), winners["start_time"].cast(pa.int64()))
    columns: dict[str, Any] = {
        "elapsed_time_s": pc.divide(elapsed.cast(pa.float64()), MICROSECONDS_PER_SECOND),
        "metric_version": pa.repeat(METRIC_VERSION, winners.num_rows),
    }
    columns |= {column.name: context[column.name] for column in (*SHIFT_CONTEXT, *SLEEP_CONTEXT)}
    columns |= {name: pa.array([row[name] for row in metrics], pa.float64()) for name in metrics[0]}
    columns |= {name: winners[name] for name in FACT_ACTIVITY.arrow_schema.names if name not in columns}
    return FACT_ACTIVITY.conform(pa.table(columns))


def _fact_lap(laps: pa.Table, winners: pa.Table) -> pa.Table:
    """The laps of the chosen files; pace is empty under 100 m or without a timer time."""
    owner = pc.index_in(laps["activity_id"], value_set=winners["activity_id"].combine_chunks())
    laps = laps.append_column("activity_date", winners["activity_date"].take(owner))
    paced = pc.and_(
        pc.greater_equal(laps["distance_m"], SHORTEST_PACED_DISTANCE_M), pc.greater(laps["timer_time_s"], 0)
    )
    pace = pc.divide(pc.multiply(laps["timer_time_s"], METRES_PER_KM), laps["distance_m"])
    laps = laps.append_column("average_pace_s_per_km", pc.if_else(paced, pace, None))
    return FACT_LAP.conform(laps)
