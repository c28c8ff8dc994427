"""What PostgreSQL keeps of rows that were deleted: dead rows, statistics, and its write-ahead log.

Belongs here: having a server write its files anew without them. Does not: deleting rows (`warehouse.py`),
or backups and replicas, of which this project knows nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import psycopg
from psycopg import sql

from coros_assets.errors import CorosError, first_line
from coros_assets.storage.postgres import opened
from coros_assets.storage.statements import statement

_LOCK_TIMEOUT: Final = "60s"


def rewrite(url: str, schemas: Sequence[str], iam_region: str = "") -> list[str]:
    """Rewrites the tables of these schemas, their statistics and the log, so that no deleted row is left.

    Returns a sentence for what this user may not do on the server.

    Raises:
        CorosError: another program holds a table for longer than a minute.
    """
    try:
        with opened(url, iam_region, autocommit=True) as connection:
            connection.execute(sql.SQL("SET lock_timeout = {}").format(_LOCK_TIMEOUT))
            statistics = _rewrite_tables(connection, schemas)
            return [problem for problem in (statistics, _renew_log(connection)) if problem]
    except psycopg.errors.LockNotAvailable as error:
        raise CorosError(
            "Another program is using the database, so deleted rows cannot be removed from its files; "
            "close `coros-assets ui` and other connections, and run the same command again."
        ) from error


def _rewrite_tables(connection: psycopg.Connection[Any], schemas: Sequence[str]) -> str | None:
    tables = connection.execute(statement(__package__, "tables_of"), [list(schemas)]).fetchall()
    problem = None
    try:
        # An empty table would keep the statistics that it had: ANALYZE finds nothing to replace them by.
        connection.execute(statement(__package__, "forget_statistics"), [[oid for oid, *_ in tables]])
    except psycopg.errors.InsufficientPrivilege as error:
        problem = f"statistics of columns may still hold single values ({first_line(error)})"
    for _, schema, name, is_owner in tables:
        if not is_owner:
            return f"deleted rows stay in the files of {schema}.{name} until its owner rewrites it"
        connection.execute(sql.SQL("VACUUM (FULL, ANALYZE) {}").format(sql.Identifier(schema, name)))
    if problem is None:
        connection.execute("VACUUM FULL pg_catalog.pg_statistic")
    return problem


def _renew_log(connection: psycopg.Connection[Any]) -> str | None:
    """Goes through all files of the log, those kept for future use too, and has the old ones removed."""
    try:
        connection.execute(
            "ALTER SYSTEM SET wal_recycle = off"
        )  # else old ones are kept, with what they hold
        connection.execute("SELECT pg_reload_conf()")
        counted = connection.execute("SELECT count(*) FROM pg_ls_waldir()").fetchone()
        for _ in range(1 + (counted[0] if counted else 0)):
            connection.execute(statement(__package__, "next_log_file"))
        connection.execute("CHECKPOINT")
    except psycopg.errors.InsufficientPrivilege as error:
        return (
            f"the server's write-ahead log keeps deleted rows until it is overwritten ({first_line(error)})"
        )
    return None
