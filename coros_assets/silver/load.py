"""Makes silver for a set of dates as a stream, so that memory does not grow with the history.

Belongs here: pairing bronze files with the pure build, and when what was made may be written. Does not:
cleaning (`build.py`) or writing (`storage/io_managers.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from coros_assets.bronze.catalogue import CatalogueEntry
from coros_assets.bronze.store import BronzeStore
from coros_assets.home_timezone import HomeTimezone
from coros_assets.parallel import in_groups, mapped
from coros_assets.progress import tracked
from coros_assets.silver.build import build_date
from coros_assets.silver.plan import DatePlan, date_plans, neighbourhood, silver_digest
from coros_assets.silver.recordings import Recordings, recordings, unpacked
from coros_assets.storage.ledger import Ledger
from coros_assets.storage.parquet import DatedFiles, encoded, stamped
from coros_assets.tables import SILVER_ACTIVITIES

DATES_PER_PLAN: Final = 1000
DATES_PER_JOB: Final = 8  # to another process and back costs as much as a short run
DATES_PER_LOCK: Final = 50  # a commit each would cost more than the writing


@dataclass
class SilverLoad:
    """Silver of the given dates; `home` is the home zone as it is whenever it is asked."""

    bronze: BronzeStore
    ledger: Ledger
    days: Sequence[date]
    home: Callable[[], HomeTimezone]

    def files(self) -> Iterator[DatedFiles]:
        """The Parquet files of each date, to be written at once: its row in the ledger is locked meanwhile.

        Left out are dates that were made from what has changed since; whoever changed it makes them. What was
        parsed is forgotten before the ledger says that it was used.
        """
        made = (one for group in mapped(_made, self._jobs()) for one in group)
        shown = tracked(made, len(self.days), "Cleaning activities")
        for group in in_groups(shown, DATES_PER_LOCK):
            with self.ledger.making_silver([found.mark for found in group], self._wanted()) as due:
                written = [found for found in group if found.files.day in due]
                yield from (found.files for found in written)
                self.bronze.drop_parsed({sha256 for found in written for sha256 in found.read})

    def _wanted(self) -> Callable[[date, str], str]:
        home: Callable[[], HomeTimezone] = cache(self.home)
        return lambda day, bronze_digest: silver_digest(day, bronze_digest, home())

    def _jobs(self) -> Iterator[_Job]:
        preferred, home_timezone = self.bronze.preferred(), self.home()
        for days in in_groups(self.days, DATES_PER_PLAN):
            plans = date_plans(days, self.bronze.entries(neighbourhood(days)), preferred)
            for group in in_groups(plans, DATES_PER_JOB):
                yield _Job(group, self.bronze, home_timezone)


@dataclass(frozen=True)
class _Job:
    plans: Sequence[DatePlan]
    bronze: BronzeStore
    home_timezone: HomeTimezone


@dataclass(frozen=True)
class _Made:
    files: DatedFiles
    mark: Mapping[str, Any]
    read: set[str]


def _made(job: _Job) -> list[_Made]:
    return [_made_date(plan, job) for plan in job.plans]


def _made_date(plan: DatePlan, job: _Job) -> _Made:
    entries = {member.entry.sha256: member.entry for member in plan.members}
    files = {sha256: _recordings(entry, job) for sha256, entry in entries.items()}
    tables = build_date(plan, files)
    digest = silver_digest(plan.day, plan.digest, job.home_timezone)
    written = {name: encoded(stamped(rows, digest)) for name, rows in tables.items()}
    return _Made(
        DatedFiles(plan.day, written), _mark(plan, digest, tables[SILVER_ACTIVITIES.name]), set(entries)
    )


def _recordings(entry: CatalogueEntry, job: _Job) -> Recordings:
    """What the reader makes of a bronze file, from what is still kept of its intake if it can be."""
    parsed = job.bronze.parsed(entry.sha256)
    kept = unpacked(parsed, job.home_timezone) if parsed else None
    return kept or recordings(job.bronze.data(entry.sha256), entry.taken_in_at, job.home_timezone)


def _mark(plan: DatePlan, digest: str, activities: pa.Table) -> dict[str, Any]:
    return {
        "activity_date": plan.day,
        "bronze_digest": plan.digest,
        "silver_digest": digest,
        "silver_activities": activities.num_rows,
        "silver_points": pc.sum(activities["points"]).as_py() or 0,
        "silver_points_dropped": pc.sum(activities["points_dropped"]).as_py() or 0,
    }
