"""The fast way through a TCX file: its tracks by numpy, everything else by the tree.

Belongs here: the values between the tags of tracks that are proved plain, as columns of points, given back
to their laps. Does not: the proof (`tcx_tags.py`), or what the elements mean (`tcx_tree.py`). Whatever is
not proved plain is left to the tree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa
from lxml import etree
from numpy.typing import NDArray

from coros_assets.formats.raw import RAW_POINTS, RawActivity
from coros_assets.formats.tcx_grammar import COLUMN_OF_KIND, COLUMNS, KIND, LENGTHS, PREFIXES
from coros_assets.formats.tcx_tags import Positions, Tags, plain_tags
from coros_assets.formats.tcx_tree import FORMAT, TRACK_TAGS, Skeleton, are_apart, lap_index, skeletons
from coros_assets.formats.text import instants, numbers
from coros_assets.formats.xml_events import MOST_OF_A_KIND, PARSER_OPTIONS


@dataclass(frozen=True)
class _Points:
    """The columns of all points of a file, and how many points each of its tracks has."""

    columns: Mapping[str, pa.Array]
    of_track: Positions


def read_columns(text: bytes) -> list[RawActivity] | None:
    """The activities of guarded TCX text as `tcx_tree.read_tree` would give them, or None if unproved."""
    tags = plain_tags(text)
    if tags is None:
        return None
    try:
        root = etree.fromstring(tags.skeleton, etree.XMLParser(**PARSER_OPTIONS))
    except etree.XMLSyntaxError:
        return None
    activities = skeletons(root)
    tracks = [track for activity in activities for lap in activity.tracks for track in lap]
    if len(activities) > MOST_OF_A_KIND["Activity"] or not are_apart(root):
        return None
    if len(tracks) != tags.tracks or not all(_means_what_it_says(track, tags.prefixes) for track in tracks):
        return None
    points = _points(text, tags)
    if points is None:
        return None
    return [activity for activity in _assembled(activities, points) if activity.points.num_rows]


def _means_what_it_says(track: etree._Element, prefixes: frozenset[str]) -> bool:
    """True if names in the track are in the namespaces that the tree takes them for."""
    if track.tag not in TRACK_TAGS:
        return False
    return not prefixes or all(track.nsmap.get(prefix) == PREFIXES[prefix] for prefix in prefixes)


def _points(text: bytes, tags: Tags) -> _Points | None:
    """The values of all points; None if a point has two for the same column, or there are too many."""
    points_until = np.cumsum(tags.kinds == KIND[b"<Trackpoint>"], dtype=np.int32)
    count = int(points_until[-1])
    if count > MOST_OF_A_KIND["Trackpoint"]:
        return None
    column_of_tag = COLUMN_OF_KIND.take(tags.kinds)
    values = np.flatnonzero(column_of_tag < len(COLUMNS))
    column_of_value = column_of_tag.take(values)
    by_column = np.argsort(column_of_value, kind="stable")
    column = column_of_value.take(by_column)
    point = points_until.take(values.take(by_column)) - 1
    if np.any((point[1:] <= point[:-1]) & (column[1:] == column[:-1])):
        return None
    texts = _texts(text, tags, values).take(pa.array(2 * by_column))
    first = np.searchsorted(column, np.arange(len(COLUMNS) + 1)).tolist()
    times, numeric = instants(texts.slice(0, first[1])), numbers(texts.slice(first[1]))
    columns = {COLUMNS[0]: _spread(times, point[: first[1]], count)}
    for name, (start, end) in zip(COLUMNS[1:], pairwise(first[1:]), strict=True):
        columns[name] = _spread(numeric.slice(start - first[1], end - start), point[start:end], count)
    ends = np.flatnonzero(tags.kinds == KIND[b"</Track>"])
    return _Points(columns, np.diff(points_until[ends], prepend=0))


def _texts(text: bytes, tags: Tags, values: Positions) -> pa.StringArray:
    """The text behind each of the given tags, in turn with all that stands before the next of them."""
    bounds = np.empty(2 * len(values) + 1, np.int32)
    bounds[:-1:2] = tags.at.take(values) + LENGTHS.take(tags.kinds.take(values))
    bounds[1::2] = tags.at.take(values + 1)
    bounds[-1] = bounds[-2] if len(values) else 0
    return pa.StringArray.from_buffers(2 * len(values), pa.py_buffer(bounds), pa.py_buffer(text))


def _spread(values: pa.Array, places: NDArray[np.int32], count: int) -> pa.Array:
    """An array with the values at their places and nulls between them."""
    if len(values) == count:
        return values
    source = np.full(count, -1)
    source[places] = np.arange(len(values))
    return values.take(pa.array(source, mask=source < 0))


def _assembled(activities: Sequence[Skeleton], points: _Points) -> list[RawActivity]:
    """The points given back to their laps, by the number of the track they were in."""
    read, track, point = [], 0, 0
    for activity in activities:
        tracks_of_lap = [len(tracks) for tracks in activity.tracks]
        of_track = points.of_track[track : track + sum(tracks_of_lap)]
        lap_of_track = np.repeat(np.arange(len(tracks_of_lap), dtype=np.int32), tracks_of_lap)
        nested = np.repeat(lap_of_track, of_track)
        part = {name: column.slice(point, len(nested)) for name, column in points.columns.items()}
        part["lap_index"] = lap_index(part["time"], nested, activity.laps)
        table = pa.Table.from_arrays([part[name] for name in RAW_POINTS.names], schema=RAW_POINTS)
        read.append(
            RawActivity(activity.source_index, FORMAT, activity.sport, activity.device, table, activity.laps)
        )
        track, point = track + len(lap_of_track), point + len(nested)
    return read
