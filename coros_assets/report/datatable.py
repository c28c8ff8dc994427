"""A table of the page: a caption, column headings and cells that are already text.

Belongs here: its shape, and making one from Arrow columns. Does not: how a single value is written
(`text.py`), or its HTML (`templates/parts.html`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from coros_assets.inert import printable


@dataclass(frozen=True)
class Column:
    """A column of the page: the Arrow column it shows, its heading, and how a value is written.

    A column without a format is shown as the text it holds, which may come from elsewhere.
    """

    name: str
    heading: str
    write: Callable[[Any], str] | None = None


@dataclass(frozen=True)
class DataTable:
    """What the page shows: `numeric` says of each column whether it stands right-aligned and unbroken."""

    caption: str
    headings: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[tuple[str, ...], ...]


def data_table(caption: str, table: pa.Table, columns: Sequence[Column]) -> DataTable:
    """The rows of `table` in their order; an empty text cell stays empty."""
    written = [
        [
            column.write(value) if column.write else printable(value or "", None)
            for value in table[column.name].to_pylist()
        ]
        for column in columns
    ]
    return DataTable(
        caption,
        tuple(column.heading for column in columns),
        tuple(_is_numeric(table.schema.field(column.name).type) for column in columns),
        tuple(zip(*written, strict=True)),
    )


def _is_numeric(kind: pa.DataType) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_date(kind))
