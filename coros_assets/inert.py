"""Text from elsewhere, made harmless for where it is shown: file names, titles, devices, values, reasons.

Belongs here: the one rule of what may reach a terminal, a page or a spreadsheet as it stands. Does not:
the escaping that a language has for itself (SQL parameters, Jinja's HTML, JSON), or what is kept: files,
JSON and Parquet have every text as it was.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

UNSHOWABLE: Final = "\N{REPLACEMENT CHARACTER}"
"""Stands for a character that would steer a terminal, or that no font has."""

CUT: Final = "…"
PHRASE: Final = 120
"""Characters shown of a name, a title or a cell unless more are asked for."""

_BREAK: Final = re.compile(r"[^\S ]\s*")
_FORMULA: Final = re.compile(
    '(^|[;|])(?=[ "]*[-=+@\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH EQUALS SIGN}'
    "\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH COMMERCIAL AT}])"
)
# Letters and marks that are drawn as nothing, though Unicode does not call them format characters.
_SHAPELESS: Final = frozenset(
    "\N{COMBINING GRAPHEME JOINER}\N{HANGUL CHOSEONG FILLER}\N{HANGUL JUNGSEONG FILLER}"
    "\N{HANGUL FILLER}\N{HALFWIDTH HANGUL FILLER}"
)


def printable(text: str, limit: int | None = PHRASE) -> str:
    """`text` on one line of visible characters, at most `limit` of them if there is one.

    A line break or another white space is a blank. What has no shape of its own, such as a change of the
    writing direction or a zero-width space, is left out. Any other character that is not printable
    (controls, escape, lone surrogates) becomes a replacement character, and the end of what is too long
    an ellipsis.
    """
    if not (text.isascii() and text.isprintable()):
        text = "".join(map(_sign, _BREAK.sub(" ", text)))
    return text if limit is None or len(text) <= limit else text[: limit - 1] + CUT


def inert_cell(text: str) -> str:
    """`text` as a cell of a CSV file that a spreadsheet opens: printable, and no formula.

    An apostrophe stands before whatever would begin a formula, also behind a semicolon or a bar: a
    spreadsheet set to another language takes those for the end of a cell.
    """
    return _FORMULA.sub(r"\1'", printable(text, None))


@lru_cache(maxsize=4096)
def _sign(character: str) -> str:
    """What is shown for one character."""
    if unicodedata.category(character) == "Cf" or character in _SHAPELESS:
        return ""
    return character if character.isprintable() else UNSHOWABLE
