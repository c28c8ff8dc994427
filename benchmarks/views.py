"""Every view of schema gold on ten years of daily data.

Belongs here: rows of such a record, written to a real PostgreSQL, and the time that each view takes with all
its rows fetched. Does not: what the views say (`coros_assets_tests/answers/test_views.py`).
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import psycopg
import pyarrow as pa

from benchmarks.measure import REPEATS, show
from coros_assets.contract import Table, Type
from coros_assets.gold.days import dim_date, dim_shift, fact_day
from coros_assets.gold.metrics.best_effort import STANDARD_DISTANCES
from coros_assets.home_timezone import HomeTimezone
from coros_assets.roster.codes import Codes
from coros_assets.roster.labels import label_activities, label_dates
from coros_assets.roster.read import read_roster
from coros_assets.sample.files import sample_roster
from coros_assets.sample.roster import HOME_TIMEZONE
from coros_assets.sample.runner import DEFAULT_END
from coros_assets.settings import Settings
from coros_assets.storage.warehouse import Warehouse
from coros_assets.stores import Stores
from coros_assets.tables import (
    ACTIVITY_SOURCE,
    DIM_DATE,
    DIM_SHIFT,
    FACT_ACTIVITY,
    FACT_BEST_EFFORT,
    FACT_DAY,
    LANDING_FILE,
    SHIFT_CONTEXT,
    WELLNESS_DAILY,
)
from coros_assets.wellness.baseline import mornings_of

YEARS: Final = 10
DAYS: Final = 3650
"""A run on each."""

QUARANTINED: Final = 0.02
LIMIT_MS: Final = 100
"""What a view may take, in milliseconds."""

_ZEROS: Final[dict[Type, Any]] = {
    Type.TEXT: "x",
    Type.TEXT_LIST: [],
    Type.BOOL: False,
    Type.INT: 0,
    Type.BIGINT: 0,
    Type.FLOAT: 0.0,
    Type.INSTANT: 0,
}


def views() -> None:
    """Prints the views' rows and milliseconds, slowest first."""
    with tempfile.TemporaryDirectory() as folder:
        stores = Stores(Settings(home=Path(folder)))
        fill(stores.warehouse)
        with stores.warehouse.connection() as connection:
            rows = [(name, *_measured(connection, name)) for name in _names(connection)]
    rows.sort(key=lambda row: -row[-1])
    title = f"Views on {YEARS} years with {DAYS:,} runs, at most {LIMIT_MS} ms"
    show(title, ["view", "rows", "median ms", "slowest ms"], rows)


def _names(connection: psycopg.Connection[tuple[Any, ...]]) -> list[str]:
    found = connection.execute("SELECT table_name FROM information_schema.views WHERE table_schema = 'gold'")
    return [name for (name,) in found]


def _measured(connection: psycopg.Connection[tuple[Any, ...]], view: str) -> tuple[int, float, float]:
    taken = []
    for _ in range(REPEATS):
        before = time.perf_counter()
        rows = connection.execute(f"SELECT * FROM gold.{view}").fetchall()
        taken.append(1000 * (time.perf_counter() - before))
    return len(rows), statistics.median(taken), max(taken)


def fill(warehouse: Warehouse) -> None:
    """Ten years of daily runs around a nurse's shifts, in the tables that views and answers read."""
    rng = np.random.default_rng(0)
    shifts = read_roster("roster.ics", sample_roster(YEARS), HomeTimezone.parse(HOME_TIMEZONE), Codes("", ()))
    activities = _activities(rng, shifts)
    efforts = _best_efforts(rng, activities)
    no_wellness = partial(mornings_of, daily=WELLNESS_DAILY.empty())
    tables = {
        FACT_ACTIVITY: activities,
        FACT_BEST_EFFORT: efforts,
        FACT_DAY: fact_day(activities, efforts, partial(label_dates, shifts=shifts), no_wellness),
        DIM_SHIFT: dim_shift(shifts),
        DIM_DATE: dim_date(DEFAULT_END - timedelta(days=DAYS), DEFAULT_END),
        ACTIVITY_SOURCE: _filled(ACTIVITY_SOURCE, _shared(activities, ACTIVITY_SOURCE)),
        LANDING_FILE: _landed(rng),
    }
    for table, rows in tables.items():
        warehouse.replace(table, rows, "", str)


