"""The values in the messages of a FIT file, as columns.

Belongs here: base types, byte order, compressed times. Does not: where messages stand
(`fit_layout.py`), what a message or a field number stands for (`fit_profile.py`) or how activities are
made of them (`fit.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from coros_assets.formats.fit_layout import COMPRESSED, Block, Field, chained_blocks

FIT_EPOCH_S: Final = 631_065_600  # 1989-12-31T00:00:00Z in seconds since 1970
FIRST_DATE_S: Final = 0x10000000  # smaller times count from the start of the device, not from the epoch

_TIMESTAMP: Final = 253
_STRING: Final = 7
_CLOCK_S: Final = 32  # a compressed time has the low five bits of the seconds
_TEXTS_LOOKED_AT: Final = 100

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
    13: ("u1", np.nan),  # bytes of something packed: each value counts
    14: ("i8", 0x7FFFFFFFFFFFFFFF),
    15: ("u8", 0xFFFFFFFFFFFFFFFF),
    16: ("u8", 0),
}

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def chained_files(data: bytes) -> tuple[list[Messages], bool]:
    """The FIT files that follow each other in `data`, and whether other bytes come after the last.

    Raises:
        UnreadableFileError: no FIT file, cut short, damaged, or beyond any recording's size.
    """
    files, more = chained_blocks(data)
    return [Messages(data, blocks) for blocks in files], more


def unrolled(counts: Integers, size: int) -> Integers:
    """How far a counter that begins again at `size` has come since its first value."""
    return np.cumsum(np.diff(counts, prepend=counts[:1]) % size)


class Messages:
    """The messages of one FIT file, as one column per field, in file order.

    `positions(m)` are byte positions; `numbers(m, f)` raw values without scale, NaN where the field is
    absent, invalid or no scalar; all columns of a message are equally long.
    """

    def __init__(self, data: bytes, blocks: list[Block]) -> None:
        self._bytes = np.frombuffer(data, np.uint8)
        self._blocks: dict[int, list[Block]] = {}
        self._rows: dict[int, NDArray[np.uint8]] = {}
        self._order: dict[int, Integers] = {}
        self._clock: tuple[Integers, Floats] | None = None
        for block in blocks:
            if block.positions:
                self._blocks.setdefault(block.message, []).append(block)

    def positions(self, message: int) -> Integers:
        """Byte position of each message of this kind, ascending."""
        return np.sort(self._unordered_positions(message))

    def numbers(self, message: int, number: int) -> Floats:
        """Raw values of a field."""
        return self._ordered(message, lambda block: self._values(block, block.fields.get(number), 1)[:, 0])

    def lists(self, message: int, number: int, longest: int) -> Floats:
        """Raw values of a field of several, one row a message, NaN after the last and beyond `longest`."""
        return self._ordered(message, lambda block: self._values(block, block.fields.get(number), longest))

    def developer_numbers(self, message: int, key: tuple[int, int], base_type: int) -> Floats:
        """Raw values of a developer's field, by developer index and field number."""

        def values(block: Block) -> Floats:
            found = block.developer_fields.get(key)
            return self._values(block, found and Field(found.start, found.size, base_type), 1)[:, 0]

        return self._ordered(message, values)

    def times(self, message: int, number: int = _TIMESTAMP) -> Floats:
        """A field of type date_time in seconds since 1970 UTC; NaN for none and for device time."""

        def values(block: Block) -> Floats:
            stamps = self._values(block, block.fields.get(number), 1)[:, 0]
            return self._with_compressed(block, stamps) if number == _TIMESTAMP else stamps

        seconds = self._ordered(message, values)
        return np.where((seconds >= FIRST_DATE_S) & (seconds < 2**32), seconds + FIT_EPOCH_S, np.nan)

    def texts(self, message: int, number: int) -> list[str]:
        """The texts of a field in the first hundred messages, empty where there is none."""
        found: list[tuple[int, str]] = []
        for block in self._blocks.get(message, ()):
            where = block.fields.get(number)
            rows = self._content(block)[:_TEXTS_LOOKED_AT]
            if where is None or where.base_type != _STRING:
                texts = [""] * len(rows)
            else:
                cells = rows[:, where.start : where.start + where.size]
                texts = [str(cell.tobytes().split(b"\x00")[0], "utf-8", "replace") for cell in cells]
            found += zip(block.positions, texts, strict=False)
        return [text for _, text in sorted(found)[:_TEXTS_LOOKED_AT]]

    def _unordered_positions(self, message: int) -> Integers:
        parts = [np.array(block.positions, dtype=np.int64) for block in self._blocks.get(message, ())]
        return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)

    def _ordered(self, message: int, values: Callable[[Block], Floats]) -> Floats:
        blocks = self._blocks.get(message, [])
        if not blocks:
            return np.empty(0)
        if len(blocks) == 1:
            return values(blocks[0])
        if message not in self._order:
            self._order[message] = np.argsort(self._unordered_positions(message))
        return np.concatenate([values(block) for block in blocks])[self._order[message]]

    def _content(self, block: Block) -> NDArray[np.uint8]:
        """One row of bytes per message of a block."""
        if id(block) not in self._rows:
            windows = sliding_window_view(self._bytes, block.size)
            self._rows[id(block)] = windows[np.array(block.positions, dtype=np.int64)]
        return self._rows[id(block)]

    def _values(self, block: Block, wanted: Field | None, longest: int) -> Floats:
        """Up to `longest` values of a field, one row a message; none of a field that holds more."""
        values = np.full((len(block.positions), longest), np.nan)
        if wanted is None or wanted.base_type not in _BASE_TYPES:
            return values
        kind, invalid = _BASE_TYPES[wanted.base_type]
        count, rest = divmod(wanted.size, np.dtype(kind).itemsize)
        if rest or count > longest:
            return values
        cells = self._content(block)[:, wanted.start : wanted.start + wanted.size]
        raw = np.ascontiguousarray(cells).view(block.order + kind)
        values[:, :count] = np.where((raw != invalid) & np.isfinite(raw), raw, np.nan)
        return values

    def _with_compressed(self, block: Block, stamps: Floats) -> Floats:
        """`stamps` of a block's messages, with the times that stand in the headers of some."""
        positions = np.array(block.positions, dtype=np.int64)
        in_header = self._bytes[positions - 1] >= COMPRESSED
        if not in_header.any():
            return stamps
        if self._clock is None:
            self._clock = self._running_clock()
        known, seconds = self._clock
        return np.where(in_header, seconds[np.searchsorted(known, positions)], stamps)

    def _running_clock(self) -> tuple[Integers, Floats]:
        """Positions of all messages that state a time, ascending, and the time after each.

        A full time sets the clock; a compressed one moves it on to the next second with its low bits.
        """
        parts: list[Integers] = []
        stated: list[Floats] = []
        for block in (block for blocks in self._blocks.values() for block in blocks):
            positions = np.array(block.positions, dtype=np.int64)
            headers = self._bytes[positions - 1]
            full = self._values(block, block.fields.get(_TIMESTAMP), 1)[:, 0]
            timed = (headers >= COMPRESSED) | np.isfinite(full)
            parts.append(positions[timed])
            stated.append(np.where(headers >= COMPRESSED, np.nan, full)[timed])
        order = np.argsort(np.concatenate(parts))
        known, full = np.concatenate(parts)[order], np.concatenate(stated)[order]
        is_full = np.isfinite(full)
        low = np.where(is_full, np.nan_to_num(full), self._bytes[known - 1]).astype(np.int64) % _CLOCK_S
        passed = unrolled(low, _CLOCK_S)
        last = np.maximum.accumulate(np.where(is_full, np.arange(len(known)), -1))
        base = np.where(last >= 0, np.nan_to_num(full)[last], 0)
        return known, (base + passed - np.where(last >= 0, passed[last], 0)).astype(np.float64)
