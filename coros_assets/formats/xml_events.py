"""XML to its wanted elements as their end tags go by, in bounded memory.

Belongs here: what a parser must keep beside the wanted elements, and how much of it is too much. Does not:
what may be parsed at all (`xml_guard.py`), or what the elements mean (`tcx_tree.py`, `gpx.py`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from lxml import etree

from coros_assets.errors import UnreadableFileError
from coros_assets.inert import printable

PARSER_OPTIONS: Final[Mapping[str, Any]] = {
    "remove_comments": True,
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
}
MAX_KEPT: Final = 400_000  # elements, texts and, twice, attributes, of 130 bytes; of a lap two or three stay
MAX_NAMES: Final = 2_000  # the parser never forgets a name, nor a long blank before a tag; real files have 60
MOST_OF_A_KIND: Final[Mapping[str, int]] = {
    **dict.fromkeys(("Trackpoint", "trkpt"), 250_000),  # three days at 1 Hz
    **dict.fromkeys(("Lap", "trkseg"), 100_000),
    **dict.fromkeys(("Activity", "trk"), 1_000),
}
_POINTS: Final = ("Trackpoint", "trkpt")
_STEP_BYTES: Final = 2**17  # may become 6 MB of elements
LONGEST_ROOT_NAME: Final = 40  # letters of it in a reason
_UNCOUNTED: Final = 100_000  # new elements, texts and attributes, at most, between two counts
_ROOT_WITHIN_BYTES: Final = 2**16
_NAME: Final = re.compile(rb"<([^\s/>]+)")
_POSITION: Final = re.compile(r", (line \d+, column \d+|(use|try) XML_PARSE).*")
_UNKNOWN_ENTITY: Final = "no element found"  # all that the parser says of one
_LONGEST_ERROR: Final = 120
_LONG_BLANK: Final = re.compile(rb">(\s{16,59})<")


class EndedElements:
    """The elements called one of `tags`, each when its end tag was read, and afterwards the `root`.

    Whoever iterates takes what he wants from an element before he asks for the next: then it is emptied.

    Raises:
        UnreadableFileError: not well-formed, or more of anything than a recording has.
    """

    def __init__(self, text: bytes, tags: tuple[str, ...]) -> None:
        """Takes guarded text."""
        self._text = text
        self._tags = tags
        self._seen: Counter[str] = Counter()
        self._names: set[bytes] = set()
        self._last_point: Any = None
        self._uncounted = 0
        self.root: Any = None

    def __iter__(self) -> Iterator[etree._Element]:
        """Parses step by step."""
        try:
            yield from self._parsed()
        except etree.XMLSyntaxError as error:
            raise _not_well_formed(error) from error

    def _parsed(self) -> Iterator[etree._Element]:
        root_tag = _root_tag(self._text)
        parser = etree.XMLPullParser(("start", "end"), tag=(root_tag, *self._tags), **PARSER_OPTIONS)
        for start in range(0, len(self._text), _STEP_BYTES):
            step = self._text[start : start + _STEP_BYTES]
            self._refuse_long(step)
            parser.feed(step)
            yield from self._ended(parser, root_tag)
            self._refuse_bulk(step)
        parser.close()
        yield from self._ended(parser, root_tag)

    def _ended(self, parser: etree.XMLPullParser, root_tag: str) -> Iterator[etree._Element]:
        events: Iterable[tuple[str, Any]] = parser.read_events()
        for event, element in events:
            if self.root is None:
                self.root = element
            if event == "end" and (element.tag != root_tag or root_tag in self._tags):
                name = str(element.tag).rpartition("}")[2]
                self._count(name)
                yield element
                self._forget(element, is_point=name in _POINTS)

    def _forget(self, element: etree._Element, *, is_point: bool) -> None:
        """Empties an element; a point is taken out as soon as the parser is past it."""
        element.clear()
        if self._last_point is not None and (parent := self._last_point.getparent()) is not None:
            parent.remove(self._last_point)
        self._last_point = element if is_point else None

    def _count(self, name: str) -> None:
        self._seen[name] += 1
        if self._seen[name] > MOST_OF_A_KIND[name]:
            raise UnreadableFileError(
                f"The file has more than {MOST_OF_A_KIND[name]:,} elements called {name}, "
                "which no recording has."
            )

    def _refuse_long(self, step: bytes) -> None:
        """Refuses what the parser would have to take in as one, and what it would never forget."""
        if len(step) == _STEP_BYTES and b">" not in step:
            raise UnreadableFileError(
                f"The file has a tag or text of more than {_STEP_BYTES // 2**10} KiB, which no recording has."
            )
        self._names.update(_NAME.findall(step), _LONG_BLANK.findall(step))
        if len(self._names) > MAX_NAMES:
            raise UnreadableFileError(
                f"The file has more than {MAX_NAMES:,} different tags and indents, which no recording has."
            )

    def _refuse_bulk(self, step: bytes) -> None:
        self._uncounted += 2 * (step.count(b"<") + step.count(b"="))
        if self._uncounted <= _UNCOUNTED or self.root is None:
            return
        self._uncounted = 0
        kept: Any = self.root.xpath("count(descendant::node()) + 2 * count(descendant-or-self::*/@*)")
        if kept > MAX_KEPT:
            raise UnreadableFileError(
                f"The file has more than {MAX_KEPT:,} elements, texts and attributes beside its points."
            )


def _not_well_formed(error: etree.XMLSyntaxError) -> UnreadableFileError:
    line = f" in line {error.lineno}" if error.lineno else ""
    what = _POSITION.sub("", (error.msg or "").partition("\n")[0])
    if what == _UNKNOWN_ENTITY:
        what = "it uses an entity that it does not define"
    return UnreadableFileError(
        f"The file is not well-formed XML{line}, perhaps cut short: {printable(what, _LONGEST_ERROR)}. "
        "Copy or export it again."
    )


def _root_tag(text: bytes) -> str:
    """The tag of the outermost element."""
    parser = etree.XMLPullParser(("start",), **PARSER_OPTIONS)
    parser.feed(text[:_ROOT_WITHIN_BYTES])
    events: Iterable[tuple[str, Any]] = parser.read_events()
    for _, element in events:
        return str(element.tag)
    raise UnreadableFileError(
        "The file is not well-formed XML: no element begins in its first 64 KiB; export it again."
    )
