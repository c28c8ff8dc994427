"""Makes silver for a set of dates as a stream, so that memory does not grow with the history.

Belongs here: pairing bronze files with the pure build, and when what was made may be written. Does not:
cleaning (`build.py`) or writing (`storage/io_managers.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from coros_assets.bronze.catalogue import CatalogueEntry
from coros_assets.bronze.store import BronzeStore
from coros_assets.errors import DamagedError
from coros_assets.home_timezone import HomeTimezone
from coros_assets.parallel import in_groups, mapped
from coros_assets.progress import tracked
from coros_assets.silver.build import build_date
from coros_assets.silver.last_good import last_good
from coros_assets.silver.plan import DatePlan, date_plans, neighbourhood, silver_digest, without
from coros_assets.silver.recordings import Recordings, recordings, unpacked
from coros_assets.storage.lake import ObjectStore
from coros_assets.storage.ledger import Ledger
from coros_assets.storage.parquet import DatedFiles, encoded, stamped
from coros_assets.tables import SILVER_ACTIVITIES

DATES_PER_PLAN: Final = 1000
_NOTHING_MADE: Final[dict[str, Any]] = dict.fromkeys(
    ("silver_digest", "silver_activities", "silver_points", "silver_points_dropped")
)
DATES_PER_JOB: Final = 8  # to another process and back costs as much as a short run
DATES_PER_LOCK: Final = 50  # a commit each would cost more than the writing


@dataclass
class SilverLoad:
    """Silver of the given dates; `home` is the home zone as it is whenever it is asked.

    Of a file in bronze that is damaged, the recordings are taken from silver as `lake` has it. If they are
    not there, the date is made without them, but one of `loaded`, of which gold has rows, is left as it is.
    """

    bronze: BronzeStore
    ledger: Ledger
    days: Sequence[date]
    home: Callable[[], HomeTimezone]
    lake: ObjectStore
    loaded: AbstractSet[date] = frozenset()

    def files(self) -> Iterator[DatedFiles]:
        """The Parquet files of each date that can be made, to be written at once.

        Its row in the ledger is locked meanwhile. Left out are dates that were made from what has changed
        since; whoever changed it makes them. What was parsed is forgotten before the ledger says that it was
        used.
        """
        made = (one for group in mapped(_made, self._jobs()) for one in group)
        shown = tracked(made, len(self.days), "Cleaning activities")
        for group in in_groups(shown, DATES_PER_LOCK):
            with self.ledger.making_silver([found.mark for found in group], self._wanted()) as due:
                used = [found for found in group if found.mark["activity_date"] in due]
                yield from (found.files for found in used if found.files)
                self.bronze.drop_parsed({sha256 for found in used for sha256 in found.read})

    def _wanted(self) -> Callable[[date, str], str]:
        home: Callable[[], HomeTimezone] = cache(self.home)
        return lambda day, bronze_digest: silver_digest(day, bronze_digest, home())

    def _jobs(self) -> Iterator[_Job]:
        preferred, home_timezone = self.bronze.preferred(), self.home()
        for days in in_groups(self.days, DATES_PER_PLAN):
            plans = date_plans(days, self.bronze.entries(neighbourhood(days)), preferred)
            for group in in_groups(plans, DATES_PER_JOB):
                yield _Job(group, preferred, self.bronze, home_timezone, self.lake, self.loaded)


def loaded_dates(states: Mapping[date, Mapping[str, Any]]) -> set[date]:
    """The dates of which gold has rows."""
    return {day for day, state in states.items() if state["gold_digest"]}


@dataclass(frozen=True)
class _Job:
    plans: Sequence[DatePlan]
    preferred: AbstractSet[str]
    bronze: BronzeStore
    home_timezone: HomeTimezone
    lake: ObjectStore
    loaded: AbstractSet[date]


@dataclass(frozen=True)
class _Made:
    files: DatedFiles | None
    mark: Mapping[str, Any]
    read: set[str]


def _made(job: _Job) -> list[_Made]:
    return [_made_date(plan, job) for plan in job.plans]


def _made_date(plan: DatePlan, job: _Job) -> _Made:
    entries = {member.entry.sha256: member.entry for member in plan.members}
    files, damage = _files(entries, plan, job)
    problem = "; ".join(damage) or None
    lost = entries.keys() - files.keys()
    if lost and plan.day in job.loaded:
        return _Made(None, _of_plan(plan, problem, job) | _NOTHING_MADE, set(entries))
    made_from = without(plan, lost, job.preferred) if lost else plan
    tables = build_date(made_from, files)
    digest = silver_digest(plan.day, made_from.digest, job.home_timezone)
    written = {name: encoded(stamped(rows, digest)) for name, rows in tables.items()}
    mark = _of_plan(plan, problem, job) | _counts(digest, tables[SILVER_ACTIVITIES.name])
    return _Made(DatedFiles(plan.day, written), mark, set(entries))


def _files(
    entries: Mapping[str, CatalogueEntry], plan: DatePlan, job: _Job
) -> tuple[dict[str, Recordings], list[str]]:
    """The recordings of each file that can be had, by hash, and what is wrong with files in bronze."""
    files, damage = {}, []
    for sha256, entry in entries.items():
        try:
            files[sha256] = _recordings(entry, job)
        except DamagedError as error:
            damage.append(f"{entry.name}: {error}")
            if (kept := last_good(sha256, plan, job.lake)) is not None:
                files[sha256] = kept
    return files, damage


def _recordings(entry: CatalogueEntry, job: _Job) -> Recordings:
    """What the reader makes of a bronze file, from what is still kept of its intake if it can be."""
    parsed = job.bronze.parsed(entry.sha256)
    kept = unpacked(parsed, job.home_timezone) if parsed else None
    return kept or recordings(job.bronze.data(entry.sha256), entry.taken_in_at, job.home_timezone)


def _of_plan(plan: DatePlan, problem: str | None, job: _Job) -> dict[str, Any]:
    wanted = silver_digest(plan.day, plan.digest, job.home_timezone)
    return {"activity_date": plan.day, "wanted_digest": wanted, "problem": problem}


def _counts(digest: str, activities: pa.Table) -> dict[str, Any]:
    return {
        "silver_digest": digest,
        "silver_activities": activities.num_rows,
        "silver_points": pc.sum(activities["points"]).as_py() or 0,
        "silver_points_dropped": pc.sum(activities["points_dropped"]).as_py() or 0,
    }
