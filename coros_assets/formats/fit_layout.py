"""Where the messages of a FIT file stand in its bytes.

Belongs here: headers, checksums, definitions, limits. Does not: the values in the messages
(`fit_messages.py`) or what they stand for (`fit_profile.py`).
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import Final

from coros_assets.errors import UnreadableFileError
from coros_assets.formats.crc16 import crc16

# Each is a multiple of what the longest and richest real recordings hold.
MAX_BYTES: Final = 32 * 2**20  # 28 h at 1 Hz with every field is 6 MB
MAX_MESSAGES: Final = 1_000_000  # definitions included; a watch writes up to three a second
MAX_DEFINITIONS: Final = 1000  # distinct ones; a real file has up to 34
MAX_FIELDS: Final = 20_000  # of distinct definitions; a real file has up to 1,046
MAX_CHAINED: Final = 100
SIGNATURE: Final = b".FIT"
COMPRESSED: Final = 0x80  # the header's bit that says: the low five bits are the time

_SHORTEST_HEADER: Final = 12
_CRC_BYTES: Final = 2
_DEFINITION: Final = 0x40
_WITH_DEVELOPER_FIELDS: Final = 0x20
_BYTES_BETWEEN_COUNTS: Final = 2**18
_LONGEST_RUN: Final = 64  # messages looked ahead at once


@dataclass(frozen=True)
class Field:
    """Where a field begins in its message, its size in bytes, and its base type number."""

    start: int
    size: int
    base_type: int


@dataclass
class Block:
    """All messages of one definition, and where their contents start; the byte before is the header."""

    message: int
    order: str
    size: int
    fields: dict[int, Field]
    developer_fields: dict[tuple[int, int], Field]
    positions: array[int] = field(default_factory=lambda: array("I"))


class Budget:
    """What may still be read of a file, and of the files that follow it in the same bytes."""

    def __init__(self) -> None:
        self._messages = MAX_MESSAGES
        self._definitions = MAX_DEFINITIONS
        self._fields = MAX_FIELDS

    def require_messages(self, count: int) -> None:
        """Refuses a file that has had `count` messages so far if those are too many."""
        if count > self._messages:
            raise UnreadableFileError(
                f"The file has more than {MAX_MESSAGES:,} messages, which no recording has."
            )

    def spend_messages(self, count: int) -> None:
        """Leaves so many messages fewer to the files that follow."""
        self._messages -= count

    def spend_definition(self, fields: int) -> None:
        """Counts a new definition and its fields."""
        self._definitions -= 1
        self._fields -= fields
        if self._definitions < 0:
            raise broken(f"more than {MAX_DEFINITIONS:,} kinds of message")
        if self._fields < 0:
            raise broken(f"kinds of message with more than {MAX_FIELDS:,} fields")


def broken(what: str) -> UnreadableFileError:
    """The error for a file that breaks the protocol."""
    return UnreadableFileError(f"The file is no valid FIT file: it has {what}; export it again.")


def chained_blocks(data: bytes) -> tuple[list[list[Block]], bool]:
    """Of each of the FIT files that follow each other in `data` its blocks; and whether more bytes follow.

    Raises:
        UnreadableFileError: no FIT file, cut short, damaged, or beyond any recording's size.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableFileError(f"The file is larger than {MAX_BYTES // 2**20} MiB, which no recording is.")
    files: list[list[Block]] = []
    budget = Budget()
    start = 0
    while start < len(data) and (not files or data[start + 8 : start + 12] == SIGNATURE):
        if len(files) == MAX_CHAINED:
            raise UnreadableFileError(f"The file holds more than {MAX_CHAINED} FIT files in a row.")
        content, end = _bounds(data, start)
        files.append(_walk(data, content, end, budget))
        start = end + _CRC_BYTES
    if not files:
        raise UnreadableFileError("The file is empty; export it again.")
    return files, start < len(data)


def _bounds(data: bytes, start: int) -> tuple[int, int]:
    """Where the messages of the FIT file at `start` begin and end, its checksum proved."""
    header = data[start : start + _SHORTEST_HEADER]
    if len(header) < _SHORTEST_HEADER or header[8:12] != SIGNATURE or header[0] < _SHORTEST_HEADER:
        raise UnreadableFileError("The file has no FIT header; export it again.")
    content = start + header[0]
    size = int.from_bytes(header[4:8], "little")
    end = content + size
    if not size:
        raise UnreadableFileError(
            "The file says that it holds nothing, as a recording that never ended does; "
            "end it on the watch and export it again."
        )
    if end + _CRC_BYTES > len(data):
        raise UnreadableFileError(
            f"The file is cut short: {end + _CRC_BYTES - len(data):,} bytes are missing; copy it again."
        )
    if crc16(memoryview(data)[start:end]) != int.from_bytes(data[end : end + _CRC_BYTES], "little"):
        raise UnreadableFileError(
            "The file is damaged: its checksum does not match; copy or export it again."
        )
    return content, end


