"""Silver's Parquet: bytes a point, and how long a year takes to read.

Belongs here: `silver.records`. Does not: how it is made (`reading.py`).
"""

from __future__ import annotations

import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.dataset as ds

from benchmarks.files import longest_simulated, tcx_files
from benchmarks.measure import show
from coros_assets.home_timezone import HomeTimezone
from coros_assets.silver.recordings import recordings
from coros_assets.storage.lake import ObjectStore
from coros_assets.storage.parquet import LakeTable, encoded, stamped
from coros_assets.tables import SILVER_RECORDS

RUNS_A_YEAR: Final = 300
POINTS_A_RUN: Final = 3600


def silver() -> None:
    """Prints bytes a point of each file and the seconds for a year of records."""
    rows = []
    for name, data in tcx_files():
        records = _records(data)
        size = len(encoded(stamped(records, "")).data)
        rows.append([name, records.num_rows, size, size / records.num_rows])
    show("silver.records as Parquet", ["file", "points", "bytes", "bytes a point"], rows)
    with tempfile.TemporaryDirectory() as folder:
        show(
            f"A year of records: {RUNS_A_YEAR} dates of {POINTS_A_RUN:,} points",
            ["reader", "seconds", "points/s"],
            _year(Path(folder)),
        )


def _records(data: bytes) -> pa.Table:
    found = recordings(data, datetime.now(UTC), HomeTimezone.parse("UTC")).records[0]
    named = found.append_column("activity_id", pa.repeat(pa.scalar("20240101T000000Z"), len(found)))
    return SILVER_RECORDS.conform(named)


def _year(folder: Path) -> list[list[object]]:
    table = LakeTable(ObjectStore(str(folder)), SILVER_RECORDS)
    run = encoded(stamped(_records(longest_simulated())[:POINTS_A_RUN], ""))
    days = [date(2024, 1, 1) + timedelta(days=day) for day in range(RUNS_A_YEAR)]
    for day in days:
        table.write(run, day)
    readers = {
        "LakeTable, date by date": lambda: [table.read(day) for day in days],
        "pyarrow dataset": lambda: ds.dataset(folder / "silver" / "records", partitioning="hive").to_table(),
    }
    rows: list[list[object]] = []
    for name, read in readers.items():
        started = time.perf_counter()
        read()
        seconds = time.perf_counter() - started
        rows.append([name, seconds, round(RUNS_A_YEAR * run.rows / seconds)])
    return rows
