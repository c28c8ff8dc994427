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
from coros_assets.roster.labels import label_dates
from coros_assets.silver.remake import remake_silver
from coros_assets.storage.parquet import LakeTable
from coros_assets.stores import Stores
from coros_assets.tables import DIM_DATE, FACT_ACTIVITY, FACT_BEST_EFFORT, GOLD_DATE_TABLES
from coros_assets.wellness.baseline import mornings_of

_KIND: Final = {"postgres"}
_FACTS: Final = dg.AssetKey(["gold", FACT_ACTIVITY.name])


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
    batches = due_batches(
        states, SilverTables(records, laps, activities), own, partial(remake_silver, stores=stores)
    )
    yield dg.Output(batches, FACT_ACTIVITY.name)
    for table in GOLD_DATE_TABLES[1:]:
        yield dg.Output(None, table.name, metadata={"dagster/row_count": stores.warehouse.row_count(table)})


@dg.asset(
    key=["gold", "fact_day"],
    ins={
        "facts": dg.AssetIn(_FACTS),
        "efforts": dg.AssetIn(["gold", FACT_BEST_EFFORT.name]),
        "shifts": dg.AssetIn(["roster", "shifts"]),
        "mornings": dg.AssetIn(["wellness", "daily"]),
    },
    io_manager_key="warehouse_io",
    group_name="gold",
    kinds=_KIND,
)
def gold_fact_day(facts: pa.Table, efforts: pa.Table, shifts: pa.Table, mornings: pa.Table) -> pa.Table:
    """Load, fitness, fatigue, form, critical speed and wellness of every date."""
    return fact_day(facts, efforts, partial(label_dates, shifts=shifts), partial(mornings_of, daily=mornings))


@dg.asset(
    key=["gold", "dim_shift"],
    ins={"shifts": dg.AssetIn(["roster", "shifts"])},
    io_manager_key="warehouse_io",
    group_name="gold",
    kinds=_KIND,
)
def gold_dim_shift(shifts: pa.Table) -> pa.Table:
    """The roster's shifts."""
    return dim_shift(shifts)


@dg.asset(
    key=["gold", "dim_date"],
    ins={"facts": dg.AssetIn(_FACTS), "shifts": dg.AssetIn(["roster", "shifts"])},
    io_manager_key="warehouse_io",
    group_name="gold",
    kinds=_KIND,
)
def gold_dim_date(facts: pa.Table, shifts: pa.Table) -> pa.Table:
    """Whole calendar years around the activities and the shifts."""
    if not facts.num_rows:
        return DIM_DATE.empty()
    recorded = [*facts["activity_date"].chunks, *dim_shift(shifts)["start_date"].chunks]
    span = pc.min_max(pa.chunked_array(recorded)).as_py()
    return dim_date(span["min"], span["max"])
