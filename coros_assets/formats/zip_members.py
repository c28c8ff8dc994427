"""The directory of a zip archive, and the content of its members, from bytes that may be hostile.

Belongs here: the records of PKWARE's APPNOTE 6.3.10, sections 4.3 to 4.5, as far as reading needs them.
Does not: which members are wanted, or how many bytes all of them may have (`archives.py`).

The standard library's `zipfile` is not used: it takes as many members as an archive names, refuses the
whole archive for one name that is not UTF-8, in the versions of Python that this project supports does
not always notice overlapping members, and needs 14 ms for the extra fields of one hostile member.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from typing import Final

from coros_assets.errors import UnreadableFileError
from coros_assets.formats.inflate import BARE, first_bytes, inflate
from coros_assets.formats.source import Source

MARKS: Final = (b"PK\x03\x04", b"PK\x05\x06")  # of an archive that holds something, and of an empty one
MAX_MEMBERS: Final = 20_000  # a run a day for 50 years
MAX_DIRECTORY_BYTES: Final = 8 * 2**20  # 400 a member; names, extra fields and comments are walked through

_LOCAL: Final = struct.Struct("<4s5H3L2H")
_ENTRY: Final = struct.Struct("<4s6H3L5H2L")
_END: Final = struct.Struct("<4s4H2LH")
_END64: Final = struct.Struct("<4sQ2H2L4Q")
_END64_LOCATOR_BYTES: Final = 20
_LONGEST_COMMENT: Final = 2**16
_LONGEST_NAME: Final = 1000  # bytes that are decoded, from the end; nobody reads more
_ZIP64_EXTRA: Final = 1
_IN_EXTRA: Final = 0xFFFFFFFF
_ENCRYPTED: Final = 0x2041  # bits 0, 6 (strong), 13 (directory too)
_UTF8: Final = 0x800
_STORED: Final = 0
_DEFLATED: Final = 8
_KIND: Final = 0o170000  # of the file in its Unix mode
_SYMLINK: Final = 0o120000


@dataclass(frozen=True)
class Member:
    """A member as the directory of `archive` states it."""

    name: str
    flags: int
    method: int
    checksum: int
    size_bytes: int
    unix_mode: int
    packed_bytes: int
    header_at: int
    archive: Source
    record: bytes = b""
    """What the directory says of it, as it stands there."""

    @property
    def is_file(self) -> bool:
        """False for a folder or a symbolic link."""
        return not self.name.endswith("/") and self.unix_mode & _KIND != _SYMLINK

    def packed(self, limit: int) -> memoryview:
        """At most `limit` bytes of what lies in the archive; none if there is no member."""
        header = bytes(self.archive[self.header_at : self.header_at + _LOCAL.size])
        if len(header) < _LOCAL.size or not header.startswith(MARKS[0]):
            return memoryview(b"")
        *_, name_bytes, extra_bytes = _LOCAL.unpack(header)
        start = self.header_at + _LOCAL.size + name_bytes + extra_bytes
        return memoryview(self.archive[start : start + min(self.packed_bytes, limit)])


def members(data: Source) -> list[Member]:
    """The members of the archive, in the order of its directory.

    Raises:
        UnreadableFileError: no whole archive, too many members, too much said of them, or an overlap.
    """
    try:
        found = list(_entries(data))
    except struct.error as error:
        raise _cut_short() from error
    _refuse_overlap(found)
    return found


def content(member: Member, limit: int) -> bytes:
    """What a member holds, of at most `limit` bytes.

    Raises:
        UnreadableFileError: too large, locked, packed by another method, damaged, or not what it says it is.
    """
    if member.flags & _ENCRYPTED:
        raise UnreadableFileError(
            "The file is protected by a password; unpack the archive and give the files."
        )
    if member.method not in (_STORED, _DEFLATED):
        raise UnreadableFileError(
            f"The file is packed by a method that is not read (number {member.method}); "
            "unpack the archive and give the files."
        )
    if member.size_bytes > limit:
        raise UnreadableFileError(f"The file expands to {member.size_bytes:,} bytes, which no activity does.")
    if member.method == _STORED:
        inside = bytes(member.packed(member.size_bytes))
    else:
        into = BytesIO()
        inflate(member.packed(limit), BARE, into, member.size_bytes)
        inside = into.getvalue()
    if len(inside) != member.size_bytes or zlib.crc32(inside) != member.checksum:
        raise UnreadableFileError(
            "The file is damaged: its size or checksum is not the archive's; copy the archive again."
        )
    return inside


def beginning(member: Member, count: int) -> bytes:
    """At most `count` first bytes of a member; none if it cannot be opened."""
    if member.flags & _ENCRYPTED or member.method not in (_STORED, _DEFLATED):
        return b""
    packed = member.packed(count)
    return bytes(packed) if member.method == _STORED else first_bytes(packed, BARE, count)


def _entries(data: Source) -> Iterator[Member]:
    begin, end, shift = _directory(data)
    directory = bytes(data[begin:end])
    at = count = 0
    while at < len(directory):
        record_at = at
        fields = _ENTRY.unpack_from(directory, at)
        if fields[0] != b"PK\x01\x02":
            raise _cut_short()
        count += 1
        if count > MAX_MEMBERS:
            raise UnreadableFileError(
                f"The zip archive holds more than {MAX_MEMBERS:,} files; unpack it and give its folder."
            )
        name_at = at + _ENTRY.size
        extra_at = name_at + fields[10]
        at = extra_at + fields[11] + fields[12]
        size, packed_size, header_at = _large(
            (fields[9], fields[8], fields[16]), directory[extra_at : extra_at + fields[11]]
        )
        name = _name(directory[max(name_at, extra_at - _LONGEST_NAME) : extra_at], fields[3])
        yield Member(
            name,
            fields[3],
            fields[4],
            fields[7],
            size,
            fields[15] >> 16,
            packed_size,
            header_at + shift,
            data,
            directory[record_at:at],
        )


def _directory(data: Source) -> tuple[int, int, int]:
    """Where the directory begins and ends, and how many bytes stand before the archive."""
    tail_at = max(0, len(data) - _END.size - _LONGEST_COMMENT - _END64_LOCATOR_BYTES - _END64.size)
    tail = bytes(data[tail_at : len(data)])
    at = tail.rfind(b"PK\x05\x06", max(0, len(tail) - _END.size - _LONGEST_COMMENT))
    if at < 0:
        raise _cut_short()
    _, disk, first_disk, _, _, size, offset, _ = _END.unpack_from(tail, at)
    end = at
    locator_at = at - _END64_LOCATOR_BYTES
    if locator_at >= _END64.size and tail[locator_at : locator_at + 4] == b"PK\x06\x07":
        end = locator_at - _END64.size
        mark, _, _, _, disk, first_disk, _, _, size, offset = _END64.unpack_from(tail, end)
        if mark != b"PK\x06\x06":
            raise _cut_short()
    end += tail_at
    if disk or first_disk:
        raise UnreadableFileError(
            "The file is one part of a zip archive in several; unpack it and give the files."
        )
    begin = end - size
    if begin < offset:
        raise _cut_short()
    if size > MAX_DIRECTORY_BYTES:
        raise UnreadableFileError(
            f"The list of files in the zip archive is larger than {MAX_DIRECTORY_BYTES // 2**20} MiB, "
            "which no program writes; unpack it and give its folder."
        )
    return begin, end, begin - offset


def _large(written: Sequence[int], extra: bytes) -> tuple[int, int, int]:
    """Size, packed size and position, from the extra field where 32 bits were too few."""
    wide: Iterator[int] = iter(())
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == _ZIP64_EXTRA:
            values = extra[at + 4 : at + 4 + length]
            wide = (value for (value,) in struct.iter_unpack("<Q", values[: len(values) // 8 * 8]))
            break
        at += 4 + length
    size, packed_size, header_at = (next(wide, each) if each == _IN_EXTRA else each for each in written)
    return size, packed_size, header_at


def _name(written: bytes, flags: int) -> str:
    """The name as text; many programs write UTF-8 without saying so, the others code page 437."""
    try:
        return written.decode()
    except UnicodeDecodeError:
        return written.decode("utf-8" if flags & _UTF8 else "cp437", "replace")


def _refuse_overlap(found: Sequence[Member]) -> None:
    """Members that share bytes make a small archive expand without end (Fifield 2019)."""
    ordered = sorted(found, key=lambda member: member.header_at)
    if any(one.header_at + _LOCAL.size + one.packed_bytes > two.header_at for one, two in pairwise(ordered)):
        raise UnreadableFileError("The zip archive holds files that overlap, as only a zip bomb does.")


def _cut_short() -> UnreadableFileError:
    return UnreadableFileError("The zip archive is cut short or damaged; copy it again.")
