"""Dagster's doors to the lake and the warehouse.

Belongs here: turning what an asset returns into one atomic write, with row counts for the UI. Does
not: SQL or Parquet themselves (`warehouse.py`, `parquet.py`).
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

import dagster as dg
import pyarrow as pa

from coros_assets.own_inputs import own_digest_now
from coros_assets.partitions import report_dates
from coros_assets.products import made_from_now
from coros_assets.storage.parquet import DatedFiles, LakeTable, encoded
from coros_assets.storage.warehouse import DateBatch
from coros_assets.stores import Stores
from coros_assets.tables import CONTRACTS, GOLD_DATE_TABLES


class ParquetIOManager(dg.ConfigurableIOManager):
    """Lake tables. Stores a stamped `pa.Table` whole, or `DatedFiles`, one object a date and table.

    A table of one of the runner's files is not stored if that file was replaced meanwhile: the load that
    was started for the new one stores it.

    A downstream asset is given the whole table, or the `LakeTable` itself where there is one object a
    date, so that it reads only the dates it needs.
    """

    stores: dg.ResourceDependency[Stores]

    def handle_output(self, context: dg.OutputContext, obj: pa.Table | Iterable[DatedFiles]) -> None:
        """Writes the object; dates outside the run's own partitions are reported as materialized."""
        if isinstance(obj, pa.Table):
            self._write_whole(context, self._lake_table(context.asset_key), obj)
            return
        *layer, _ = context.asset_key.path
        written: dict[str, dict[date, dict[str, int]]] = defaultdict(dict)
        for part in obj:
            for name, file in part.files.items():
                size = self._lake_table(dg.AssetKey([*layer, name])).write(file, part.day)
                written[name][part.day] = {"dagster/partition_row_count": file.rows, "size_bytes": size}
        own = set(context.asset_partition_keys)
        step = context.step_context
        for name, dates in written.items():
            late = {day: facts for day, facts in dates.items() if day.isoformat() not in own}
            key = dg.AssetKey([*layer, name])
            report_dates(step.instance, step.dagster_run, step.step.key, key, late)
            rows = sum(facts["dagster/partition_row_count"] for facts in dates.values())
            context.add_output_metadata({f"dates_of_{name}": len(dates), f"rows_of_{name}": rows})

    def _write_whole(self, context: dg.OutputContext, table: LakeTable, rows: pa.Table) -> None:
        with self.stores.warehouse.exclusive(table.table.qualified_name):
            if own_digest_now(self.stores, table.table) == LakeTable.digest(rows):
                size = table.write(encoded(rows))
                context.add_output_metadata({"dagster/row_count": rows.num_rows, "size_bytes": size})

    def load_input(self, context: dg.InputContext) -> pa.Table | LakeTable:
        """The upstream table, or the handle to its dates."""
        table = self._lake_table(context.asset_key)
        return table if context.has_asset_partitions else table.read()

    def _lake_table(self, asset_key: dg.AssetKey) -> LakeTable:
        return LakeTable(self.stores.lake, CONTRACTS[tuple(asset_key.path)])


class PostgresIOManager(dg.ConfigurableIOManager):
    """Warehouse tables. Stores a stamped `pa.Table` whole, or a stream of `DateBatch`, in a transaction each.

    What was made from something that has changed since is not stored: the load that changed it stores its
    own.
    """

    stores: dg.ResourceDependency[Stores]

    def handle_output(self, context: dg.OutputContext, obj: pa.Table | Iterable[DateBatch]) -> None:
        """Replaces the table, or exactly those dates of the batches whose rows are out of date."""
        table, warehouse = CONTRACTS[tuple(context.asset_key.path)], self.stores.warehouse
        if isinstance(obj, pa.Table):
            made_from = LakeTable.digest(obj)
            warehouse.replace(table, obj, made_from, lambda: made_from_now(self.stores, table.name))
            context.add_output_metadata({"dagster/row_count": obj.num_rows})
            return
        written = sum(len(warehouse.replace_dates(batch)) for batch in obj)
        if written:
            warehouse.analyze(GOLD_DATE_TABLES)
        context.add_output_metadata(
            {"dates_written": written, "dagster/row_count": warehouse.row_count(table)}
        )

    def load_input(self, context: dg.InputContext) -> pa.Table:
        """The upstream table as Arrow."""
        return self.stores.warehouse.read_table(CONTRACTS[tuple(context.asset_key.path)].name)
