"""TCX as COROS writes it: units, order of elements and quirks of real exports, byte for byte.

Belongs here: the text of a simulated file. Does not: what the points are (`track.py`), or
reading TCX (`formats/tcx.py`).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from coros_assets.sample.track import LAP_M, Points

Cells = NDArray[np.uint8]
IntArray = NDArray[np.int64]

_HEAD: Final = """\
<?xml version="1.0" encoding="UTF-8"?>
<TrainingCenterDatabase xsi:schemaLocation="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2 \
http://www.garmin.com/xmlschemas/TrainingCenterDatabasev2.xsd" \
xmlns:ns5="http://www.garmin.com/xmlschemas/ActivityGoals/v1" \
xmlns:ns3="http://www.garmin.com/xmlschemas/ActivityExtension/v2" \
xmlns:ns2="http://www.garmin.com/xmlschemas/UserProfile/v2" \
xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xmlns:ns4="http://www.garmin.com/xmlschemas/ProfileExtension/v1">
 <Activities>
  <Activity Sport="Running">
   <Id>{start}Z</Id>
"""

_LAP: Final = """\
   <Lap StartTime="{start}Z">
    <TotalTimeSeconds>{timer_s}</TotalTimeSeconds>
    <DistanceMeters>{distance_m}</DistanceMeters>
    <Intensity>Active</Intensity>
    <TriggerMethod>Manual</TriggerMethod>
    <MaximumHeartRateBpm>
     <Value>{max_bpm}</Value>
    </MaximumHeartRateBpm>
    <AverageHeartRateBpm>
     <Value>{average_bpm}</Value>
    </AverageHeartRateBpm>
    <Track>
"""

_LAP_END: Final = b"    </Track>\n   </Lap>\n"

_TAIL: Final = b"""\
   <Creator>
    <Name>COROS Wearables</Name>
   </Creator>
  </Activity>
 </Activities>
