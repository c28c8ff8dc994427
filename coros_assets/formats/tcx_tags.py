"""The tags of a file's tracks, found by numpy and proved to be those of the grammar.

Belongs here: taking a file apart at its tracks; the position and kind of every tag in them. Does not: the
grammar (`tcx_grammar.py`), or the values between the tags (`tcx_columns.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import DTypeLike, NDArray

from coros_assets.formats.tcx_grammar import (
    HEAD_BYTES,
    HEADS,
    KIND,
    KIND_OF_HEAD,
    LENGTHS,
    LONGEST,
    PAIRS,
    PREFIX,
    PREFIXED,
    PREFIXES,
    TAGS,
    WINDOWS,
    Kinds,
    Words,
    followers,
    word,
)

Positions = NDArray[np.int64]

_TRACK: Final = b"<Track>"
_END: Final = b"</Track>"
_LESS_THAN: Final = ord("<")
_SPACE: Final = ord(" ")
_BLANKS: Final = b"\n\r\t"
_LARGEST_SKELETON: Final = 2**20  # bytes; a thousand laps have half as many
_MOST_SKELETON_TAGS: Final = 100_000
_FIRST_TRACK_WITHIN: Final = 2**16  # bytes; where the tree expects the root
_LONGEST_TEXT: Final = 2**20  # bytes; a parser's limit is ten times as high


@dataclass(frozen=True)
class Tags:
    """A file with `<Track/>` for each of its `tracks`, and the tags of these in the order of the file.

    Of each tag: the position of its `<`, and its kind. `prefixes` are those of `PREFIXES` that occur.
    """

    skeleton: bytes
    tracks: int
    at: Positions
    kinds: Kinds
    prefixes: frozenset[str]


def plain_tags(text: bytes) -> Tags | None:
    """The tags of the tracks in guarded text; None unless they are proved to obey the grammar."""
    at = np.flatnonzero(np.frombuffer(text, np.uint8) == _LESS_THAN)
    if not len(at) or at[-1] > len(text) - LONGEST:
        return None
    heads = words(text, at, np.uint32)
    opens = _exactly(text, at, heads, _TRACK)
    ends = _exactly(text, at, heads, _END)
    if not len(opens) or len(opens) != len(ends) or not _take_turns(opens, ends):
        return None
    bounds = list(zip(at[opens].tolist(), (at[ends] + len(_END)).tolist(), strict=True))
    skeleton = _skeleton(text, bounds)
    if skeleton is None or not (_has_plain_bytes(text) or _has_plain_bytes(_cut_out(text, bounds))):
        return None
    runs = [slice(first, last + 1) for first, last in zip(opens.tolist(), ends.tolist(), strict=True)]
    at, heads = np.concatenate([at[run] for run in runs]), np.concatenate([heads[run] for run in runs])
    kinds = _kinds(text, at, heads)
    prefixes = _proved(text, at, heads, kinds)
    return None if prefixes is None else Tags(skeleton, len(bounds), at, kinds, prefixes)


def words(text: bytes, at: Positions, dtype: DTypeLike) -> Words:
    """The bytes of the text from each position on, as one number."""
    size = np.dtype(dtype).itemsize
    everywhere: Words = np.ndarray((len(text) - size + 1,), dtype, text, strides=(1,))
    return everywhere[at]


def _exactly(text: bytes, at: Positions, heads: Words, tag: bytes) -> NDArray[np.int64]:
    """The numbers of the tags that are exactly `tag`; `Trackpoint` begins like `Track`."""
    alike = np.flatnonzero(heads == word(tag[:HEAD_BYTES]))
    ends = words(text, at[alike] + (len(tag) - HEAD_BYTES), np.uint32)
    exact: NDArray[np.int64] = alike[ends == word(tag[-HEAD_BYTES:])]
    return exact


def _take_turns(opens: NDArray[np.int64], ends: NDArray[np.int64]) -> bool:
    """True if every track ends before the next one opens."""
    return bool(np.all(opens < ends) and np.all(ends[:-1] < opens[1:]))


def _skeleton(text: bytes, bounds: Sequence[tuple[int, int]]) -> bytes | None:
    """The text with its tracks emptied; None if it holds points or comments, or too much of anything."""
    outside = [0, *(end for _, end in bounds)]
    until = [*(start for start, _ in bounds), len(text)]
    bones = b"<Track/>".join(text[start:end] for start, end in zip(outside, until, strict=True))
    is_large = len(bones) > _LARGEST_SKELETON or bones.count(b"<") > _MOST_SKELETON_TAGS
    is_late = bounds[0][0] > _FIRST_TRACK_WITHIN
    return None if is_large or is_late or b"<!" in bones or b"Trackpoint" in bones else bones


def _cut_out(text: bytes, bounds: Sequence[tuple[int, int]]) -> bytes:
    return b"".join(text[start:end] for start, end in bounds)


def _has_plain_bytes(text: bytes) -> bool:
    """True without references, ends of character data, control characters, or other alphabets."""
    if not text.isascii() or b"&" in text or b"]" in text:
        return False
    data = np.frombuffer(text, np.uint8)
    control = np.count_nonzero(data < _SPACE)
    for blank in _BLANKS:
        if control:
            control -= np.count_nonzero(data == blank)
    return not control


def _kinds(text: bytes, at: Positions, heads: Words) -> Kinds:
    """The likely kind of each tag, which is still to be proved."""
    kinds = KIND_OF_HEAD.of(heads)
    for before, lookup in PREFIXED.items():
        prefixed = np.flatnonzero(heads == word(before[:HEAD_BYTES]))
        if len(prefixed):
            kinds[prefixed] = lookup.of(words(text, at[prefixed] + len(before), np.uint32))
    for tag in (_TRACK, _END):
        kinds[_exactly(text, at, heads, tag)] = KIND[tag]
    return kinds


def _proved(text: bytes, at: Positions, heads: Words, kinds: Kinds) -> frozenset[str] | None:
    """The prefixes that occur, if every tag is what its kind says and may stand where it stands."""
    if not np.array_equal(HEADS.take(kinds), heads) or not np.all(np.diff(at) <= _LONGEST_TEXT):
        return None
    order = np.argsort(kinds, kind="stable")
    first_of_kind = np.searchsorted(kinds.take(order), np.arange(len(TAGS) + 1))
    numbers = np.diff(first_of_kind)
    sorted_at = at.take(order)
    may_follow = followers(speed_in_tpx=bool(numbers[KIND[b"<TPX"]]))
    pairs = kinds[:-1].astype(np.uint16) * np.uint16(PAIRS) + kinds[1:]
    if not np.all(may_follow.take(pairs)):
        return None
    for window in WINDOWS:
        found = numbers[window.first :]
        from_there = sorted_at[first_of_kind[window.first] :] + np.repeat(window.begin, found)
        said = words(text, from_there, window.expected.dtype)
        if not np.array_equal(said, np.repeat(window.expected, found)):
            return None
    return _prefixes(text, sorted_at, first_of_kind)


def _prefixes(text: bytes, sorted_at: Positions, first_of_kind: Positions) -> frozenset[str] | None:
    """The prefixes that occur; None if a tag with attributes has others than the first of its kind."""
    used = set()
    for kind, tag in enumerate(TAGS):
        here = sorted_at[first_of_kind[kind] : first_of_kind[kind + 1]]
        if not len(here):
            continue
        if f"{PREFIX}:".encode() in tag.text:
            used.add(PREFIX)
        if tag.endings == (b"",):
            continue
        rest = here + LENGTHS[kind]
        ending = next((each for each in tag.endings if text.startswith(each, int(rest[0]))), None)
        if ending is None or not _all_go_on(text, rest, ending):
            return None
        used |= {prefix for prefix in PREFIXES if f" {prefix}:".encode() in ending}
    return frozenset(used)


def _all_go_on(text: bytes, at: Positions, ending: bytes) -> bool:
    """True if the text goes on with `ending` from each of the positions, which ascend."""
    if at[-1] + len(ending) > len(text):
        return False
    said = np.frombuffer(text, np.uint8)
    return all(np.all(said[at + place] == byte) for place, byte in enumerate(ending))
