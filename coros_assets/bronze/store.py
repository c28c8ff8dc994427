"""The keys of bronze in the lake.

Belongs here: where bytes, catalogue and quarantine lie, and that nothing damaged is handed out. Does not:
deciding what goes there (`intake.py`).
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Final, Protocol

from pydantic import TypeAdapter

from coros_assets.bronze.catalogue import CatalogueEntry, Refusal, content_hash
from coros_assets.errors import DamagedError
from coros_assets.formats.source import Source
from coros_assets.storage.lake import ObjectStore, StoredObject
from coros_assets.storage.seal import sealed, unsealed

FILES: Final = "bronze/files"
CATALOGUE: Final = "bronze/catalogue"
QUARANTINE: Final = "bronze/quarantine"
COROS_REPLIES: Final = "bronze/coros_replies"  # what the sync was told, as it came; nothing is made of it
PARSED: Final = "bronze/parsed"
PREFERRED: Final = "bronze/preferred"
REFUSAL_SUFFIX: Final = ".json"
_NAME_DIGITS: Final = 16
_LISTED_ONE_BY_ONE: Final = 20  # more dates than these are found sooner by listing all of them at once
_ENTRY: Final = TypeAdapter(CatalogueEntry)
_REFUSAL: Final = TypeAdapter(Refusal)
_log: Final = logging.getLogger(__name__)


class Copies(Protocol):
    """Where bytes that bronze keeps may still lie elsewhere."""

    def find(self, sha256: str) -> bytes | None:
        """Bytes of this hash, if there are any."""


class BronzeStore:
    """Bronze files in a lake: bytes below `files`, one small catalogue object a date, file and name.

    The key of bytes is their hash, and what is no such bytes carries its own (`storage/seal.py`): what is
    damaged is never handed out. `suspects` are the hashes of files of which a catalogue entry was found to
    be damaged or gone (`mend.py`).
    """

    def __init__(self, lake: ObjectStore, copies: Copies | None = None) -> None:
        """Opens bronze in `lake`; damaged bytes are restored from `copies`."""
        self._lake = lake
        self._copies = copies
        self.suspects: set[str] = set()

    def keep(self, sha256: str, data: bytes | memoryview) -> bool:
        """Keeps the bytes; False if they were there already, and nothing was touched."""
        return self._lake.put_content(file_key(sha256), data)

    def data(self, sha256: str) -> bytes:
        """The bytes of a kept file; damaged ones are first restored, if there is a copy of them.

        Raises:
            DamagedError: they are gone or damaged, and there is no copy.
        """
        return self._whole(file_key(sha256), sha256)

    def refused_data(self, sha256: str) -> bytes:
        """The bytes of a file in quarantine, likewise."""
        return self._whole(quarantine_key(sha256), sha256)

    def _whole(self, key: str, sha256: str) -> bytes:
        try:
            data = self._lake.get(key)
        except KeyError:
            what = "is gone"
        else:
            if content_hash(data) == sha256:
                return data
            what = "is damaged"
        copy = self._copies.find(sha256) if self._copies else None
        if copy is None:
            raise DamagedError(
                f"{key} in {self._lake.uri} {what}, and there is no copy in landing. Bring the activity file "
                "in again with `coros-assets ingest FILE`, or put back the object from a backup."
            )
        _log.warning("%s in %s %s; it is restored from landing.", key, self._lake.uri, what)
        self._lake.put(key, copy)
        return copy

    @property
    def lake(self) -> ObjectStore:
        """The lake that it is part of."""
        return self._lake

    def contents(self) -> set[str]:
        """The hashes of all kept files."""
        return {found.key.rpartition("/")[2] for found in self._lake.list(FILES)}

    def keep_quarantined(self, data: Source, refusal: Refusal) -> None:
        """Keeps the bytes of a file that could not be read, and beside them why."""
        key = quarantine_key(refusal.sha256)
        if isinstance(data, bytes | memoryview):
            self._lake.put_content(key, data)
        else:
            self._lake.put_pieces(key, data.pieces())
        self.note_refusal(refusal)

    def note_refusal(self, refusal: Refusal) -> None:
        """Keeps why a file could not be read beside its bytes."""
        key = f"{quarantine_key(refusal.sha256)}.{_short(refusal.name)}{REFUSAL_SUFFIX}"
        self._lake.put(key, sealed(_REFUSAL.dump_json(refusal)))

    def refusals(self) -> list[Refusal]:
        """Why each content is in quarantine, as far as that is not damaged, in order of key."""
        keys = [found.key for found in self._lake.list(QUARANTINE) if found.key.endswith(REFUSAL_SUFFIX)]
        bodies = [unsealed(self._lake.get(key)) for key in sorted(keys)]
        return [_REFUSAL.validate_json(body) for body in bodies if body is not None]

    def keep_parsed(self, sha256: str, parsed: bytes) -> None:
        """Keeps what the reader made of a file until silver has used it, so that it is parsed once."""
        self._lake.put(_parsed_key(sha256), sealed(parsed))

    def parsed(self, sha256: str) -> bytes | None:
        """What the reader made of a file, if it is still kept and not damaged."""
        try:
            return unsealed(self._lake.get(_parsed_key(sha256)))
        except KeyError:
            return None

    def drop_parsed(self, contents: AbstractSet[str]) -> None:
        """Forgets what the reader made of these files, where it is still kept; the files stay."""
        kept = {found.key for found in self._lake.list(PARSED)}
        self._lake.delete(*(kept & {_parsed_key(sha256) for sha256 in contents}))

    def prefer(self, sha256: str) -> None:
        """Marks a file as the one to use of its activities, whatever others there are."""
        self._lake.put(_preferred_key(sha256), b"")

    def stop_preferring(self, sha256: str) -> None:
        """Takes the mark away, if there is one."""
        self._lake.delete(_preferred_key(sha256))

    def preferred(self) -> set[str]:
        """The hashes of all marked files."""
        return {found.key.removeprefix(f"{PREFERRED}/") for found in self._lake.list(PREFERRED)}

    def enter(self, entry: CatalogueEntry) -> None:
        """Enters a file into the catalogue of a date, unless it is there, undamaged, under this name."""
        key, body = _entry_key(entry), sealed(_ENTRY.dump_json(entry))
        if not self._lake.put_new(key, body) and self._entry(key) is None:
            self._lake.put(key, body)

    def replace(self, old: CatalogueEntry, new: Sequence[CatalogueEntry]) -> None:
        """Puts entries of the same file in the place of one; a crash between leaves both, never none."""
        for entry in new:
            self._lake.put(_entry_key(entry), sealed(_ENTRY.dump_json(entry)))
        if _entry_key(old) not in map(_entry_key, new):
            self._lake.delete(_entry_key(old))

    def entries(self, days: Collection[date]) -> list[CatalogueEntry]:
        """The catalogue of these dates, in order of key; of what is damaged the files become suspects."""
        if len(days) <= _LISTED_ONE_BY_ONE:
            keys = [found.key for day in days for found in self._lake.list(_folder(day))]
        else:
            keys = [found.key for found in self._lake.list(CATALOGUE) if _day(found.key) in days]
        return [entry for key in sorted(keys) if (entry := self._entry(key)) is not None]

    def forget(self, contents: AbstractSet[str]) -> set[date]:
        """Removes everything of these files; the dates that the catalogue had them on are returned."""
        entered = [found.key for found in self._lake.list(CATALOGUE) if _content(found.key) in contents]
        refused = [found.key for found in self._lake.list(QUARANTINE) if _refused(found.key) in contents]
        makers = (file_key, _parsed_key, _preferred_key)
        kept = [make(sha256) for sha256 in sorted(contents) for make in makers]
        self._lake.delete(*entered, *refused, *kept)
        self.suspects -= contents
        return {_day(key) for key in entered}

    def entries_of(self, contents: AbstractSet[str]) -> list[CatalogueEntry]:
        """The catalogue of these files on all dates, in order of key."""
        keys = [found.key for found in self._lake.list(CATALOGUE) if _content(found.key) in contents]
        return [entry for key in sorted(keys) if (entry := self._entry(key)) is not None]

    def quarantined(self) -> Iterator[StoredObject]:
        """The bytes of every file of the quarantine, their keys ending in the hash."""
        return (found for found in self._lake.list(QUARANTINE) if not found.key.endswith(REFUSAL_SUFFIX))

    def dates(self) -> set[date]:
        """Every date of the catalogue."""
        return {_day(found.key) for found in self._lake.list(CATALOGUE)}

    def drop_damaged_entries(self, sha256: str) -> set[date]:
        """Removes what is damaged of a file's entries; the dates where that was are returned."""
        keys = [found.key for found in self._lake.list(CATALOGUE) if _content(found.key) == sha256]
        damaged = [key for key in keys if self._entry(key) is None]
        self._lake.delete(*damaged)
        return set(map(_day, damaged))

    def _entry(self, key: str) -> CatalogueEntry | None:
        """The entry under a key; None if it is damaged or gone, and its file then is a suspect."""
        try:
            entry = read_entry(key, self._lake.get(key))
        except KeyError:
            entry = None
        if entry is None:
            self.suspects.add(_content(key))
        return entry


