"""The tags of a file's tracks, found by numpy and proved to be those of the grammar.

Belongs here: taking a file apart at its tracks; the position and kind of every tag in them. Does not: the
grammar (`tcx_grammar.py`), or the values between the tags (`tcx_columns.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from coros_assets.formats.tcx_grammar import (
    FIRST_BITS,
    FIRST_WORDS,
    HEAD_BYTES,
    KIND,
    KIND_OF_HEAD,
    LONGEST,
    NO_ENDING,
    PAIRS,
    PREFIXED,
    PREFIXES,
    TAGS,
    WINDOWS,
    WORD_BYTES,
    Kinds,
    Tag,
    Words,
    followers,
    word,
)

Positions = NDArray[np.int64]

_TRACK: Final = b"<Track>"
_END: Final = b"</Track>"
_TPX: Final = KIND[b"<TPX"]
_LESS_THAN: Final = ord("<")
_SPACE: Final = ord(" ")
_BLANKS: Final = b"\n\r\t"
_LARGEST_SKELETON: Final = 2**20  # bytes; a thousand laps have half as many
_MOST_SKELETON_TAGS: Final = 100_000
_FIRST_TRACK_WITHIN: Final = 2**16  # bytes; where the tree expects the root
_LONGEST_TEXT: Final = 9 * 2**20  # bytes between two tags; a parser's limit is 10,000,000


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
    first_words = words(text, at)
    heads = first_words.astype(np.uint32)
    opens, ends = _exactly(text, at, heads, _TRACK), _exactly(text, at, heads, _END)
    if not len(opens) or len(opens) != len(ends) or not _take_turns(opens, ends):
        return None
    bounds = list(zip(at[opens].tolist(), (at[ends] + len(_END)).tolist(), strict=True))
    skeleton = _skeleton(text, bounds)
    if skeleton is None or not (_has_plain_bytes(text) or _has_plain_bytes(_cut_out(text, bounds))):
        return None
    runs = [slice(first, last + 1) for first, last in zip(opens.tolist(), ends.tolist(), strict=True)]
    at, first_words = (np.concatenate([each[run] for run in runs]) for each in (at, first_words))
    kinds = _kinds(text, at, first_words.astype(np.uint32))
    last = np.cumsum(ends - opens + 1) - 1
    kinds[last], kinds[last - (ends - opens)] = KIND[_END], KIND[_TRACK]
    prefixes = _proved(text, at, first_words, kinds)
    return None if prefixes is None else Tags(skeleton, len(bounds), at, kinds, prefixes)


def words(text: bytes, at: Positions, size: int = WORD_BYTES) -> Words:
    """So many bytes of the text from each position on, as one number."""
    everywhere: Words = np.ndarray((len(text) - size + 1,), f"<u{size}", text, strides=(1,))
    return everywhere[at]


def _exactly(text: bytes, at: Positions, heads: Words, tag: bytes) -> NDArray[np.int64]:
    """The numbers of the tags that are exactly `tag`; `Trackpoint` begins like `Track`."""
    alike = np.flatnonzero(heads == word(tag[:HEAD_BYTES]))
    ends = words(text, at[alike] + (len(tag) - HEAD_BYTES), HEAD_BYTES)
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
    if b"&" in text or b"]" in text:
        return False
    data = np.frombuffer(text, np.int8)  # bytes of other alphabets are negative
    unusual = np.count_nonzero(data < _SPACE)
    for blank in _BLANKS:
        if unusual:
            unusual -= np.count_nonzero(data == blank)
    return not unusual


def _kinds(text: bytes, at: Positions, heads: Words) -> Kinds:
    """The likely kind of each tag, which is still to be proved."""
    kinds = KIND_OF_HEAD.of(heads)
    for before, lookup in PREFIXED.items():
        prefixed = np.flatnonzero(heads == word(before[:HEAD_BYTES]))
        if len(prefixed):
            kinds[prefixed] = lookup.of(words(text, at[prefixed] + len(before), HEAD_BYTES))
    return kinds


def _proved(text: bytes, at: Positions, first_words: Words, kinds: Kinds) -> frozenset[str] | None:
    """The prefixes that occur, if every tag is what its kind says and may stand where it stands."""
    if not np.array_equal(first_words & FIRST_BITS.take(kinds), FIRST_WORDS.take(kinds)):
        return None
    if len(text) > _LONGEST_TEXT and np.diff(at).max() > _LONGEST_TEXT:
        return None
    order = np.argsort(kinds, kind="stable")
    first = np.searchsorted(kinds.take(order), np.arange(len(TAGS) + 1))
    may_follow = followers(speed_in_tpx=bool(first[_TPX] < first[_TPX + 1]))
    if not may_follow.take(kinds[:-1].astype(np.uint16) * np.uint16(PAIRS) + kinds[1:]).all():
        return None
    said = _said(text, at.take(order), first)
    if said is None:
        return None
    return frozenset(prefix for prefix in PREFIXES if any(f"{prefix}:".encode() in each for each in said))


def _said(text: bytes, at: Positions, first: Positions) -> list[bytes] | None:
    """The tags that occur, one of each kind; None if not all of a kind are alike, and in the grammar.

    Takes positions sorted by kind, and where in them each kind begins.
    """
    numbers = first[1:] - first[:-1]
    for window in WINDOWS:
        found = numbers[window.first :]
        from_there = at[first[window.first] :] + np.repeat(window.begin, found)
        if not np.array_equal(words(text, from_there), np.repeat(window.expected, found)):
            return None
    said = []
    for kind in np.flatnonzero(numbers).tolist():
        ending = _ending(text, TAGS[kind], at[first[kind] : first[kind + 1]])
        if ending is None:
            return None
        said.append(TAGS[kind].text + ending)
    return said


def _ending(text: bytes, tag: Tag, at: Positions) -> bytes | None:
    """How the tags of a kind at these positions, which ascend, go on; None unless all go on alike."""
    if tag.endings == NO_ENDING:
        return b""
    rest = at + len(tag.text)
    ending = next((each for each in tag.endings if text.startswith(each, int(rest[0]))), None)
    if ending is None or rest[-1] + len(ending) > len(text):
        return None
    data = np.frombuffer(text, np.uint8)
    return ending if all(np.all(data[rest + place] == byte) for place, byte in enumerate(ending)) else None
