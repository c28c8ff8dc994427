"""One door to all readers: bytes in, activities out, whatever the file is called.

Belongs here: telling formats apart by content. Does not: how a format is read (`tcx.py`, `fit.py`,
`gpx.py`).
"""

from __future__ import annotations

from typing import Final

from coros_assets.errors import UnreadableFileError
from coros_assets.formats.fit import read_fit
from coros_assets.formats.gpx import read_gpx
from coros_assets.formats.raw import RawActivity
from coros_assets.formats.tcx import read_tcx

PARSER_VERSION: Final = "2"

_READ: Final = (".tcx", ".tsx", ".fit", ".gpx")
READ_SUFFIXES: Final = (*_READ, *(f"{suffix}.gz" for suffix in _READ))
LATER_SUFFIXES: Final = (".zip",)

_FIT_MARK: Final = slice(8, 12)
_HEAD_BYTES: Final = 4096


def read_activities(data: bytes) -> list[RawActivity]:
    """The activities in a decompressed file of any format, by its content, in file order.

    Raises:
        UnreadableFileError: the content is no readable activity file.
    """
    if not data.strip(b"\x00 \t\r\n"):
        raise UnreadableFileError("The file is empty; export it again.")
    if data[_FIT_MARK] == b".FIT":
        return read_fit(data)
    if data.startswith(b"PK\x03\x04"):
        raise UnreadableFileError("The file is a zip archive under another name; unpack it first.")
    head = data[:_HEAD_BYTES].replace(b"\x00", b"")  # UTF-16 has zeros between the letters
    if b"<" not in head:
        raise UnreadableFileError("The file is neither FIT nor XML, so no activity file; export it again.")
    return read_gpx(data) if b"<gpx" in head else read_tcx(data)