class _Definitions:
    """The definitions seen so far, and the one that each of the 16 local numbers stands for now."""

    def __init__(self, data: bytes, end: int, budget: Budget) -> None:
        self._data = data
        self._end = end
        self._budget = budget
        self._known: dict[bytes, Block] = {}
        self.local: list[Block | None] = [None] * 16
        self.written = 0

    @property
    def blocks(self) -> list[Block]:
        """A block for each distinct definition, in order of appearance."""
        return list(self._known.values())

    def require_few_messages(self) -> None:
        """Refuses the file as soon as it has had too many messages."""
        self._budget.require_messages(self._count())

    def close(self) -> None:
        """Charges the file's messages to the bytes it stands in."""
        self.require_few_messages()
        self._budget.spend_messages(self._count())

    def _count(self) -> int:
        return self.written + sum(len(block.positions) for block in self._known.values())

    def read(self, position: int, header: int) -> int:
        """Takes in the definition at `position`; where it ends."""
        data, end = self._data, self._end
        developer = bool(header & _WITH_DEVELOPER_FIELDS)
        split = position + 5 + 3 * data[position + 4] if position + 5 <= end else end + 1
        stop = split
        if developer and split < end:
            stop = split + 1 + 3 * data[split]
        if stop > end or (developer and split >= end):
            raise broken("a definition cut short")
        written = data[position:stop]
        if written not in self._known:
            self._budget.spend_definition((stop - position) // 3)
            self._known[written] = _block(written, split - position)
        self.local[header & 15] = self._known[written]
        self.written += 1
        return stop


def _walk(data: bytes, position: int, end: int, budget: Budget) -> list[Block]:
    """The messages from `position` to `end`, gathered by definition."""
    definitions = _Definitions(data, end, budget)
    local = definitions.local
    before = -1
    next_count = position + _BYTES_BETWEEN_COUNTS
    while position < end:
        if position > next_count:
            definitions.require_few_messages()
            next_count = position + _BYTES_BETWEEN_COUNTS
        header = data[position]
        position += 1
        if header & (COMPRESSED | _DEFINITION) == _DEFINITION:
            position = definitions.read(position, header)
            before = -1
            continue
        current = local[header >> 5 & 3 if header & COMPRESSED else header & 15]
        if current is None or position + current.size > end:
            raise broken("a message without a definition" if current is None else "a message cut short")
        if header == before:
            position = _taken_in_a_row(data, position, end, header, current)
        else:
            before = header
            current.positions.append(position)
            position += current.size
    definitions.close()
    return definitions.blocks


def _taken_in_a_row(data: bytes, position: int, end: int, header: int, block: Block) -> int:
    """Takes in the message at `position` and those after it with the same header; where they end.

    Messages of one header are equally long until a definition comes, which has another header.
    """
    stride = block.size + 1
    headers = data[position - 1 : min(end, position + _LONGEST_RUN * stride) : stride]
    whole = (end - position + 1) // stride
    count = min(whole, len(headers) - len(headers.lstrip(bytes((header,)))))
    stop = position + count * stride
    block.positions.extend(range(position, stop, stride))
    return stop - 1


def _block(written: bytes, split: int) -> Block:
    """A block for a definition whose developer fields, if any, begin at byte `split`."""
    fields: dict[int, Field] = {}
    developer_fields: dict[tuple[int, int], Field] = {}
    start = 0
    for at in range(5, split, 3):
        number, size, base_type = written[at : at + 3]
        fields[number] = Field(start, size, base_type & 31)
        start += size
    for at in range(split + 1, len(written), 3):
        number, size, index = written[at : at + 3]
        developer_fields[index, number] = Field(start, size, -1)
        start += size
    if not start:
        raise broken("a message that holds nothing")
    order = ">" if written[1] else "<"
    message = int.from_bytes(written[2:4], "big" if written[1] else "little")
    return Block(message, order, start, fields, developer_fields)
