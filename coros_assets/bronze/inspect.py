"""Looks at one file: is it readable, and on which dates did its activities start?

Belongs here: the pure judgement of bytes. Does not: writing anything (`intake.py`).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa

from coros_assets.bronze.catalogue import CataloguedRecording, CatalogueEntry, content_hash
from coros_assets.errors import UnreadableFileError, first_line
from coros_assets.formats.read import PARSER_VERSION
from coros_assets.home_timezone import HomeTimezone
from coros_assets.silver.recordings import Recordings, packed, recordings


@dataclass(frozen=True)
class LandedFile:
    """A decompressed file as it was landed, and the zones that count where it names none.

    `path`, `name` and the times are those of `Arrival`.
    """

    path: str
    name: str
    data: bytes
    landed_at: datetime
    taken_in_at: datetime
    home_timezone: HomeTimezone


@dataclass(frozen=True)
class Inspection:
    """What a file turned out to be: catalogue entries by date with what the reader made, or a reason."""

    sha256: str
    entries: tuple[CatalogueEntry, ...]
    parsed: bytes
    reason: str | None


def inspect(landed: LandedFile) -> Inspection:
    """Judges a landed file; never raises for what is in it."""
    sha256 = content_hash(landed.data)
    try:
        found = recordings(landed.data, landed.taken_in_at, landed.home_timezone)
    except UnreadableFileError as error:
        return Inspection(sha256, (), b"", str(error))
    except Exception as error:  # noqa: BLE001  a reader's own mistake must not stop the other files
        reason = (
            f"The reader failed on it ({type(error).__name__}: {first_line(error)}); please report the file."
        )
        return Inspection(sha256, (), b"", reason)
    if not found.facts.num_rows:
        reason = "No point of the file has a time between 2005 and tomorrow; check the watch's clock."
        return Inspection(sha256, (), b"", reason)
    return Inspection(sha256, _entries(sha256, landed, found), packed(found, landed.home_timezone), None)


def _entries(sha256: str, landed: LandedFile, found: Recordings) -> tuple[CatalogueEntry, ...]:
    facts = found.facts
    columns = [
        facts["source_index"].to_pylist(),
        facts["source_format"].to_pylist(),
        facts["sport"].to_pylist(),
        facts["start_time"].cast(pa.int64()).to_pylist(),
        facts["end_time"].cast(pa.int64()).to_pylist(),
        facts["points_parsed"].to_pylist(),
    ]
    by_date: dict[date, list[CataloguedRecording]] = defaultdict(list)
    for day, *values in zip(facts["activity_date"].to_pylist(), *columns, strict=True):
        by_date[day].append(CataloguedRecording(*values))
    return tuple(
        CatalogueEntry(
            activity_date=day,
            sha256=sha256,
            path=landed.path,
            name=landed.name,
            landed_at=landed.landed_at,
            taken_in_at=landed.taken_in_at,
            size_bytes=len(landed.data),
            parser_version=PARSER_VERSION,
            home_timezone=landed.home_timezone.around(day),
            recordings=tuple(of_date),
        )
        for day, of_date in sorted(by_date.items())
    )
