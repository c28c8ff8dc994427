"""Deflated bytes to what they hold, in bounded memory.

Belongs here: zlib. Does not: what surrounds deflated bytes (`archives.py` knows gzip, `zip_members.py` zip).
"""

from __future__ import annotations

import zlib
from io import BytesIO
from typing import Final

from coros_assets.errors import UnreadableFileError

GZIP: Final = zlib.MAX_WBITS + 16  # zlib's codes for 'gzip around it' and 'nothing around it'
BARE: Final = -zlib.MAX_WBITS

_CHUNK_BYTES: Final = 2**16


def inflate(packed: memoryview, around: int, into: BytesIO, limit: int) -> int:
    """Appends what the stream at the start of `packed` holds; returns how many bytes the stream took.

    It stops soon after `into` has more than `limit` bytes: that is for the caller to refuse. A `BytesIO`
    hands out its bytes without a copy, so that nothing is ever held twice.

    Raises:
        UnreadableFileError: damaged or cut short.
    """
    inflater = zlib.decompressobj(around)
    for start in range(0, len(packed), _CHUNK_BYTES):
        chunk: bytes | memoryview = packed[start : start + _CHUNK_BYTES]
        end = start + len(chunk)
        is_full = True
        while is_full and not inflater.eof:
            try:
                inside = inflater.decompress(chunk, _CHUNK_BYTES)
            except zlib.error as error:
                raise UnreadableFileError("The compressed file is damaged; copy it again.") from error
            into.write(inside)
            if into.tell() > limit:
                return end
            chunk, is_full = inflater.unconsumed_tail, len(inside) == _CHUNK_BYTES
        if inflater.eof:
            return end - len(inflater.unused_data)
    raise UnreadableFileError("The compressed file was cut short; copy it again.")


def first_bytes(packed: memoryview, around: int, count: int) -> bytes:
    """At most `count` bytes of what the stream holds; as many as can be had if it is damaged."""
    try:
        return zlib.decompressobj(around).decompress(packed[:_CHUNK_BYTES], count)
    except zlib.error:
        return b""
