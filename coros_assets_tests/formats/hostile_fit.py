"""FIT files made to harm, each with what becomes of it at the door of landing.

Belongs here: small ones, and those that need as much time or memory as the limits allow, or try to need
more. Does not: the door (`judge.py`).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence

from coros_assets.formats import fit as fit_reader
from coros_assets.formats import fit_layout
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
from coros_assets_tests.formats.hostile_files import NO_TIME, Case, read, refused

FIT = fit(file_id(), records(*((second, 120) for second in range(61))))


def fields_of_developers(count: int) -> bytes:
    described = [(0, UINT8), (1, UINT8), (2, UINT8), (14, UINT16), (15, UINT8)]
    rows = [(number % 255, number // 255, UINT8, RECORD, 3) for number in range(count)]
    return messages(FIELD_DESCRIPTION, described, *rows)


def many_definitions(count: int) -> bytes:
    return b"".join(definition(0, number, [(1, 1, UINT8)]) for number in range(count))


def compressed_times(seconds: int) -> bytes:
    """One full time, then one each second in five bits of the header."""
    timed = definition(1, RECORD, [(253, 4, UINT32)]) + struct.pack("<BI", 1, START_S)
    beats = definition(2, RECORD, [(3, 1, UINT8)])
    return timed + beats + b"".join(bytes((0xC0 | (START_S + s) % 32, 140)) for s in range(1, seconds))


def sized(number: int, size: int, base_type: int) -> bytes:
    """Three records of a time and a field of that size."""
    layout = definition(0, RECORD, [(253, 4, UINT32), (number, size, base_type)])
    return layout + b"".join(struct.pack("<BI", 0, START_S + s) + b"\x8c" * size for s in range(3))


SMALL: Mapping[str, Case] = {
    "checksum.fit": refused(FIT[:-1] + bytes([FIT[-1] ^ 1]), "checksum does not match"),
    "flipped.fit": refused(FIT[:60] + bytes([FIT[60] ^ 1]) + FIT[61:], "checksum does not match"),
    "header_11.fit": refused(b"\x0b" + FIT[1:], "no FIT header"),
    "header_0.fit": refused(b"\x00" + FIT[1:], "no FIT header"),
    "header_13.fit": refused(b"\x0d" + FIT[1:], "checksum does not match"),
    "header_255.fit": refused(b"\xff" + FIT[1:], "cut short"),
    "header_only.fit": refused(FIT[:14], "cut short"),
    "never_ended.fit": refused(FIT[:4] + bytes(4) + FIT[8:], "never ended"),
    "size_4gb.fit": refused(FIT[:4] + b"\xff" * 4 + FIT[8:], "cut short"),
    "cut.fit": refused(FIT[:200], "cut short"),
    "chained.fit": Case(lambda: FIT + fit(file_id(), records((3600, 120))), "", {"activities": 2}),
    "chained_settings.fit": read(fit(file_id(kind=2)) + FIT, points=61),
    "chained_cut.fit": refused(FIT + FIT[:-9], "cut short"),
    "rubbish_after.fit": read(FIT + b"rubbish" * 9, points=61, bytes_after_end=1),
    "chained_100.fit": refused(fit(file_id()) * 101, "more than 100 FIT files"),
    "settings.fit": refused(fit(file_id(kind=2)), "settings, not a recorded activity"),
    "no_record.fit": refused(fit(file_id()), "no activity with a timed point"),
    "device_time.fit": refused(
        fit(file_id(), messages(RECORD, [(253, UINT32), (3, UINT8)], (5, 120))), "no activity with a timed"
    ),
    "no_time.fit": refused(
        fit(file_id(), messages(RECORD, [(253, UINT32)], (0xFFFFFFFF,))), "no activity with a timed point"
    ),
    "2106.fit": refused(fit(file_id(), messages(RECORD, [(253, UINT32)], (0xFFFFFFFE,))), NO_TIME),
    "developers.fit": read(whole(file_id() + fields_of_developers(9000) + records((0, 120))), points=1),
    "definitions.fit": refused(whole(file_id() + many_definitions(1001)), "more than 1,000 kinds of message"),
    "definition_cut.fit": refused(fit(file_id(), b"\x40\x00\x00\x14\x00\xff"), "a definition cut short"),
    "definitions_only.fit": refused(fit(file_id(), many_definitions(900)), "no activity with a timed point"),
    "no_definition.fit": refused(fit(file_id(), b"\x05\x00"), "a message without a definition"),
    "nothing_defined.fit": refused(fit(file_id(), definition(0, RECORD, [])), "a message that holds nothing"),
    "message_cut.fit": refused(fit(file_id(), records((0, 120)), b"\x00\x01"), "a message cut short"),
    "indivisible.fit": read(fit(file_id(), sized(5, 3, UINT32)), points=3, distance_m=0),
    "size_0.fit": read(fit(file_id(), sized(3, 0, UINT8)), points=3, heart_rate_bpm=0),
    "size_255.fit": read(fit(file_id(), sized(3, 255, UINT8)), points=3, heart_rate_bpm=0),
    "text_255.fit": read(fit(file_id(), sized(8, 255, STRING)), points=3),
    "text_for_pulse.fit": read(fit(file_id(), sized(3, 1, STRING)), points=3, heart_rate_bpm=0),
    "unknown_type.fit": read(fit(file_id(), sized(3, 1, 0x1F)), points=3, heart_rate_bpm=0),
    "bytes_for_pulse.fit": read(fit(file_id(), sized(3, 4, BYTE)), points=3, heart_rate_bpm=0),
    "wrapping.fit": read(whole(file_id() + compressed_times(200)), points=200, heart_rate_bpm=199),
    "backwards.fit": read(fit(file_id(), records((9, 120), (3, 120))), points=2, time_goes_back=1),
    "no_pulse.fit": read(fit(file_id(), records((0, 255), (1, 0))), points=2, heart_rate_bpm=0),
}


def many_records(count: int) -> bytes:
    return TIMED + b"".join(struct.pack("<BI", 1, START_S + second) for second in range(count))


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


def full_records(count: int) -> bytes:
    rows = (
        (START_S + s, 570_000_000 + s, 195_000_000, 3500 + s % 90, 300 * s, 3000, 140 + s % 20, 80, 240)
        for s in range(count)
    )
    return messages(RECORD, FULL_RECORD, *rows)


def pulses(values: Sequence[int], count: int) -> bytes:
    return records(*((second, values[second % len(values)]) for second in range(count)))


def definitions_of_many_fields() -> bytes:
    return b"".join(definition(0, RECORD, [(n % 251, 1, UINT8)] * (n % 250 + 1)) for n in range(20_000))


def as_many_definitions_as_messages() -> bytes:
    kind = struct.pack("<BIBBB", 0, START_S, 80, 1, 1)
    layouts = (
        [(253, 4, UINT32), (3, 1, UINT8), (n % 180 + 60, 1, UINT8), (n // 180 + 60, 1, UINT8)]
        for n in range(990)
    )
    return b"".join(definition(0, RECORD, layout) + kind * 500 for layout in layouts)


def described_by_developers() -> bytes:
    natives = ((index, 9, UINT8, RECORD, native) for index, native in enumerate((3, 4, 7)))
    layout = definition(1, RECORD, [(253, 4, UINT32)], developer=[(9, 1, index) for index in range(3)])
    rows = b"".join(struct.pack("<BIBBB", 1, START_S + second, 80, 81, 82) for second in range(MANY))
    return messages(FIELD_DESCRIPTION, DESCRIPTION, *natives) + layout + rows


def beats(count: int) -> bytes:
    stamp = definition(1, HR, [(253, 4, UINT32), (6, 1, UINT8), (9, 4, UINT32)])
    packed = definition(1, HR, [(6, 10, UINT8), (10, 15, BYTE)])
    return (
        stamp
        + struct.pack("<BIBI", 1, START_S, 100, 0)
        + packed
        + (b"\x01" + b"\x50" * 10 + bytes([255, 15, 0] * 5)) * count
    )


def beats_long_apart(count: int) -> bytes:
    stamp = definition(1, HR, [(253, 4, UINT32), (6, 1, UINT8), (9, 4, UINT32)])
    return stamp + b"".join(struct.pack("<BIBI", 1, START_S + second * 9, 100, 0) for second in range(count))


def refused_fit(body: Callable[[], bytes], reason: str) -> Case:
    return refused(lambda: whole(file_id() + body()), reason)


def read_fit(body: Callable[[], bytes], **out: int) -> Case:
    return read(lambda: whole(file_id() + body()), **out)


LARGE: Mapping[str, Case] = {
    "every_field.fit": read_fit(lambda: full_records(MANY), points=MANY, power_w=MANY),
    "suspected_spikes.fit": read_fit(lambda: pulses((60, 200), MANY), points=MANY),
    "same_time.fit": read_fit(lambda: messages(RECORD, [(253, UINT32)], *[(START_S,)] * MANY), points=1),
    "points.fit": refused_fit(lambda: many_records(MANY + 2), "more than 500,000 points"),
    "points_in_a_row.fit": refused(
        lambda: whole(file_id() + many_records(6000)) * fit_layout.MAX_CHAINED, "more than 500,000 points"
    ),
    "in_a_row.fit": Case(
        lambda: whole(file_id() + many_records(4900)) * fit_layout.MAX_CHAINED,
        out={"activities": 100, "points": 490_000},
    ),
    "too_large.fit": refused_fit(lambda: bytes(33 * 2**20), "larger than 32 MiB"),
    "tiny_messages.fit": refused_fit(
        lambda: definition(1, RECORD, [(3, 1, UINT8)]) + b"\x01\x50" * 16_000_000, "1,000,000 messages"
    ),
    "tiny_compressed.fit": refused_fit(
        lambda: definition(1, 999, [(3, 1, UINT8)]) + b"\xa1\x50" * 16_000_000, "1,000,000 messages"
    ),
    "compressed_times.fit": read_fit(lambda: compressed_times(MANY), points=MANY),
    "in_turns.fit": read_fit(
        lambda: (
            TIMED
            + definition(2, 21, [(253, 4, UINT32)])
            + struct.pack("<BIBI", 1, START_S, 2, START_S) * (MANY - 5)
        ),
        points=1,
    ),
    "definitions.fit": refused_fit(
        lambda: b"".join(definition(0, n % 60_000, [(n % 251, 1, UINT8)]) for n in range(900_000)),
        "more than 1,000 kinds of message",
    ),
    "definitions_without_end.fit": refused_fit(
        lambda: definition(0, RECORD, [(253, 4, UINT32)]) * 3_700_000, "1,000,000 messages"
    ),
    "definitions_of_many_fields.fit": refused_fit(definitions_of_many_fields, "more than 20,000 fields"),
    "definitions_and_messages.fit": read_fit(as_many_definitions_as_messages, points=1),
    "descriptions.fit": read_fit(
        lambda: (
            records((0, 120))
            + messages(FIELD_DESCRIPTION, DESCRIPTION, *[(0, 9, UINT8, RECORD, 99)] * 990_000)
        ),
        points=1,
    ),
    "developers.fit": read_fit(described_by_developers, points=MANY, heart_rate_bpm=MANY, power_w=MANY),
    "laps_of_sessions.fit": Case(
        lambda: whole(
            file_id()
            + sessions(*[(second * 5, 1, 1) for second in range(100)])
            + laps(*[(second % 500, 1) for second in range(400_000)])
            + records(*[(second % 500, 120) for second in range(400_000)])
        ),
        out={"activities": 100, "points": 500},
    ),
    "sessions.fit": refused_fit(
        lambda: records((0, 120)) + sessions(*[(second % 500, 1, 1) for second in range(900_000)]),
        "more than 100 sessions",
    ),
    "names.fit": refused_fit(
        lambda: definition(0, 0, [(0, 1, ENUM), (8, 20, STRING)]) + (b"\0\x04" + bytes(20)) * 900_000,
        "no activity with a timed point",
    ),
    "beats.fit": read_fit(lambda: many_records(MANY) + beats(19_990), points=MANY),
    "beats_long_apart.fit": read_fit(lambda: many_records(MANY) + beats_long_apart(19_990), points=MANY),
    "too_many_beats.fit": refused_fit(lambda: beats(990_000), "20,000 messages of heart beats"),
    "large_messages.fit": read_fit(
        lambda: (
            definition(1, RECORD, [(253, 4, UINT32)] + [(n, 255, STRING) for n in range(100)])
            + (b"\x01" + struct.pack("<I", START_S) + bytes(25_500)) * 1300
        ),
        points=1,
    ),
}
