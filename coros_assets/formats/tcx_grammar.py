"""The tags that a plain track is made of, and which of them may follow which.

Belongs here: the grammar of tracks as COROS and Garmin write them, as tables for numpy. Does not: finding
tags in a file (`tcx_tags.py`), or what the elements mean (`tcx_tree.py`).

Every tag of the grammar stands in one element only, so it says by itself which element is open after it.
Where each tag stands in the element that the one before it left open, all are nested as XML demands: a look
at every pair of neighbours proves what a parser proves with a stack.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from coros_assets.formats.raw import RAW_POINTS
from coros_assets.formats.tcx_tree import EXTENSION_NAMESPACE

Words = NDArray[Any]  # uint64, or uint32 for half a word: bytes of a text, the first of them lowest
Kinds = NDArray[np.uint8]

# The prefixes that exporters use, and what they must stand for.
PREFIX: Final = "ns3"
PREFIXES: Final = {PREFIX: EXTENSION_NAMESPACE, "xsi": "http://www.w3.org/2001/XMLSchema-instance"}

_STANDS_IN: Final[Mapping[str, str | None]] = {
    "Track": None,
    "Trackpoint": "Track",
    **dict.fromkeys(("Time", "Position", "AltitudeMeters", "DistanceMeters", "HeartRateBpm"), "Trackpoint"),
    **dict.fromkeys(("Cadence", "SensorState", "Extensions"), "Trackpoint"),
    **dict.fromkeys(("LatitudeDegrees", "LongitudeDegrees"), "Position"),
    "Value": "HeartRateBpm",
    **dict.fromkeys(("TPX", f"{PREFIX}:TPX", "Speed"), "Extensions"),
    **dict.fromkeys(("RunCadence", "Watts"), "TPX"),
    **dict.fromkeys((f"{PREFIX}:Speed", f"{PREFIX}:RunCadence", f"{PREFIX}:Watts"), f"{PREFIX}:TPX"),
}
_EMPTY: Final = (f"{PREFIX}:TPX",)  # may also be written as one tag
_COLUMNS: Final = {
    "Time": "time",
    "LatitudeDegrees": "latitude_deg",
    "LongitudeDegrees": "longitude_deg",
    "AltitudeMeters": "altitude_m",
    "DistanceMeters": "distance_m",
    "Value": "heart_rate_bpm",
    "Cadence": "cadence",
    "Speed": "speed",
    "RunCadence": "cadence",
    "Watts": "power_w",
}
_DECLARED: Final = f' xmlns="{EXTENSION_NAMESPACE}"'.encode()
_ATTRIBUTES: Final = {
    "HeartRateBpm": (b"", b' xsi:type="HeartRateInBeatsPerMinute_t"'),
    "TPX": (b"", _DECLARED, _DECLARED + b' CadenceSensor="Footpod"'),
}

WORD_BYTES: Final = 8
HEAD_BYTES: Final = 4  # of a tag from its "<" on; they tell all apart but those of tracks and with a prefix


@dataclass(frozen=True)
class Tag:
    """A tag as it is written, the element it stands in, and the innermost one that is open after it.

    `endings`, where there are any, are the ways in which the tag goes on behind `text`, of which a file uses
    one; `column` is the column of points that the text behind the tag fills, up to the next tag.
    """

    text: bytes
    stands_in: str | None
    leaves_open: str | None
    endings: tuple[bytes, ...] = ()
    column: str | None = None


@dataclass(frozen=True)
class Window:
    """The word from byte `begin` on of the kinds of tags that are so long, and which of its bits are theirs.

    By kind; `first` is the first kind that is so long.
    """

    begin: int
    first: int
    expected: Words
    bits: Words


@dataclass(frozen=True)
class Lookup:
    """The kind of tag by four bytes of it; those of no tag give 0 or the kind of another."""

    factor: np.uint32
    kinds: Kinds

    def of(self, heads: Words) -> Kinds:
        """The kind for each number of four bytes."""
        return self.kinds.take((heads * self.factor) >> _SHIFT)


def _tags() -> list[Tag]:
    tags = []
    for name, parent in _STANDS_IN.items():
        column = _COLUMNS.get(name.removeprefix(f"{PREFIX}:"))
        attributes = _ATTRIBUTES.get(name)
        text = f"<{name}".encode()
        if attributes:
            tags.append(Tag(text, parent, name, tuple(each + b">" for each in attributes)))
        else:
            tags.append(Tag(text + b">", parent, name, column=column))
        tags.append(Tag(f"</{name}>".encode(), name, parent))
        if name in _EMPTY:
            tags.append(Tag(text + b"/>", parent, parent))
    return tags


# By kind, shorter texts first; kind 0 is any tag that stands outside the tracks.
TAGS: Final = (Tag(b"", None, None), *sorted(_tags(), key=lambda tag: len(tag.text)))
KIND: Final = {tag.text: kind for kind, tag in enumerate(TAGS)}
LENGTHS: Final = np.array([len(tag.text) for tag in TAGS])
LONGEST: Final = -(-int(LENGTHS[-1]) // WORD_BYTES) * WORD_BYTES  # bytes from a "<" on that are looked at

# The columns of points that texts fill, instants first; by kind its number among them, or the next for none.
COLUMNS: Final = tuple(name for name in RAW_POINTS.names if name in _COLUMNS.values())
COLUMN_OF_KIND: Final = np.array([(*COLUMNS, None).index(tag.column) for tag in TAGS], np.uint8)


def word(text: bytes) -> int:
    """Bytes as the number that they are in an array of words."""
    return int.from_bytes(text, "little")


_SHIFT: Final = np.uint32(32 - 8)  # leaves numbers below 256


def _lookup(kind_of_head: Mapping[int, int]) -> Lookup:
    """A table with a factor that keeps all the heads apart."""
    heads = np.array(list(kind_of_head), np.uint32)
    odd = np.arange(1, 2**20, 2).astype(np.uint32)
    factor = next(each for each in odd if len(np.unique((heads * each) >> _SHIFT)) == len(heads))
    kinds = np.zeros(256, np.uint8)
    kinds[(heads * factor) >> _SHIFT] = list(kind_of_head.values())
    return Lookup(factor, kinds)


_OPENS: Final = f"<{PREFIX}:".encode()
_CLOSES: Final = f"</{PREFIX}:".encode()
_UNLIKE: Final = [kind for kind, tag in enumerate(TAGS) if kind and tag.text not in (b"<Track>", b"</Track>")]
KIND_OF_HEAD: Final = _lookup({word(TAGS[kind].text[:HEAD_BYTES]): kind for kind in _UNLIKE})
# By what stands before the name in a tag with prefix, its kind by the head of the name.
PREFIXED: Final = {
    before: _lookup(
        {
            word(TAGS[kind].text[len(before) :][:HEAD_BYTES]): kind
            for kind in _UNLIKE
            if TAGS[kind].text.startswith(before)
        }
    )
    for before in (_OPENS, _CLOSES)
}


def _windows() -> Iterator[Window]:
    """Words that cover the whole text of every tag."""
    for begin in range(0, LONGEST, WORD_BYTES):
        parts = [tag.text[begin:][:WORD_BYTES] for tag in TAGS]
        expected = np.array([word(part) for part in parts], np.uint64)
        bits = np.array([word(b"\xff" * len(part)) for part in parts], np.uint64)
        yield Window(begin, int(np.searchsorted(LENGTHS, begin, side="right")), expected, bits)


WINDOWS: Final = tuple(_windows())


@cache
def followers(speed_in_tpx: bool) -> NDArray[np.bool_]:
    """Whether a tag of one kind may follow one of another, at `PAIRS` times the first plus the second.

    COROS writes Speed straight into Extensions, Garmin into TPX; a track in which both occur is not plain.
    """
    parent = "TPX" if speed_in_tpx else "Extensions"
    moved = {b"<Speed>": (parent, "Speed"), b"</Speed>": ("Speed", parent)}
    places = [moved.get(tag.text, (tag.stands_in, tag.leaves_open)) for tag in TAGS]
    allowed = np.zeros((PAIRS, PAIRS), np.bool_)
    for first, (_, leaves_open) in enumerate(places):
        for second, (stands_in, _) in enumerate(places):
            allowed[first, second] = leaves_open == stands_in
    return allowed.ravel()


PAIRS: Final = 64  # more than there are kinds, and a shift
