"""Takes new landed files into bronze: bytes first, then the catalogue, then the ledger.

Belongs here: the order of writes that makes a killed intake harmless. Does not: judging content
(`inspect.py`) or keys in the lake (`store.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from coros_assets.bronze.inspect import Inspection, LandedFile, inspect
from coros_assets.bronze.store import BronzeStore, digest_of
from coros_assets.formats.read import LATER_SUFFIXES, PARSER_VERSION, READ_SUFFIXES
from coros_assets.parallel import mapped
from coros_assets.progress import tracked
from coros_assets.storage.lake import ObjectStore, StoredObject
from coros_assets.storage.ledger import Ledger

YOUNG: Final = timedelta(minutes=10)  # a file that another program may still be writing
FILES_PER_COMMIT: Final = 200


@dataclass
class Intake:
    """What an intake did; `touched` are the dates whose bronze it looked at."""

    new: int = 0
    duplicate: int = 0
    quarantined: int = 0
    touched: set[date] = field(default_factory=set)


def pending_files(landing: ObjectStore, ledger: Ledger) -> list[StoredObject]:
    """The landed files of a readable format that were not taken in yet in their present version."""
    known = ledger.landed_versions()
    pending = [
        found
        for found in landing.list()
        if found.key.lower().endswith(READ_SUFFIXES) and (found.key, found.version) not in known
    ]
    return sorted(pending, key=lambda found: found.key)


def left_for_later(landing: ObjectStore) -> int:
    """How many landed files are of a format that has no reader yet; they stay in landing."""
    return sum(found.key.lower().endswith(LATER_SUFFIXES) for found in landing.list())


def take_in(
    landing: ObjectStore,
    bronze: BronzeStore,
    ledger: Ledger,
    *,
    home_timezone: str,
    now: datetime,
    judge_young_files: bool,
) -> Intake:
    """Takes every pending file into bronze or quarantine and says what was done.

    A file that cannot be read and is less than ten minutes old stays pending unless
    `judge_young_files`: another program may still be writing it.
    """
    pending = pending_files(landing, ledger)
    listed = {found.key: found for found in pending}
    jobs = _landed(landing, pending, now, home_timezone)
    intake = Intake()
    kept: list[_Kept] = []
    for inspection in tracked(mapped(inspect, jobs), len(pending), "Reading files"):
        found = listed[inspection.landing_path]
        if inspection.reason and now - found.modified < YOUNG and not judge_young_files:
            continue
        kept.append(_keep(inspection, found, bronze, now))
        if len(kept) == FILES_PER_COMMIT:
            _commit(kept, bronze, ledger, intake)
            kept = []
    _commit(kept, bronze, ledger, intake)
    return intake


def reread(days: Iterable[date], bronze: BronzeStore, *, home_timezone: str) -> set[date]:
    """Enters files anew that another version of the readers, or another home zone, put on these dates.

    The dates that the files were on or are on now are returned.
    """
    touched: set[date] = set()
    for day in days:
        for entry in bronze.entries(day):
            if (entry.parser_version, entry.home_timezone) == (PARSER_VERSION, home_timezone):
                continue
            file = bronze.source_file(entry)
            found = inspect(LandedFile(entry.landing_path, file.data, entry.landed_at, home_timezone))
            bronze.replace(entry, found.entries)
            touched |= {day, *(new.activity_date for new in found.entries)}
    return touched


def refresh_dates(days: Iterable[date], bronze: BronzeStore, ledger: Ledger) -> None:
    """Records in the ledger what the catalogue holds of the dates; one that never held a file stays out."""
    known = ledger.date_states().keys()
    states = []
    for day in sorted(days):
        entries = bronze.entries(day)
        if entries or day in known:
            states.append(
                {
                    "activity_date": day,
                    "bronze_digest": digest_of(entries),
                    "bronze_activities": sum(entry.activities for entry in entries),
                    "bronze_points": sum(entry.points for entry in entries),
                }
            )
    ledger.record_dates(states)


def _landed(
    landing: ObjectStore, pending: Sequence[StoredObject], now: datetime, home_timezone: str
) -> Iterator[LandedFile]:
    for found in pending:
        try:
            yield LandedFile(found.key, landing.get(found.key), now, home_timezone)
        except KeyError:
            continue  # taken away between listing and reading


@dataclass(frozen=True)
class _Kept:
    """A file whose bytes are safe: its row for the ledger, and the dates it has activities on."""

    row: Mapping[str, Any]
    dates: frozenset[date]


def _keep(inspection: Inspection, found: StoredObject, bronze: BronzeStore, now: datetime) -> _Kept:
    """Puts the bytes into bronze or quarantine, and then enters them into the catalogue."""
    if inspection.reason:
        bronze.keep_quarantined(inspection.sha256, inspection.data)
        outcome = "quarantined"
    else:
        bronze.keep(inspection.sha256, inspection.data)
        entered = [bronze.enter(entry) for entry in inspection.entries]
        is_first = all(entry.landing_path == inspection.landing_path for entry in entered)
        outcome = "bronze" if is_first else "duplicate"
    row = {
        "path": inspection.landing_path,
        "sha256": inspection.sha256,
        "version": found.version,
        "size_bytes": found.size_bytes,
        "outcome": outcome,
        "reason": inspection.reason,
        "parser_version": PARSER_VERSION,
        "first_seen": now,
    }
    return _Kept(row, frozenset(entry.activity_date for entry in inspection.entries))


def _commit(kept: Sequence[_Kept], bronze: BronzeStore, ledger: Ledger, intake: Intake) -> None:
    touched = {day for file in kept for day in file.dates}
    refresh_dates(touched, bronze, ledger)
    ledger.record_landed([file.row for file in kept])
    outcomes = Counter(file.row["outcome"] for file in kept)
    intake.new += outcomes["bronze"]
    intake.duplicate += outcomes["duplicate"]
    intake.quarantined += outcomes["quarantined"]
    intake.touched |= touched