</TrainingCenterDatabase>
"""

_TIME: Final = b"     <Trackpoint>\n      <Time>", b"Z</Time>\n"
_LATITUDE: Final = b"      <Position>\n       <LatitudeDegrees>", b"</LatitudeDegrees>\n"
_LONGITUDE: Final = b"       <LongitudeDegrees>", b"</LongitudeDegrees>\n      </Position>\n"
_ALTITUDE: Final = b"      <AltitudeMeters>", b"</AltitudeMeters>\n"
_DISTANCE: Final = b"      <DistanceMeters>", b"</DistanceMeters>\n"
_HEART_RATE: Final = b"      <HeartRateBpm>\n       <Value>", b"</Value>\n      </HeartRateBpm>\n"
_CADENCE: Final = b"      <Cadence>", b"</Cadence>\n"
_SPEED: Final = b"      <Extensions>\n       <Speed>", b"0000</Speed>\n      </Extensions>\n"
_POINT_END: Final = b"     </Trackpoint>\n", b""
"""The text around each value of a point."""

_ABSENT: Final = 0
"""A byte that no text holds: cells of absent digits and elements, taken out at the end."""


def write_tcx(points: Points) -> bytes:
    """The file's bytes; equal points give equal bytes.

    All points are laid out as one matrix of bytes with a row each, then absent cells are taken out lap by
    lap; the row where two laps meet is written in both.
    """
    rows = _rows(points)
    parts = [_HEAD.format(start=points.time[0]).encode()]
    for lap in range(len(points.lap_bounds) - 1):
        first, last = points.lap_bounds[lap : lap + 2]
        parts.append(_lap_head(points, lap, int(first), int(last)))
        parts.append(rows[first : last + 1].tobytes().translate(None, bytes([_ABSENT])))
        parts.append(_LAP_END)
    return b"".join([*parts, _TAIL])


def _lap_head(points: Points, lap: int, first: int, last: int) -> bytes:
    bpm = points.heart_rate_bpm[first + 1 : last + 1]
    is_last = lap == len(points.lap_bounds) - 2
    distance_m = int(points.distance_m[last]) - lap * LAP_M if is_last else LAP_M
    return _LAP.format(
        start=points.time[first],
        timer_s=points.timer_s[last] - points.timer_s[first],
        distance_m=distance_m,
        max_bpm=int(bpm.max()),
        average_bpm=round(float(bpm.mean())),
    ).encode()


def _rows(points: Points) -> Cells:
    """One row per point, `_ABSENT` where nothing is written."""
    always = np.ones(len(points.time), dtype=np.bool_)
    placed = np.isfinite(points.latitude_deg)
    altitude, distance, heart_rate, cadence, speed = (
        (_scaled(values, scale), np.isfinite(values))
        for values, scale in (
            (points.altitude_m, 1),
            (points.distance_m, 1),
            (points.heart_rate_bpm, 1),
            (points.cadence_per_leg, 1),
            (points.speed_km_per_h, 100),
        )
    )
    elements = (
        _element(_TIME, _time(points.time), always),
        _element(_LATITUDE, _degrees(points.latitude_deg), placed),
        _element(_LONGITUDE, _degrees(points.longitude_deg), placed),
        _element(_ALTITUDE, _signed(altitude[0], 4), altitude[1]),
        _element(_DISTANCE, _digits(distance[0], 6), distance[1]),
        _element(_HEART_RATE, _digits(heart_rate[0], 3), heart_rate[1]),
        _element(_CADENCE, _digits(cadence[0], 3), cadence[1]),
        _element(_SPEED, _point(_digits(speed[0], 4, least=3), 2), speed[1]),
        _element(_POINT_END, np.empty((len(always), 0), dtype=np.uint8), always),
    )
    return np.concatenate(elements, axis=1)


def _element(around: tuple[bytes, bytes], cells: Cells, present: NDArray[np.bool_]) -> Cells:
    """One element of every point, where present: the text before its value, the value, the text after."""
    before, after = around
    start, end = len(before), len(before) + cells.shape[1]
    block = np.empty((len(cells), end + len(after)), dtype=np.uint8)
    block[:, :start] = np.frombuffer(before, dtype=np.uint8)
    block[:, start:end] = cells
    block[:, end:] = np.frombuffer(after, dtype=np.uint8)
    block[~present] = _ABSENT
    return block


def _time(time: NDArray[np.datetime64]) -> Cells:
    """`2025-01-31T06:05:04`."""
    return np.datetime_as_string(time, unit="s").astype("S19").view(np.uint8).reshape(len(time), 19)


def _degrees(degrees: NDArray[np.float64]) -> Cells:
    """Seven decimals, as COROS writes them."""
    whole = _scaled(degrees, 10_000_000)
    return np.concatenate((_sign(whole), _point(_digits(np.abs(whole), 10, least=8), 7)), axis=1)


def _scaled(values: NDArray[np.float64], scale: int) -> IntArray:
    return np.rint(np.nan_to_num(values) * scale).astype(np.int64)


def _signed(values: IntArray, width: int) -> Cells:
    return np.concatenate((_sign(values), _digits(np.abs(values), width)), axis=1)


def _sign(values: IntArray) -> Cells:
    return np.where(values < 0, ord("-"), _ABSENT).astype(np.uint8)[:, None]


def _digits(values: IntArray, width: int, least: int = 1) -> Cells:
    """Decimal digits of `values`, right-aligned; leading zeros absent but for the last `least` digits."""
    cells = np.empty((len(values), width), dtype=np.uint8)
    rest = values
    for column in range(width - 1, -1, -1):
        higher = rest // 10
        digit = rest - 10 * higher + ord("0")
        cells[:, column] = digit if column >= width - least else np.where(rest == 0, _ABSENT, digit)
        rest = higher
    return cells


def _point(digits: Cells, decimals: int) -> Cells:
    """A decimal point before the last `decimals` digits."""
    return np.insert(digits, digits.shape[1] - decimals, ord("."), axis=1)
