"""The binary layout of FIT (Flexible and Interoperable Data Transfer): bytes to columns of messages.

Belongs here: headers, checksums, definitions, base types, compressed times. Does not: what a message
or a field number stands for (`fit_profile.py`) or how activities are made of them (`fit.py`).
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from coros_assets.errors import UnreadableFileError
from coros_assets.formats.crc16 import crc16

MAX_BYTES: Final = 32 * 2**20  # 28 h at 1 Hz with every field is 6 MB
MAX_MESSAGES: Final = 2_000_000  # of one kind; 23 days at 1 Hz
MAX_DEFINITIONS: Final = 4096  # distinct ones; a real file has some twenty
MAX_CHAINED: Final = 100
SIGNATURE: Final = b".FIT"
FIT_EPOCH_S: Final = 631_065_600  # 1989-12-31T00:00:00Z in seconds since 1970
FIRST_DATE_S: Final = 0x10000000  # smaller times count from the start of the device, not from the epoch

_SHORTEST_HEADER: Final = 12
_CRC_BYTES: Final = 2
_TIMESTAMP: Final = 253
_COMPRESSED: Final = 0x80
_DEFINITION: Final = 0x40
_WITH_DEVELOPER_FIELDS: Final = 0x20
_STRING: Final = 7

# By base type number: numpy type and the value that means 'not measured' (FIT protocol, table 7).
_BASE_TYPES: Final = {
    0: ("u1", 0xFF),  # enum
    1: ("i1", 0x7F),
    2: ("u1", 0xFF),
    3: ("i2", 0x7FFF),
    4: ("u2", 0xFFFF),
    5: ("i4", 0x7FFFFFFF),
    6: ("u4", 0xFFFFFFFF),
    8: ("f4", np.nan),
    9: ("f8", np.nan),
    10: ("u1", 0),  # the three 'z' types: zero is not measured
    11: ("u2", 0),
    12: ("u4", 0),
    14: ("i8", 0x7FFFFFFFFFFFFFFF),
    15: ("u8", 0xFFFFFFFFFFFFFFFF),
    16: ("u8", 0),
}

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class _Field:
    start: int
    size: int
    base_type: int


@dataclass
class _Block:
    """All messages of one definition: where their contents start, and their compressed times or 0."""

    message: int
    order: str
    size: int
    fields: dict[int, _Field]
    developer_fields: dict[tuple[int, int], _Field]
    positions: array[int] = field(default_factory=lambda: array("I"))
    clocks: array[int] = field(default_factory=lambda: array("I"))


class Messages:
    """The messages of one FIT file, as one column per field, in file order.

    `positions(m)` are byte positions; `numbers(m, f)` raw values without scale, NaN where the field is
    absent, invalid or no scalar; all columns of a message are equally long.
    """

    def __init__(self, data: bytes, blocks: list[_Block]) -> None:
        self._bytes = np.frombuffer(data, np.uint8)
        self._blocks: dict[int, list[_Block]] = {}
        self._rows: dict[int, NDArray[np.uint8]] = {}
        for block in blocks:
            if block.positions:
                self._blocks.setdefault(block.message, []).append(block)

    def positions(self, message: int) -> Integers:
        """Byte position of each message of this kind, ascending."""
        return np.sort(self._unordered_positions(message))

    def numbers(self, message: int, number: int) -> Floats:
        """Raw values of a field."""
        return self._ordered(message, lambda block: self._values(block, block.fields.get(number)))

    def developer_numbers(self, message: int, key: tuple[int, int], base_type: int) -> Floats:
        """Raw values of a developer's field, by developer index and field number."""

        def values(block: _Block) -> Floats:
            found = block.developer_fields.get(key)
            return self._values(block, found and _Field(found.start, found.size, base_type))

        return self._ordered(message, values)

    def times(self, message: int, number: int = _TIMESTAMP) -> Floats:
        """A field of type date_time in seconds since 1970 UTC; NaN for none and for device time."""

        def values(block: _Block) -> Floats:
            stamps = self._values(block, block.fields.get(number))
            clocks = np.array(block.clocks, dtype=np.float64)
            return np.where(clocks > 0, clocks, stamps) if number == _TIMESTAMP else stamps

        seconds = self._ordered(message, values)
        return np.where((seconds >= FIRST_DATE_S) & (seconds < 2**32), seconds + FIT_EPOCH_S, np.nan)

    def text(self, message: int, number: int) -> str | None:
        """The first non-empty text of a field."""
        for block in self._blocks.get(message, ()):
            found = block.fields.get(number)
            if found is None or found.base_type != _STRING:
                continue
            for row in self._content(block)[:, found.start : found.start + found.size]:
                text = str(row.tobytes().split(b"\x00")[0], "utf-8", "replace")
                if text:
                    return text
        return None

    def _unordered_positions(self, message: int) -> Integers:
        parts = [np.array(block.positions, dtype=np.int64) for block in self._blocks.get(message, ())]
        return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)

    def _ordered(self, message: int, values: Callable[[_Block], Floats]) -> Floats:
        blocks = self._blocks.get(message, [])
        if not blocks:
            return np.empty(0)
        column = np.concatenate([values(block) for block in blocks])
        return column if len(blocks) == 1 else column[np.argsort(self._unordered_positions(message))]

    def _content(self, block: _Block) -> NDArray[np.uint8]:
        """One row of bytes per message of a block."""
        if id(block) not in self._rows:
            windows = sliding_window_view(self._bytes, block.size)
            self._rows[id(block)] = windows[np.array(block.positions, dtype=np.int64)]
        return self._rows[id(block)]

    def _values(self, block: _Block, wanted: _Field | None) -> Floats:
        kind, invalid = _BASE_TYPES.get(wanted.base_type, ("u1", 0)) if wanted else ("u1", 0)
        if wanted is None or wanted.base_type not in _BASE_TYPES or wanted.size != np.dtype(kind).itemsize:
            return np.full(len(block.positions), np.nan)
        cells = self._content(block)[:, wanted.start : wanted.start + wanted.size]
        raw = np.ascontiguousarray(cells).view(block.order + kind).ravel()
        return np.where((raw != invalid) & np.isfinite(raw), raw.astype(np.float64), np.nan)


