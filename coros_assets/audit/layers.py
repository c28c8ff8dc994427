"""What the layers say of each other: catalogue of files, ledger of catalogue, silver of it, gold of silver.

Belongs here: comparing. Does not: whether an object is whole (`objects.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Any, TypeAlias

from coros_assets.audit.finding import BRING_AGAIN, HARMLESS, REBUILD, Finding
from coros_assets.audit.objects import Checked
from coros_assets.bronze.catalogue import CatalogueEntry
from coros_assets.bronze.store import PREFERRED, QUARANTINE, BronzeStore, file_key, quarantine_key
from coros_assets.gold.metrics.heart_rate import ZONES
from coros_assets.reconcile import gold_sum, landing_sum, silver_sum
from coros_assets.silver.plan import date_plans
from coros_assets.storage.parquet import Described, LakeTable
from coros_assets.storage.statements import statement
from coros_assets.stores import Stores
from coros_assets.tables import (
    ACTIVITY_SOURCE,
    DIM_SHIFT,
    FACT_ACTIVITY,
    FACT_HEART_RATE_ZONE,
    FACT_LAP,
    OWN_TABLES,
    ROSTER_SHIFTS,
    SILVER_ACTIVITIES,
    SILVER_LAPS,
    SILVER_TABLES,
)

_States: TypeAlias = Mapping[date, Mapping[str, Any]]
_Silver: TypeAlias = Mapping[tuple[str, date], Described]


def check_layers(stores: Stores, checked: Checked) -> Iterator[Finding]:
    """Every finding that no object shows by itself."""
    bronze, states = stores.bronze, stores.ledger.date_states()
    damaged = {found.place for found in checked.findings}
    entries = bronze.entries(bronze.dates())
    yield from _catalogue(bronze, entries, damaged)
    yield from _quarantine(bronze, {found.key for found in checked.objects})
    yield from _ledger(bronze, entries, states)
    silver = {
        (table.name, day): found
        for table in SILVER_TABLES
        for key, found in checked.silver.items()
        if (day := LakeTable(stores.lake, table).day_of(key)) is not None
    }
    yield from _silver(stores, states, silver, damaged)
    for table in OWN_TABLES:
        key = LakeTable(stores.lake, table).key(None)
        if states and key not in checked.silver.keys() | damaged:
            yield Finding(key, "It is gone.", REBUILD)
    yield from _gold(stores, states, silver)


def _catalogue(
    bronze: BronzeStore, entries: list[CatalogueEntry], damaged: AbstractSet[str]
) -> Iterator[Finding]:
    contents = bronze.contents()
    for entry in entries:
        if entry.sha256 not in contents:
            yield Finding(file_key(entry.sha256), f"It is gone: the bytes of {entry.name}.", BRING_AGAIN)
    known = {entry.sha256 for entry in entries} | {refusal.sha256 for refusal in bronze.refusals()}
    for sha256 in sorted(contents - known - bronze.suspects):
        if file_key(sha256) not in damaged:
            yield Finding(file_key(sha256), "No catalogue entry says what it is.", REBUILD)
    for sha256 in sorted(bronze.preferred() - contents):
        yield Finding(f"{PREFERRED}/{sha256}", "It marks a file that is not there.", HARMLESS)


def _quarantine(bronze: BronzeStore, keys: AbstractSet[str]) -> Iterator[Finding]:
    refused = {quarantine_key(refusal.sha256): refusal for refusal in bronze.refusals()}
    for key, refusal in refused.items():
        if key not in keys:
            yield Finding(key, f"It is gone: the bytes of {refusal.name}, which was refused.", BRING_AGAIN)
    kept = {key for key in keys if key.startswith(QUARANTINE) and "." not in key}
    for key in sorted(kept - refused.keys()):
        yield Finding(key, "Why it could not be read is not written beside it.", REBUILD)


def _ledger(bronze: BronzeStore, entries: list[CatalogueEntry], states: _States) -> Iterator[Finding]:
    days = states.keys() | {entry.activity_date for entry in entries}
    for day, state in states.items():
        if state["problem"]:
            yield Finding(f"{day}", "A file of it could not be read when it was made.", state["problem"])
    for plan in date_plans(days, entries, bronze.preferred()):
        if plan.day not in states:
            yield Finding(f"{plan.day}", "The ledger does not know this date of the catalogue.", REBUILD)
        elif states[plan.day]["bronze_digest"] != plan.digest:
            yield Finding(
                f"{plan.day}", "The ledger knows other files of this date, or another choice.", REBUILD
            )


def _silver(stores: Stores, states: _States, silver: _Silver, damaged: AbstractSet[str]) -> Iterator[Finding]:
    made = {day: state["silver_digest"] for day, state in states.items() if state["silver_digest"]}
    for table in SILVER_TABLES:
        place = LakeTable(stores.lake, table)
        for day, digest in made.items():
            found = silver.get((table.name, day))
            if found is None and place.key(day) not in damaged:
                yield Finding(place.key(day), "It is gone.", REBUILD)
            elif found is not None and found.digest != digest:
                yield Finding(place.key(day), "It was made from other files than the ledger says.", REBUILD)
    for name, day in sorted(silver.keys()):
        if day not in states:
            yield Finding(f"silver/{name} of {day}", "No file in bronze is of this date.", HARMLESS)


def _gold(stores: Stores, states: _States, silver: _Silver) -> Iterator[Finding]:
    warehouse = stores.warehouse
    rows = warehouse.read(statement(__package__, "gold_rows_by_date")).to_pylist()
    found = {(row["table_name"], row["activity_date"]): row["rows"] for row in rows}
    expected = _expected(silver, {day for day, state in states.items() if state["gold_digest"]})
    for name, day in sorted(found.keys() | expected.keys()):
        has = found.get((name, day), 0)
        if has != (wanted := expected.get((name, day), has)):
            problem = f"It has {has} rows of {day}, and silver has {wanted}."
            yield Finding(f"gold.{name}", problem, REBUILD)
        elif day not in states:
            yield Finding(f"gold.{name}", f"It has {has} rows of {day}, and bronze has no file.", BRING_AGAIN)
    for row in warehouse.read(statement(__package__, "gold_rows_of_tables")).to_pylist():
        if row["rows"] != row["expected"]:
            problem = f"It has {row['rows']} rows instead of {row['expected']}."
            yield Finding(f"gold.{row['table_name']}", problem, REBUILD)
    shifts = LakeTable(stores.lake, ROSTER_SHIFTS).read_if_whole().num_rows
    if (rows := warehouse.row_count(DIM_SHIFT)) != shifts:
        yield Finding("gold.dim_shift", f"It has {rows} rows, and the roster has {shifts} shifts.", REBUILD)
    for equation in (landing_sum(warehouse), silver_sum(warehouse), gold_sum(warehouse)):
        if not equation.holds:
            yield Finding("ledger", f"The sum does not hold: {equation.equation}.", REBUILD)


def _expected(silver: _Silver, loaded: AbstractSet[date]) -> dict[tuple[str, date], int]:
    """How many rows gold should have of each loaded date whose silver is whole, by table and date."""
    expected = {}
    for (name, day), found in silver.items():
        if day not in loaded:
            continue
        if name == SILVER_ACTIVITIES.name:
            chosen = found.chosen or 0
            expected[FACT_ACTIVITY.name, day] = chosen
            expected[ACTIVITY_SOURCE.name, day] = found.rows
            expected[FACT_HEART_RATE_ZONE.name, day] = chosen * len(ZONES)
        elif name == SILVER_LAPS.name:
            expected[FACT_LAP.name, day] = found.rows
    return expected
