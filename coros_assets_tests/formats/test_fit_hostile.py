import struct
import subprocess
import sys
from pathlib import Path

import pytest

from coros_assets.errors import UnreadableFileError
from coros_assets.formats import fit as fit_reader
from coros_assets.formats import fit_heart_rate, fit_layout
from coros_assets.formats.fit import read_fit
from coros_assets_tests.fit_bytes import (
    BYTE,
    ENUM,
    FIELD_DESCRIPTION,
    HR,
    RECORD,
    SINT32,
    START_S,
    STRING,
    UINT8,
    UINT16,
    UINT32,
    definition,
    file_id,
    fit,
    laps,
    messages,
    records,
    sessions,
    whole,
)

GOOD = fit(file_id(), records((0, 120), (1, 121)))  # two definitions, three messages
KINDS = b"".join(definition(0, RECORD, [(number, 1, UINT8)]) for number in range(4))


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


@pytest.mark.parametrize(
    ("module", "name", "limit", "data", "reason"),
    [
        (fit_layout, "MAX_BYTES", 30, GOOD, "larger than"),
        (fit_layout, "MAX_DEFINITIONS", 3, fit(KINDS), "more than 3 kinds"),
        (fit_layout, "MAX_FIELDS", 4, fit(definition(0, RECORD, [(3, 1, UINT8)] * 5)), "more than 4 fields"),
        (fit_layout, "MAX_MESSAGES", 4, GOOD, "more than 4 messages"),
        (fit_layout, "MAX_MESSAGES", 9, GOOD * 2, "more than 9 messages"),
        (fit_reader, "MAX_POINTS", 1, GOOD, "more than 1 points"),
        (fit_reader, "MAX_POINTS", 3, GOOD * 2, "more than 3 points"),
        (fit_heart_rate, "MAX_MESSAGES", 1, fit(messages(HR, [(6, UINT8)], (80,), (81,))), "heart beats"),
    ],
)
def test_limits_stop_what_no_recording_is(monkeypatch, module, name, limit, data, reason):
    monkeypatch.setattr(module, name, limit)
    with pytest.raises(UnreadableFileError, match=reason):
        read_fit(data)


def test_a_file_at_its_limits_is_read(monkeypatch):
    for name, limit in (("MAX_MESSAGES", 5), ("MAX_DEFINITIONS", 2), ("MAX_BYTES", len(GOOD))):
        monkeypatch.setattr(fit_layout, name, limit)
    assert len(read_fit(GOOD)[0].points) == 2


FULL_RECORD = [
    (253, UINT32),
    (0, SINT32),
    (1, SINT32),
    (78, UINT32),
    (5, UINT32),
    (73, UINT32),
    (3, UINT8),
    (4, UINT8),
    (7, UINT16),
]
DESCRIPTION = [(0, UINT8), (1, UINT8), (2, UINT8), (14, UINT16), (15, UINT8)]
TIMED = definition(1, RECORD, [(253, 4, UINT32)])
MANY = fit_reader.MAX_POINTS - 1


def many_records(count: int) -> bytes:
    return TIMED + b"".join(struct.pack("<BI", 1, START_S + second) for second in range(count))


