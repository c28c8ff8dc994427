"""Gold with rows that no runner has and every measure can be told apart on, drawn from a seeded generator.

Belongs here: rows of the tables that the Power BI model reads, with gaps. Does not: any expectation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

import numpy as np
import pyarrow as pa

from coros_assets import tables as gold
from coros_assets.contract import Table, Type
from coros_assets.gold.days import dim_date
from coros_assets.storage.warehouse import Warehouse

FIRST: Final = date(2023, 12, 20)
DAYS: Final = 820
ACTIVITIES: Final = 450
MISSING: Final = 0.2
"""Share of values left out where a column may be empty."""

PERIODS: Final = ("day", "night", "off", "unknown")
DISTANCES: Final = {"1 km": 1000.0, "5 km": 5000.0, "10 km": 10000.0}
FAMILIES: Final = ("primary", "sensitivity", "secondary", "naive")


def fill(warehouse: Warehouse) -> None:
    """Replaces what gold holds."""
    for table, rows in _tables(np.random.default_rng(11)):
        warehouse.replace(table, rows, "", str)


def _tables(rng: np.random.Generator) -> Iterator[tuple[Table, pa.Table]]:
    dates = [FIRST + timedelta(days=day) for day in range(DAYS)]
    on = sorted(rng.choice(dates, ACTIVITIES).tolist())
    ids = [f"A{number:04d}" for number in range(ACTIVITIES)]
    started = [datetime.combine(day, datetime.min.time()) + timedelta(hours=9) for day in on]
    yield gold.DIM_DATE, dim_date(dates[0], dates[-1])
    yield gold.FACT_ACTIVITY, _rows(gold.FACT_ACTIVITY, rng, ACTIVITIES, _activities(rng, ids, on, started))
    days = {"activity_date": dates, "schedule_period": rng.choice(PERIODS, DAYS)}
    yield gold.FACT_DAY, _rows(gold.FACT_DAY, rng, DAYS, days)
    shifts = rng.choice(dates, 200, replace=False).tolist()
    starts = [datetime.combine(day, datetime.min.time()) + timedelta(hours=19) for day in shifts]
    shift = {"shift_id": [f"S{day}" for day in shifts], "start_date": shifts, "start_time_local": starts}
    shift |= {"kind": rng.choice(["night", "day"], 200)}
    yield gold.DIM_SHIFT, _rows(gold.DIM_SHIFT, rng, 200, shift)
    for table, key, values in (
        (gold.FACT_BEST_EFFORT, "distance_label", list(DISTANCES)),
        (gold.FACT_HEART_RATE_ZONE, "zone", range(-1, 6)),
        (gold.ACTIVITY_SOURCE, "source_index", range(2)),
    ):
        of = {"activity_id": np.repeat(ids, len(values)), "activity_date": np.repeat(on, len(values))}
        of |= {key: list(values) * ACTIVITIES}
        if table is gold.FACT_BEST_EFFORT:
            of["distance_m"] = [DISTANCES[label] for label in of[key]]
        yield table, _rows(table, rng, len(values) * ACTIVITIES, of)
    for table in gold.ANSWER_TABLES:
        families = {"family": FAMILIES, "is_primary": [name == "primary" for name in FAMILIES]}
        yield table, _rows(table, rng, 4, families | {"method": list("abcd")})
    files = {"path": list("abc"), "outcome": ["quarantined", "quarantined", "bronze"], "sha256": list("xyz")}
    yield gold.LANDING_FILE, _rows(gold.LANDING_FILE, rng, 3, files | {"reason": list("rst")})


def _activities(
    rng: np.random.Generator, ids: list[str], on: list[date], started: list[datetime]
) -> dict[str, Any]:
    """Most can be compared with one another; every tenth looks like the one before it, two hours later."""
    columns = {
        "activity_id": ids,
        "activity_date": on,
        "start_time": [instant.astimezone() for instant in started],
        "start_time_local": started,
        "sport": rng.choice(["running", "cycling"], ACTIVITIES, p=[0.8, 0.2]),
        "schedule_period": rng.choice(PERIODS, ACTIVITIES),
        "moving_time_s": rng.uniform(600, 6000, ACTIVITIES),
        "distance_m": rng.uniform(1000, 20000, ACTIVITIES),
        "efficiency_factor_m_per_beat": rng.uniform(0.8, 1.5, ACTIVITIES),
        "average_pace_s_per_km": rng.uniform(200, 500, ACTIVITIES),
        "hours_since_night_end": rng.uniform(0, 200, ACTIVITIES),
    }
    for name in ("start_time", "distance_m", "sport", "activity_date"):
        for copy in range(9, ACTIVITIES, 10):
            columns[name][copy] = columns[name][copy - 1]
    for copy in range(9, ACTIVITIES, 10):
        columns["start_time"][copy] += timedelta(hours=2)
    columns["distance_m"][::17] = np.nan
    return columns | {"elapsed_time_s": [3600.0] * ACTIVITIES}


def _rows(table: Table, rng: np.random.Generator, count: int, given: Mapping[str, Any]) -> pa.Table:
    """Rows of the contract: columns that are not given are drawn, with gaps where they may be empty."""
    columns = {}
    for column, field in zip(table.columns, table.arrow_schema, strict=True):
        if column.name in given:
            columns[column.name] = pa.array(list(given[column.name]), from_pandas=True)
            continue
        values = _drawn(column.type, rng, count)
        gaps = rng.random(count) < MISSING if field.nullable else np.zeros(count, bool)
        columns[column.name] = pa.array([None if gap else v for gap, v in zip(gaps, values, strict=True)])
    return table.conform(pa.table(columns).cast(table.arrow_schema))


def _drawn(kind: Type, rng: np.random.Generator, count: int) -> list[Any]:
    instant = datetime.combine(FIRST, datetime.min.time())
    draws = {
        Type.TEXT: lambda: rng.choice(["a", "b", "c"], count).tolist(),
        Type.TEXT_LIST: lambda: [["odd", "rare"][: rng.integers(3)] for _ in range(count)],
        Type.BOOL: lambda: rng.choice([True, False], count).tolist(),
        Type.INT: lambda: rng.integers(0, 50, count).tolist(),
        Type.BIGINT: lambda: rng.integers(0, 50, count).tolist(),
        Type.FLOAT: lambda: rng.uniform(1, 100, count).tolist(),
        Type.DATE: lambda: [FIRST] * count,
        Type.INSTANT: lambda: [instant.astimezone()] * count,
        Type.LOCAL_TIME: lambda: [instant] * count,
    }
    return draws[kind]()
