"""A landed file to the activity files in it: the file itself, or what gzip and zip hold.

Belongs here: which members are activity files, what they are called, and limits on everything together.
Does not: the layout of zip (`zip_members.py`), or whether a file's content can be read (`read.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Final

from coros_assets.errors import UnreadableFileError
from coros_assets.formats import xml_guard, zip_members
from coros_assets.formats.inflate import GZIP, first_bytes, inflate
from coros_assets.formats.read import READ_SUFFIXES, is_activity
from coros_assets.formats.source import Source
from coros_assets.formats.zip_members import Member
from coros_assets.inert import printable

MAX_ARCHIVE_BYTES: Final = 512 * 2**20  # ten years of TCX are 200 MiB of zip
MAX_TOTAL_BYTES: Final = 8 * 2**30  # of all an archive holds; ten years of TCX are 3 GiB
MAX_RATIO: Final = 200  # real activity files compress 10 to 40 times
ALWAYS_ALLOWED_BYTES: Final = 2**20  # whatever the ratio
MAX_GZIP_STREAMS: Final = 4096  # in a row; block gzip makes one for each 64 KiB
MAX_ZIP_DEPTH: Final = 2

_MARK_BYTES: Final = 4
_GZIP_MARK: Final = b"\x1f\x8b"
_HEAD_BYTES: Final = 4096
_LONGEST_NAME: Final = 200
_MACOS_FOLDER: Final = "__MACOSX"
_MACOS_PREFIX: Final = "._"  # of a file that holds only what macOS knows about another file


@dataclass(frozen=True)
class Unpacked:
    """A file that was landed, alone or in an archive.

    `name` is for showing and never a path; `data` is the file's content or, if `reason` says why it
    cannot be had, what lies in its place in the archive, as far as a file may be long.
    """

    name: str
    data: Source
    reason: str | None = None


@dataclass(frozen=True)
class Share:
    """Every how many-th member of an archive, and from which on, so that several processes can open one.

    What is not a member, a file that is no archive or the reason why one is refused, is in the first share.
    """

    first: int = 0
    step: int = 1


WHOLE: Final = Share()


def unpacked(name: str, data: Source, share: Share = WHOLE) -> Iterator[Unpacked]:
    """The activity files in a landed file, one at a time; a file that is no archive gives itself.

    Of a zip archive only its directory and one file are read into memory at a time.

    In a zip archive whatever is neither called nor content of an activity file is passed over. An
    archive without any gives one item with a reason; the iterator itself never raises.
    """
    allowance = _Allowance(zip_members.MAX_MEMBERS, min(MAX_TOTAL_BYTES, _reasonable(len(data))))
    yield from _opened(name, data, allowance, MAX_ZIP_DEPTH, share)


@dataclass
class _Allowance:
    """How many members, and bytes in them, an archive may still hold, at all its depths together."""

    members: int
    bytes: int

    def spend(self, found: Sequence[Member]) -> None:
        """Takes off what the members say they hold; `zip_members.content` holds them to it."""
        self.members -= len(found)
        self.bytes -= sum(member.size_bytes for member in found)
        if self.members < 0 or self.bytes < 0:
            raise UnreadableFileError(
                "The zip archive expands to more than any folder of activities does; "
                "unpack it and give the files."
            )


@dataclass
class _Names:
    """Printable names of an archive's members, each given once."""

    archive: str
    given: set[str] = field(default_factory=set)
    repeated: int = 0

    def shown(self, written: str) -> str:
        """Folders and name below the archive's, without what points elsewhere or cannot be seen."""
        steps = printable(written, None).replace("\\", "/").split("/")
        clean = "/".join(step for step in steps if step not in {"", ".", ".."})
        if len(clean) > _LONGEST_NAME:
            clean = f"…{clean[1 - _LONGEST_NAME :]}"
        name = f"{self.archive}/{clean}"
        while name in self.given:
            self.repeated += 1
            name = f"{self.archive}/{clean} ({self.repeated + 1})"
        self.given.add(name)
        return name


