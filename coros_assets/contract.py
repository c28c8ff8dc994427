"""The vocabulary in which tables are described: columns, types, keys, and what is derived from them.

Belongs here: the shape of a table description and its translations (Arrow schema, PostgreSQL DDL).
Does not: any actual table (`tables.py`), any connection (`storage/warehouse.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import pyarrow as pa


class Type(Enum):
    """A column type, as Arrow and as PostgreSQL spell it."""

    TEXT = (pa.string(), "text")
    TEXT_LIST = (pa.list_(pa.string()), "text[]")
    BOOL = (pa.bool_(), "boolean")
    INT = (pa.int32(), "integer")
    BIGINT = (pa.int64(), "bigint")
    FLOAT = (pa.float64(), "double precision")
    DATE = (pa.date32(), "date")
    INSTANT = (pa.timestamp("us", tz="UTC"), "timestamptz")
    LOCAL_TIME = (pa.timestamp("us"), "timestamp")

    @property
    def arrow(self) -> pa.DataType:
        """The Arrow type."""
        return self.value[0]

    @property
    def postgres(self) -> str:
        """The PostgreSQL type name."""
        return self.value[1]


@dataclass(frozen=True)
class Column:
    """One column: `description` is a sentence for a person; `unit` stands beside bare numbers."""

    name: str
    type: Type
    description: str
    unit: str = ""
    required: bool = False

    @property
    def comment(self) -> str:
        """The description with its unit, as shown in PostgreSQL, the Dagster UI and the docs."""
        return f"{self.description} [{self.unit}]" if self.unit else self.description


@dataclass(frozen=True)
class Table:
    """One table of one layer. `key` names the primary-key columns; they are required."""

    layer: str
    name: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def qualified_name(self) -> str:
        """`layer.name`, which in PostgreSQL is schema and table."""
        return f"{self.layer}.{self.name}"

    @property
    def arrow_schema(self) -> pa.Schema:
        """The Arrow schema; required columns are not nullable."""
        return pa.schema(
            [pa.field(c.name, c.type.arrow, nullable=not self._required(c)) for c in self.columns]
        )

    @property
    def ddl(self) -> str:
        """CREATE TABLE and comments, one SQL script."""
        lines = [
            f"    {c.name} {c.type.postgres}{' NOT NULL' if self._required(c) else ''}" for c in self.columns
        ]
        lines.append(f"    PRIMARY KEY ({', '.join(self.key)})")
        body = ",\n".join(lines)
        return f"CREATE TABLE {self.qualified_name} (\n{body}\n);\n{self.comments('TABLE')}"

    def comments(self, kind: str) -> str:
        """The COMMENT statements of the table and its columns; `kind` is TABLE or VIEW."""
        lines = [f"COMMENT ON {kind} {self.qualified_name} IS {_quoted(self.description)};"]
        lines += [
            f"COMMENT ON COLUMN {self.qualified_name}.{c.name} IS {_quoted(c.comment)};" for c in self.columns
        ]
        return "\n".join(lines)

    def conform(self, table: pa.Table) -> pa.Table:
        """`table` with exactly this contract's columns, order and types.

        Raises:
            ValueError: a column is missing or too many, a value does not fit its type,
                or a required column holds a null.
        """
        names = self.arrow_schema.names
        if set(table.column_names) != set(names):
            missing = sorted(set(names) - set(table.column_names))
            extra = sorted(set(table.column_names) - set(names))
            raise ValueError(f"{self.qualified_name}: missing columns {missing}, unknown columns {extra}")
        nulls = [f.name for f in self.arrow_schema if not f.nullable and table[f.name].null_count]
        if nulls:
            raise ValueError(f"{self.qualified_name}: null in required columns {nulls}")
        return table.select(names).cast(self.arrow_schema)

    def empty(self) -> pa.Table:
        """A table of this contract with no rows."""
        return self.arrow_schema.empty_table()

    def _required(self, column: Column) -> bool:
        return column.required or column.name in self.key


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
