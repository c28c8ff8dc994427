"""Wall clocks and UTC, a column at a time.

Belongs here: time-zone names, and the translation of instants to local times and back, zone by zone.
Does not: which zone a roster means (`rows.py`), or what the hours say (`kinds.py`).
"""

from __future__ import annotations

from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Times = npt.NDArray[np.datetime64]
Durations = npt.NDArray[np.timedelta64]
Names = npt.NDArray[np.object_]
Days = npt.NDArray[np.int64]

ONE_DAY = np.timedelta64(1, "D")
_UTC = pa.timestamp("us", tz="UTC")
_WALL = pa.timestamp("us")


def known_zone(name: str) -> ZoneInfo | None:
    """The IANA zone of that name, or None if there is none."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return None


def times(column: pa.Array | pa.ChunkedArray) -> Times:
    """A timestamp column without nulls as datetime64[us]; one with a zone in UTC."""
    wall = column.cast(_UTC if column.type.tz else _WALL)
    return np.asarray(wall.cast(pa.int64()).to_numpy(zero_copy_only=False)).astype("datetime64[us]")


def days(column: pa.Array | pa.ChunkedArray) -> Days:
    """A date32 column without nulls as days since 1970-01-01."""
    return np.asarray(column.cast(pa.int32()).to_numpy(zero_copy_only=False)).astype(np.int64)


def names(column: pa.Array | pa.ChunkedArray) -> Names:
    """A text column as an array of Python strings."""
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=object)


def midnight(wall: Times) -> Times:
    """The beginning of each local time's date."""
    return wall.astype("datetime64[D]").astype("datetime64[us]")


def to_local(instants: Times, zones: Names) -> Times:
    """The wall-clock time of each UTC instant in the zone beside it."""
    wall = np.empty_like(instants)
    for zone in sorted(set(zones)):
        here = zones == zone
        zoned = pa.array(instants[here], pa.timestamp("us", tz=zone))
        wall[here] = times(pc.local_timestamp(zoned))
    return wall


def to_utc(
    wall: Times,
    zones: Names,
    *,
    ambiguous: Literal["earliest", "latest"] = "earliest",
    nonexistent: Literal["earliest", "latest"] = "earliest",
) -> Times:
    """The UTC instant of each wall-clock time in the zone beside it.

    Args:
        wall: local times, datetime64[us].
        zones: IANA names, one a time.
        ambiguous: which of two instants an hour that happens twice means.
        nonexistent: which edge of the gap an hour that is skipped means.
    """
    instants = np.empty_like(wall)
    for zone in sorted(set(zones)):
        here = zones == zone
        local = pa.array(wall[here], _WALL)
        instants[here] = times(pc.assume_timezone(local, zone, ambiguous=ambiguous, nonexistent=nonexistent))
    return instants
