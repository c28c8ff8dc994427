"""Makes silver for a set of dates as a stream, so that memory does not grow with the history.

Belongs here: pairing bronze files with the pure build and remembering what was made. Does not:
cleaning (`build.py`) or writing (`storage/io_managers.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow.compute as pc

from coros_assets.bronze.store import BronzeStore, digest_of
from coros_assets.parallel import mapped
from coros_assets.progress import tracked
from coros_assets.silver.build import SilverDate, SourceFile, build_date
from coros_assets.silver.plan import silver_digest
from coros_assets.storage.parquet import DatedTable


@dataclass(frozen=True)
class _Job:
    files: tuple[SourceFile, ...]
    day: date
    home_timezone: str


class SilverLoad:
    """Silver of the given dates: iterate `records()` to its end, then take the rest."""

    def __init__(self, bronze: BronzeStore, days: Sequence[date], home_timezone: str) -> None:
        """Plans the load; nothing is read before `records()` is iterated."""
        self._bronze = bronze
        self._days = days
        self._home_timezone = home_timezone
        self._bronze_digests: list[str] = []
        self.laps: list[DatedTable] = []
        self.activities: list[DatedTable] = []
        self.marks: list[Mapping[str, Any]] = []

    def records(self) -> Iterator[DatedTable]:
        """The records of each date; its laps, activities and ledger row are kept on the way."""
        built = tracked(mapped(_build, self._jobs()), len(self._days), "Cleaning activities")
        for position, (day, silver) in enumerate(zip(self._days, built, strict=True)):
            bronze_digest = self._bronze_digests[position]
            digest = silver_digest(bronze_digest, self._home_timezone)
            self.laps.append(DatedTable(day, silver.laps, digest))
            self.activities.append(DatedTable(day, silver.activities, digest))
            self.marks.append(
                {
                    "activity_date": day,
                    "bronze_digest": bronze_digest,
                    "silver_digest": digest,
                    "silver_activities": silver.activities.num_rows,
                    "silver_points": pc.sum(silver.activities["points"]).as_py() or 0,
                    "silver_points_dropped": pc.sum(silver.activities["points_dropped"]).as_py() or 0,
                }
            )
            yield DatedTable(day, silver.records, digest)

    def _jobs(self) -> Iterator[_Job]:
        for day in self._days:
            entries = self._bronze.entries(day)
            self._bronze_digests.append(digest_of(entries))
            yield _Job(tuple(map(self._bronze.source_file, entries)), day, self._home_timezone)


def _build(job: _Job) -> SilverDate:
    return build_date(job.files, job.day, job.home_timezone)
