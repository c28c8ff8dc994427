"""What was loaded: one row a landed file, one row an activity date, in schema `ledger`.

Belongs here: reading and writing those rows. Does not: deciding what is due (`bronze/`, `silver/`,
`gold/`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from coros_assets.storage.statements import statement
from coros_assets.storage.warehouse import Warehouse
from coros_assets.tables import DATE_STATE, LANDING_FILE


class Ledger:
    """The ledger of a warehouse."""

    def __init__(self, warehouse: Warehouse) -> None:
        """Opens the ledger of a prepared warehouse."""
        self._warehouse = warehouse

    def landed_versions(self) -> set[tuple[str, str]]:
        """Path and version of every landed file that was taken in."""
        seen = self._warehouse.read(statement(__package__, "landed_versions"))
        return set(zip(seen["path"].to_pylist(), seen["version"].to_pylist(), strict=True))

    def date_states(self) -> dict[date, dict[str, Any]]:
        """The row of every date, by date."""
        rows = self._warehouse.read(statement(__package__, "date_states")).to_pylist()
        return {row["activity_date"]: row for row in rows}

    def known_files(self, days: Collection[date]) -> dict[date, set[str]]:
        """The hashes of the files of those of the dates that have a row."""
        rows = self._warehouse.read(statement(__package__, "known_files"), {"days": list(days)}).to_pylist()
        return {row["activity_date"]: set(row["bronze_files"]) for row in rows}

    def landings(self, sha256: str) -> list[dict[str, Any]]:
        """Path, name, `landed_at` and `first_seen` of every landed file of this content, oldest first."""
        rows = self._warehouse.read(statement(__package__, "landings"), {"sha256": sha256})
        found: list[dict[str, Any]] = rows.to_pylist()
        return found

    def kept_contents(self, contents: Collection[str]) -> dict[str, tuple[str, str]]:
        """Path and name under which each of these contents counts as bronze, if it does."""
        rows = self._warehouse.read(
            statement(__package__, "kept_contents"), {"contents": list(contents)}
        ).to_pylist()
        return {row["sha256"]: (row["path"], row["name"]) for row in rows}

    def record_landed(self, files: Sequence[Mapping[str, Any]]) -> None:
        """Records what became of landed files; columns as in the contract."""
        self._warehouse.upsert(LANDING_FILE, files)

    def quarantine(self, sha256: str, reason: str, parser_version: str) -> None:
        """Records that files of this content, which were in bronze, can no longer be read."""
        with self._warehouse.connection() as connection:
            connection.execute(
                statement(__package__, "quarantine"),
                {"sha256": sha256, "reason": reason, "parser_version": parser_version},
            )

    def quarantined(self) -> list[dict[str, Any]]:
        """Every landed file that could not be read, with the columns of `bronze.catalogue.Refusal`."""
        rows = self._warehouse.read(statement(__package__, "quarantined"))
        found: list[dict[str, Any]] = rows.to_pylist()
        return found

    def forget_made(self) -> None:
        """Records that silver and gold of every date are to be made again."""
        with self._warehouse.connection() as connection:
            connection.execute(statement(__package__, "forget_made"))

    def record_dates(self, states: Sequence[Mapping[str, Any]]) -> None:
        """Records the given columns of dates; a new date needs the bronze columns."""
        self._warehouse.upsert(DATE_STATE, states)

    def mark_silver(self, marks: Sequence[Mapping[str, Any]]) -> None:
        """Records what silver was made from, for dates whose bronze is still what was read.

        A mark without digest changes only what is said to be wrong with the date.
        """
        with self._warehouse.connection() as connection:
            connection.cursor().executemany(statement(__package__, "mark_silver"), marks)
