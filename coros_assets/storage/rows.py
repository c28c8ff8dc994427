"""Rows into PostgreSQL and out of it, within a transaction that the caller has begun.

Belongs here: bulk copy, upsert, and which Arrow type stands for which of PostgreSQL's. Does not: connections,
locks and when to commit (`postgres.py`, `warehouse.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import psycopg
import pyarrow as pa
from pgpq import ArrowToPostgresBinaryEncoder
from psycopg import sql

from coros_assets.contract import Table, Type
from coros_assets.errors import CorosError
from coros_assets.storage.postgres import Connection

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


def identifier(table: Table) -> sql.Identifier:
    """The table's name with its schema, as SQL spells it."""
    return sql.Identifier(table.layer, table.name)


def upsert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts rows, or updates the given columns of those whose key exists.

    Rows are locked in order of their key, so that two of these never wait for each other.
    """
    if not rows:
        return
    columns = [column.name for column in table.columns if column.name in rows[0]]
    changed = [name for name in columns if name not in table.key]
    query = sql.SQL("INSERT INTO {} ({}) VALUES ({}) ON CONFLICT ({}) DO UPDATE SET {}").format(
        identifier(table),
        _names(columns),
        sql.SQL(", ").join(map(sql.Placeholder, columns)),
        _names(table.key),
        sql.SQL(", ").join(sql.SQL("{0} = EXCLUDED.{0}").format(sql.Identifier(name)) for name in changed),
    )
    ordered = sorted(rows, key=lambda row: tuple(row[name] for name in table.key))
    connection.cursor().executemany(query, ordered)


def copy_in(connection: Connection, table: Table, rows: pa.Table) -> None:
    """Adds rows to a table by binary COPY, after conforming them to its contract."""
    rows = table.conform(rows)
    encoder = ArrowToPostgresBinaryEncoder(rows.schema)
    query = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(
        identifier(table), _names(rows.schema.names)
    )
    with connection.cursor() as cursor, cursor.copy(query) as copy:
        copy.write(encoder.write_header())
        for batch in rows.to_batches():
            copy.write(encoder.write_batch(batch))
        copy.write(encoder.finish())


def _names(columns: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))
