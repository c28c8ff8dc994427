"""Wellness in the asset graph.

Belongs here: the assets and their check. Does not: reading wellness files (`load.py`, `read.py`).
"""

from collections.abc import Iterator
from typing import Any, Final

import dagster as dg

from coros_assets.athlete_settings.assets import ATHLETE
from coros_assets.stores import Stores
from coros_assets.tables import WELLNESS_TABLES
from coros_assets.wellness.load import load_wellness, wellness_file

_KIND: Final = {"parquet"}


@dg.multi_asset(
    outs={
        table.name: dg.AssetOut(
            key=[table.layer, table.name], io_manager_key="lake_io", group_name="wellness", kinds=_KIND
        )
        for table in WELLNESS_TABLES
    },
    deps=[ATHLETE],
    check_specs=[
        dg.AssetCheckSpec(
            "wellness_is_readable",
            asset=["wellness", "daily"],
            description="The newest wellness file was understood; else the last good one still counts.",
        )
    ],
)
def wellness_tables(stores: dg.ResourceParam[Stores]) -> Iterator[Any]:
    """Mornings and sleeps from the runner's wellness file, whose bytes are kept in bronze."""
    file = wellness_file(stores.settings.wellness_path)
    if file:
        stores.lake.put_content(f"bronze/wellness/{file.bronze_name}", file.data)
    wellness = load_wellness(file, stores.lake, stores.home_timezone)
    yield dg.Output(wellness.tables.daily, "daily")
    yield dg.Output(wellness.tables.sleep, "sleep")
    yield dg.AssetCheckResult(
        passed=wellness.problem is None,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"problem": wellness.problem or "none"},
    )
