"""CRC-16/ARC of bytes, in columns.

Belongs here: the checksum at the end of FIT files. Does not: where in a file it stands
(`fit_layout.py`).
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

_POLYNOMIAL: Final = 0xA001  # 0x8005 reflected
_LANE_BITS: Final = 8  # a lane is 256 words of two bytes
_PIECE_BITS: Final = 19  # so many words at a time stay in the processor's cache


def crc16(data: bytes | memoryview) -> int:
    """CRC-16/ARC: polynomial 0x8005 reflected, initial value 0, no final change."""
    piece = 2 << _PIECE_BITS
    first = len(data) % piece
    crc = _of_piece(bytes(data[:first]))
    for start in range(first, len(data), piece):
        crc = int(_after_zeros(_PIECE_BITS)[crc]) ^ _of_piece(bytes(data[start : start + piece]))
    return crc


def _of_piece(data: bytes) -> int:
    """All lanes advance together; then neighbours are joined, which is right as the checksum is linear."""
    words = -(-len(data) // 2)
    lanes = 1 << max(0, (words - 1).bit_length() - _LANE_BITS)
    padded = data.rjust(lanes << (_LANE_BITS + 1), b"\x00")  # zeros in front do not count
    crc = np.zeros(lanes, dtype=np.uint16)
    for column in np.ascontiguousarray(np.frombuffer(padded, "<u2").reshape(lanes, -1).T):
        crc = _after_zeros(0)[crc ^ column]
    bits = _LANE_BITS
    while len(crc) > 1:
        crc = _after_zeros(bits)[crc[0::2]] ^ crc[1::2]
        bits += 1
    return int(crc[0])


@cache
def _after_zeros(bits: int) -> NDArray[np.uint16]:
    """What each of the 65,536 checksums becomes after 2**bits words of zero."""
    if bits:
        half = _after_zeros(bits - 1)
        return half[half]
    crc = np.arange(2**16, dtype=np.uint16)
    for _ in range(16):
        crc = np.where(crc & 1, (crc >> 1) ^ np.uint16(_POLYNOMIAL), crc >> 1)
    return crc
