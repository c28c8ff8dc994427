"""Dagster's doors to the lake and the warehouse.

Belongs here: turning what an asset returns into one atomic write, with row counts for the UI. Does
not: SQL or Parquet themselves (`warehouse.py`, `parquet.py`).
"""

from collections.abc import Iterable
from datetime import date

import dagster as dg
import pyarrow as pa

from coros_assets.partitions import report_dates
from coros_assets.storage.parquet import DatedTable, LakeTable
from coros_assets.storage.warehouse import DateBatch
from coros_assets.stores import Stores
from coros_assets.tables import CONTRACTS


class ParquetIOManager(dg.ConfigurableIOManager):
    """Lake tables. Stores a `pa.Table` whole, or a stream of `DatedTable` one object a date.

    A downstream asset is given the whole table, or the `LakeTable` itself where there is one object a
    date, so that it reads only the dates it needs.
    """

    stores: dg.ResourceDependency[Stores]

    def handle_output(self, context: dg.OutputContext, obj: pa.Table | Iterable[DatedTable]) -> None:
        """Writes the object; dates outside the run's own partitions are reported as materialized."""
        table = self._lake_table(context.asset_key)
        if isinstance(obj, pa.Table):
            size = table.write(obj)
            context.add_output_metadata({"dagster/row_count": obj.num_rows, "size_bytes": size})
            return
        written: dict[date, dict[str, int]] = {}
        for part in obj:
            size = table.write(table.stamped(part.rows, part.digest), part.day)
            written[part.day] = {"dagster/partition_row_count": part.rows.num_rows, "size_bytes": size}
        own = set(context.asset_partition_keys)
        late = {day: facts for day, facts in written.items() if day.isoformat() not in own}
        step = context.step_context
        report_dates(step.instance, step.dagster_run, step.step.key, context.asset_key, late)
        rows = sum(facts["dagster/partition_row_count"] for facts in written.values())
        context.add_output_metadata({"dates_written": len(written), "rows_written": rows})

    def load_input(self, context: dg.InputContext) -> pa.Table | LakeTable:
        """The upstream table, or the handle to its dates."""
        table = self._lake_table(context.asset_key)
        return table if context.has_asset_partitions else table.read()

    def _lake_table(self, asset_key: dg.AssetKey) -> LakeTable:
        return LakeTable(self.stores.lake, CONTRACTS[tuple(asset_key.path)])


class PostgresIOManager(dg.ConfigurableIOManager):
    """Warehouse tables. Stores a `pa.Table` whole, or a `DateBatch` date by date, in one transaction."""

    stores: dg.ResourceDependency[Stores]

    def handle_output(self, context: dg.OutputContext, obj: pa.Table | DateBatch) -> None:
        """Replaces the table, or exactly those dates of the batch whose rows are out of date."""
        if isinstance(obj, DateBatch):
            written = self.stores.warehouse.replace_dates(obj)
            rows = self.stores.warehouse.row_count(CONTRACTS[tuple(context.asset_key.path)])
            context.add_output_metadata({"dates_written": len(written), "dagster/row_count": rows})
            return
        self.stores.warehouse.replace(CONTRACTS[tuple(context.asset_key.path)], obj)
        context.add_output_metadata({"dagster/row_count": obj.num_rows})

    def load_input(self, context: dg.InputContext) -> pa.Table:
        """The upstream table as Arrow."""
        return self.stores.warehouse.read_table(CONTRACTS[tuple(context.asset_key.path)].name)
