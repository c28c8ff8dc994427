"""Compressed files to the bytes inside, within limits.

Belongs here: gzip and its bombs. Does not: what the bytes are (`sniff.py`).
"""

from __future__ import annotations

import zlib
from typing import Final

from coros_assets.errors import UnreadableFileError

MAX_DECOMPRESSED_BYTES: Final = 256 * 2**20
MAX_RATIO: Final = 200  # real activity files compress 10 to 40 times
_GZIP: Final = b"\x1f\x8b"
_GZIP_WINDOW: Final = 31  # zlib's code for 'gzip header, largest window'


def decompressed(data: bytes) -> bytes:
    """`data` itself, or what it holds if it is gzip.

    Raises:
        UnreadableFileError: broken gzip, or one that expands beyond reason.
    """
    if not data.startswith(_GZIP):
        return data
    limit = min(MAX_DECOMPRESSED_BYTES, max(len(data) * MAX_RATIO, 2**20))
    inflater = zlib.decompressobj(_GZIP_WINDOW)
    try:
        inside = inflater.decompress(data, limit)
    except zlib.error as error:
        raise UnreadableFileError("The file is broken gzip; export it again.") from error
    if inflater.unconsumed_tail:
        raise UnreadableFileError(
            f"The file expands to more than {limit // 2**20} MiB, which no activity does."
        )
    if not inflater.eof:
        raise UnreadableFileError("The file is gzip that was cut short; copy it again.")
    return inside
