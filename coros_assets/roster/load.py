"""The roster of the settings: found, kept in bronze, and never replaced by one that cannot be read.

Belongs here: finding the file and what happens when it is bad. Does not: understanding it
(`read.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from coros_assets.bronze.catalogue import content_hash
from coros_assets.errors import RosterError
from coros_assets.home_timezone import HomeTimezone
from coros_assets.own_files import own_file
from coros_assets.roster.codes import SHIPPED, read_codes
from coros_assets.roster.read import PATTERN_SUFFIX, read_roster
from coros_assets.settings import Settings
from coros_assets.storage.lake import ObjectStore
from coros_assets.storage.parquet import LakeTable, stamped
from coros_assets.tables import ROSTER_SHIFTS

ROSTER_SUFFIXES: Final = (".ics", ".csv", ".xlsx", PATTERN_SUFFIX)


@dataclass(frozen=True)
class RosterLoad:
    """The shifts that count, with the digest of the roster judged, and what is wrong with it, if so."""

    shifts: pa.Table
    problem: str | None


def load_roster(settings: Settings, lake: ObjectStore, home: HomeTimezone) -> RosterLoad:
    """The shifts of the roster of the settings: a file, or a folder whose newest roster counts.

    Its bytes and those of its codes are kept in bronze. Without a roster there are no shifts; with one that
    cannot be read the shifts of the last good one stay.
    """
    digest = roster_digest(settings, home)
    file = own_file(settings.roster_path, ROSTER_SUFFIXES)
    if file is None:
        return RosterLoad(stamped(ROSTER_SHIFTS.empty(), digest), None)
    codes = codes_data(settings)
    lake.put_content(f"bronze/roster/{file.bronze_name}", file.data)
    if codes is not None:
        lake.put_content(f"bronze/roster/{content_hash(codes)}.codes.toml", codes)
    try:
        shifts = understood(file.name, file.data, settings, home)
    except RosterError as error:
        last_good = LakeTable(lake, ROSTER_SHIFTS).read_if_whole()
        return RosterLoad(stamped(last_good, digest), str(error))
    return RosterLoad(stamped(shifts, digest), None)


def roster_digest(settings: Settings, home: HomeTimezone) -> str:
    """The identity of the roster that counts, with all that it is read by; empty without one."""
    file = own_file(settings.roster_path, ROSTER_SUFFIXES)
    if file is None:
        return ""
    codes = codes_data(settings) or b""
    parts = (file.name.encode(), str(home).encode(), SHIPPED, codes, file.data)
    return content_hash("\n".join(content_hash(part) for part in parts).encode())


def understood(name: str, data: bytes, settings: Settings, home: HomeTimezone) -> pa.Table:
    """The shifts of a roster file by the settings' codes and the zones of home, as `ROSTER_SHIFTS`.

    Raises:
        RosterError: roster or codes cannot be read or understood.
    """
    codes = read_codes(str(settings.roster_codes_path), codes_data(settings))
    return read_roster(name, data, home, codes)


def codes_data(settings: Settings) -> bytes | None:
    """The runner's own codes as they lie there; None without a file."""
    path = settings.roster_codes_path
    return path.read_bytes() if path.exists() else None
