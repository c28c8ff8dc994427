"""Rows that PostgreSQL returns, as Arrow.

Belongs here: which Arrow type stands for which of PostgreSQL's. Does not: queries or connections.
"""

from __future__ import annotations

from typing import Any, Final

import psycopg
import pyarrow as pa

from coros_assets.contract import Type
from coros_assets.errors import CorosError

_ARROW_OF_OID: Final = {
    16: Type.BOOL,
    20: Type.BIGINT,
    21: Type.INT,
    23: Type.INT,
    25: Type.TEXT,
    700: Type.FLOAT,
    701: Type.FLOAT,
    1009: Type.TEXT_LIST,
    1082: Type.DATE,
    1114: Type.LOCAL_TIME,
    1184: Type.INSTANT,
    1700: Type.FLOAT,
}


Cursor = psycopg.Cursor[tuple[Any, ...]] | psycopg.ServerCursor[tuple[Any, ...]]


def fetched(cursor: Cursor, most: int | None = None) -> pa.Table:
    """The rows of an executed query, or the first `most`, typed by the columns' PostgreSQL types.

    Raises:
        CorosError: the statement was none that returns rows.
    """
    if cursor.description is None:
        raise CorosError("The statement returns no rows; give a SELECT.")
    rows = cursor.fetchall() if most is None else cursor.fetchmany(most)
    columns, fields = [], []
    for position, column in enumerate(cursor.description):
        kind = _ARROW_OF_OID.get(column.type_code)
        values = [row[position] for row in rows]
        if kind is None:
            kind, values = Type.TEXT, [None if value is None else str(value) for value in values]
        elif kind is Type.FLOAT:
            values = [None if value is None else float(value) for value in values]
        columns.append(pa.array(values, kind.arrow))
        fields.append(pa.field(column.name, kind.arrow))
    return pa.Table.from_arrays(columns, schema=pa.schema(fields))
