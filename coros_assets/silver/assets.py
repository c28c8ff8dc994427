"""Silver in the asset graph: three tables of one pass over bronze.

Belongs here: descriptions, partitions, metadata. Does not: cleaning (`build.py`) or planning
(`plan.py`).
"""

from collections.abc import Iterator
from typing import Any, Final

import dagster as dg

from coros_assets.bronze.assets import BRONZE
from coros_assets.contract import Table
from coros_assets.partitions import ACTIVITY_DATES, chosen_dates
from coros_assets.silver.load import SilverLoad, loaded_dates
from coros_assets.silver.plan import due_dates
from coros_assets.stores import Stores
from coros_assets.tables import SILVER_RECORDS, SILVER_TABLES

_KIND: Final = {"parquet"}


def _out(table: Table) -> dg.AssetOut:
    """The first table's output is the files of all; the others only say that they moved with it."""
    key = [table.layer, table.name]
    if table is SILVER_RECORDS:
        return dg.AssetOut(key=key, io_manager_key="lake_io", group_name="silver", kinds=_KIND)
    return dg.AssetOut(
        key=key, dagster_type=dg.Nothing, io_manager_key="lake_io", group_name="silver", kinds=_KIND
    )


@dg.multi_asset(
    outs={table.name: _out(table) for table in SILVER_TABLES},
    deps=[BRONZE],
    partitions_def=ACTIVITY_DATES,
    backfill_policy=dg.BackfillPolicy.single_run(),
)
def silver_tables(
    context: dg.AssetExecutionContext, stores: dg.ResourceParam[Stores]
) -> Iterator[dg.Output[Any]]:
    """Clean, local, unique activities: a pure function of a date's bronze files and the settings.

    A run makes every date whose bronze or settings changed, and again the dates it was started for and
    those of which a bronze file was damaged.
    """
    home_timezone = stores.home_timezone
    states = stores.ledger.date_states()
    damaged = {day for day, state in states.items() if state["problem"]}
    days = due_dates(states, home_timezone) | damaged | (chosen_dates(context) & states.keys())
    load = SilverLoad(stores.bronze, sorted(days), home_timezone, stores.lake, loaded_dates(states))
    yield dg.Output(load.files(), SILVER_RECORDS.name)
    for table in SILVER_TABLES[1:]:
        yield dg.Output(None, table.name)
    stores.bronze.drop_parsed(load.read)
    stores.ledger.mark_silver(load.marks)
