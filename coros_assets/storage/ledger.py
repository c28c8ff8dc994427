"""What was loaded: one row a landed file, an activity date, a table replaced whole.

Belongs here: reading and writing those rows. Does not: deciding what is due (`bronze/`, `silver/`,
`gold/`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, Final

from coros_assets.storage.rows import upsert
from coros_assets.storage.statements import statement
from coros_assets.storage.warehouse import Warehouse
from coros_assets.tables import LANDING_FILE

_INTAKE: Final = "intake"  # what one load at a time does


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

    def made_from(self) -> tuple[str, str]:
        """What gold of all dates was made from, and what is in quarantine."""
        [found] = self._warehouse.read(statement(__package__, "made_from")).to_pylist()
        return found["gold"], found["quarantine"]

    def table_states(self) -> dict[str, str]:
        """What each table that is replaced whole was made from, by its name."""
        rows = self._warehouse.read(statement(__package__, "table_states"))
        return dict(zip(rows["table_name"].to_pylist(), rows["made_from"].to_pylist(), strict=True))

    def record_landed(self, files: Sequence[Mapping[str, Any]]) -> list[str]:
        """Records landed files, columns as in the contract but for `outcome`, which is returned for each.

        A file that `is_erased` is refused, one with a `reason` quarantined. Of others with the same content
        the first one recorded is the one in bronze, however often each is recorded again and by whom; the
        rest are duplicates.
        """
        with self._warehouse.exclusive(_INTAKE) as connection:
            known = connection.execute(
                statement(__package__, "kept_contents"), {"contents": [file["sha256"] for file in files]}
            )
            first = {sha256: (path, name) for sha256, path, name in known}
            outcomes = [_outcome(file, first) for file in files]
            rows = [{**file, "outcome": outcome} for file, outcome in zip(files, outcomes, strict=True)]
            upsert(connection, LANDING_FILE, rows)
        return outcomes

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

    def refuse(self, marks: Mapping[str, str], reason: str) -> None:
        """Records that files, by hash, were erased; their tombstones' marks take the place of the hashes."""
        rows = [{"sha256": sha256, "mark": mark, "reason": reason} for sha256, mark in marks.items()]
        with self._warehouse.connection() as connection:
            connection.cursor().executemany(statement(__package__, "refuse"), rows)

    def refused(self) -> list[dict[str, str]]:
        """Path, name and reason of every landed file that was erased."""
        rows: list[dict[str, str]] = self._warehouse.read(statement(__package__, "refused")).to_pylist()
        return rows

    def forget_refused(self, paths: Collection[str]) -> None:
        """Forgets the erased files of these paths."""
        with self._warehouse.connection() as connection:
            connection.execute(statement(__package__, "forget_refused"), {"paths": list(paths)})

    def landed_again(self, path: str, version: str) -> None:
        """Records the version of an archive that was written anew."""
        with self._warehouse.connection() as connection:
            connection.execute(statement(__package__, "landed_again"), {"path": path, "version": version})

    def landed_as(self, word: str) -> dict[str, str]:
        """Name by hash of the landed files whose hash begins with `word` or whose name it is."""
        rows = self._warehouse.read(statement(__package__, "landed_as"), {"word": word})
        return dict(zip(rows["sha256"].to_pylist(), rows["name"].to_pylist(), strict=True))

    def landed_names(self, contents: Collection[str]) -> list[str]:
        """The names under which files of these hashes were landed."""
        rows = self._warehouse.read(statement(__package__, "landed_names"), {"hashes": list(contents)})
        names: list[str] = rows["name"].to_pylist()
        return names

    def empty_dates(self, days: Collection[date]) -> list[date]:
        """Those of the dates that have no file any more."""
        rows = self._warehouse.read(statement(__package__, "empty_dates"), {"days": list(days)})
        empty: list[date] = rows["activity_date"].to_pylist()
        return empty

    def forget_dates(self, days: Sequence[date]) -> None:
        """Forgets dates that have no file any more, with their rows in gold."""
        self._warehouse.forget_dates(days)

    def record_dates(self, found: Callable[[], Sequence[Mapping[str, Any]]]) -> None:
        """Records what `found` says that bronze holds of dates.

        It looks while nobody else records any: what was seen last is recorded last.
        """
        with self._warehouse.exclusive(_INTAKE) as connection:
            states = sorted(found(), key=lambda state: state["activity_date"])
            connection.cursor().executemany(statement(__package__, "record_dates"), states)

    @contextmanager
    def making_silver(
        self, marks: Sequence[Mapping[str, Any]], wanted: Callable[[date, str], str]
    ) -> Iterator[set[date]]:
        """The dates of those marks whose `wanted_digest` is that of what there is; the block writes silver.

        Their rows are locked until it has, so that nobody else writes these files, and then marked.
        `wanted` is the digest of silver of a date with a bronze digest, as it would be made now.
        """
        with self._warehouse.connection() as connection:
            days = [mark["activity_date"] for mark in marks]
            locked = connection.execute(statement(__package__, "lock_dates"), {"dates": days}).fetchall()
            present = {day: wanted(day, bronze) for day, bronze, _, _ in locked}
            due = [mark for mark in marks if present.get(mark["activity_date"]) == mark["wanted_digest"]]
            yield {mark["activity_date"] for mark in due}
            connection.cursor().executemany(statement(__package__, "mark_silver"), due)


def _outcome(file: Mapping[str, Any], first: dict[str, tuple[str, str]]) -> str:
    """What becomes of a file, whose place joins the first ones if its content has none."""
    if file["is_erased"]:
        return "erased"
    if file["reason"]:
        return "quarantined"
    place = file["path"], file["name"]
    return "bronze" if first.setdefault(file["sha256"], place) == place else "duplicate"
