"""What bronze knows of its files: one entry for each activity date, content and name it was landed under.

Belongs here: the shape of an entry. Does not: where entries lie (`store.py`) or what follows from
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
class CatalogueEntry:
    """A bronze file as it concerns one activity date: how it came and what it holds of that date.

    `landed_at` is when the landed object was written, `taken_in_at` when it was looked at. `parser_version`
    read it; `home_timezone` decided the date of an activity that says no other.
    """

    activity_date: date
    sha256: str
    name: str
    landed_at: datetime
    taken_in_at: datetime
    size_bytes: int
    parser_version: str
    home_timezone: str
    recordings: tuple[CataloguedRecording, ...]


def content_hash(data: Source) -> str:
    """The identity of a file: SHA-256 of its decompressed bytes, in hex."""
    digest = hashlib.sha256()
    for piece in (data,) if isinstance(data, bytes | memoryview) else data.pieces():
        digest.update(piece)
    return digest.hexdigest()
