"""The keys of bronze in the lake, and what a catalogue entry holds.

Belongs here: where bytes, catalogue and quarantine lie. Does not: deciding what goes there
(`intake.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from pydantic import TypeAdapter

from coros_assets.silver.build import SourceFile
from coros_assets.storage.lake import ObjectStore

_CATALOGUE: Final = "bronze/catalogue"


@dataclass(frozen=True)
class CatalogueEntry:
    """A bronze file as it concerns one activity date: how it came and what it holds of that date.

    `parser_version` read it; `home_timezone` decided the date of an activity without position.
    """

    activity_date: date
    sha256: str
    landing_path: str
    landed_at: datetime
    size_bytes: int
    activities: int
    points: int
    parser_version: str
    home_timezone: str


_ENTRY: Final = TypeAdapter(CatalogueEntry)


class BronzeStore:
    """Bronze files in a lake: bytes below `files`, one small catalogue object a date and file."""

    def __init__(self, lake: ObjectStore) -> None:
        """Opens bronze in `lake`."""
        self._lake = lake

    def keep(self, sha256: str, data: bytes) -> None:
        """Keeps the bytes; those that are there already are never touched."""
        self._lake.put_new(_file_key(sha256), data)

    def keep_quarantined(self, sha256: str, data: bytes) -> None:
        """Keeps the bytes of a file that could not be read."""
        self._lake.put_new(f"bronze/quarantine/{sha256}", data)

    def enter(self, entry: CatalogueEntry) -> CatalogueEntry:
        """Enters a file into the catalogue of a date; the entry that stands there in the end is returned."""
        key = _entry_key(entry.activity_date, entry.sha256)
        if self._lake.put_new(key, _ENTRY.dump_json(entry)):
            return entry
        return _ENTRY.validate_json(self._lake.get(key))

    def replace(self, old: CatalogueEntry, new: Sequence[CatalogueEntry]) -> None:
        """Puts entries of the same file in the place of one; a crash between leaves both, never none."""
        for entry in new:
            self._lake.put(_entry_key(entry.activity_date, entry.sha256), _ENTRY.dump_json(entry))
        if old.activity_date not in {entry.activity_date for entry in new}:
            self._lake.delete(_entry_key(old.activity_date, old.sha256))

    def entries(self, day: date) -> list[CatalogueEntry]:
        """The catalogue of a date, in order of hash."""
        keys = sorted(found.key for found in self._lake.list(_folder(day)))
        return [_ENTRY.validate_json(self._lake.get(key)) for key in keys]

    def dates(self) -> list[date]:
        """Every date of the catalogue."""
        names = {found.key.split("=")[1].split("/")[0] for found in self._lake.list(_CATALOGUE)}
        return sorted(date.fromisoformat(name) for name in names)

    def source_file(self, entry: CatalogueEntry) -> SourceFile:
        """The bytes of an entry, with how they came."""
        data = self._lake.get(_file_key(entry.sha256))
        return SourceFile(entry.sha256, entry.landing_path, entry.landed_at, data)


def content_hash(data: bytes) -> str:
    """The identity of a file: SHA-256 of its decompressed bytes, in hex."""
    return hashlib.sha256(data).hexdigest()


def digest_of(entries: Iterable[CatalogueEntry]) -> str:
    """The identity of a date's bronze: a hash over its files and when they came."""
    lines = sorted(f"{entry.sha256} {entry.landed_at.isoformat()}" for entry in entries)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _file_key(sha256: str) -> str:
    return f"bronze/files/{sha256[:2]}/{sha256}"


def _folder(day: date) -> str:
    return f"{_CATALOGUE}/activity_date={day.isoformat()}"


def _entry_key(day: date, sha256: str) -> str:
    return f"{_folder(day)}/{sha256}.json"
