"""What the Dagster UI shows of every asset beside its graph: owner, description, columns.

Belongs here: deriving that from the tables' contracts. Does not: the assets themselves.
"""

from typing import Final

import dagster as dg

from coros_assets.contract import Table
from coros_assets.tables import CONTRACTS

OWNER: Final = "team:coros-assets"


def described(spec: dg.AssetSpec) -> dg.AssetSpec:
    """`spec` with its owner, and for a table its contract's description, name and columns."""
    owned = spec.merge_attributes(owners=[OWNER])
    table = CONTRACTS.get(tuple(spec.key.path))
    if table is None:
        return owned
    metadata = {"dagster/table_name": table.qualified_name, "dagster/column_schema": _columns(table)}
    return owned.merge_attributes(metadata=metadata).replace_attributes(description=table.description)


def _columns(table: Table) -> dg.TableSchema:
    return dg.TableSchema(
        [
            dg.TableColumn(
                column.name,
                column.type.postgres,
                column.comment,
                dg.TableColumnConstraints(
                    nullable=not (column.required or column.name in table.key),
                    unique=table.key == (column.name,),
                ),
            )
            for column in table.columns
        ]
    )