def chained_files(data: bytes) -> tuple[list[Messages], bool]:
    """The FIT files that follow each other in `data`, and whether other bytes come after the last.

    Raises:
        UnreadableFileError: no FIT file, cut short, damaged, or beyond any recording's size.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableFileError(f"The file is larger than {MAX_BYTES // 2**20} MiB, which no recording is.")
    files: list[Messages] = []
    start = 0
    while start < len(data) and (not files or data[start + 8 : start + 12] == SIGNATURE):
        if len(files) == MAX_CHAINED:
            raise UnreadableFileError(f"The file holds more than {MAX_CHAINED} FIT files in a row.")
        content, end = _bounds(data, start)
        files.append(Messages(data, _walk(data, content, end)))
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
            "The file says that it holds nothing, as a recording that never ended does."
        )
    if end + _CRC_BYTES > len(data):
        raise UnreadableFileError(
            f"The file is cut short: {end + _CRC_BYTES - len(data):,} bytes are missing; copy it again."
        )
    if crc16(data[start:end]) != int.from_bytes(data[end : end + _CRC_BYTES], "little"):
        raise UnreadableFileError(
            "The file is damaged: its checksum does not match; copy or export it again."
        )
    return content, end


def _walk(data: bytes, position: int, end: int) -> list[_Block]:
    """The messages from `position` to `end`, gathered by definition."""
    known: dict[bytes, _Block] = {}
    local: list[_Block | None] = [None] * 16
    clock = stamp = 0  # the last time, and the message whose newer time has not been read yet
    stamped: _Block | None = None
    while position < end:
        header = data[position]
        position += 1
        if header & (_COMPRESSED | _DEFINITION) == _DEFINITION:
            block, position = _defined(data, position, end, bool(header & _WITH_DEVELOPER_FIELDS), known)
            local[header & 15] = block
            continue
        current = local[header >> 5 & 3 if header & _COMPRESSED else header & 15]
        if current is None or position + current.size > end:
            raise _broken("a message without a definition" if current is None else "a message cut short")
        if header & _COMPRESSED:
            if stamped is not None:
                clock, stamped = _stamp(data, stamp, stamped), None
            clock += (header - clock) & 31
            current.clocks.append(clock & 0xFFFFFFFF)
        else:
            current.clocks.append(0)
            if _TIMESTAMP in current.fields:
                stamp, stamped = position, current
        current.positions.append(position)
        position += current.size
    if any(len(block.positions) > MAX_MESSAGES for block in known.values()):
        raise UnreadableFileError(f"The file has more than {MAX_MESSAGES:,} messages of one kind.")
    return list(known.values())


def _stamp(data: bytes, position: int, block: _Block) -> int:
    found = block.fields[_TIMESTAMP]
    start = position + found.start
    return int.from_bytes(data[start : start + found.size], "little" if block.order == "<" else "big")


def _defined(
    data: bytes, position: int, end: int, developer: bool, known: dict[bytes, _Block]
) -> tuple[_Block, int]:
    """The block of the definition at `position`, and where the definition ends."""
    split = position + 5 + 3 * data[position + 4] if position + 5 <= end else end + 1
    stop = split
    if developer and split < end:
        stop = split + 1 + 3 * data[split]
    if stop > end or (developer and split >= end):
        raise _broken("a definition cut short")
    written = data[position:stop]
    if written not in known:
        if len(known) == MAX_DEFINITIONS:
            raise _broken(f"more than {MAX_DEFINITIONS} kinds of message")
        known[written] = _block(written, split - position)
    return known[written], stop


def _block(written: bytes, split: int) -> _Block:
    """A block for a definition whose developer fields, if any, begin at byte `split`."""
    fields: dict[int, _Field] = {}
    developer_fields: dict[tuple[int, int], _Field] = {}
    start = 0
    for at in range(5, split, 3):
        number, size, base_type = written[at : at + 3]
        fields[number] = _Field(start, size, base_type & 31)
        start += size
    for at in range(split + 1, len(written), 3):
        number, size, index = written[at : at + 3]
        developer_fields[index, number] = _Field(start, size, -1)
        start += size
    if not start:
        raise _broken("a message that holds nothing")
    order = ">" if written[1] else "<"
    message = int.from_bytes(written[2:4], "big" if written[1] else "little")
    return _Block(message, order, start, fields, developer_fields)


def _broken(what: str) -> UnreadableFileError:
    return UnreadableFileError(f"The file is no valid FIT file: it has {what}; export it again.")
