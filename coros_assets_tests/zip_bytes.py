"""Zip archives for tests, record by record, so that a test can make any field lie."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

ENCRYPTED = 1
UTF8 = 0x800
SYMLINK = 0o120777


def zip_of(files: Mapping[str, bytes], **options: int) -> bytes:
    """An ordinary archive, as Python's own `zipfile` writes it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()


@dataclass
class Entry:
    """A member; what is not given is what would be true."""

    name: bytes
    data: bytes = b""
    method: int = 8
    flags: int = 0
    size: int | None = None
    packed_size: int | None = None
    checksum: int | None = None
    header_at: int | None = None
    mode: int = 0
    extra: bytes = b""

    def packed(self) -> bytes:
        if self.method != 8:
            return self.data
        deflater = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
        return deflater.compress(self.data) + deflater.flush()


def forged(*entries: Entry, count: int | None = None, disk: int = 0) -> bytes:
    """An archive whose records say what the entries say."""
    body, directory, body_bytes = [], [], 0
    for entry in entries:
        packed = entry.packed()
        header_at = body_bytes if entry.header_at is None else entry.header_at
        checksum = zlib.crc32(entry.data) if entry.checksum is None else entry.checksum
        packed_size = len(packed) if entry.packed_size is None else entry.packed_size
        size = len(entry.data) if entry.size is None else entry.size
        common = (20, entry.flags, entry.method, 0, 0, checksum, packed_size, size, len(entry.name))
        local = struct.pack("<4s5H3L2H", b"PK\x03\x04", *common, 0) + entry.name
        body += [local, packed]
        body_bytes += len(local) + len(packed)
        attributes = (len(entry.extra), 0, 0, 0, entry.mode << 16, header_at)
        directory.append(struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 0x314, *common, *attributes))
        directory += [entry.name, entry.extra]
    total = len(entries) if count is None else count
    sizes = (sum(map(len, directory)), body_bytes)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", disk, disk, total % 2**16, total % 2**16, *sizes, 0)
    return b"".join([*body, *directory, end])
