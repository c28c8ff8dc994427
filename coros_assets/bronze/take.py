"""One landed object into bronze: unpacked, judged, and its bytes safe before anything names them.

Belongs here: what one process does with one object, and the order of its writes. Does not: which
objects, the catalogue or the ledger (`intake.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from coros_assets.bronze.catalogue import CatalogueEntry, Refusal, content_hash
from coros_assets.bronze.inspect import Inspection, LandedFile, inspect
from coros_assets.bronze.store import BronzeStore
from coros_assets.bronze.tombstones import NOTHING_ERASED, Tombstones
from coros_assets.errors import DamagedError
from coros_assets.formats.archives import WHOLE, Share, Unpacked, unpacked
from coros_assets.formats.read import PARSER_VERSION
from coros_assets.formats.source import Source
from coros_assets.formats.xml_guard import MAX_BYTES
from coros_assets.home_timezone import HomeTimezone
from coros_assets.storage.lake import ObjectStore, StoredBytes, StoredObject

ERASED_REASON: Final = (
    "It was erased, or holds or belongs to an activity that was; it is not taken in. "
    "Run `coros-assets erase` for it again to remove it from landing too."
)
YOUNG: Final = timedelta(minutes=10)  # a file that another program may still be writing


@dataclass(frozen=True)
class Landed:
    """An object of landing, or a share of an archive, to be taken in: all that another process needs."""

    found: StoredObject
    landing: ObjectStore
    bronze: BronzeStore
    now: datetime
    home_timezone: HomeTimezone
    judge_young_files: bool
    share: Share = WHOLE
    tombstones: Tombstones = NOTHING_ERASED

    @property
    def may_be_unfinished(self) -> bool:
        """True if another program may still be writing the object."""
        return not self.judge_young_files and self.now - self.found.modified < YOUNG


@dataclass(frozen=True)
class Taken:
    """A file with its bytes in bronze and its entries for the catalogue, or in quarantine with a reason.

    Of one that was erased nothing is kept, and its tombstone's mark stands in the place of its hash.
    """

    name: str
    sha256: str
    size_bytes: int
    entries: tuple[CatalogueEntry, ...]
    reason: str | None
    is_erased: bool = False


def take(landed: Landed) -> list[Taken]:
    """Every file of a landed object's share; none if it is gone, or young and not readable as a whole."""
    taken = []
    try:
        for file in unpacked(landed.found.key, _bytes(landed), landed.share):
            inspection = _inspected(file, landed)
            if landed.tombstones.cover(inspection, file.data):
                mark = landed.tombstones.content_mark(inspection.sha256)
                taken.append(Taken(file.name, mark, len(file.data), (), ERASED_REASON, is_erased=True))
                continue
            if inspection.reason and landed.may_be_unfinished and file.name == landed.found.key:
                return []
            _keep(file, inspection, landed)
            taken.append(
                Taken(file.name, inspection.sha256, len(file.data), inspection.entries, inspection.reason)
            )
    except KeyError:
        return []
    return taken


def _bytes(landed: Landed) -> Source:
    """What was landed; an object larger than any activity file stays where it is."""
    found = landed.found
    if found.size_bytes > MAX_BYTES:
        return StoredBytes(landed.landing, found.key, found.size_bytes)
    return landed.landing.get(found.key)


def _inspected(file: Unpacked, landed: Landed) -> Inspection:
    if file.reason:
        return Inspection(content_hash(file.data), (), b"", file.reason)
    found = landed.found
    return inspect(
        LandedFile(
            found.key, file.name, bytes(file.data[:]), found.modified, landed.now, landed.home_timezone
        )
    )


def _keep(file: Unpacked, inspection: Inspection, landed: Landed) -> None:
    """Bytes that are new are about to be needed by silver as the reader understood them."""
    found, bronze = landed.found, landed.bronze
    if inspection.reason:
        bronze.keep_quarantined(
            file.data,
            Refusal(
                inspection.sha256,
                found.key,
                file.name,
                found.modified,
                landed.now,
                len(file.data),
                PARSER_VERSION,
                inspection.reason,
            ),
        )
    elif bronze.keep(inspection.sha256, bytes(file.data[:])):
        bronze.keep_parsed(inspection.sha256, inspection.parsed)


@dataclass(frozen=True)
class Reread:
    """An entry whose file is to be read by the readers, and in the home zone, of now."""

    entry: CatalogueEntry
    bronze: BronzeStore
    home_timezone: HomeTimezone


def read_again(job: Reread) -> Inspection | None:
    """What an entry's file is now; the bytes of one that can no longer be read are in quarantine then.

    None if the bytes are damaged: then nothing can be said of the file.
    """
    entry = job.entry
    try:
        data = job.bronze.data(entry.sha256)
    except DamagedError:
        return None
    came = (entry.landed_at, entry.taken_in_at)
    inspection = inspect(LandedFile(entry.path, entry.name, data, *came, job.home_timezone))
    if inspection.reason:
        job.bronze.keep_quarantined(
            data,
            Refusal(
                entry.sha256, entry.path, entry.name, *came, len(data), PARSER_VERSION, inspection.reason
            ),
        )
    else:
        job.bronze.keep_parsed(entry.sha256, inspection.parsed)
    return inspection
