"""The roster of the settings: found, kept in bronze, and never replaced by one that cannot be read.

Belongs here: finding the file and what happens when it is bad. Does not: understanding it
(`read.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa

from coros_assets.bronze.catalogue import content_hash
from coros_assets.errors import RosterError
from coros_assets.home_timezone import HomeTimezone
from coros_assets.roster.read import read_roster
from coros_assets.storage.lake import ObjectStore
from coros_assets.storage.parquet import LakeTable, stamped
from coros_assets.tables import ROSTER_SHIFTS

ROSTER_SUFFIXES: Final = (".ics", ".csv")


@dataclass(frozen=True)
class RosterLoad:
    """The shifts that count, with the digest of the roster judged, and what is wrong with it, if so."""

    shifts: pa.Table
    problem: str | None


def load_roster(path: Path, lake: ObjectStore, home: HomeTimezone) -> RosterLoad:
    """The shifts of the roster at `path`: a file, or a folder whose newest roster counts.

    Its bytes are kept in bronze. Without a roster there are no shifts; with one that cannot be read the
    shifts of the last good one stay.
    """
    digest = roster_digest(path, home)
    file = _newest(path)
    if file is None:
        return RosterLoad(stamped(ROSTER_SHIFTS.empty(), digest), None)
    data = file.read_bytes()
    lake.put_new(f"bronze/roster/{content_hash(data)}{file.suffix.lower()}", data)
    try:
        shifts = read_roster(file.name, data, home)
    except RosterError as error:
        last_good = LakeTable(lake, ROSTER_SHIFTS).read()
        return RosterLoad(stamped(last_good, digest), str(error))
    return RosterLoad(stamped(shifts, digest), None)


def roster_digest(path: Path, home: HomeTimezone) -> str:
    """The identity of the roster that counts at `path`; empty without one."""
    file = _newest(path)
    return content_hash(f"{file.name}\n{home}\n".encode() + file.read_bytes()) if file else ""


def _newest(path: Path) -> Path | None:
    if not path.is_dir():
        return path if path.exists() else None
    rosters = [entry for entry in path.iterdir() if entry.suffix.lower() in ROSTER_SUFFIXES]
    return max(rosters, key=lambda entry: (entry.stat().st_mtime_ns, entry.name), default=None)
