"""Positions near home or work, hidden in whatever leaves silver.

Belongs here: which points are hidden, as a pure function of columns, and the secret that decides it. Does
not: reading the runner's zones (`athlete.py`), or what leaves silver (`commands/export.py`).

The circle that is hidden is not the zone's: its centre is displaced by a secret offset and its radius is
twice as large, so that it holds the whole zone, and who finds the circle from where tracks end has not found
the home. The offset follows from the secret, the zone's name and its radius, so that it is the same for
every run and every export: of offsets drawn anew the middle would soon be the home. One direction for all
radii would give it away at the second radius.
"""

from __future__ import annotations

import hmac
import math
import os
import secrets
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from coros_assets.athlete import PrivacyZone
from coros_assets.errors import CorosError

EARTH_RADIUS_M: Final = 6_371_008.8
"""Mean radius of the WGS 84 ellipsoid (IUGG)."""

LEAST_OFFSET: Final = 0.3  # of the zone's radius: a centre next to the home would hide nothing of it
HIDDEN_RADIUS: Final = 2.0  # of the zone's radius: holds the zone, however it is displaced
_MARGIN_M: Final = 0.5  # silver's resolution is 7 mm of latitude, the sphere is not the ellipsoid
_KEY_FILE: Final = "privacy.key"
_SECRET_BYTES: Final = 32
_POSITION: Final = ("latitude_deg", "longitude_deg")

Numbers = NDArray[np.float64]


class Circle(NamedTuple):
    """A circle on the sphere: degrees, metres."""

    latitude_deg: float
    longitude_deg: float
    radius_m: float


def hidden_circle(zone: PrivacyZone, secret: bytes) -> Circle:
    """The circle that is hidden for a zone: its centre lies 0.3 to 1 radius away, where the secret says."""
    digest = hmac.digest(secret, f"privacy zone:{zone.radius_m}:{zone.name}".encode(), "sha256")
    turn, spread = (int.from_bytes(part, "big") / 2**64 for part in (digest[:8], digest[8:16]))
    offset = math.sqrt(LEAST_OFFSET**2 + spread * (1 - LEAST_OFFSET**2))  # even over the area
    bearing, offset_m = 2 * math.pi * turn, zone.radius_m * offset
    latitude, longitude = _moved(zone.latitude_deg, zone.longitude_deg, bearing, offset_m)
    return Circle(latitude, longitude, HIDDEN_RADIUS * zone.radius_m + _MARGIN_M)


def masked(records: pa.Table, circles: Iterable[Circle]) -> pa.Table:
    """`silver.records` without the positions inside the circles; every other value stays."""
    latitude, longitude = (records[name].to_numpy(zero_copy_only=False) for name in _POSITION)
    hidden = np.zeros(len(records), dtype=bool)
    for circle in circles:
        hidden |= distance_m(latitude, longitude, circle) <= circle.radius_m  # false without a position
    for name in _POSITION:
        at = records.schema.get_field_index(name)
        empty = pc.if_else(pa.array(hidden), pa.scalar(None, pa.float64()), records[name])
        records = records.set_column(at, records.schema.field(at), empty)
    return records


def distance_m(latitude_deg: Numbers, longitude_deg: Numbers, centre: Circle) -> Numbers:
    """Great-circle distances from the centre in metres, NaN where there is no position."""
    latitude, longitude = np.radians(latitude_deg), np.radians(longitude_deg)
    at, along = math.radians(centre.latitude_deg), math.radians(centre.longitude_deg)
    north, east = np.sin((latitude - at) / 2), np.sin((longitude - along) / 2)
    haversine = north**2 + math.cos(at) * np.cos(latitude) * east**2
    metres: Numbers = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(haversine, 0, 1)))
    return metres


def home_secret(home: Path) -> bytes:
    """The secret of a home, made at its first use in a file that only its owner may read.

    Raises:
        CorosError: the file is not what was made.
    """
    path = home / _KEY_FILE
    home.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        part, name = tempfile.mkstemp(dir=home, prefix=_KEY_FILE)  # its owner's alone
        with os.fdopen(part, "wb") as file:
            file.write(secrets.token_bytes(_SECRET_BYTES))
        with suppress(FileExistsError):  # another process made it meanwhile
            os.link(name, path)
        Path(name).unlink()
    secret = path.read_bytes()
    if len(secret) != _SECRET_BYTES:
        raise CorosError(f"{path} is damaged; restore it, or remove it: other circles are hidden then.")
    return secret


def _moved(latitude_deg: float, longitude_deg: float, bearing: float, metres: float) -> tuple[float, float]:
    """The point at this distance in this direction (radians, from north by east)."""
    angle, at = metres / EARTH_RADIUS_M, math.radians(latitude_deg)
    sine = math.sin(at) * math.cos(angle) + math.cos(at) * math.sin(angle) * math.cos(bearing)
    latitude = math.asin(max(-1.0, min(1.0, sine)))
    across = math.sin(bearing) * math.sin(angle) * math.cos(at)
    east = math.atan2(across, math.cos(angle) - math.sin(at) * math.sin(latitude))
    return math.degrees(latitude), (longitude_deg + math.degrees(east) + 180) % 360 - 180
