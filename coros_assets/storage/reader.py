"""Queries that someone typed, run as the role that can see gold and nothing else.

Belongs here: what keeps a hostile statement inside. Does not: what the role may do (`sql/grants.sql`,
`sql/reader_limits.sql`).

What holds whatever the statement says: it is run in a session of the role's own or of a member that may no
more than it, so there is nobody to become again, or in that of a superuser who became the role, on whose
server the functions are taken away by which a query could undo that; as a cursor, which PostgreSQL's grammar
gives to one SELECT, VALUES or WITH alone (or as one EXPLAIN); and it is cancelled from outside when its time
is up, as a session may set its own time-out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from threading import Timer
from typing import Final

import psycopg
import pyarrow as pa
from psycopg import sql

from coros_assets.errors import CorosError, first_line
from coros_assets.storage.access import is_reader, is_superuser
from coros_assets.storage.postgres import Connection, as_user, connected
from coros_assets.storage.rows import fetched

READER_ROLE: Final = "coros_reader"
LIMIT_S: Final = 40
"""Longer than the role's own time-out, whose message is the clearer one."""
LONGEST_READ_S: Final = 60
"""How old a transaction of another program's session as the reader may become while the UI runs."""
MOST_ROWS: Final = 1_000_000
_NOT_LET_IN: Final = (
    f"Queries are run as the role {READER_ROLE}: a server that asks for its password finds it in ~/.pgpass; "
    "if there is no such role, its administrator makes it with coros_assets/storage/sql/roles.sql."
)
_EXPLAIN: Final = re.compile(r"\s*explain\b", re.IGNORECASE)


class FailedQueryError(CorosError):
    """A statement that PostgreSQL refused or gave up; the text is PostgreSQL's own.

    `of_statement` is what may be told of it to someone who may not see rows: PostgreSQL's own words if they
    are of the statement's names and grammar alone (SQLSTATE class 42), else the kind of failure, as others
    quote values.
    """

    def __init__(self, error: psycopg.Error) -> None:
        super().__init__(f"PostgreSQL refuses the query: {first_line(error)}.")
        if (error.sqlstate or "").startswith("42"):
            self.of_statement = f"{first_line(error)}. {error.diag.message_hint or ''}".strip()
        else:
            self.of_statement = f"{type(error).__name__} while it ran."


def read_as_reader(url: str, query: str, iam_region: str = "", first: int | None = None) -> pa.Table:
    """The rows of one read-only statement on the database of `url`, or the `first` ones of them.

    Raises:
        FailedQueryError: the statement is refused, fails or takes too long.
        CorosError: the role is not let in, or without `first` there are more than a million rows.
    """
    most = MOST_ROWS + 1 if first is None else first
    with ExitStack() as stack:
        connection = _session(url, iam_region, stack)
        connection.read_only = True
        try:
            with _cancelled_after(LIMIT_S, connection):
                is_plan = _EXPLAIN.match(query)
                found = _explained(connection, query) if is_plan else _rows(connection, query, most)
        except psycopg.Error as error:
            raise FailedQueryError(error) from error
    if found.num_rows > MOST_ROWS:
        raise CorosError(f"The query has more than {MOST_ROWS:,} rows; give it a LIMIT.")
    return found


def _session(url: str, iam_region: str, stack: ExitStack) -> Connection:
    """A session as the reader: its own, else that of the URL's user, a member of it or a superuser."""
    try:
        return stack.enter_context(connected(as_user(url, READER_ROLE), _NOT_LET_IN, iam_region))
    except CorosError:
        connection = stack.enter_context(connected(url, _NOT_LET_IN, iam_region))
        if is_superuser(connection):
            connection.execute(sql.SQL("SET SESSION AUTHORIZATION {}").format(sql.Identifier(READER_ROLE)))
        elif not is_reader(connection):
            raise
        connection.commit()
        return connection


def _rows(connection: Connection, query: str, most: int) -> pa.Table:
    with connection.cursor("typed") as cursor:
        return fetched(cursor.execute(query.encode()), most)


def _explained(connection: Connection, query: str) -> pa.Table:
    return fetched(connection.execute(query.encode(), prepare=True), MOST_ROWS + 1)


@contextmanager
def _cancelled_after(seconds: float, connection: Connection) -> Iterator[None]:
    """Inside, what runs on the connection is cancelled when the time is up."""

    def cancel() -> None:
        with suppress(psycopg.Error):
            connection.cancel_safe()

    timer = Timer(seconds, cancel)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
