"""GPX (GPS Exchange Format 1.0 and 1.1) tracks to Arrow.

Belongs here: what a track's elements and the extensions of Garmin, Strava and others mean. Does not:
plausibility, units, distance from positions (`silver/`).
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from lxml import etree

from coros_assets.errors import UnreadableFileError
from coros_assets.formats.fit_profile import SUB_SPORTS
from coros_assets.formats.raw import POINTS_WITHOUT_LAP, RAW_LAPS, RawActivity, with_lap_index
from coros_assets.formats.text import device_name
from coros_assets.formats.text_rows import TextRows, Texts
from coros_assets.formats.xml_events import LONGEST_ROOT_NAME, EndedElements
from coros_assets.formats.xml_guard import guarded
from coros_assets.inert import printable

FORMAT: Final = "gpx"
_SPORT_NOT_STATED: Final = "sport_not_stated"

# By local name in lower case: Garmin's TrackPointExtension v1 and v2, PowerExtension, Strava, GPX 1.0.
_COLUMNS: Final = {
    "time": "time",
    "ele": "altitude_m",
    "hr": "heart_rate_bpm",
    "heartrate": "heart_rate_bpm",
    "cad": "cadence",
    "cadence": "cadence",
    "runcadence": "cadence",
    "speed": "speed",
    "distance": "distance_m",
    "power": "power_w",
    "powerinwatts": "power_w",
    "watts": "power_w",
}
_EXTENSIONS: Final = "extensions"
_FAMILIES: Final = {
    "run": "running",
    "running": "running",
    "jogging": "running",
    "ride": "cycling",
    "cycling": "cycling",
    "biking": "cycling",
    "bike": "cycling",
    "swim": "swimming",
    "swimming": "swimming",
    "walk": "walking",
    "walking": "walking",
    "hike": "walking",
    "hiking": "walking",
}
_FINER_NAMES: Final = frozenset(SUB_SPORTS.values())
_FINER: Final = {"hike": "hiking", "hiking": "hiking"}
# Strava's exports give numbers, which its own titles explain: 'Morning Swim' is 16.
_STRAVA_TYPES: Final = {"1": "ride", "9": "run", "16": "swim", "17": "ride"}
_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_LONGEST_TYPE: Final = 100


@dataclass
class _Track:
    points: TextRows = field(default_factory=lambda: TextRows(POINTS_WITHOUT_LAP))
    segment_of_point: array[int] = field(default_factory=lambda: array("i"))
    segments: int = 0


def read_gpx(data: bytes) -> list[RawActivity]:
    """The activities of a GPX file, one per track, in file order; tracks without any time are left out.

    A track segment is a lap: GPX begins a new one where recording was interrupted, so that the times
    from first to last point of the segments are timer time.

    Raises:
        UnreadableFileError: refused by the guard, not well-formed, or no track with times.
    """
    tags = ("{*}trkpt", "{*}trkseg", "{*}trk")
    elements = EndedElements(guarded(data), tags)
    activities = list(_activities(elements))
    if not activities:
        raise UnreadableFileError(_what_instead(elements.root))
    return activities


def _activities(elements: Iterable[etree._Element]) -> Iterator[RawActivity]:
    index = 0
    track = _Track()
    for element in elements:
        tag = _local(element)
        if tag == "trkpt":
            track.points.append(_point(element))
            track.segment_of_point.append(track.segments)
        elif tag == "trkseg":
            track.segments += 1
        else:
            activity = _activity(index, element, track)
            if activity is not None:
                yield activity
                index += 1
            track = _Track()


def _local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _point(element: etree._Element) -> Texts:
    found: Texts = {"latitude_deg": element.get("lat"), "longitude_deg": element.get("lon")}
    for child in element:
        name = _local(child)
        for leaf in child.iter() if name == _EXTENSIONS else (child,):
            column = _COLUMNS.get(_local(leaf).lower())
            if column and not (found.get(column) or "").strip():
                found[column] = leaf.text
    return found


def _activity(index: int, element: etree._Element, track: _Track) -> RawActivity | None:
    points = track.points.table()
    if points["time"].null_count == len(points):
        return None
    segments, lap_index = np.unique(track.segment_of_point, return_inverse=True)
    points = with_lap_index(points, pa.array(lap_index.astype(np.int32)))
    creator = element.getroottree().getroot().get("creator") or ""
    sport, finer = _sport(_child_text(element, "type"), creator)
    return RawActivity(
        index,
        FORMAT,
        sport or "other",
        device_name(creator),
        points,
        _laps(points, len(segments)),
        () if sport else (_SPORT_NOT_STATED,),
        finer,
    )


def _laps(points: pa.Table, count: int) -> pa.Table:
    """One lap per segment; start and timer time are null for a segment without times."""
    spans = points.group_by("lap_index").aggregate([("time", "min"), ("time", "max")]).sort_by("lap_index")
    duration = pc.cast(pc.subtract(spans["time_max"], spans["time_min"]), pa.int64())
    unknown = pa.nulls(count, pa.float64())
    return pa.Table.from_arrays(
        [spans["time_min"], pc.divide(pc.cast(duration, pa.float64()), 1e6), unknown, unknown, unknown],
        schema=RAW_LAPS,
    )


def _child_text(element: etree._Element, name: str) -> str:
    return next((child.text or "" for child in element if _local(child) == name), "").strip()


def _sport(written: str, creator: str) -> tuple[str | None, str | None]:
    """Family and finer kind that a track's type names: `trail_running`, `Running`, `TrailRun`."""
    if creator.startswith("Strava"):
        written = _STRAVA_TYPES.get(written, written)
    words = [word.lower() for word in _WORD.findall(written[:_LONGEST_TYPE])]
    named = next((word for word in words if word in _FAMILIES), None)
    if named is None:
        return None, None
    whole, rest = "_".join(words), "_".join(word for word in words if word != named)
    finer = next((name for name in (whole, rest) if name in _FINER_NAMES), None)
    return _FAMILIES[named], finer or _FINER.get(named)


def _what_instead(root: etree._Element) -> str:
    if _local(root) != "gpx":
        return (
            f"The file is XML, but not GPX: its root is '{printable(_local(root), LONGEST_ROOT_NAME)}'. "
            "Export the activity again as FIT, TCX or GPX."
        )
    kinds = {_local(child) for child in root}
    if "trk" in kinds:
        return "The file holds a track without times, which is a route and not a recorded activity."
    if "rte" in kinds:
        return "The file holds a route, not a recorded activity."
    if "wpt" in kinds:
        return "The file holds waypoints, not a recorded activity."
    return "The file holds no track."