def _opened(
    name: str, data: Source, allowance: _Allowance, zips_left: int, share: Share = WHOLE
) -> Iterator[Unpacked]:
    mark = bytes(data[:_MARK_BYTES])
    try:
        if mark.startswith(zip_members.MARKS):
            yield from _of_zip(name, data, allowance, zips_left, share)
        elif not share.first:
            yield Unpacked(name, _of_gzip(data) if mark.startswith(_GZIP_MARK) else _whole(data))
    except UnreadableFileError as error:
        if not share.first:
            yield Unpacked(name, data, str(error))


def _of_zip(
    name: str, data: Source, allowance: _Allowance, zips_left: int, share: Share
) -> Iterator[Unpacked]:
    if not zips_left:
        raise UnreadableFileError(
            "The zip archive lies in one that lies in another; unpack it and give the files."
        )
    if len(data) > MAX_ARCHIVE_BYTES:
        raise UnreadableFileError(
            f"The zip archive is larger than {MAX_ARCHIVE_BYTES // 2**20} MiB; unpack it and give its folder."
        )
    found = zip_members.members(data)
    allowance.spend(found)
    names = _Names(name)
    wanted = [(names.shown(member.name), member) for member in found if is_wanted(member)]
    if not wanted:
        raise UnreadableFileError("The zip archive holds no TCX, FIT or GPX file.")
    for shown, member in wanted[share.first :: share.step]:
        try:
            content = zip_members.content(member, xml_guard.MAX_BYTES)
        except UnreadableFileError as error:
            yield Unpacked(shown, bytes(member.packed(xml_guard.MAX_BYTES)), str(error))
        else:
            yield from _opened(shown, content, allowance, zips_left - 1)


def is_wanted(member: Member) -> bool:
    """True for an activity file or an archive by its name, or an activity file by how it begins."""
    *folders, name = member.name.split("/")
    if not member.is_file or _MACOS_FOLDER in folders or name.startswith(_MACOS_PREFIX):
        return False
    if name.lower().endswith(READ_SUFFIXES):
        return True
    head = zip_members.beginning(member, _HEAD_BYTES)
    if head.startswith(_GZIP_MARK):
        head = first_bytes(memoryview(head), GZIP, _HEAD_BYTES)
    return is_activity(head)


def _whole(data: Source) -> bytes:
    if len(data) > xml_guard.MAX_BYTES:
        raise UnreadableFileError(xml_guard.TOO_LARGE)
    return bytes(data[:])


def _of_gzip(packed: Source) -> bytes:
    """What all the streams hold that follow each other; bytes after the last are left, as gunzip does.

    Raises:
        UnreadableFileError: damaged, cut short, beyond reason, or with another archive inside.
    """
    data = _whole(packed)
    limit = min(xml_guard.MAX_BYTES, _reasonable(len(data)))
    is_dense = limit < xml_guard.MAX_BYTES
    beyond = f"{MAX_RATIO} times its size" if is_dense else f"{limit // 2**20} MiB"
    into = BytesIO()
    at = streams = 0
    while not at or data[at : at + 2] == _GZIP_MARK:
        streams += 1
        if streams > MAX_GZIP_STREAMS:
            raise UnreadableFileError(f"The file holds more than {MAX_GZIP_STREAMS:,} gzip streams in a row.")
        at += inflate(memoryview(data)[at:], GZIP, into, limit)
        if into.tell() > limit:
            raise UnreadableFileError(f"The file expands to more than {beyond}, which no activity does.")
    inside = into.getvalue()
    if inside.startswith((_GZIP_MARK, *zip_members.MARKS)):
        raise UnreadableFileError("The file is an archive inside gzip; unpack it once.")
    return inside


def _reasonable(packed_bytes: int) -> int:
    """How many bytes so many may expand to."""
    return max(packed_bytes * MAX_RATIO, ALWAYS_ALLOWED_BYTES)
