"""PostgreSQL: the warehouse, and how rows get in and out of it.

Belongs here: transactions, bulk copies, the contract's schemas. Does not: SQL that answers a
question (`answers/sql/`), opening connections (`postgres.py`) or starting the embedded server
(`embedded.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import psycopg
import pyarrow as pa
import pyarrow.compute as pc
from psycopg import sql

from coros_assets.contract import Table
from coros_assets.errors import CorosError, first_line
from coros_assets.storage.access import SCRIPTS, give_access
from coros_assets.storage.postgres import Connection, connected, place_of, place_settings
from coros_assets.storage.reader import read_as_reader
from coros_assets.storage.rows import copy_in, fetched, identifier, upsert
from coros_assets.storage.statements import statement
from coros_assets.tables import GOLD_DATE_TABLES, GOLD_TABLES, GOLD_VIEWS, LEDGER_TABLES, TABLE_STATE

_CONTRACT_LOCK: Final = 0x636F726F73  # 'coros': one process at a time makes the tables
_CHECK_URL: Final = "Check COROS_WAREHOUSE_URL and that the server is running."


@dataclass(frozen=True)
class DateBatch:
    """All rows of a set of activity dates in several tables, and what they were made from.

    `silver_digests` are those that the ledger had; `gold_digests` are recorded with the rows. A date that
    only the former name has silver files that carry another digest, and no rows. `is_current` says whether
    all else that the rows were made from is still what there is.
    """

    silver_digests: Mapping[date, str]
    gold_digests: Mapping[date, str]
    tables: Mapping[Table, pa.Table]
    is_current: Callable[[], bool]


class Warehouse:
    """One PostgreSQL database with the schemas `gold` and `ledger`."""

    def __init__(self, url: str, views: Sequence[str] = (), iam_region: str = "") -> None:
        """Names the database by its URL, and the AWS region whose IAM tokens it takes as passwords, if so.

        `views` are scripts run after the tables are made.
        """
        self._url = url
        self._views = tuple(views)
        self._iam_region = iam_region

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A connection whose work is committed at the end, or rolled back if anything fails.

        Raises:
            CorosError: the server does not answer or refuses.
        """
        with connected(self._url, _CHECK_URL, self._iam_region) as connection:
            yield connection

    @contextmanager
    def exclusive(self, work: str) -> Iterator[Connection]:
        """A connection that nobody else has for the same work until its own is committed or rolled back."""
        with self.connection() as connection:
            connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [work])
            yield connection

    @property
    def place(self) -> str:
        """Host, port and database, without user or password."""
        return place_of(self._url)

    @property
    def connection_settings(self) -> dict[str, Any]:
        """What psql or Power BI needs to connect, without user or password."""
        return place_settings(self._url)

    def prepare(self) -> None:
        """Makes schemas, tables, views and the grants on them where they differ from the contract.

        A schema whose contract changed is dropped and made anew: gold is filled again from silver,
        the ledger from the lake and the landing folder. Where nothing differs nothing is asked for that
        a loader may not do.

        Raises:
            CorosError: the tables must be made, and this user may not.
        """
        ledger = [table.ddl for table in LEDGER_TABLES]
        gold = [*(table.ddl for table in GOLD_TABLES), *self._views]
        gold += [view.comments("VIEW") for view in GOLD_VIEWS]
        schemas = {"ledger": _digest(ledger), "gold": _digest([*ledger, *gold, *SCRIPTS])}
        with self.connection() as connection:
            if all(_is_made(connection, schema, digest) for schema, digest in schemas.items()):
                return
            try:
                connection.execute("SELECT pg_advisory_xact_lock(%s)", [_CONTRACT_LOCK])
                is_new = _remake_schema(connection, "ledger", ledger, schemas["ledger"])
                if _remake_schema(connection, "gold", gold, schemas["gold"]) and not is_new:
                    connection.execute("UPDATE ledger.date_state SET gold_digest = NULL")
                    connection.execute(sql.SQL("DELETE FROM {}").format(identifier(TABLE_STATE)))
                give_access(connection)
            except psycopg.errors.InsufficientPrivilege as error:
                raise CorosError(
                    f"The tables in the warehouse at {self.place} must be made anew, which this user may not "
                    f"({first_line(error)}); run `coros-assets status` once with the COROS_WAREHOUSE_URL of "
                    "their owner."
                ) from error

    def read(self, query: str, parameters: Mapping[str, Any] | None = None) -> pa.Table:
        """The rows of a query as Arrow, typed by the columns' PostgreSQL types."""
        with self.connection() as connection:
            return fetched(connection.execute(query, parameters))

    def read_table(self, name: str) -> pa.Table:
        """All rows of a table or view of schema gold."""
        with self.connection() as connection:
            return fetched(
                connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier("gold", name)))
            )

    def row_count(self, table: Table) -> int:
        """How many rows a table has."""
        with self.connection() as connection:
            counted = connection.execute(
                sql.SQL("SELECT count(*) FROM {}").format(identifier(table))
            ).fetchone()
        return int(counted[0]) if counted else 0

    def replace(self, table: Table, rows: pa.Table, made_from: str, present: Callable[[], str]) -> bool:
        """Replaces all rows of a table and records what they were made from, in one transaction.

        Nothing is done, and False returned, if `present`, asked while nobody else can replace them, says that
        they would be made from something else now. Readers see the old rows until the end: TRUNCATE would
        make them wait, and show those with an older snapshot an empty table.
        """
        with self.connection() as connection:
            connection.execute(sql.SQL("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE").format(identifier(table)))
            if present() != made_from:
                return False
            connection.execute(sql.SQL("DELETE FROM {}").format(identifier(table)))
            copy_in(connection, table, rows)
            upsert(connection, TABLE_STATE, [{"table_name": table.name, "made_from": made_from}])
        self.analyze([table])
        return True

    def replace_dates(self, batch: DateBatch) -> list[date]:
        """Replaces the rows of the batch's dates in all its tables at once; the dates written are returned.

        One transaction: lock the dates, leave out those whose silver changed since it was read or
        whose rows are already made from it, or all if anything else did, delete, copy, record. Silver that
        is not what the ledger says is made again by the next run.
        """
        with self.connection() as connection:
            locked = connection.execute(
                statement(__package__, "lock_dates"), {"dates": list(batch.silver_digests)}
            ).fetchall()
            as_read = [(day, gold) for day, _, silver, gold in locked if silver == batch.silver_digests[day]]
            torn = [{"activity_date": day} for day, _ in as_read if day not in batch.gold_digests]
            connection.cursor().executemany(statement(__package__, "forget_silver"), torn)
            if not batch.is_current():
                return []
            due = [day for day, gold in as_read if gold != batch.gold_digests.get(day, gold)]
            for table, rows in batch.tables.items():
                connection.execute(
                    sql.SQL("DELETE FROM {} WHERE activity_date = ANY(%s)").format(identifier(table)), [due]
                )
                copy_in(
                    connection,
                    table,
                    rows.filter(pc.is_in(rows["activity_date"], pa.array(due, pa.date32()))),
                )
            marks = [{"activity_date": day, "gold_digest": batch.gold_digests[day]} for day in due]
            connection.cursor().executemany(statement(__package__, "mark_gold"), marks)
        return due

    def forget_dates(self, days: Sequence[date]) -> None:
        """Removes the rows of dates, and that there ever were any, in one transaction."""
        with self.connection() as connection:
            for table in GOLD_DATE_TABLES:
                connection.execute(
                    sql.SQL("DELETE FROM {} WHERE activity_date = ANY(%s)").format(identifier(table)),
                    [list(days)],
                )
            connection.execute(statement(__package__, "forget_dates"), {"days": list(days)})

    def analyze(self, tables: Iterable[Table]) -> None:
        """Brings PostgreSQL's statistics of the tables up to date, which its plans are made from."""
        names = sql.SQL(", ").join(map(identifier, tables))
        with self.connection() as connection:
            connection.execute(sql.SQL("ANALYZE {}").format(names))

    def query_as_reader(self, query: str, first: int | None = None) -> pa.Table:
        """The result of one read-only statement, or its `first` rows, run as the role that sees gold only.

        Raises:
            CorosError: the statement is refused or fails; the text is PostgreSQL's own.
        """
        return read_as_reader(self._url, query, self._iam_region, first)

    def end_long_reads(self, limit_s: float) -> int:
        """Ends the reader's sessions with a transaction older than that; returns how many."""
        with self.connection() as connection:
            return connection.execute(statement(__package__, "end_long_reads"), {"limit_s": limit_s}).rowcount


def _digest(scripts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(scripts).encode()).hexdigest()


def _is_made(connection: Connection, schema: str, digest: str) -> bool:
    """True if the schema's comment carries the digest of its contract."""
    found = connection.execute("SELECT obj_description(to_regnamespace(%s), 'pg_namespace')", [schema])
    return found.fetchone() == (digest,)


def _remake_schema(connection: Connection, schema: str, scripts: Iterable[str], digest: str) -> bool:
    """Drops and makes a schema whose comment does not carry `digest`; True if it did."""
    if _is_made(connection, schema, digest):
        return False
    name = sql.Identifier(schema)
    connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(name))
    connection.execute(sql.SQL("CREATE SCHEMA {}").format(name))
    for script in scripts:
        connection.execute(script.encode())
    connection.execute(sql.SQL("COMMENT ON SCHEMA {} IS {}").format(name, sql.Literal(digest)))
    return True
