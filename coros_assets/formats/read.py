"""One door to all readers: bytes in, activities out, whatever the file is called.

Belongs here: telling formats apart by content. Does not: how a format is read (`tcx.py`).
"""

from __future__ import annotations

from typing import Final

from coros_assets.errors import UnreadableFileError
from coros_assets.formats.raw import RawActivity
from coros_assets.formats.tcx import read_tcx
from coros_assets.formats.tcx_tree import FORMAT as TCX

PARSER_VERSION: Final = "1"

READ_SUFFIXES: Final = (".tcx", ".tsx", ".tcx.gz", ".tsx.gz")
LATER_SUFFIXES: Final = (".fit", ".gpx", ".zip", ".fit.gz", ".gpx.gz")


def activity_format(data: bytes) -> str:
    """The format of decompressed `data` by its content: `tcx`.

    Raises:
        UnreadableFileError: empty, or no format that can be read.
    """
    if not data.strip(b"\x00 \t\r\n"):
        raise UnreadableFileError("The file is empty; export it again.")
    if data[8:12] == b".FIT":
        raise UnreadableFileError("The file is a FIT file under another name, and FIT cannot be read yet.")
    if data.startswith(b"PK\x03\x04"):
        raise UnreadableFileError("The file is a zip archive under another name; unpack it first.")
    head = data[:4096]
    if b"<" not in head:
        raise UnreadableFileError("The file is not XML, so it is no TCX file; export it again.")
    if b"<gpx" in head:
        raise UnreadableFileError("The file is a GPX file under another name, and GPX cannot be read yet.")
    return TCX


def read_activities(data: bytes) -> list[RawActivity]:
    """The activities in a decompressed file, in file order.

    Raises:
        UnreadableFileError: the content is no readable activity file.
    """
    readers = {TCX: read_tcx}
    return readers[activity_format(data)](data)
