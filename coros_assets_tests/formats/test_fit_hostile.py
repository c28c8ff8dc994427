import contextlib
import random
import struct
import time
import tracemalloc

import pytest

from coros_assets.errors import UnreadableFileError
from coros_assets.formats import fit_messages
from coros_assets.formats.crc16 import crc16
from coros_assets.formats.fit import read_fit
from coros_assets.formats.raw import RAW_LAPS, RAW_POINTS
from coros_assets_tests.fit_bytes import (
    RECORD,
    UINT8,
    UINT32,
    definition,
    file_id,
    fit,
    messages,
    records,
    sessions,
)

GOOD = fit(file_id(), records((0, 120), (1, 121)))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b"<gpx/>", "no FIT header"),
        (bytes(40), "no FIT header"),
        (b"\x02" + GOOD[1:], "no FIT header"),
        (GOOD[:-1], "cut short: 1 bytes are missing"),
        (GOOD[:20], "cut short"),
        (GOOD[:4] + b"\xff\xff\xff\xff" + GOOD[8:], "cut short: 4,294,96"),
        (GOOD[:4] + bytes(4) + GOOD[8:], "never ended"),
        (GOOD[:-5] + b"\x00" + GOOD[-4:], "checksum does not match"),
        (GOOD + GOOD[:-3], "cut short"),
        (fit(file_id(kind=2)), "holds settings, not a recorded activity"),
        (fit(file_id(kind=5)), "a planned workout"),
        (fit(file_id(kind=6), records((0, 120))), "a course"),
        (fit(file_id(kind=32)), "all-day monitoring"),
        (fit(file_id()), "no activity with a timed point"),
        (fit(file_id(), messages(RECORD, [(3, UINT8)], (140,))), "no activity with a timed point"),
        (fit(b"\x05\x00"), "a message without a definition"),
        (fit(definition(0, RECORD, [(253, 4, UINT32)]), b"\x00\x01"), "a message cut short"),
        (fit(b"\x40\x00\x00\x14"), "a definition cut short"),
        (fit(b"\x60\x00\x00\x14\x00\x00"), "a definition cut short"),
        (fit(definition(0, RECORD, [])), "a message that holds nothing"),
        (fit(file_id(), records((0, 1)), sessions(*[(0, 1, 1)] * 101)), "more than 100 sessions"),
        (GOOD * 101, "more than 100 FIT files"),
    ],
)
def test_what_is_no_activity_is_refused_with_its_reason(data, reason):
    with pytest.raises(UnreadableFileError, match=reason):
        read_fit(data)


def test_limits_stop_what_no_recording_is(monkeypatch):
    monkeypatch.setattr(fit_messages, "MAX_DEFINITIONS", 3)
    kinds = b"".join(definition(0, RECORD, [(number, 1, UINT8)]) for number in range(4))
    with pytest.raises(UnreadableFileError, match="more than 3 kinds"):
        read_fit(fit(kinds))
    monkeypatch.setattr(fit_messages, "MAX_MESSAGES", 1)
    with pytest.raises(UnreadableFileError, match="more than 1 messages"):
        read_fit(GOOD)
    monkeypatch.setattr(fit_messages, "MAX_BYTES", 30)
    with pytest.raises(UnreadableFileError, match="larger than"):
        read_fit(GOOD)


def real_files(activity_files):
    """A COROS run with developer fields, a big-endian run of Polar, a swim of Garmin."""
    names = (
        "StoneRicky+running_page/FIT_OUT/475335656631992921.fit",
        "andraune+run4it_backend/test_polar.fit",
        "thomaschampagne+elevate/desktop/src/specs/integration/file/fixtures/swimming/pool-swim.fit",
    )
    return [(activity_files / name).read_bytes() for name in names]


def mutated(data: bytes, chance: random.Random) -> bytes:
    """`data` with some bytes changed, cut or repeated, mostly under a right checksum."""
    body = bytearray(data[14:-2])
    where = 400 if chance.random() < 0.5 else len(body)  # definitions stand at the beginning
    for _ in range(chance.choice((1, 3, 30))):
        body[chance.randrange(min(where, len(body)))] = chance.randrange(256)
    if chance.random() < 0.3:
        start = chance.randrange(len(body))
        del body[start : start + chance.randrange(200)]
    header = struct.pack("<BBHI4sH", 14, 0x20, 2178, len(body), b".FIT", 0)
    right = crc16(header + bytes(body))
    written = right if chance.random() < 0.9 else right ^ 1
    whole = header + bytes(body) + struct.pack("<H", written)
    return whole[: chance.randrange(len(whole))] if chance.random() < 0.1 else whole


def survive(files: list[bytes], seed: int, count: int) -> int:
    """How many mutants were read; whatever is refused is refused as unreadable."""
    chance = random.Random(seed)
    read = 0
    for _ in range(count):
        try:
            activities = read_fit(mutated(chance.choice(files), chance))
        except UnreadableFileError:
            continue
        read += 1
        for found in activities:
            assert found.points.schema.equals(RAW_POINTS)
            assert found.laps.schema.equals(RAW_LAPS)
            found.points.validate(full=True)
            assert found.device is None or (found.device.isprintable() and len(found.device) <= 200)
    return read


def test_mutants_of_real_files_are_read_or_refused(activity_files):
    assert 30 < survive(real_files(activity_files), seed=1, count=300) < 300


@pytest.mark.slow
def test_many_mutants_of_real_files_are_read_or_refused(activity_files):
    assert survive(real_files(activity_files), seed=2, count=20_000) > 2000


@pytest.mark.slow
@pytest.mark.parametrize(
    "body",
    [
        b"".join((file_id(), definition(1, RECORD, [(3, 1, UINT8)]), b"\x01\x50" * 4_000_000)),
        b"".join((file_id(), definition(1, RECORD, [(253, 4, UINT32)]), b"\x01\0\0\0\x40" * 1_900_000)),
        b"".join((file_id(), definition(1, 999, [(3, 1, UINT8)]), b"\xa1\x50" * 4_000_000)),
        b"".join(definition(0, n % 60000, [(n % 251, 1, UINT8)]) for n in range(900_000)),
    ],
    ids=["too many messages", "many records", "many compressed messages of no interest", "many definitions"],
)
def test_a_file_of_the_worst_kind_ends_soon_in_bounded_memory(body):
    header = struct.pack("<BBHI4sH", 14, 0x20, 2178, len(body), b".FIT", 0)
    data = header + body + struct.pack("<H", crc16(header + body))
    tracemalloc.start()
    began = time.monotonic()
    with contextlib.suppress(UnreadableFileError):
        read_fit(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert time.monotonic() - began < 60
    assert peak < 1.5 * 2**30
