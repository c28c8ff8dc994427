"""Training Center XML to Arrow by a walk over its elements: the reference for what a file means.

Belongs here: what the elements of Garmin's schema v2 and its ActivityExtension v2 mean, and how
COROS, Garmin, Polar and TomTom bend it. Does not: speed (`tcx_columns.py` reads plain files ten times
as fast), plausibility or units (`silver/clean.py`).
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
import pyarrow as pa
from lxml import etree
from numpy.typing import NDArray

from coros_assets.errors import UnreadableFileError
from coros_assets.formats.raw import POINTS_WITHOUT_LAP, RAW_LAPS, RawActivity, with_lap_index
from coros_assets.formats.text import device_name
from coros_assets.formats.text_rows import TextRows, Texts
from coros_assets.formats.xml_events import LONGEST_ROOT_NAME, EndedElements
from coros_assets.inert import printable

FORMAT: Final = "tcx"
Fields: TypeAlias = Mapping[str, Any]  # local tag name -> column, or the fields one level below

_TPX: Final = {"Speed": "speed", "RunCadence": "cadence", "Watts": "power_w"}
# COROS writes Speed straight into Extensions, in the default namespace; Garmin wraps it in TPX.
_POINT: Final = {
    "Time": "time",
    "Position": {"LatitudeDegrees": "latitude_deg", "LongitudeDegrees": "longitude_deg"},
    "AltitudeMeters": "altitude_m",
    "DistanceMeters": "distance_m",
    "HeartRateBpm": {"Value": "heart_rate_bpm"},
    "Cadence": "cadence",
    "Extensions": {"Speed": "speed", "TPX": _TPX},
}
_LAP: Final = {
    "TotalTimeSeconds": "timer_time_s",
    "DistanceMeters": "distance_m",
    "AverageHeartRateBpm": {"Value": "average_heart_rate_bpm"},
    "MaximumHeartRateBpm": {"Value": "max_heart_rate_bpm"},
}
_CREATOR: Final = {"Creator": {"Name": "device"}}
_SPORTS: Final = {"Running": "running", "Biking": "cycling"}
_NOT_ACTIVITIES: Final = {"Courses": "a course", "Workouts": "a planned workout"}

TCX_NAMESPACE: Final = "http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2"
EXTENSION_NAMESPACE: Final = "http://www.garmin.com/xmlschemas/ActivityExtension/v2"
_TCX: Final = f"{{{TCX_NAMESPACE}}}"
_EXTENSION: Final = f"{{{EXTENSION_NAMESPACE}}}"
_NAMESPACES: Final = (_TCX, _EXTENSION, "")


def _qualified(fields: Fields) -> Fields:
    return {
        namespace + name: _qualified(below) if isinstance(below, dict) else below
        for name, below in fields.items()
        for namespace in _NAMESPACES
    }


_POINT_FIELDS: Final = _qualified(_POINT)
_LAP_FIELDS: Final = _qualified(_LAP)
_CREATOR_FIELDS: Final = _qualified(_CREATOR)
_POINT_TAGS: Final = (_TCX + "Trackpoint", "Trackpoint")
TRACK_TAGS: Final = (_TCX + "Track", "Track")
_LAP_TAGS: Final = (_TCX + "Lap", "Lap")
_ACTIVITY_TAGS: Final = (_TCX + "Activity", "Activity")
_DEEPEST_ACTIVITY: Final = 8  # elements above it; the schema has at most four
_ROOT_TAGS: Final = (_TCX + "TrainingCenterDatabase", "TrainingCenterDatabase")


def read_tree(text: bytes) -> list[RawActivity]:
    """The activities of guarded TCX text, in file order; those without a single point are left out.

    Raises:
        UnreadableFileError: not well-formed, or no activity with points.
    """
    tags = (*_POINT_TAGS, *_LAP_TAGS, *_ACTIVITY_TAGS)
    elements = EndedElements(text, tags)
    activities = [activity for activity in _activities(elements) if activity.points.num_rows]
    if not activities:
        raise UnreadableFileError(_what_instead(elements.root))
    return activities


@dataclass(frozen=True)
class Skeleton:
    """An activity of a file whose tracks were emptied: `tracks` holds, lap by lap, its Track elements."""

    source_index: int
    sport: str
    device: str | None
    laps: pa.Table
    tracks: tuple[tuple[etree._Element, ...], ...]


def skeletons(root: etree._Element) -> list[Skeleton]:
    """The activities below a TCX root, read as `read_tree` reads them, but for the points."""
    found = []
    for index, element in enumerate(root.iter(*_ACTIVITY_TAGS)):
        laps = [child for child in element if child.tag in _LAP_TAGS]
        tracks = tuple(tuple(child for child in lap if child.tag in TRACK_TAGS) for lap in laps)
        sport, device = _description(element)
        rows = TextRows(RAW_LAPS)
        for lap in laps:
            rows.append(_lap(lap))
        found.append(Skeleton(index, sport, device, rows.table(), tracks))
    return found


def are_apart(root: etree._Element) -> bool:
    """True if every lap lies straight in an activity, and no activity in another or unusually deep.

    Otherwise `read_tree`, which sees elements end one by one, may give laps and points to others.
    """
    straight = 0
    for activity in root.iter(*_ACTIVITY_TAGS):
        above = [element.tag for element in activity.iterancestors()]
        if len(above) > _DEEPEST_ACTIVITY or not set(_ACTIVITY_TAGS).isdisjoint(above):
            return False
        straight += sum(1 for _ in activity.iterchildren(*_LAP_TAGS))
    return straight == sum(1 for _ in root.iter(*_LAP_TAGS))


def lap_index(times: pa.Array, nested: NDArray[np.int32], laps: pa.Table) -> pa.Array:
    """The lap of each point by the laps' start times; by nesting where those do not increase.

    One exporter repeats the whole track in every lap, so nesting alone would give all points to
    the first.
    """
    starts = laps["start_time"].combine_chunks()
    if len(laps) <= 1 or starts.null_count or times.null_count:
        return pa.array(nested)
    start_us = starts.view(pa.int64()).to_numpy()
    if np.any(start_us[1:] <= start_us[:-1]):
        return pa.array(nested)
    timed = np.searchsorted(start_us, times.view(pa.int64()).to_numpy(), side="right") - 1
    return pa.array(np.maximum(timed, 0).astype(np.int32))


def _activities(elements: Iterable[etree._Element]) -> Iterator[RawActivity]:
    """Activities as their end tags go by."""
    index = 0
    gathered = _Gathered()
    for element in elements:
        if element.tag in _POINT_TAGS:
            gathered.add_point(element)
        elif element.tag in _LAP_TAGS:
            gathered.laps.append(_lap(element))
            gathered.lap_count += 1
        else:
            yield _activity(index, element, gathered)
            index, gathered = index + 1, _Gathered()


class _Gathered:
    """The points and laps of an activity that has not ended yet."""

    def __init__(self) -> None:
        self.points = TextRows(POINTS_WITHOUT_LAP)
        self.laps = TextRows(RAW_LAPS)
        self.lap_count = 0
        self.lap_of_point = array("i")

    def add_point(self, element: etree._Element) -> None:
        self.points.append(_texts(element, _POINT_FIELDS))
        self.lap_of_point.append(self.lap_count)


def _texts(element: etree._Element, fields: Fields) -> Texts:
    """The first non-empty text of each wanted field below `element`."""
    found: Texts = {}
    _collect(element, fields, found)
    return found


def _collect(element: etree._Element, fields: Fields, found: Texts) -> None:
    for child in element:
        wanted = fields.get(child.tag)
        if wanted is None:
            continue
        if isinstance(wanted, str):
            if not found.get(wanted):
                found[wanted] = child.text
        else:
            _collect(child, wanted, found)


def _activity(index: int, element: etree._Element, gathered: _Gathered) -> RawActivity:
    laps, points = gathered.laps.table(), gathered.points.table()
    nested = np.array(gathered.lap_of_point, dtype=np.int32)
    of_lap = lap_index(points["time"].combine_chunks(), nested, laps)
    sport, device = _description(element)
    return RawActivity(index, FORMAT, sport, device, with_lap_index(points, of_lap), laps)


def _lap(element: etree._Element) -> Texts:
    return {"start_time": element.get("StartTime")} | _texts(element, _LAP_FIELDS)


def _description(element: etree._Element) -> tuple[str, str | None]:
    """Sport family and device of an activity element."""
    device = device_name(_texts(element, _CREATOR_FIELDS).get("device") or "")
    return _SPORTS.get(element.get("Sport", ""), "other"), device


def _what_instead(root: etree._Element) -> str:
    if root.tag not in _ROOT_TAGS:
        root_name = printable(etree.QName(root).localname, LONGEST_ROOT_NAME)
        return (
            f"The file is XML, but not Training Center XML: its root is '{root_name}'. "
            "Export the activity again as FIT, TCX or GPX."
        )
    for child in root:
        kind = _NOT_ACTIVITIES.get(etree.QName(child).localname)
        if kind and len(child):
            return f"The file holds {kind}, not a recorded activity."
    return "The file holds no activity with recorded points."
