"""The tags of a file, found by numpy, and those in its tracks proved to be the ones of the grammar.

Belongs here: taking a file apart at its tracks; the position and kind of every tag. Does not: the
grammar (`tcx_grammar.py`), or the values between the tags (`tcx_columns.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from coros_assets.formats.tcx_grammar import (
    HEAD_BYTES,
    KIND,
    KIND_OF_HEAD,
    LONGEST,
    PAIRS,
    PREFIXED,
    PREFIXES,
    TAGS,
    WINDOWS,
    WORD_BYTES,
    Kinds,
    Window,
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
# So much is looked at in one go, in little memory that is used again.
_STEP_BYTES: Final = 2**18
_STEP: Final = 2**15  # tags
_LARGEST_SKELETON: Final = 2**20  # bytes; a thousand laps have half as many
_MOST_SKELETON_PARTS: Final = 100_000  # tags and attributes
_FIRST_TRACK_WITHIN: Final = 2**16  # bytes; where the tree expects the root
_TAG_WITHIN_BYTES: Final = 2**15  # the tree refuses a text or tag of four times as many


@dataclass(frozen=True)
class Tags:
    """A file with `<Track/>` for each of its `tracks`, and all of its tags.

    Of each tag: the position of its `<`, and its kind, which is 0 outside the tracks. `prefixes` are those of
    `PREFIXES` that occur in the tracks.
    """

    skeleton: bytes
    tracks: int
    at: Positions
    kinds: Kinds
    prefixes: frozenset[str]


def plain_tags(text: bytes) -> Tags | None:
    """The tags of guarded text; None unless those in its tracks are proved to obey the grammar."""
    at = _all_tags(text)
    if not len(at) or at[-1] > len(text) - LONGEST or not _are_everywhere(text, at):
        return None
    kinds = np.concatenate([_kinds(text, at[first : first + _STEP]) for first in range(0, len(at), _STEP)])
    opens, ends = np.flatnonzero(kinds == KIND[_TRACK]), np.flatnonzero(kinds == KIND[_END])
    if not len(opens) or len(opens) != len(ends) or not _take_turns(opens, ends):
        return None
    for end, start in zip([-1, *ends.tolist()], [*opens.tolist(), len(kinds)], strict=True):
        kinds[end + 1 : start] = 0
    bounds = list(zip(at[opens].tolist(), (at[ends] + len(_END)).tolist(), strict=True))
    skeleton = _skeleton(text, bounds)
    if skeleton is None or not _have_plain_bytes(text, bounds) or not _obey(kinds):
        return None
    prefixes = _prefixes(text, at, kinds)
    return None if prefixes is None else Tags(skeleton, len(bounds), at, kinds, prefixes)


def _all_tags(text: bytes) -> Positions:
    """The position of every `<`."""
    data = np.frombuffer(text, np.uint8)
    steps = range(0, len(data), _STEP_BYTES)
    return np.concatenate([np.flatnonzero(data[at : at + _STEP_BYTES] == _LESS_THAN) + at for at in steps])


def _are_everywhere(text: bytes, at: Positions) -> bool:
    """True if a tag begins in each so many bytes, but for the rest of the text."""
    until = np.searchsorted(at, np.arange(0, len(text) + 1, _TAG_WITHIN_BYTES))
    return bool(np.all(until[1:] > until[:-1]))


def words(text: bytes, at: Positions, size: int = WORD_BYTES) -> Words:
    """So many bytes of the text from each position on, as one number."""
    everywhere: Words = np.ndarray((len(text) - size + 1,), f"<u{size}", text, strides=(1,))
    return everywhere[at]


def _take_turns(opens: NDArray[np.int64], ends: NDArray[np.int64]) -> bool:
    """True if every track ends before the next one opens."""
    return bool(np.all(opens < ends) and np.all(ends[:-1] < opens[1:]))


def _skeleton(text: bytes, bounds: Sequence[tuple[int, int]]) -> bytes | None:
    """The text with its tracks emptied; None if it holds points or comments, or too much of anything."""
    outside = [0, *(end for _, end in bounds)]
    until = [*(start for start, _ in bounds), len(text)]
    bones = b"<Track/>".join(text[start:end] for start, end in zip(outside, until, strict=True))
    if len(bones) > _LARGEST_SKELETON or bounds[0][0] > _FIRST_TRACK_WITHIN:
        return None
    is_bulky = bones.count(b"<") + bones.count(b"=") > _MOST_SKELETON_PARTS
    return None if is_bulky or b"<!" in bones or b"Trackpoint" in bones else bones


def _have_plain_bytes(text: bytes, bounds: Sequence[tuple[int, int]]) -> bool:
    """True if the tracks, if not the whole text, are plain; only names of devices are rarely so."""
    return _is_plain(text) or all(_is_plain(text[start:end]) for start, end in bounds)


def _is_plain(text: bytes) -> bool:
    """True without references, ends of character data, control characters, or other alphabets."""
    if b"&" in text or b"]" in text:
        return False
    data = np.frombuffer(text, np.int8)  # bytes of other alphabets are negative
    return all(_is_printed(data[at : at + _STEP_BYTES]) for at in range(0, len(data), _STEP_BYTES))


def _is_printed(data: NDArray[np.int8]) -> bool:
    """True if there are none but printed characters and blanks."""
    others = np.count_nonzero(data < _SPACE)
    for blank in _BLANKS:
        if others:
            others -= np.count_nonzero(data == blank)
    return not others


def _kinds(text: bytes, at: Positions) -> Kinds:
    """The kind of each tag, but for its ending; 0 if it is none of the grammar."""
    first_words = words(text, at)
    heads = first_words.astype(np.uint32)
    kinds = KIND_OF_HEAD.of(heads)
    for before, lookup in PREFIXED.items():
        prefixed = np.flatnonzero(heads == word(before[:HEAD_BYTES]))
        if len(prefixed):
            kinds[prefixed] = lookup.of(words(text, at[prefixed] + len(before), HEAD_BYTES))
    for tag in (_TRACK, _END):
        kinds[first_words & WINDOWS[0].bits[KIND[tag]] == word(tag)] = KIND[tag]
    kinds[_differ(first_words, WINDOWS[0], kinds)] = 0
    for window in WINDOWS[1:]:
        so_long = np.flatnonzero(kinds >= window.first)
        said = words(text, at.take(so_long) + window.begin)
        kinds[so_long[_differ(said, window, kinds.take(so_long))]] = 0
    return kinds


def _differ(said: Words, window: Window, kinds: Kinds) -> NDArray[np.bool_]:
    """True for each tag whose word in the window is not that of its kind."""
    own = window.bits.take(kinds)
    own &= said
    differ: NDArray[np.bool_] = own != window.expected.take(kinds)
    return differ


def _obey(kinds: Kinds) -> bool:
    """True if every tag may stand where it stands."""
    may_follow = followers(speed_in_tpx=KIND[b"<TPX"] in kinds.tobytes())
    return bool(may_follow.take(kinds[:-1].astype(np.uint16) * np.uint16(PAIRS) + kinds[1:]).all())


def _prefixes(text: bytes, at: Positions, kinds: Kinds) -> frozenset[str] | None:
    """The prefixes that occur in tags; None if those of a kind do not end alike, as in the grammar."""
    occurring = kinds.tobytes()
    said = [tag.text for kind, tag in enumerate(TAGS) if b":" in tag.text and kind in occurring]
    for kind, tag in enumerate(TAGS):
        if tag.endings and kind in occurring:
            ending = _common_ending(text, at[kinds == kind] + len(tag.text), tag.endings)
            if ending is None:
                return None
            said.append(ending)
    return frozenset(prefix for prefix in PREFIXES if any(f"{prefix}:".encode() in each for each in said))


def _common_ending(text: bytes, at: Positions, endings: Sequence[bytes]) -> bytes | None:
    """The one of the endings with which the text goes on from all of the positions, which ascend."""
    ending = next((each for each in endings if text.startswith(each, int(at[0]))), None)
    if ending is None or at[-1] + len(ending) > len(text):
        return None
    data = np.frombuffer(text, np.uint8)
    return ending if all(np.all(data[at + place] == byte) for place, byte in enumerate(ending)) else None
