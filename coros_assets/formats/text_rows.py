"""Rows of texts, as a walk over elements finds them, to columns.

Belongs here: turning texts into numbers and instants before they are too many: a text takes 60 bytes, a
number 8. Does not: what a text must look like (`text.py`), or where it stands (`tcx_tree.py`, `gpx.py`).
"""

from __future__ import annotations

from typing import Final, TypeAlias

import pyarrow as pa

from coros_assets.formats.text import instants, numbers

Texts: TypeAlias = dict[str, str | None]  # column name -> text

_ROWS_AT_ONCE: Final = 10_000


class TextRows:
    """Rows of texts that become one table of instants and numbers."""

    def __init__(self, schema: pa.Schema) -> None:
        """`schema` names the columns, each of instants or of float64."""
        self._schema = schema
        self._rows: list[Texts] = []
        self._parts: list[pa.Table] = []

    def append(self, row: Texts) -> None:
        """Adds a row; a column it does not have is null."""
        self._rows.append(row)
        if len(self._rows) == _ROWS_AT_ONCE:
            self._close_part()

    def table(self) -> pa.Table:
        """All rows; a text that is no instant or number is null."""
        self._close_part()
        return pa.concat_tables(self._parts).combine_chunks()

    def _close_part(self) -> None:
        rows, self._rows = self._rows, []
        instant = [column.name for column in self._schema if pa.types.is_timestamp(column.type)]
        numeric = [name for name in self._schema.names if name not in instant]
        columns = {name: instants([row.get(name) for row in rows]) for name in instant}
        read = numbers([row.get(name) for name in numeric for row in rows])  # in one call: most have few rows
        columns |= {name: read.slice(number * len(rows), len(rows)) for number, name in enumerate(numeric)}
        self._parts.append(
            pa.Table.from_arrays([columns[name] for name in self._schema.names], schema=self._schema)
        )
