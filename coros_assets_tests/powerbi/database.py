"""The model against the real database: the same tables, columns and types as the reader's role sees.

Belongs here: that comparison. Does not: the model against `tables.py` (`references.py`).
"""

from __future__ import annotations

from typing import Final

from coros_assets.powerbi.model import MEASURES
from coros_assets.storage.warehouse import Warehouse
from coros_assets_tests.powerbi.source import Project

READ_BY: Final = {
    "text": "string",
    "boolean": "boolean",
    "integer": "int64",
    "bigint": "int64",
    "double precision": "double",
    "date": "dateTime",
    "timestamp with time zone": "dateTime",
    "timestamp without time zone": "dateTime",
}
"""PostgreSQL's types as Power BI reads them; of others, lists above all, it makes nothing."""

GOLD: Final = """
    SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'gold'
"""

Columns = dict[tuple[str, str], str]


def columns_of_gold(warehouse: Warehouse) -> Columns:
    """Model types by table and column, of all that the reader's role may read and Power BI can."""
    found = warehouse.query_as_reader(GOLD).to_pylist()
    return {
        (row["table_name"], row["column_name"]): READ_BY[row["data_type"]]
        for row in found
        if row["data_type"] in READ_BY
    }


def database_problems(project: Project, gold: Columns) -> list[str]:
    """Columns that the model and gold's tables of the same names do not share."""
    model = {
        (table, column.node.props.get("sourceColumn", "")): column.node.props.get("dataType", "")
        for (table, _), column in project.columns.items()
        if table != MEASURES
    }
    tables = {table for table, _ in model}
    of_gold = {key: kind for key, kind in gold.items() if key[0] in tables}
    return [
        f"{table}.{column}: {model.get((table, column))} in the model, {of_gold.get((table, column))} in gold"
        for table, column in sorted(model.keys() | of_gold.keys())
        if model.get((table, column)) != of_gold.get((table, column))
    ]
