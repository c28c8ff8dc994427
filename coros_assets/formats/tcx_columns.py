"""The fast way through a TCX file: its tracks by a columnar parser, everything else by the tree.

Belongs here: proving that a file's tracks are of the plain kind that the columnar parser, which knows
local names only, reads as the tree would; and reading those. Does not: what the elements mean
(`tcx_tree.py`). Whatever is not proved plain is left to the tree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from lxml import etree
from numpy.typing import NDArray
from xml2arrow import XmlToArrowParser
from xml2arrow.exceptions import Xml2ArrowError

from coros_assets.formats.raw import RAW_POINTS, RawActivity
from coros_assets.formats.tcx_tree import (
    EXTENSION_NAMESPACE,
    FORMAT,
    TRACK_TAGS,
    Skeleton,
    lap_index,
    skeletons,
)
from coros_assets.formats.text import instants
from coros_assets.formats.xml_events import MOST_OF_A_KIND, PARSER_OPTIONS

# The first four bytes of each tag that a plain track may hold, and the columns its text fills. Tags
# that fill none are containers, or known to hold nothing of interest.
_FILLS: Final = {
    "Time": ("time",),
    "Lati": ("latitude_deg",),
    "Long": ("longitude_deg",),
    "Alti": ("altitude_m",),
    "Dist": ("distance_m",),
    "Valu": ("heart_rate_bpm",),
    "Cade": ("cadence",),
    "Spee": ("speed", "tpx_speed"),
    "RunC": ("tpx_cadence",),
    "Watt": ("power_w",),
    **dict.fromkeys(("Trac", "Posi", "Hear", "Exte", "TPX>", "TPX ", "TPX/", "Sens"), ()),
}
_KNOWN: Final = {*_FILLS, *(f"/{tag[:3]}" for tag in _FILLS)}
_CODE_BYTES: Final = 4
_PREFIX: Final = "ns3:"  # the one prefix that exporters use, and as long as a code
_EXTENSION_DECLARATION: Final = f' xmlns="{EXTENSION_NAMESPACE}"'.encode()
_OPEN: Final = b"<T>"
_CLOSE: Final = b"</T>"
_TRACK: Final = b"<Track>"
_END: Final = b"</Track>"
_LESS_THAN: Final = ord("<")
_SPACE: Final = ord(" ")
_LARGEST_SKELETON: Final = 2**20  # bytes; a thousand laps have half as many
_BLANKS: Final = list(b"\n\r\t")

TagCounts = dict[str, int]
Positions = NDArray[np.int64]
Codes = NDArray[np.uint32]


@dataclass(frozen=True)
class _Split:
    """A file with `<Track/>` for each `<Track>…</Track>`; those tracks in one document; their tags."""

    skeleton: bytes
    tracks: bytes
    count: int
    tags: TagCounts


def read_columns(text: bytes) -> list[RawActivity] | None:
    """The activities of guarded TCX text as `tcx_tree.read_tree` would give them, or None if unproved."""
    split = _split(text)
    if split is None or not _has_plain_bytes(split.tracks):
        return None
    try:
        root = etree.fromstring(split.skeleton, etree.XMLParser(**PARSER_OPTIONS))
        points = _parser().parse(split.tracks)["points"]
    except (etree.XMLSyntaxError, Xml2ArrowError):
        return None
    activities = skeletons(root)
    tracks = [track for activity in activities for lap in activity.tracks for track in lap]
    if len(points) > MOST_OF_A_KIND["Trackpoint"] or len(activities) > MOST_OF_A_KIND["Activity"]:
        return None
    is_whole = len(tracks) == split.count and all(_is_plain(track, _PREFIX in split.tags) for track in tracks)
    if not is_whole or not _says_it_all(points, split.tags):
        return None
    return [activity for activity in _assembled(activities, points) if activity.points.num_rows]


@cache
def _parser() -> XmlToArrowParser:
    return XmlToArrowParser(Path(__file__).with_name("tcx_points.yaml"))


def _split(text: bytes) -> _Split | None:
    """`text` taken apart at its tracks; None if they are not plain or hold unknown tags."""
    tags_at = np.flatnonzero(np.frombuffer(text, np.uint8) == _LESS_THAN)
    codes = _codes(text, tags_at + 1)
    opens = _named(text, tags_at[codes == _code("Trac")], _TRACK)
    ends = _named(text, tags_at[codes == _code("/Tra")], _END)
    if not opens or len(opens) != len(ends) or not _take_turns(opens, ends):
        return None
    outside = [0, *(end + len(_END) for end in ends)]
    bones = b"<Track/>".join(text[start:end] for start, end in zip(outside, [*opens, len(text)], strict=True))
    if b"Trackpoint" in bones or len(bones) > _LARGEST_SKELETON:
        return None
    inside = [memoryview(text)[start : end + len(_END)] for start, end in zip(opens, ends, strict=True)]
    within = np.zeros(len(tags_at), dtype=bool)
    for first, last in np.searchsorted(tags_at, np.column_stack([opens, ends])):
        within[first : last + 1] = True
    counts = _tag_counts(text, tags_at[within] + 1, codes[within])
    return None if counts is None else _Split(bones, b"".join([_OPEN, *inside, _CLOSE]), len(inside), counts)


def _codes(text: bytes, positions: Positions) -> Codes:
    """Four bytes of the text from each position on, as one number."""
    anywhere = np.ndarray((len(text) - _CODE_BYTES + 1,), "<u4", text, strides=(1,))
    return anywhere[np.minimum(positions, len(anywhere) - 1)]


def _code(tag: str) -> int:
    return int.from_bytes(tag.encode("ascii"), "little")


def _named(text: bytes, positions: Positions, tag: bytes) -> list[int]:
    """Those positions at which exactly `tag` stands; `Trackpoint` begins like `Track`."""
    last = _codes(text, positions + len(tag) - _CODE_BYTES)
    return [int(at) for at in positions[last == _code(tag[-_CODE_BYTES:].decode())]]


def _take_turns(opens: list[int], ends: list[int]) -> bool:
    """True if every track ends before the next one opens."""
    in_turn = [position for pair in zip(opens, ends, strict=True) for position in pair]
    return in_turn == sorted(in_turn)


def _has_plain_bytes(tracks: bytes) -> bool:
    """True without references, control characters, other alphabets, or namespaces but the extension's."""
    if not tracks.isascii() or b"&" in tracks or b"]" in tracks:
        return False
    data = np.frombuffer(tracks, np.uint8)
    control = np.bincount(data[data < _SPACE], minlength=_SPACE)
    if control.sum() != control[_BLANKS].sum():
        return False
    return b"=" not in tracks or tracks.count(b"xmlns") == tracks.count(_EXTENSION_DECLARATION)


