"""The keys of bronze in the lake.

Belongs here: where bytes, catalogue and quarantine lie. Does not: deciding what goes there
(`intake.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Final

from pydantic import TypeAdapter

from coros_assets.bronze.catalogue import CatalogueEntry, content_hash
from coros_assets.formats.source import Source
from coros_assets.storage.lake import ObjectStore

_CATALOGUE: Final = "bronze/catalogue"
_PARSED: Final = "bronze/parsed"
_PREFERRED: Final = "bronze/preferred"
_NAME_DIGITS: Final = 16
_LISTED_ONE_BY_ONE: Final = 20  # more dates than these are found sooner by listing all of them at once
_ENTRY: Final = TypeAdapter(CatalogueEntry)


class BronzeStore:
    """Bronze files in a lake: bytes below `files`, one small catalogue object a date, file and name."""

    def __init__(self, lake: ObjectStore) -> None:
        """Opens bronze in `lake`."""
        self._lake = lake

    def keep(self, sha256: str, data: bytes | memoryview) -> bool:
        """Keeps the bytes; False if they were there already, and nothing was touched."""
        return self._lake.put_new(_file_key(sha256), data)

    def data(self, sha256: str) -> bytes:
        """The bytes of a kept file."""
        return self._lake.get(_file_key(sha256))

    def keep_quarantined(self, sha256: str, data: Source) -> None:
        """Keeps the bytes of a file that could not be read."""
        key = f"bronze/quarantine/{sha256}"
        if isinstance(data, bytes | memoryview):
            self._lake.put_new(key, data)
        else:
            self._lake.put_pieces(key, data.pieces())

    def keep_parsed(self, sha256: str, parsed: bytes) -> None:
        """Keeps what the reader made of a file until silver has used it, so that it is parsed once."""
        self._lake.put(_parsed_key(sha256), parsed)

    def parsed(self, sha256: str) -> bytes | None:
        """What the reader made of a file, if it is still kept."""
        try:
            return self._lake.get(_parsed_key(sha256))
        except KeyError:
            return None

    def drop_parsed(self, contents: AbstractSet[str]) -> None:
        """Forgets what the reader made of these files, where it is still kept; the files stay."""
        kept = {found.key for found in self._lake.list(_PARSED)}
        self._lake.delete(*(kept & {_parsed_key(sha256) for sha256 in contents}))

    def prefer(self, sha256: str) -> None:
        """Marks a file as the one to use of its activities, whatever others there are."""
        self._lake.put(f"{_PREFERRED}/{sha256}", b"")

    def stop_preferring(self, sha256: str) -> None:
        """Takes the mark away, if there is one."""
        self._lake.delete(f"{_PREFERRED}/{sha256}")

    def preferred(self) -> set[str]:
        """The hashes of all marked files."""
        return {found.key.removeprefix(f"{_PREFERRED}/") for found in self._lake.list(_PREFERRED)}

    def enter(self, entry: CatalogueEntry) -> None:
        """Enters a file into the catalogue of a date, unless it is there already under this name."""
        self._lake.put_new(_entry_key(entry), _ENTRY.dump_json(entry))

    def replace(self, old: CatalogueEntry, new: Sequence[CatalogueEntry]) -> None:
        """Puts entries of the same file in the place of one; a crash between leaves both, never none."""
        for entry in new:
            self._lake.put(_entry_key(entry), _ENTRY.dump_json(entry))
        if _entry_key(old) not in map(_entry_key, new):
            self._lake.delete(_entry_key(old))

    def entries(self, days: Collection[date]) -> list[CatalogueEntry]:
        """The catalogue of these dates, in order of key."""
        if len(days) <= _LISTED_ONE_BY_ONE:
            keys = [found.key for day in days for found in self._lake.list(_folder(day))]
        else:
            keys = [found.key for found in self._lake.list(_CATALOGUE) if _day(found.key) in days]
        return [_ENTRY.validate_json(self._lake.get(key)) for key in sorted(keys)]

    def dates(self) -> set[date]:
        """Every date of the catalogue."""
        return {_day(found.key) for found in self._lake.list(_CATALOGUE)}


def _file_key(sha256: str) -> str:
    return f"bronze/files/{sha256[:2]}/{sha256}"


def _parsed_key(sha256: str) -> str:
    return f"{_PARSED}/{sha256}"


def _folder(day: date) -> str:
    return f"{_CATALOGUE}/activity_date={day.isoformat()}"


def _entry_key(entry: CatalogueEntry) -> str:
    name = content_hash(entry.name.encode())[:_NAME_DIGITS]
    return f"{_folder(entry.activity_date)}/{entry.sha256}/{name}.json"


def _day(key: str) -> date:
    return date.fromisoformat(key.removeprefix(f"{_CATALOGUE}/activity_date=")[:10])
