"""Tracks straight from published activity files, by readers that share no code with the project's own.

Belongs here: the least of TCX and FIT that the external oracles need. Does not: cleaning; of points with
an equal time the first is kept, as the oracles did.
"""

from __future__ import annotations

import gzip
import struct
from datetime import datetime
from pathlib import Path

import numpy as np
from lxml import etree

from coros_assets.gold.metrics.track import Track

COLUMNS = ("time_s", "distance_m", "altitude_m", "heart_rate_bpm", "cadence_spm", "power_w")
FIT_RECORD = 20
# Message "record" of the FIT profile: field number -> column, divisor, offset; 78 is altitude again, finer.
FIT_FIELDS = {253: (0, 1, 0), 5: (1, 100, 0), 2: (2, 5, 500), 78: (2, 5, 500), 3: (3, 1, 0), 4: (4, 0.5, 0)}
# Base type -> struct code and the value that means "not recorded".
FIT_TYPES = {0x02: ("B", 0xFF), 0x84: ("H", 0xFFFF), 0x86: ("I", 0xFFFFFFFF)}


def read_track(path: Path) -> Track:
    """The track of a TCX (also gzipped) or FIT file; steps a minute are twice the recorded cadence."""
    data = path.read_bytes()
    if path.suffix == ".fit":
        rows = _fit_rows(data)
    else:
        rows = _tcx_rows(gzip.decompress(data) if path.suffix == ".gz" else data)
    points = np.array(rows)
    points = points[np.unique(points[:, 0], return_index=True)[1]]
    points[:, 0] -= points[0, 0]
    return Track(**dict(zip(COLUMNS, points.T, strict=True)))


def _tcx_rows(data: bytes) -> list[list[float]]:
    def number(point: etree._Element, *names: str) -> float:
        found = [e.text for e in point.iter(*(f"{{*}}{name}" for name in names)) if e.text]
        return float(found[0]) if found else np.nan

    rows = []
    for point in etree.fromstring(data.lstrip()).iter("{*}Trackpoint"):
        time = datetime.fromisoformat(point.findtext("{*}Time"))
        heart_rate = point.findtext("{*}HeartRateBpm/{*}Value")
        rows.append(
            [
                time.timestamp(),
                number(point, "DistanceMeters"),
                number(point, "AltitudeMeters"),
                float(heart_rate) if heart_rate else np.nan,
                2 * number(point, "Cadence", "RunCadence"),
                number(point, "Watts"),
            ]
        )
    return rows


def _fit_rows(data: bytes) -> list[list[float]]:
    rows: list[list[float]] = []
    layouts: dict[int, tuple[str, int, list[tuple[int, ...]]]] = {}
    at, end = data[0], data[0] + struct.unpack_from("<I", data, 4)[0]
    while at < end:
        header = data[at]
        if header & 0x40:
            layouts[header & 0x0F], at = _fit_layout(data, at)
            continue
        at += 1
        order, message, fields = layouts[header & 0x0F]
        row = [np.nan] * len(COLUMNS)
        for number, size, base in fields:
            if message == FIT_RECORD and number in FIT_FIELDS:
                code, missing = FIT_TYPES[base]
                value = struct.unpack_from(order + code, data, at)[0]
                column, divisor, offset = FIT_FIELDS[number]
                row[column] = np.nan if value == missing else value / divisor - offset
            at += size
        if message == FIT_RECORD:
            rows.append(row)
    return rows


def _fit_layout(data: bytes, at: int) -> tuple[tuple[str, int, list[tuple[int, ...]]], int]:
    """Byte order, message and fields (number, size, base type) of a definition, and where it ends."""
    has_developer_fields = data[at] & 0x20
    order = ">" if data[at + 2] else "<"
    message, count = struct.unpack_from(order + "HB", data, at + 3)
    fields = [tuple(data[at + 6 + 3 * n : at + 9 + 3 * n]) for n in range(count)]
    at += 6 + 3 * count
    if has_developer_fields:
        count = data[at]
        fields += [(-1, data[at + 2 + 3 * n], 0) for n in range(count)]
        at += 1 + 3 * count
    return (order, message, fields), at
