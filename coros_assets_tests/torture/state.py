"""What a stranger finds in a lake and a warehouse: bytes and rows, read without the platform's own code.

Belongs here: reading. Does not: judging (`invariants.py`).
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg

UNFINISHED = re.compile(r"#\d+$")  # what a put that was killed leaves beside its object; no object itself
DATED = ("fact_activity", "fact_lap", "fact_best_effort", "fact_heart_rate_zone", "activity_source")
_RELATIONS = """
    SELECT table_schema, table_name
    FROM information_schema.tables
    WHERE table_schema = ANY(%s) AND table_type = ANY(%s)
    UNION SELECT 'gold', 'quarantined_file' FROM pg_namespace WHERE nspname = 'gold'
    ORDER BY 1, 2
"""

Rows = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Seen:
    """Objects of the lake by key, and the rows of every relation as PostgreSQL prints them, in order.

    `locks` counts what other sessions still hold in the database.
    """

    lake: Mapping[str, bytes]
    gold: Rows
    ledger: Rows
    locks: int = 0

    @property
    def fingerprint(self) -> str:
        """The same for the same objects and rows."""
        everything = sorted(self.lake.items()), sorted(self.gold.items()), sorted(self.ledger.items())
        return hashlib.sha256(repr(everything).encode()).hexdigest()


def look(lake: Path, url: str, *, views: bool) -> Seen:
    """Reads everything; gold as the reader's role sees it, in one snapshot that waits for nobody."""
    objects = {
        path.relative_to(lake).as_posix(): path.read_bytes()
        for path in sorted(lake.rglob("*"))
        if path.is_file() and not UNFINISHED.search(path.name)
    }
    with psycopg.connect(url, autocommit=True) as connection:
        locks = _locks_left(connection)
    with psycopg.connect(url, options="-c lock_timeout=2s -c statement_timeout=10s") as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        kinds = ["BASE TABLE", "VIEW"] if views else ["BASE TABLE"]
        found = connection.execute(_RELATIONS, [["gold", "ledger"], kinds]).fetchall()
        ledger = {name: _rows(connection, schema, name) for schema, name in found if schema == "ledger"}
        if any(schema == "gold" for schema, _ in found):
            connection.execute("SET ROLE coros_reader")
        gold = {name: _rows(connection, schema, name) for schema, name in found if schema == "gold"}
    return Seen(objects, gold, ledger, locks)


def by_date(seen: Seen) -> dict[str, dict[str, tuple[str, ...]]]:
    """The rows of the dated tables: date, table, rows."""
    dates: dict[str, dict[str, tuple[str, ...]]] = {}
    for table in DATED:
        for row in seen.gold.get(table, ()):
            day, _, text = row.partition(" ")
            here = dates.setdefault(day, {})
            here[table] = (*here.get(table, ()), text)
    return dates


def _rows(connection: psycopg.Connection, schema: str, name: str) -> tuple[str, ...]:
    """Every row as text; those of dated tables with their date before them."""
    text = "activity_date || ' ' || r::text" if name in DATED else "r::text"
    query = f'SELECT {text} FROM "{schema}"."{name}" AS r'
    return tuple(sorted(row for (row,) in connection.execute(query.encode())))


def _locks_left(connection: psycopg.Connection, seconds: float = 5) -> int:
    """Sessions of others in this database after the server had time to notice that a process is gone."""
    end = time.monotonic() + seconds
    while True:
        [(others,)] = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        if not others or time.monotonic() > end:
            return int(others)
        time.sleep(0.01)
