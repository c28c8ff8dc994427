"""The vocabulary in which tables are described: columns, types, keys, and what is derived from them.

Belongs here: the shape of a table description and its translations (Arrow schema, PostgreSQL DDL).
Does not: any actual table (`tables.py`), any connection (`storage/warehouse.py`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

_POWER_OF_TWO_MANTISSA: Final = 0.5  # as `math.frexp` splits a number


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
    """One column: `description` is a sentence for a person; `unit` stands beside bare numbers.

    `resolution` is the step, in `unit`, that the values of a FLOAT column are rounded to; None keeps them
    as they are. It is a power of two: the rounded value is then exact in binary, is rounded only once
    however often it is conformed, and ends in zero bits, which any compression removes. `precision` is
    the number of decimals that a person is shown; the stored value keeps all of its own.
    """

    name: str
    type: Type
    description: str
    unit: str = ""
    required: bool = False
    resolution: float | None = None
    precision: int | None = None

    def __post_init__(self) -> None:
        """Refuses a resolution that is no power of two, or of something that is no FLOAT."""
        if self.resolution is None:
            return
        mantissa, _ = math.frexp(self.resolution)
        if self.type is not Type.FLOAT or mantissa != _POWER_OF_TWO_MANTISSA:
            raise ValueError(f"{self.name}: a resolution is a power of two, of a FLOAT column")

    @property
    def comment(self) -> str:
        """The description with unit and resolution, as shown in PostgreSQL, the Dagster UI and the docs."""
        if self.resolution is not None:
            return f"{self.description} [{self.unit}, in steps of {self.resolution:.1g}]"
        return f"{self.description} [{self.unit}]" if self.unit else self.description

    def rounded(self, values: pa.ChunkedArray) -> pa.ChunkedArray:
        """`values` to the nearest step of the resolution, if there is one; null, NaN and infinity stay.

        Raises:
            ValueError: a value is so large that it has no multiple of the resolution.
        """
        return values if self.resolution is None else pc.round_to_multiple(values, self.resolution)


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

    @cached_property
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
        """`table` with exactly this contract's columns, order, types and resolutions.

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
        typed = table.select(names).cast(self.arrow_schema)
        columns = [column.rounded(values) for column, values in zip(self.columns, typed.columns, strict=True)]
        return pa.Table.from_arrays(columns, schema=self.arrow_schema)

    def empty(self) -> pa.Table:
        """A table of this contract with no rows."""
        return self.arrow_schema.empty_table()

    def _required(self, column: Column) -> bool:
        return column.required or column.name in self.key


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
