"""Takes new landed files into bronze: bytes first, then the catalogue, then the ledger.

Belongs here: the order of writes that makes a killed intake harmless. Does not: what is done with one
landed object (`take.py`) or keys in the lake (`store.py`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from coros_assets.bronze.catalogue import CatalogueEntry
from coros_assets.bronze.store import BronzeStore
from coros_assets.bronze.take import Landed, Reread, Taken, read_again, take
from coros_assets.bronze.tombstones import read_tombstones
from coros_assets.formats.archives import Share
from coros_assets.formats.read import ARCHIVE_SUFFIX, PARSER_VERSION, READ_SUFFIXES
from coros_assets.home_timezone import HomeTimezone
from coros_assets.parallel import mapped
from coros_assets.progress import tracked
from coros_assets.silver.plan import date_plans, neighbourhood
from coros_assets.storage.lake import ObjectStore, StoredObject
from coros_assets.storage.ledger import Ledger

FILES_PER_COMMIT: Final = 500
OUTCOMES: Final = ("bronze", "duplicate", "quarantined", "erased")
ARCHIVE_BYTES_PER_SHARE: Final = 8 * 2**20  # some 100 runs; every share reads the directory


@dataclass(frozen=True)
class Intake:
    """What an intake did; `touched` are the dates that its files have activities on."""

    new: int = 0
    duplicate: int = 0
    quarantined: int = 0
    erased: int = 0
    touched: AbstractSet[date] = frozenset()

    def __add__(self, other: Intake) -> Intake:
        """Both intakes as one."""
        return Intake(
            self.new + other.new,
            self.duplicate + other.duplicate,
            self.quarantined + other.quarantined,
            self.erased + other.erased,
            self.touched | other.touched,
        )


def pending_files(landing: ObjectStore, ledger: Ledger) -> list[StoredObject]:
    """The landed files of a readable format that were not taken in yet in their present version."""
    known = ledger.landed_versions()
    pending = [
        found
        for found in landing.list()
        if found.key.lower().endswith(READ_SUFFIXES) and (found.key, found.version) not in known
    ]
    return sorted(pending, key=lambda found: found.key)


def take_in(
    landing: ObjectStore,
    bronze: BronzeStore,
    ledger: Ledger,
    *,
    home_timezone: HomeTimezone,
    now: datetime,
    judge_young_files: bool,
) -> Intake:
    """Takes every pending file into bronze or quarantine and says what was done.

    A file that cannot be read and is less than ten minutes old stays pending unless
    `judge_young_files`: another program may still be writing it.
    """
    tombstones = read_tombstones(bronze.lake)
    jobs = [
        Landed(found, landing, bronze, now, home_timezone, judge_young_files, share, tombstones)
        for found in pending_files(landing, ledger)
        for share in _shares(found)
    ]
    intake = Intake()
    safe: list[tuple[StoredObject, Taken]] = []
    for job, files in zip(jobs, tracked(mapped(take, jobs), len(jobs), "Reading files"), strict=True):
        is_another = bool(safe) and job.found != safe[-1][0]  # an archive's rows stand for all of it or none
        if is_another and len(safe) >= FILES_PER_COMMIT:
            intake += _entered(safe, bronze, ledger, now)
            safe = []
        safe += [(job.found, file) for file in files]
    return intake + _entered(safe, bronze, ledger, now)


def _shares(found: StoredObject) -> list[Share]:
    """A large archive is opened by several processes at once, each for its own members."""
    is_archive = found.key.lower().endswith(ARCHIVE_SUFFIX)
    step = 1 + found.size_bytes // ARCHIVE_BYTES_PER_SHARE if is_archive else 1
    return [Share(first, step) for first in range(step)]


def reread(
    days: Collection[date], bronze: BronzeStore, ledger: Ledger, *, home_timezone: HomeTimezone
) -> set[date]:
    """Enters files anew that another version of the readers, or another home zone, put on these dates.

    A file that can no longer be read goes to quarantine, one whose bytes are damaged stays where it is. The
    dates that the files were on or are on now are returned.
    """
    outdated = [
        Reread(entry, bronze, home_timezone)
        for entry in bronze.entries(days)
        if entry.parser_version != PARSER_VERSION
        or entry.home_timezone != home_timezone.around(entry.activity_date)
    ]
    touched: set[date] = set()
    again = tracked(mapped(read_again, outdated), len(outdated), "Reading again")
    for job, inspection in zip(outdated, again, strict=True):
        if inspection is None:
            continue
        if inspection.reason:
            ledger.quarantine(job.entry.sha256, inspection.reason, PARSER_VERSION)
        bronze.replace(job.entry, inspection.entries)
        touched |= {job.entry.activity_date, *(entry.activity_date for entry in inspection.entries)}
    return touched


def refresh_dates(days: Iterable[date], bronze: BronzeStore, ledger: Ledger) -> None:
    """Records in the ledger what the catalogue holds of the dates and, as files of one activity may lie
    on neighbouring dates, of those around them; a date that never held a file stays out.

    Files that the ledger knows of a date and the catalogue no longer has are left to `mend.py`.
    """
    around = neighbourhood(days)

    def found() -> list[dict[str, Any]]:
        known = ledger.known_files(around)
        entries = bronze.entries(neighbourhood(around))
        files = _files_by_date(entries)
        bronze.suspects |= set().union(*known.values()) - set().union(*files.values())
        return [
            {
                "activity_date": plan.day,
                "bronze_digest": plan.digest,
                "bronze_activities": len(plan.members),
                "bronze_points": plan.points,
                "bronze_files": sorted(files[plan.day]),
            }
            for plan in date_plans(around, entries, bronze.preferred())
            if plan.members or plan.day in known
        ]

    ledger.record_dates(found)


def _files_by_date(entries: Iterable[CatalogueEntry]) -> defaultdict[date, set[str]]:
    """The hashes of the files that entries name, by their date."""
    files: defaultdict[date, set[str]] = defaultdict(set)
    for entry in entries:
        files[entry.activity_date].add(entry.sha256)
    return files


def _entered(
    safe: Sequence[tuple[StoredObject, Taken]], bronze: BronzeStore, ledger: Ledger, now: datetime
) -> Intake:
    """Enters files whose bytes are safe into the catalogue, the dates' state, and last the ledger of files,
    so that whatever is interrupted is done again."""
    entries = [entry for _, file in safe for entry in file.entries]
    for entry in entries:
        bronze.enter(entry)
    touched = {entry.activity_date for entry in entries}
    refresh_dates(touched, bronze, ledger)
    count = Counter(ledger.record_landed([_row(found, file, now) for found, file in safe]))
    new, duplicate, quarantined, erased = (count[outcome] for outcome in OUTCOMES)
    return Intake(new, duplicate, quarantined, erased, touched)


def _row(found: StoredObject, file: Taken, now: datetime) -> Mapping[str, Any]:
    return {
        "path": found.key,
        "name": file.name,
        "sha256": file.sha256,
        "version": found.version,
        "size_bytes": file.size_bytes,
        "landed_at": found.modified,
        "reason": file.reason,
        "is_erased": file.is_erased,
        "parser_version": PARSER_VERSION,
        "first_seen": now,
    }
