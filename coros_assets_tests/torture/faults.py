"""Mistakes planted from outside: each must be found by the invariants, or these prove nothing.

Belongs here: patches of the platform inside a test's process. Does not: finding them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from psycopg import sql

from coros_assets.bronze.catalogue import CatalogueEntry
from coros_assets.bronze.store import BronzeStore
from coros_assets.storage.warehouse import Warehouse


def catalogue_before_bytes() -> None:
    """A file's entry is written first, and its bytes when it is known."""
    waiting: dict[str, Any] = {}
    keep, enter = BronzeStore.keep, BronzeStore.enter

    def kept_later(bronze: BronzeStore, sha256: str, data: bytes) -> bool:
        waiting[sha256] = data
        return True

    def entered_first(bronze: BronzeStore, entry: CatalogueEntry) -> object:
        entered = enter(bronze, entry)
        keep(bronze, entry.sha256, waiting[entry.sha256])
        return entered

    BronzeStore.keep, BronzeStore.enter = kept_later, entered_first


def no_transaction() -> None:
    """Each statement stands for itself."""

    @contextmanager
    def autocommitting(of: Warehouse) -> Iterator[psycopg.Connection[Any]]:
        with psycopg.connect(of._url, options="-c TimeZone=UTC", autocommit=True) as connection:
            yield connection

    Warehouse.connection = autocommitting


def snapshot_before_lock() -> None:
    """What a date was made from is looked at without holding the date until it is written."""
    execute = psycopg.Cursor.execute

    def unlocked(cursor: psycopg.Cursor[Any], query: Any, *given: Any, **named: Any) -> Any:
        text = query.replace("FOR UPDATE", "") if isinstance(query, str) else query
        return execute(cursor, text, *given, **named)

    psycopg.Cursor.execute = unlocked


def no_primary_key() -> None:
    """Laps are only ever added, by no key, and what is loaded is recorded in a transaction of its own."""
    prepare, execute, copy = Warehouse.prepare, psycopg.Cursor.execute, psycopg.Cursor.copy

    def without_key(of: Warehouse) -> None:
        prepare(of)
        with of.connection() as connection:
            connection.execute("ALTER TABLE gold.fact_lap DROP CONSTRAINT IF EXISTS fact_lap_pkey")

    def never_deleted(cursor: psycopg.Cursor[Any], query: Any, *given: Any, **named: Any) -> Any:
        text = query.as_string(None) if isinstance(query, sql.Composed) else ""
        if text.startswith('DELETE FROM "gold"."fact_lap"'):
            return cursor
        return execute(cursor, query, *given, **named)

    @contextmanager
    def committed(cursor: psycopg.Cursor[Any], query: Any) -> Iterator[psycopg.Copy]:
        with copy(cursor, query) as written:
            yield written
        cursor.connection.commit()

    Warehouse.prepare, psycopg.Cursor.execute, psycopg.Cursor.copy = without_key, never_deleted, committed


FAULTS: Final[Mapping[str, Callable[[], None]]] = {
    planted.__name__: planted
    for planted in (catalogue_before_bytes, no_transaction, snapshot_before_lock, no_primary_key)
}
