"""Forecasts and anomalies in the asset graph.

Belongs here: the assets. Does not: what they are made by (`outlook.py`, `findings.py`).
"""

from collections.abc import Iterator
from typing import Final

import dagster as dg
import pyarrow as pa

from coros_assets.forecast.findings import recovery_anomalies
from coros_assets.forecast.outlook import forecast_tables
from coros_assets.products import made_from_now
from coros_assets.storage.parquet import LakeTable, stamped
from coros_assets.stores import Stores
from coros_assets.tables import FORECAST, FORECAST_EVALUATION, RECOVERY_ANOMALY, WELLNESS_DAILY

_DEPS: Final = [dg.AssetKey(["gold", name]) for name in ("fact_activity", "fact_day", "dim_shift")]
_READ: Final = ("analysis_run", "fact_day", "dim_shift")
_KIND: Final = {"postgres"}


def _out(name: str) -> dg.AssetOut:
    return dg.AssetOut(key=["gold", name], io_manager_key="warehouse_io", group_name="forecast", kinds=_KIND)


@dg.multi_asset(
    outs={table.name: _out(table.name) for table in (FORECAST, FORECAST_EVALUATION)},
    deps=_DEPS,
)
def gold_forecast(stores: dg.ResourceParam[Stores]) -> Iterator[dg.Output[pa.Table]]:
    """What to expect of the coming runs and days, and how well that would have been told before."""
    made_from = {name: made_from_now(stores, name) for name in (FORECAST.name, FORECAST_EVALUATION.name)}
    made = forecast_tables(*map(stores.warehouse.read_table, _READ))
    for (name, digest), rows in zip(made_from.items(), made, strict=True):
        yield dg.Output(stamped(rows, digest), name)


@dg.asset(
    key=["gold", RECOVERY_ANOMALY.name],
    deps=[*_DEPS, dg.AssetKey(["wellness", "daily"])],
    io_manager_key="warehouse_io",
    group_name="forecast",
    kinds=_KIND,
)
def gold_recovery_anomaly(stores: dg.ResourceParam[Stores]) -> pa.Table:
    """Mornings and runs that were not as their like before, and slow drifts."""
    made_from = made_from_now(stores, RECOVERY_ANOMALY.name)
    runs, days, shifts = map(stores.warehouse.read_table, _READ)
    mornings = LakeTable(stores.lake, WELLNESS_DAILY).read()
    return stamped(recovery_anomalies(runs, days, shifts, mornings), made_from)