def _tag_counts(text: bytes, positions: Positions, codes: Codes) -> TagCounts | None:
    """How often each tag opens, by its first four bytes; None if there is any tag that is not known."""
    counts: TagCounts = {}
    closes = codes == _code("/" + _PREFIX[:3])
    prefixed = closes | (codes == _code(_PREFIX))
    if prefixed.any():
        counts[_PREFIX] = int(np.count_nonzero(prefixed))
        names = _codes(text, positions + _CODE_BYTES)[prefixed & ~closes]
        codes = np.concatenate([codes[~prefixed], names])
    known = {tag: int(np.count_nonzero(codes == _code(tag))) for tag in _KNOWN}
    return counts | known if sum(known.values()) == len(codes) else None


def _is_plain(track: etree._Element, uses_prefix: bool) -> bool:
    """True if names in the track mean what the tree takes them for."""
    prefix = _PREFIX.removesuffix(":")
    return track.tag in TRACK_TAGS and (not uses_prefix or track.nsmap.get(prefix) == EXTENSION_NAMESPACE)


def _says_it_all(points: pa.RecordBatch, counts: TagCounts) -> bool:
    """True if every tag of a value gave one finite value: none was repeated, empty or elsewhere."""
    for tag, columns in _FILLS.items():
        given = sum(len(points) - points[name].null_count for name in columns)
        if columns and counts.get(tag, 0) != given:
            return False
    both = [("speed", "tpx_speed"), ("cadence", "tpx_cadence")]
    if any(pc.any(pc.and_(points[one].is_valid(), points[two].is_valid())).as_py() for one, two in both):
        return False
    numbers = [column for column in points.columns if pa.types.is_floating(column.type)]
    return all(pc.all(pc.is_finite(column)).as_py() in (True, None) for column in numbers)


def _assembled(activities: Sequence[Skeleton], points: pa.RecordBatch) -> list[RawActivity]:
    """The points given back to their laps, by the number of the track they were in."""
    columns = {name: points[name] for name in points.schema.names}
    columns["time"] = instants(points["time"])
    columns["speed"] = pc.coalesce(points["speed"], points["tpx_speed"])
    columns["cadence"] = pc.coalesce(points["cadence"], points["tpx_cadence"])
    track_of_point = points["<track>"].to_numpy()
    read, first_track = [], 0
    for activity in activities:
        lap_of_track = np.repeat(
            np.arange(len(activity.tracks), dtype=np.int32), [len(tracks) for tracks in activity.tracks]
        )
        first, end = np.searchsorted(track_of_point, [first_track, first_track + len(lap_of_track)])
        part = {name: column.slice(first, end - first) for name, column in columns.items()}
        nested = lap_of_track[track_of_point[first:end] - first_track]
        part["lap_index"] = lap_index(part["time"], nested, activity.laps)
        table = pa.table([part[name] for name in RAW_POINTS.names], schema=RAW_POINTS)
        read.append(
            RawActivity(activity.source_index, FORMAT, activity.sport, activity.device, table, activity.laps)
        )
        first_track += len(lap_of_track)
    return read