def worst_cases() -> dict[str, bytes]:
    """Bodies of files that need as much time or memory as the limits allow, or try to need more."""
    kind = struct.pack("<BIBBB", 0, START_S, 80, 1, 1)
    return {
        "points with every field": messages(
            RECORD, FULL_RECORD, *[(START_S, 1, 2, 3, 4, 5, 140, 80, 200)] * MANY
        ),
        "more points than read": many_records(MANY + 2),
        "tiny messages": definition(1, RECORD, [(3, 1, UINT8)]) + b"\x01\x50" * 16_000_000,
        "tiny messages of compressed time": definition(1, 999, [(3, 1, UINT8)]) + b"\xa1\x50" * 16_000_000,
        "compressed times": many_records(1)
        + definition(1, RECORD, [(3, 1, UINT8)])
        + b"".join(bytes((0xA0 | second % 32, 80)) for second in range(MANY - 1)),
        "two kinds of message in turns": TIMED
        + definition(2, 21, [(253, 4, UINT32)])
        + b"\x01\0\0\0\x40\x02\0\0\0\x40" * 499_000,
        "definitions": b"".join(definition(0, n % 60_000, [(n % 251, 1, UINT8)]) for n in range(900_000)),
        "one definition again and again": definition(0, RECORD, [(253, 4, UINT32)]) * 3_700_000,
        "definitions of many fields": b"".join(
            definition(0, RECORD, [(n % 251, 1, UINT8)] * (n % 250 + 1)) for n in range(20_000)
        ),
        "as many definitions as messages": b"".join(
            definition(
                0,
                RECORD,
                [(253, 4, UINT32), (3, 1, UINT8), (n % 180 + 60, 1, UINT8), (n // 180 + 60, 1, UINT8)],
            )
            + kind * 700
            for n in range(990)
        ),
        "descriptions of fields": records((0, 120))
        + messages(FIELD_DESCRIPTION, DESCRIPTION, *[(0, 9, UINT8, RECORD, 99)] * 990_000),
    } | worst_activities()


def worst_activities() -> dict[str, bytes]:
    """Bodies that are hard for what is made of messages, and not for the messages alone."""
    packed = definition(1, HR, [(6, 10, UINT8), (10, 15, BYTE)])
    stamp = definition(1, HR, [(253, 4, UINT32), (6, 1, UINT8), (9, 4, UINT32)])
    return {
        "fields of developers": messages(
            FIELD_DESCRIPTION,
            DESCRIPTION,
            *((index, 9, UINT8, RECORD, native) for index, native in enumerate((3, 4, 7))),
        )
        + definition(1, RECORD, [(253, 4, UINT32)], developer=[(9, 1, index) for index in range(3)])
        + struct.pack("<BIBBB", 1, START_S, 80, 81, 82) * MANY,
        "laps of many sessions": sessions(*[(second * 5, 1, 1) for second in range(100)])
        + laps(*[(second % 500, 1) for second in range(400_000)])
        + records(*[(second % 500, 120) for second in range(400_000)]),
        "sessions": records((0, 120)) + sessions(*[(second % 500, 1, 1) for second in range(900_000)]),
        "names": definition(0, 0, [(0, 1, ENUM), (8, 20, STRING)]) + (b"\0\x04" + bytes(20)) * 900_000,
        "beats": many_records(MANY)
        + stamp
        + struct.pack("<BIBI", 1, START_S, 100, 0)
        + packed
        + (b"\x01" + b"\x50" * 10 + bytes([255, 15, 0] * 5)) * 19_990,
        "beats long apart": many_records(MANY)
        + stamp
        + b"".join(struct.pack("<BIBI", 1, START_S + second * 9, 100, 0) for second in range(19_990)),
        "more beats than read": packed + (b"\x01" + b"\x50" * 10 + bytes(15)) * 990_000,
        "large messages": definition(1, RECORD, [(253, 4, UINT32)] + [(n, 255, STRING) for n in range(100)])
        + (b"\x01" + struct.pack("<I", START_S) + bytes(25_500)) * 1300,
    }


MEASURE = """
import re, sys, time
from pathlib import Path
from coros_assets.errors import UnreadableFileError
from coros_assets.formats.fit import read_fit
data = Path(sys.argv[1]).read_bytes()
began = time.process_time()
try:
    read_fit(data)
except UnreadableFileError as error:
    print("refused:", error, file=sys.stderr)
print(time.process_time() - began, re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""


def cost(data: bytes, folder) -> tuple[float, float]:
    """Seconds of a processor and MiB of memory, the interpreter and its libraries included."""
    path = folder / "worst.fit"
    path.write_bytes(data)
    done = subprocess.run([sys.executable, "-c", MEASURE, path], capture_output=True, text=True, check=True)
    seconds, kibibytes = done.stdout.split()
    return float(seconds), int(kibibytes) / 1024


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from Linux's /proc")
def test_files_of_the_worst_kinds_end_soon_in_bounded_memory(tmp_path):
    costs = {name: cost(whole(file_id() + body), tmp_path) for name, body in worst_cases().items()}
    in_a_row = whole(file_id() + many_records(4900)) * fit_layout.MAX_CHAINED
    costs["files in a row"] = cost(in_a_row, tmp_path)
    assert {name: spent for name, spent in costs.items() if spent[0] >= 5 or spent[1] >= 300} == {}
