"""XML to its wanted elements as their end tags go by, in bounded memory.

Belongs here: what a parser must keep beside the wanted elements, and how much of it is too much. Does not:
what may be parsed at all (`xml_guard.py`), or what the elements mean (`tcx_tree.py`, `gpx.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from lxml import etree

from coros_assets.errors import UnreadableFileError, first_line

PARSER_OPTIONS: Final[Mapping[str, Any]] = {
    "remove_comments": True,
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
}
MAX_KEPT: Final = 800_000  # elements and texts of 130 bytes; of a point its emptied element and a blank stay
MOST_OF_A_KIND: Final[Mapping[str, int]] = {
    **dict.fromkeys(("Trackpoint", "trkpt"), 250_000),  # three days at 1 Hz
    **dict.fromkeys(("Lap", "trkseg"), 100_000),
    **dict.fromkeys(("Activity", "trk"), 1_000),
}
_STEP_BYTES: Final = 2**20  # may become 50 MB of elements
_ROOT_WITHIN_BYTES: Final = 2**16


class EndedElements:
    """The elements called one of `tags`, each when its end tag was read, and afterwards the `root`.

    Whoever iterates clears each element once he has taken what he wants from it.

    Raises:
        UnreadableFileError: not well-formed, more than `MAX_KEPT` elements and texts not cleared, or more
            than `MOST_OF_A_KIND`.
    """

    def __init__(self, text: bytes, tags: tuple[str, ...]) -> None:
        """Takes guarded text."""
        self._text = text
        self._tags = tags
        self._seen: Counter[str] = Counter()
        self.root: Any = None

    def __iter__(self) -> Iterator[etree._Element]:
        """Parses step by step."""
        try:
            yield from self._parsed()
        except etree.XMLSyntaxError as error:
            raise UnreadableFileError(
                f"The file is not well-formed XML, perhaps cut short: {first_line(error)}."
            ) from error

    def _parsed(self) -> Iterator[etree._Element]:
        root_tag = _root_tag(self._text)
        parser = etree.XMLPullParser(("start", "end"), tag=(root_tag, *self._tags), **PARSER_OPTIONS)
        for start in range(0, len(self._text), _STEP_BYTES):
            parser.feed(self._text[start : start + _STEP_BYTES])
            yield from self._ended(parser, root_tag)
            self._refuse_bulk()
        parser.close()
        yield from self._ended(parser, root_tag)

    def _ended(self, parser: etree.XMLPullParser, root_tag: str) -> Iterator[etree._Element]:
        events: Iterable[tuple[str, Any]] = parser.read_events()
        for event, element in events:
            if self.root is None:
                self.root = element
            if event == "end" and (element.tag != root_tag or root_tag in self._tags):
                self._count(str(element.tag).rpartition("}")[2])
                yield element

    def _count(self, name: str) -> None:
        self._seen[name] += 1
        if self._seen[name] > MOST_OF_A_KIND[name]:
            raise UnreadableFileError(
                f"The file has more than {MOST_OF_A_KIND[name]:,} elements called {name}, "
                "which no recording has."
            )

    def _refuse_bulk(self) -> None:
        kept: Any = 0 if self.root is None else self.root.xpath("count(descendant::node())")
        if kept > MAX_KEPT:
            raise UnreadableFileError(
                f"The file has more than {MAX_KEPT:,} elements and texts beside its points."
            )


def _root_tag(text: bytes) -> str:
    """The tag of the outermost element."""
    parser = etree.XMLPullParser(("start",), **PARSER_OPTIONS)
    parser.feed(text[:_ROOT_WITHIN_BYTES])
    events: Iterable[tuple[str, Any]] = parser.read_events()
    for _, element in events:
        return str(element.tag)
    raise UnreadableFileError("The file is not well-formed XML: no element begins in its first 64 KiB.")
