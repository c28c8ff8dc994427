"""Whose turn it is: loads work side by side, an erasure works alone.

Belongs here: the lock in the warehouse that says so to all processes and machines. Does not: what is done
meanwhile. The lock is PostgreSQL's own and ends with its connection, so that no killed process keeps it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Final, Literal

from coros_assets.storage.postgres import Connection
from coros_assets.storage.warehouse import Warehouse

_LOCK: Final = 0x636F7275  # 'coru'; the contract's own lock is another
_QUERIES: Final = {
    "beside": "SELECT pg_advisory_lock_shared(%s)",
    "alone": "SELECT pg_advisory_lock(%s)",
    "none": "SELECT pg_advisory_unlock_all()",
}

_ONLY_ONE: Final = "SELECT pg_try_advisory_lock(%s)"


@contextmanager
def only_one(warehouse: Warehouse, lock: int) -> Iterator[bool]:
    """True inside for one process at a time, of all machines; False for the others, which do not wait."""
    with warehouse.connection() as connection:
        connection.autocommit = True
        row = connection.execute(_ONLY_ONE, [lock]).fetchone()
        try:
            yield row is not None and bool(row[0])
        finally:
            connection.execute(_QUERIES["none"])  # the server notices a closed connection only later


class Turns:
    """The turns of one process: it has one at a time, whatever asks for it inside."""

    def __init__(self, warehouse: Warehouse) -> None:
        """Asks for nothing yet."""
        self._warehouse = warehouse
        self._connection: Connection | None = None

    @contextmanager
    def beside_others(self) -> Iterator[None]:
        """Inside, no erasure removes anything; waits for one that does."""
        if self._connection is not None:
            yield
            return
        with self._connected():
            self._take("beside")
            yield

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Inside, nobody loads and nobody else erases; waits for those who do."""
        is_loading = self._connection is not None
        with nullcontext() if is_loading else self._connected():
            self._take("none")  # two loads that kept their turns would wait for each other
            self._take("alone")
            yield
            self._take("none")
            if is_loading:
                self._take("beside")

    @contextmanager
    def _connected(self) -> Iterator[None]:
        with self._warehouse.connection() as connection:
            connection.autocommit = True  # an open transaction would keep removed rows alive
            self._connection = connection
            try:
                yield
            finally:
                self._connection = None

    def _take(self, turn: Literal["beside", "alone", "none"]) -> None:
        if self._connection is not None:
            self._connection.execute(_QUERIES[turn], None if turn == "none" else [_LOCK])
