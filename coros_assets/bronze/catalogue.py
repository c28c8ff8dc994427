"""What bronze knows of its files: an entry for each activity date, content and name it was landed under.

In quarantine there is a refusal for each content and name instead.

Belongs here: their shape. Does not: where entries lie (`store.py`) or what follows from
them for a date (`silver/plan.py`).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from coros_assets.formats.source import Source


@dataclass(frozen=True)
class CataloguedRecording:
    """One activity of a file, as far as it must be known to compare it with those of other files.

    `start_us` and `end_us` are microseconds since 1970 UTC of the first and last kept point; `points`
    counts all points that were parsed.
    """

    source_index: int
    source_format: str
    sport: str
    start_us: int
    end_us: int
    points: int


@dataclass(frozen=True)
class Arrival:
    """How a content came to be known.

    `path` is that of the landed object, `name` the same or, below it, that of the file in an archive.
    `landed_at` is when the landed object was written, `taken_in_at` when it was looked at, and
    `parser_version` what read it.
    """

    sha256: str
    path: str
    name: str
    landed_at: datetime
    taken_in_at: datetime
    size_bytes: int
    parser_version: str


@dataclass(frozen=True)
class CatalogueEntry(Arrival):
    """A bronze file as it concerns one activity date: how it came and what it holds of that date.

    `home_timezone` decided the date of an activity that says no other.
    """

    activity_date: date
    home_timezone: str
    recordings: tuple[CataloguedRecording, ...]


@dataclass(frozen=True)
class Refusal(Arrival):
    """Why a content is in quarantine, and how it came."""

    reason: str


def content_hash(data: Source) -> str:
    """The identity of a file: SHA-256 of its decompressed bytes, in hex."""
    digest = hashlib.sha256()
    for piece in (data,) if isinstance(data, bytes | memoryview) else data.pieces():
        digest.update(piece)
    return digest.hexdigest()
