"""Small FIT files for tests, built byte by byte so that a test shows what it reads."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from datetime import UTC, datetime

from coros_assets.formats.crc16 import crc16

START = datetime(2024, 6, 1, 17, 0, tzinfo=UTC)
START_S = int(START.timestamp()) - 631_065_600  # since 1989-12-31, as FIT counts

FILE_ID, SESSION, LAP, RECORD, DEVICE_INFO, ACTIVITY, HR, FIELD_DESCRIPTION = 0, 18, 19, 20, 23, 34, 132, 206
ENUM, UINT8, UINT16, UINT32, SINT32, STRING, BYTE = 0x00, 0x02, 0x84, 0x86, 0x85, 0x07, 0x0D
_FORMATS = {ENUM: "B", UINT8: "B", UINT16: "H", UINT32: "I", SINT32: "i"}

Fields = Sequence[tuple[int, int]]  # field number, base type


def crc(data: bytes) -> int:
    """CRC-16/ARC bit by bit, as its definition has it."""
    value = 0
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = (value >> 1) ^ 0xA001 if value & 1 else value >> 1
    return value


def fit(*messages: bytes, header_size: int = 14, header_crc: bool = True) -> bytes:
    body = b"".join(messages)
    header = struct.pack("<BBHI4s", header_size, 0x20, 2178, len(body), b".FIT")
    if header_size > 12:
        header += struct.pack("<H", crc(header) if header_crc else 0)
    return header + body + struct.pack("<H", crc(header + body))


def definition(
    local: int,
    message: int,
    sizes: Sequence[tuple[int, int, int]],
    big_endian: bool = False,
    developer: Sequence[tuple[int, int, int]] = (),
) -> bytes:
    order = ">" if big_endian else "<"
    header = 0x40 | local | (0x20 if developer else 0)
    written = struct.pack(f"{order}BBBHB", header, 0, big_endian, message, len(sizes))
    written += b"".join(bytes(size) for size in sizes)
    if developer:
        written += bytes([len(developer)]) + b"".join(bytes(size) for size in developer)
    return written


def messages(
    message: int, fields: Fields, *rows: Sequence[int], big_endian: bool = False, local: int = 0
) -> bytes:
    """A definition and one message per row."""
    formats = "".join(_FORMATS[base_type] for _, base_type in fields)
    sizes = [(number, struct.calcsize(_FORMATS[base]), base) for number, base in fields]
    pattern = (">" if big_endian else "<") + "B" + formats
    return definition(local, message, sizes, big_endian) + b"".join(
        struct.pack(pattern, local, *row) for row in rows
    )


def file_id(
    kind: int = 4, manufacturer: int = 294, product: int = 805, name: bytes = b"COROS PACE Pro"
) -> bytes:
    padded = name.ljust(15, b"\x00")
    sizes = [(0, 1, ENUM), (1, 2, UINT16), (2, 2, UINT16), (8, len(padded), STRING)]
    return definition(0, FILE_ID, sizes) + struct.pack("<BBHH", 0, kind, manufacturer, product) + padded


def records(*rows: tuple[int, int], big_endian: bool = False) -> bytes:
    """Records of second since `START` and heart rate."""
    timed = [(START_S + second, pulse) for second, pulse in rows]
    return messages(RECORD, [(253, UINT32), (3, UINT8)], *timed, big_endian=big_endian)


def laps(*rows: tuple[int, int]) -> bytes:
    """Laps of start second and timer seconds."""
    fields = [(2, UINT32), (8, UINT32), (9, UINT32), (15, UINT8), (16, UINT8)]
    return messages(LAP, fields, *((START_S + start, 1000 * timer, 20050, 140, 155) for start, timer in rows))


def sessions(*rows: tuple[int, int, int]) -> bytes:
    """Sessions of start second, sport and sub-sport."""
    fields = [(2, UINT32), (5, ENUM), (6, ENUM)]
    return messages(SESSION, fields, *((START_S + start, *sport) for start, *sport in rows))


def activity(local_ahead_s: int) -> bytes:
    fields = [(253, UINT32), (5, UINT32)]
    return messages(ACTIVITY, fields, (START_S, START_S + local_ahead_s))


def session_totals(timer_ms: int, elapsed_ms: int, distance_cm: int, heart_rate: int) -> bytes:
    """A session with the totals that it states."""
    fields = [(2, UINT32), (8, UINT32), (7, UINT32), (9, UINT32), (16, UINT8)]
    return messages(SESSION, fields, (START_S, timer_ms, elapsed_ms, distance_cm, heart_rate))


def whole(body: bytes) -> bytes:
    """A FIT file of a long body, its checksum computed by columns."""
    header = struct.pack("<BBHI4sH", 14, 0x20, 2178, len(body), b".FIT", 0)
    return header + body + struct.pack("<H", crc16(header + body))
