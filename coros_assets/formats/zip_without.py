"""A zip archive without some of its activity files, every other byte of its members as it was.

Belongs here: writing an archive anew from the pieces of the old one. Does not: which files go
(`bronze/erasure.py`), or reading archives (`archives.py`, `zip_members.py`).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from coros_assets.errors import UnreadableFileError
from coros_assets.formats.archives import Unpacked, is_wanted, unpacked
from coros_assets.formats.source import Source
from coros_assets.formats.xml_guard import MAX_BYTES
from coros_assets.formats.zip_members import MARKS, Member, content, members

_LOCAL: Final = struct.Struct("<4s5H3L2H")
_END: Final = struct.Struct("<4s4H2LH")
_HEADER_AT: Final = 42  # in the record of the directory
_DESCRIPTOR_BYTES: Final = 24  # at most, after a member whose sizes were not known when it was begun
_HAS_DESCRIPTOR: Final = 8
_PIECE_BYTES: Final = 2**20
_ELSEWHERE: Final = b"\xff" * 4  # the position stands in an extra field, as in an archive of gigabytes

Judge = Callable[[Unpacked], bool]


@dataclass(frozen=True)
class _Kept:
    """A member of the new archive: as it was, or an archive in the archive with other content."""

    member: Member
    content: bytes | None = None


def without(name: str, data: Source, goes: Judge) -> Iterator[memoryview] | None:
    """The pieces of the archive without the files that `goes` is true of; none at all if no other is left.

    None if nothing goes. An archive whose only activity files go is given up as a whole, with what lay
    beside them.

    Raises:
        UnreadableFileError: no whole archive, or one that cannot be written anew.
    """
    found = members(data)
    kept = [kept for member in found if (kept := _kept(name, member, goes)) is not None]
    if len(kept) == len(found) and all(each.content is None for each in kept):
        return None
    if not any(is_wanted(each.member) for each in kept):
        return iter(())
    if any(each.member.record[_HEADER_AT : _HEADER_AT + 4] == _ELSEWHERE for each in kept):
        raise UnreadableFileError("The zip archive is of a kind that cannot be written anew.")
    starts = sorted(member.header_at for member in found)
    ends = dict(zip(starts, [*starts[1:], len(data)], strict=True))
    return _written(sorted(kept, key=lambda each: each.member.header_at), ends)


def _kept(name: str, member: Member, goes: Judge) -> _Kept | None:
    if not is_wanted(member):
        return _Kept(member)
    try:
        inside = content(member, MAX_BYTES)
    except UnreadableFileError as error:
        locked = Unpacked(name, bytes(member.packed(MAX_BYTES)), str(error))
        return None if goes(locked) else _Kept(member)
    if inside.startswith(MARKS):
        return _kept_archive(name, member, inside, goes)
    return None if any(goes(file) for file in unpacked(name, inside)) else _Kept(member)


def _kept_archive(name: str, member: Member, inside: bytes, goes: Judge) -> _Kept | None:
    try:
        pieces = without(name, inside, goes)
    except UnreadableFileError:
        return _Kept(member)
    if pieces is None:
        return _Kept(member)
    written = b"".join(pieces)
    return _Kept(member, written) if written else None


def _written(kept: Sequence[_Kept], ends: Mapping[int, int]) -> Iterator[memoryview]:
    """The members one after the other, and the directory; `ends` says where the next header is after each."""
    at = 0
    directory = []
    for each in kept:
        end = ends[each.member.header_at]
        pieces, record = _copied(each.member, end) if each.content is None else _stored(each)
        directory.append(_moved(record, at))
        for piece in pieces:
            at += len(piece)
            yield memoryview(piece)
    records = b"".join(directory)
    yield memoryview(records)
    count = len(directory)
    yield memoryview(_END.pack(b"PK\x05\x06", 0, 0, count, count, len(records), at, 0))


def _copied(member: Member, limit: int) -> tuple[Iterator[bytes], bytes]:
    """The bytes of a member with its header, but nothing of what lies between it and the next."""
    archive, begin = member.archive, member.header_at
    *_, name_bytes, extra_bytes = _LOCAL.unpack(bytes(archive[begin : begin + _LOCAL.size]))
    end = begin + _LOCAL.size + name_bytes + extra_bytes + member.packed_bytes
    if member.flags & _HAS_DESCRIPTOR:
        end += _DESCRIPTOR_BYTES
    steps = range(begin, min(end, limit), _PIECE_BYTES)
    return (bytes(archive[at : min(at + _PIECE_BYTES, end, limit)]) for at in steps), member.record


def _stored(each: _Kept) -> tuple[Iterator[bytes], bytes]:
    """A member with other content, not packed: what is in it is packed already."""
    inside, record = each.content or b"", each.member.record
    name_bytes = struct.unpack_from("<H", record, 28)[0]
    name = record[46 : 46 + name_bytes]
    flags = each.member.flags & ~_HAS_DESCRIPTOR
    common = (20, flags, 0, *struct.unpack_from("<2H", record, 12), zlib.crc32(inside), len(inside))
    local = _LOCAL.pack(b"PK\x03\x04", *common, len(inside), len(name), 0)
    made_by, tail = record[:6], record[34:46]
    entry = struct.pack("<5H3L3H", *common, len(inside), len(name), 0, 0)
    return iter((local, name, inside)), made_by + entry + tail + name


def _moved(record: bytes, at: int) -> bytes:
    return record[:_HEADER_AT] + struct.pack("<L", at) + record[_HEADER_AT + 4 :]