def _activities(rng: np.random.Generator, shifts: pa.Table) -> pa.Table:
    dates = np.datetime64(DEFAULT_END) - np.arange(DAYS)[::-1]
    start = dates.astype("datetime64[us]") + rng.integers(6 * 3600, 20 * 3600, DAYS).astype("timedelta64[s]")
    speed_m_per_s = rng.normal(2.9, 0.25, DAYS).clip(2.0, 4.5)
    distance_m = rng.gamma(6, 1600, DAYS).clip(2000, 43000)
    elapsed_s = distance_m / speed_m_per_s
    heart_rate_bpm = rng.normal(148, 8, DAYS)
    columns = {
        "activity_id": np.char.replace(np.datetime_as_string(start, unit="s"), ":", ""),
        "activity_date": dates,
        "start_time": pa.array(start).cast(Type.INSTANT.arrow),
        "end_time": pa.array(start + elapsed_s.astype("timedelta64[s]")).cast(Type.INSTANT.arrow),
        "start_time_local": start,
        "sport": ["running"] * DAYS,
        "elapsed_time_s": elapsed_s,
        "moving_time_s": elapsed_s,
        "distance_m": distance_m,
        "elevation_gain_m": rng.gamma(2, 30, DAYS),
        "average_heart_rate_bpm": heart_rate_bpm,
        "average_pace_s_per_km": 1000 / speed_m_per_s,
        "grade_adjusted_pace_s_per_km": 990 / speed_m_per_s,
        "heart_rate_reserve_pct": (heart_rate_bpm - 50) / 1.38,
        "efficiency_factor_m_per_beat": 60 * speed_m_per_s / heart_rate_bpm,
        "aerobic_decoupling_pct": rng.normal(4, 3, DAYS),
        "vdot": rng.normal(44, 3, DAYS),
        "hrss": elapsed_s / 60,
    }
    context = label_activities(pa.table(columns), shifts)
    return _filled(FACT_ACTIVITY, columns | {column.name: context[column.name] for column in SHIFT_CONTEXT})


def _best_efforts(rng: np.random.Generator, activities: pa.Table) -> pa.Table:
    parts = []
    for standard in STANDARD_DISTANCES:
        runs = activities.filter(pa.array(activities["distance_m"].to_numpy() >= standard.length_m))
        pace = runs["average_pace_s_per_km"].to_numpy() * rng.uniform(0.8, 1.0, runs.num_rows)
        own = {
            "distance_label": [standard.label] * runs.num_rows,
            "distance_m": np.full(runs.num_rows, standard.length_m),
            "time_s": pace * standard.length_m / 1000,
        }
        parts.append(_filled(FACT_BEST_EFFORT, _shared(runs, FACT_BEST_EFFORT) | own))
    return pa.concat_tables(parts)


def _landed(rng: np.random.Generator) -> pa.Table:
    names = [f"{number:06}.fit" for number in range(DAYS)]
    outcome = np.where(rng.random(DAYS) < QUARANTINED, "quarantined", "bronze")
    keys = dict.fromkeys(LANDING_FILE.key, names)
    return _filled(LANDING_FILE, keys | {"outcome": outcome, "reason": names})


def _shared(rows: pa.Table, table: Table) -> dict[str, Any]:
    """The columns of `rows` that `table` has too."""
    return {name: rows[name] for name in rows.column_names if name in table.arrow_schema.names}


def _filled(table: Table, columns: Mapping[str, Any]) -> pa.Table:
    """`columns` as the contract's table: of the others the required ones are zero, the rest empty."""
    count = len(next(iter(columns.values())))
    data = dict(columns)
    for column, field in zip(table.columns, table.arrow_schema, strict=True):
        if column.name not in columns:
            value = None if field.nullable else _ZEROS[column.type]
            data[column.name] = pa.array([value] * count, field.type)
    names = table.arrow_schema.names
    return table.conform(pa.table({name: data[name] for name in names}))
