"""Loads of the platform's own wiring on given stores, side by side in threads, and what they end in.

Belongs here: running loads and reading what they left. Does not: what disturbs them (`overtaking.py`,
`proxy.py`) or judging (the tests).
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import dagster as dg
import pytest

from coros_assets import resources
from coros_assets.athlete import read_athlete
from coros_assets.bronze.intake import refresh_dates, take_in
from coros_assets.commands.load import _failure
from coros_assets.definitions import defs
from coros_assets.errors import CorosError
from coros_assets.gold.assets import gold_dim_date, gold_fact_day
from coros_assets.gold.load import SilverTables, due_batches
from coros_assets.gold.plan import OwnInputs
from coros_assets.products import made_from_now
from coros_assets.sensors import LOAD, today
from coros_assets.settings import Settings
from coros_assets.silver.load import SilverLoad
from coros_assets.silver.plan import due_dates
from coros_assets.silver.remake import remake_silver
from coros_assets.storage.parquet import LakeTable
from coros_assets.storage.seal import unsealed
from coros_assets.stores import Stores
from coros_assets.tables import (
    CONTRACTS,
    DIM_DATE,
    FACT_DAY,
    GOLD_DATE_TABLES,
    GOLD_TABLES,
    LEDGER_TABLES,
    ROSTER_SHIFTS,
    SILVER_TABLES,
    WELLNESS_SLEEP,
)

_here = threading.local()
_CLOCKS = {"landing_file": ["first_seen", "version"]}  # columns that two undisturbed runs differ in
_JOB = defs.resolve_job_def(LOAD)
_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
_ALL = {"ops": {"bronze__activity_files": {"config": {"judge_young_files": True}}}}


def wire(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets each thread's loads work on the stores that the thread says."""
    monkeypatch.setattr(resources, "_stores", lambda: _here.stores)


def load(settings: Settings, *, products: bool = True) -> str | None:
    """One load as `ingest` starts it, with answers and report or not; what is said if it fails."""
    _here.stores = Stores(settings)
    chosen = {} if products else {"asset_selection": list(_without_products())}
    with dg.DagsterInstance.ephemeral() as instance:
        result = _JOB.execute_in_process(
            instance=instance,
            partition_key=today(),
            run_config=_QUIET | _ALL,
            raise_on_error=False,
            **chosen,
        )
    return None if result.success else _failure(result)


def quick_load(settings: Settings) -> str | None:
    """What a load does from landing to the days of gold, without Dagster; what is said if it fails."""
    try:
        stores = Stores(settings)
        bronze, ledger, home = stores.bronze, stores.ledger, settings.home_timezone
        refresh_dates(due_dates(ledger.date_states(), home), bronze, ledger)
        take_in(
            stores.landing,
            bronze,
            ledger,
            home_timezone=home,
            now=datetime.now(UTC),
            judge_young_files=True,
        )
        due = sorted(due_dates(ledger.date_states(), home))
        silver = SilverLoad(bronze, ledger, due, lambda: home, stores.lake)
        for dated in silver.files():
            for name, file in dated.files.items():
                LakeTable(stores.lake, CONTRACTS["silver", name]).write(file, dated.day)
        own = OwnInputs(ROSTER_SHIFTS.empty(), WELLNESS_SLEEP.empty(), read_athlete(None))
        tables = SilverTables(*(LakeTable(stores.lake, table) for table in SILVER_TABLES))
        remake = partial(remake_silver, stores=stores)
        for batch in due_batches(ledger.date_states(), tables, own, lambda: True, remake):
            stores.warehouse.replace_dates(batch)
        for table, made in ((FACT_DAY, gold_fact_day), (DIM_DATE, gold_dim_date)):
            rows = made(stores)
            made_from = LakeTable.digest(rows)
            stores.warehouse.replace(table, rows, made_from, partial(made_from_now, stores, table.name))
    except CorosError as error:
        return str(error)
    return None


def _without_products() -> Iterator[dg.AssetKey]:
    for key in _JOB.asset_layer.executable_asset_keys:
        if key.path[0] != "report" and not key.path[-1].startswith("answer_"):
            yield key


def end_state(stores: Stores) -> dict[str, object]:
    """Rows of gold and ledger, bytes of bronze and silver; without what a clock decides."""
    state: dict[str, object] = {}
    for table in (*GOLD_TABLES, *LEDGER_TABLES):
        rows = stores.warehouse.read(f"SELECT * FROM {table.qualified_name}")
        state[table.name] = sorted(map(repr, rows.drop(_CLOCKS.get(table.name, [])).to_pylist()))
    for found in stores.lake.list():
        data = stores.lake.get(found.key)
        if found.key.endswith(".json"):  # a catalogue entry, or why a file is in quarantine
            data = json.dumps(json.loads(unsealed(data) or b"") | {"taken_in_at": None}).encode()
        if not found.key.startswith("report/report."):
            state[found.key] = data
    return state


def differences(seen: Mapping[str, object], expected: Mapping[str, object]) -> list[str]:
    """The names of what is not as it should be."""
    names = seen.keys() | expected.keys()
    return sorted(name for name in names if seen.get(name) != expected.get(name))


_HALF_DATES = " UNION ALL ".join(
    f"SELECT '{table.name}' AS name, activity_date, activity_id FROM gold.{table.name}"
    for table in GOLD_DATE_TABLES
)


def torn_dates(stores: Stores) -> list[str]:
    """Dates of which the five tables of gold do not hold the same activities, as one look shows them.

    The files of these tests have one lap an activity, heart rates, and at least one winner an activity.
    """
    query = f"""
        SELECT activity_date, array_agg(DISTINCT name ORDER BY name) AS tables, activity_id
        FROM ({_HALF_DATES}) AS found
        GROUP BY activity_date, activity_id
        HAVING count(DISTINCT name) FILTER (WHERE name <> 'fact_best_effort') < 4
    """
    rows = stores.warehouse.read(query).to_pylist()
    return [f"{row['activity_date']} {row['activity_id']} only in {row['tables']}" for row in rows]


def land(folder: Path, files: Mapping[str, bytes], modified: float) -> None:
    """Writes landed files with a time of writing that is the same in every test."""
    for name, data in files.items():
        path = folder / name
        if path.exists() and path.read_bytes() == data:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name("part")
        part.write_bytes(data)
        os.utime(part, (modified, modified))
        part.replace(path)
