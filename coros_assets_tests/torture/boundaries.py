"""Every write of a load as a point at which its processes can end.

Belongs here: wrapping the platform's write calls from outside, in the process of a test. Does not: what is
looked at afterwards (`invariants.py`).
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from weakref import WeakSet

import psycopg
from dagster._core.storage.event_log.in_memory import InMemoryEventLogStorage
from dagster_postgres.event_log import PostgresEventLogStorage

from coros_assets.storage.lake import ObjectStore

LINE = 160  # bytes a boundary takes in the record
END = "end of the load"
_READS = ("select", "show", "set local", "begin")


class Boundaries:
    """The boundaries that a run has passed, in a file; at a chosen one its process is sent a signal.

    What a run does between two writes leaves no trace, therefore each write has one boundary, before it,
    and the run one after the last. One is chosen by its number, or as the first whose label begins so.
    """

    def __init__(self, record: Path, at: int | str | None, sent: int) -> None:
        self._record, self._at, self._signal = record, at, sent

    def reached(self, label: str) -> None:
        line = label.replace("\n", " ").encode()[: LINE - 1].ljust(LINE - 1) + b"\n"
        with self._record.open("ab") as file:
            number = file.tell() // LINE
            file.write(line)
        if number == self._at or (isinstance(self._at, str) and label.startswith(self._at)):
            self._at = None
            os.kill(os.getpid(), self._signal)

    def watch(self) -> None:
        """Wraps every write of the lake, the warehouse and Dagster in this process."""
        for name in ("put", "put_new", "put_pieces", "delete"):
            self._wrap(ObjectStore, name, lambda store, *keys, n=name, **_: f"lake {n} {_short(keys)}")
        for owner in (InMemoryEventLogStorage, PostgresEventLogStorage):
            self._wrap(owner, "store_event", lambda storage, event: f"event {event.dagster_event_type}")
            self._wrap(owner, "store_event_batch", lambda storage, events: f"event batch {len(events)}")
        self._watch_sql()

    def _watch_sql(self) -> None:
        wrote: WeakSet[psycopg.Connection[Any]] = WeakSet()

        def said(cursor: psycopg.Cursor[Any], query: Any, *_: Any, **__: Any) -> str | None:
            text = query.as_string(None) if isinstance(query, psycopg.sql.Composable) else query
            text = text.decode() if isinstance(text, bytes) else text
            words = " ".join(line for line in text.splitlines() if not line.lstrip().startswith("--"))
            if words.lower().lstrip().startswith(_READS) and "for update" not in words.lower():
                return None
            wrote.add(cursor.connection)
            return f"sql {' '.join(words.split())[:100]}"

        def ended(connection: psycopg.Connection[Any]) -> str | None:
            return "sql commit" if connection in wrote else None

        for name in ("execute", "executemany", "copy"):
            self._wrap(psycopg.Cursor, name, said)
        self._wrap(psycopg.Copy, "write", lambda copy, *_: "sql copy data")
        self._wrap(psycopg.Connection, "commit", ended)

    def _wrap(self, owner: type, name: str, label: Callable[..., str | None]) -> None:
        original = getattr(owner, name)

        @functools.wraps(original)
        def bounded(*given: Any, **named: Any) -> Any:
            text = label(*given, **named)
            if text is not None:
                self.reached(text)
            return original(*given, **named)

        setattr(owner, name, bounded)


def passed(record: Path) -> list[str]:
    """The labels of the boundaries that a run reached, in order."""
    data = record.read_bytes() if record.exists() else b""
    return [data[at : at + LINE].decode(errors="replace").strip() for at in range(0, len(data), LINE)]


def _short(keys: tuple[Any, ...]) -> str:
    return " ".join(key for key in keys if isinstance(key, str))
