"""One door to all readers: bytes in, activities out, whatever the file is called.

Belongs here: telling formats apart by content. Does not: how a format is read (`tcx.py`, `fit.py`,
`gpx.py`).
"""

from __future__ import annotations

import re
from typing import Final

from coros_assets.errors import UnreadableFileError
from coros_assets.formats.fit import read_fit
from coros_assets.formats.gpx import read_gpx
from coros_assets.formats.raw import RawActivity
from coros_assets.formats.tcx import read_tcx

PARSER_VERSION: Final = "4"

_READ: Final = (".tcx", ".tsx", ".fit", ".gpx")
ARCHIVE_SUFFIX: Final = ".zip"
READ_SUFFIXES: Final = (*_READ, *(f"{suffix}.gz" for suffix in _READ), ARCHIVE_SUFFIX)

_FIT_MARK: Final = slice(8, 12)
_HEAD_BYTES: Final = 4096
_NOT_BLANK: Final = re.compile(rb"[^\x00 \t\r\n]")
_ROOTS: Final = re.compile(rb"<(\w{1,20}:)?(TrainingCenterDatabase|gpx)\b")


def is_activity(head: bytes) -> bool:
    """True if a file that begins so is FIT, TCX or GPX, whatever it is called."""
    if head[_FIT_MARK] == b".FIT":
        return True
    text = _letters(head).removeprefix(b"\xef\xbb\xbf").lstrip()
    return text.startswith(b"<") and _ROOTS.search(text) is not None


def read_activities(data: bytes) -> list[RawActivity]:
    """The activities in a decompressed file of any format, by its content, in file order.

    Raises:
        UnreadableFileError: the content is no readable activity file.
    """
    if not _NOT_BLANK.search(data):
        raise UnreadableFileError("The file is empty; export it again.")
    if data[_FIT_MARK] == b".FIT":
        return read_fit(data)
    head = _letters(data[:_HEAD_BYTES])
    if b"<" not in head:
        raise UnreadableFileError("The file is neither FIT nor XML, so no activity file; export it again.")
    return read_gpx(data) if b"<gpx" in head else read_tcx(data)


def _letters(head: bytes) -> bytes:
    """`head` without byte order mark and zeros, which UTF-16 has between the letters."""
    return head.removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").replace(b"\x00", b"")
