"""Gold in the asset graph: the star schema in PostgreSQL.

Belongs here: descriptions, inputs, metadata. Does not: computing rows (`load.py`, `facts.py`,
`days.py`).
"""

from collections.abc import Iterator
from functools import partial
from typing import Any, Final

import dagster as dg
import pyarrow as pa
import pyarrow.compute as pc

from coros_assets.athlete import AthleteHistory
from coros_assets.athlete_settings.assets import ATHLETE
from coros_assets.contract import Table
from coros_assets.gold.days import dim_date, dim_shift, fact_day
from coros_assets.gold.load import SilverTables, due_batches
from coros_assets.gold.plan import OwnInputs
from coros_assets.products import made_from_now
from coros_assets.roster.labels import label_dates
from coros_assets.silver.remake import remake_silver
from coros_assets.storage.parquet import LakeTable, stamped
from coros_assets.stores import Stores
from coros_assets.tables import (
    ATHLETE_SETTINGS,
    DIM_DATE,
    DIM_SHIFT,
    FACT_ACTIVITY,
    FACT_BEST_EFFORT,
    FACT_DAY,
    GOLD_DATE_TABLES,
    ROSTER_SHIFTS,
    WELLNESS_DAILY,
    WELLNESS_SLEEP,
)
from coros_assets.wellness.baseline import mornings_of

_KIND: Final = {"postgres"}
_FACTS: Final = dg.AssetKey(["gold", FACT_ACTIVITY.name])
_OWN: Final = (ROSTER_SHIFTS, WELLNESS_SLEEP, ATHLETE_SETTINGS)


def _out(table: Table) -> dg.AssetOut:
    """The first table's output is the batch of all; the others only say that they moved with it."""
    return dg.AssetOut(
        key=[table.layer, table.name],
        dagster_type=dg.Any if table is FACT_ACTIVITY else dg.Nothing,
        io_manager_key="warehouse_io",
        group_name="gold",
        kinds=_KIND,
    )


@dg.multi_asset(
    outs={table.name: _out(table) for table in GOLD_DATE_TABLES},
    ins={
        "records": dg.AssetIn(["silver", "records"]),
        "laps": dg.AssetIn(["silver", "laps"]),
        "activities": dg.AssetIn(["silver", "activities"]),
        "shifts": dg.AssetIn(["roster", "shifts"]),
        "sleeps": dg.AssetIn(["wellness", "sleep"]),
        "athlete": dg.AssetIn(ATHLETE),
    },
)
def gold_facts(
    records: LakeTable,
    laps: LakeTable,
    activities: LakeTable,
    shifts: pa.Table,
    sleeps: pa.Table,
    athlete: pa.Table,
    stores: dg.ResourceParam[Stores],
) -> Iterator[dg.Output[Any]]:
    """Activities with their metrics, shifts and sleeps around; only dates whose inputs changed are reloaded.

    All five tables of a date move in one transaction, so that no reader sees half a date.
    """
    states = stores.ledger.date_states()
    own = OwnInputs(shifts, sleeps, AthleteHistory.of(athlete))
    made_from = [LakeTable.digest(table) for table in (shifts, sleeps, athlete)]
    batches = due_batches(
        states,
        SilverTables(records, laps, activities),
        own,
        lambda: (
            [LakeTable.digest(LakeTable(stores.lake, table).read_if_whole()) for table in _OWN] == made_from
        ),
        partial(remake_silver, stores=stores),
    )
    yield dg.Output(batches, FACT_ACTIVITY.name)
    for table in GOLD_DATE_TABLES[1:]:
        yield dg.Output(None, table.name, metadata={"dagster/row_count": stores.warehouse.row_count(table)})


@dg.asset(
    key=["gold", "fact_day"],
    deps=[_FACTS, ["gold", FACT_BEST_EFFORT.name], ["roster", "shifts"], ["wellness", "daily"]],
    io_manager_key="warehouse_io",
    group_name="gold",
    kinds=_KIND,
)
def gold_fact_day(stores: dg.ResourceParam[Stores]) -> pa.Table:
    """Load, fitness, fatigue, form, critical speed and wellness of every date."""
    made_from = made_from_now(stores, FACT_DAY.name)
    warehouse, lake = stores.warehouse, stores.lake
    days = fact_day(
        warehouse.read_table(FACT_ACTIVITY.name),
        warehouse.read_table(FACT_BEST_EFFORT.name),
        partial(label_dates, shifts=LakeTable(lake, ROSTER_SHIFTS).read()),
        partial(mornings_of, daily=LakeTable(lake, WELLNESS_DAILY).read()),
    )
    return stamped(days, made_from)


@dg.asset(
    key=["gold", "dim_shift"],
    deps=[["roster", "shifts"]],
    io_manager_key="warehouse_io",
    group_name="gold",
    kinds=_KIND,
)
def gold_dim_shift(stores: dg.ResourceParam[Stores]) -> pa.Table:
    """The roster's shifts."""
    made_from = made_from_now(stores, DIM_SHIFT.name)
    return stamped(dim_shift(LakeTable(stores.lake, ROSTER_SHIFTS).read()), made_from)


@dg.asset(
    key=["gold", "dim_date"],
    deps=[_FACTS, dg.AssetKey(["roster", "shifts"])],
    io_manager_key="warehouse_io",
    group_name="gold",
    kinds=_KIND,
)
def gold_dim_date(stores: dg.ResourceParam[Stores]) -> pa.Table:
    """Whole calendar years around the activities and the shifts."""
    made_from = made_from_now(stores, DIM_DATE.name)
    facts = stores.warehouse.read_table(FACT_ACTIVITY.name)
    shifts = dim_shift(LakeTable(stores.lake, ROSTER_SHIFTS).read())
    recorded = pa.chunked_array([*facts["activity_date"].chunks, *shifts["start_date"].chunks])
    span = pc.min_max(recorded).as_py()
    days = dim_date(span["min"], span["max"]) if facts.num_rows else DIM_DATE.empty()
    return stamped(days, made_from)