def read_entry(key: str, data: bytes) -> CatalogueEntry | None:
    """The catalogue entry in the object under `key`; None if it is damaged, or is another one's."""
    body = unsealed(data)
    entry = None if body is None else _ENTRY.validate_json(body)
    return entry if entry is not None and _entry_key(entry) == key else None


def file_key(sha256: str) -> str:
    """Where the bytes of a file lie."""
    return f"{FILES}/{sha256[:2]}/{sha256}"


def quarantine_key(sha256: str) -> str:
    """Where the bytes of a file that could not be read lie."""
    return f"{QUARANTINE}/{sha256}"


def _parsed_key(sha256: str) -> str:
    return f"{PARSED}/{sha256}"


def _preferred_key(sha256: str) -> str:
    return f"{PREFERRED}/{sha256}"


def _folder(day: date) -> str:
    return f"{CATALOGUE}/activity_date={day.isoformat()}"


def _entry_key(entry: CatalogueEntry) -> str:
    return f"{_folder(entry.activity_date)}/{entry.sha256}/{_short(entry.name)}.json"


def _short(name: str) -> str:
    return content_hash(name.encode())[:_NAME_DIGITS]


def _day(key: str) -> date:
    return date.fromisoformat(key.removeprefix(f"{CATALOGUE}/activity_date=")[:10])


def _content(key: str) -> str:
    """The hash of the file that a catalogue key is about."""
    return key.split("/")[-2]


def _refused(key: str) -> str:
    """The hash of the file that an object of the quarantine is about."""
    return key.rpartition("/")[2].partition(".")[0]
