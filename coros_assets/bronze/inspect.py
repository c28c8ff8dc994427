"""Looks at one landed file: is it readable, and on which dates did its activities start?

Belongs here: the pure judgement of bytes. Does not: writing anything (`intake.py`).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from coros_assets.bronze.store import CatalogueEntry, content_hash
from coros_assets.errors import UnreadableFileError, first_line
from coros_assets.formats.archives import decompressed
from coros_assets.formats.read import PARSER_VERSION
from coros_assets.silver.build import LocatedActivity, SourceFile, located_activities


@dataclass(frozen=True)
class LandedFile:
    """A file as it was landed, when it was looked at, and the zone that counts where it names none."""

    path: str
    data: bytes
    landed_at: datetime
    home_timezone: str


@dataclass(frozen=True)
class Inspection:
    """What a file turned out to be: catalogue entries by date, or the reason it cannot be read."""

    landing_path: str
    sha256: str
    data: bytes
    entries: tuple[CatalogueEntry, ...]
    reason: str | None


def inspect(landed: LandedFile) -> Inspection:
    """Judges a landed file; never raises for what is in it."""
    try:
        data = decompressed(landed.data)
    except UnreadableFileError as error:
        return _unreadable(landed, landed.data, str(error))
    file = SourceFile(content_hash(data), landed.path, landed.landed_at, data)
    try:
        located = located_activities(file, landed.home_timezone)
    except UnreadableFileError as error:
        return _unreadable(landed, data, str(error))
    except Exception as error:  # noqa: BLE001  a reader's own mistake must not stop the other files
        reason = (
            f"The reader failed on it ({type(error).__name__}: {first_line(error)}); please report the file."
        )
        return _unreadable(landed, data, reason)
    if not located:
        reason = "No point of the file has a time between 2005 and tomorrow; check the watch's clock."
        return _unreadable(landed, data, reason)
    return Inspection(landed.path, file.sha256, data, _entries(file, located, landed.home_timezone), None)


def _unreadable(landed: LandedFile, data: bytes, reason: str) -> Inspection:
    return Inspection(landed.path, content_hash(data), data, (), reason)


def _entries(
    file: SourceFile, located: list[LocatedActivity], home_timezone: str
) -> tuple[CatalogueEntry, ...]:
    by_date: dict[date, list[LocatedActivity]] = defaultdict(list)
    for activity in located:
        by_date[activity.start.date].append(activity)
    return tuple(
        CatalogueEntry(
            activity_date=day,
            sha256=file.sha256,
            landing_path=file.name,
            landed_at=file.landed_at,
            size_bytes=len(file.data),
            activities=len(activities),
            points=sum(each.activity.raw.points.num_rows for each in activities),
            parser_version=PARSER_VERSION,
            home_timezone=home_timezone,
        )
        for day, activities in sorted(by_date.items())
    )
