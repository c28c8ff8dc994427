"""A small history in every kind of object of the lake, ways to damage one of them, and the way back.

Belongs here: what tests of damage share. Does not: any test (`test_bit_rot.py`, `commands/test_verify.py`).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pyarrow as pa

from coros_assets.bronze.catalogue import content_hash
from coros_assets.definitions import defs
from coros_assets.sensors import LOAD, today
from coros_assets.storage.rows import copy_in
from coros_assets.stores import Stores
from coros_assets.tables import GOLD_TABLES, GOLD_VIEWS, LEDGER_TABLES, QUARANTINED_FILE
from coros_assets_tests.tcx_text import run_file

FIRST = datetime(2024, 6, 1, 17, tzinfo=UTC)
SECOND = FIRST + timedelta(days=7)
_AWAY = "landing away"
SHORTER = run_file(FIRST, 590)
LANDED = {
    "first.tcx": run_file(FIRST, 600),
    "shorter.tcx": SHORTER,
    "second.tcx": run_file(SECOND, 300),
    "bad.tcx": b"\x00\x01 no xml at all",
}
DAMAGE: Mapping[str, Callable[[bytes], bytes | None]] = {
    "a flipped bit": lambda data: data[: len(data) // 2] + _other(data[len(data) // 2 :]),
    "cut short": lambda data: data[: len(data) // 2],
    "empty": lambda data: b"",
    "gone": lambda data: None,
}


def _other(data: bytes) -> bytes:
    return bytes([data[0] ^ 4]) + data[1:] if data else data


@dataclass(frozen=True)
class Known:
    """Everything as it was: the lake's files, and the rows of ledger and gold."""

    copy: Path
    tables: Mapping[str, pa.Table] = field(repr=False)


def history(stores: Stores) -> None:
    """Lands two runs, a second file of the first that is the runner's choice, a bad file, and a roster."""
    landing = Path(stores.landing.folder)
    for name, data in LANDED.items():
        (landing / name).write_bytes(data)
        os.utime(landing / name, (FIRST.timestamp(), FIRST.timestamp()))
    stores.bronze.prefer(content_hash(SHORTER))
    _own_files(stores)


def _own_files(stores: Stores) -> None:
    settings = stores.settings
    settings.roster_path.mkdir(exist_ok=True)
    (settings.roster_path / "r.csv").write_text(
        "start,end\n2024-05-31 19:00,2024-06-01 07:00\n2025-01-01 19:00,2025-01-02 07:00\n"
    )
    settings.wellness_path.mkdir(exist_ok=True)
    (settings.wellness_path / "w.csv").write_text("date,resting_hr,hrv\n2024-06-01,51,62\n")
    settings.athlete_path.write_text("[[athlete]]\nvalid_from = 2020-01-01\nmax_heart_rate_bpm = 190\n")


def loaded(instance: dg.DagsterInstance) -> dg.ExecuteInProcessResult:
    """One load of everything that waits."""
    return defs.resolve_job_def(LOAD).execute_in_process(
        instance=instance,
        raise_on_error=False,
        partition_key=today(),
        run_config={
            "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
            "ops": {"bronze__activity_files": {"config": {"judge_young_files": True}}},
        },
    )


def remembered(stores: Stores, copy: Path) -> Known:
    """Everything as it is now."""
    shutil.copytree(stores.lake.folder, copy)
    tables = {
        table.qualified_name: stores.warehouse.read(f"SELECT * FROM {table.qualified_name}")
        for table in (*GOLD_TABLES, *LEDGER_TABLES)
    }
    return Known(copy, tables)


def put_back(stores: Stores, known: Known) -> None:
    """Everything as it was."""
    landing = Path(stores.landing.folder)
    if (away := landing.with_name(_AWAY)).exists():
        shutil.rmtree(landing)
        away.rename(landing)
    for file in landing.iterdir():
        if file.name not in LANDED:
            file.unlink()
    _own_files(stores)
    shutil.rmtree(stores.lake.folder)
    shutil.copytree(known.copy, stores.lake.folder)
    with stores.warehouse.connection() as connection:
        for table in (*GOLD_TABLES, *LEDGER_TABLES):
            connection.execute(f"DELETE FROM {table.qualified_name}")
            copy_in(connection, table, known.tables[table.qualified_name])


def without_landing(stores: Stores) -> None:
    """Takes away what was landed."""
    landing = Path(stores.landing.folder)
    landing.rename(landing.with_name(_AWAY))
    landing.mkdir()


def gold(stores: Stores) -> dict[str, list[Any]]:
    """All rows of gold, by table, in an order of their own; what is in quarantine with them."""
    return {
        table.name: sorted(map(repr, stores.warehouse.read_table(table.name).to_pylist()))
        for table in (*GOLD_TABLES, *GOLD_VIEWS, QUARANTINED_FILE)
    }


def damaged(stores: Stores, key: str, how: str) -> bool:
    """Damages one object; False if it cannot be damaged so, as an empty one cannot be emptied."""
    data = stores.lake.get(key)
    other = DAMAGE[how](data)
    if other == data:
        return False
    if other is None:
        stores.lake.delete(key)
    else:
        stores.lake.put(key, other)
    return True


def kept_keys(stores: Stores) -> list[str]:
    """Every object of bronze, silver and the runner's own tables."""
    return sorted(found.key for found in stores.lake.list() if not found.key.startswith("report/"))
