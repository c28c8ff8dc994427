import struct
from datetime import datetime, timedelta

import pytest

from coros_assets.formats.fit import read_fit
from coros_assets.formats.raw import StatedTotals
from coros_assets_tests.fit_bytes import (
    ENUM,
    FIELD_DESCRIPTION,
    RECORD,
    SINT32,
    START,
    START_S,
    UINT8,
    UINT16,
    UINT32,
    activity,
    definition,
    file_id,
    fit,
    laps,
    messages,
    records,
    session_totals,
    sessions,
)

RUNNING, CYCLING, SWIMMING, TRANSITION, HIKING, JUMP_ROPE = 1, 2, 5, 3, 17, 84
NO_ENUM = 0xFF
SEMICIRCLES = 2**31 / 180


def points(*parts: bytes) -> list[dict]:
    [read] = read_fit(fit(file_id(), *parts))
    return read.points.to_pylist()


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


@pytest.mark.parametrize("big_endian", [False, True])
def test_a_record_is_read_in_every_field(big_endian):
    row = {
        (253, UINT32): START_S,
        (0, SINT32): round(-48.2 * SEMICIRCLES),
        (1, SINT32): round(16.37 * SEMICIRCLES),
        (78, UINT32): (171 + 500) * 5 + 1,
        (5, UINT32): 1234,
        (73, UINT32): 3225,
        (3, UINT8): 141,
        (4, UINT8): 84,
        (53, UINT8): 64,
        (7, UINT16): 251,
    }
    [read] = points(messages(RECORD, list(row), list(row.values()), big_endian=big_endian))
    assert read == {
        "time": START,
        "lap_index": 0,
        "latitude_deg": pytest.approx(-48.2, abs=1e-7),
        "longitude_deg": pytest.approx(16.37, abs=1e-7),
        "altitude_m": pytest.approx(171.2),
        "distance_m": 12.34,
        "speed": 3.225,
        "heart_rate_bpm": 141.0,
        "cadence": 84.5,
        "power_w": 251.0,
    }


@pytest.mark.parametrize(
    ("fields", "row", "column", "value"),
    [
        ([(2, UINT16), (78, UINT32)], (2600, 2505), "altitude_m", 1.0),
        ([(2, UINT16), (78, UINT32)], (2600, 0xFFFFFFFF), "altitude_m", 20.0),
        ([(6, UINT16), (73, UINT32)], (3000, 2000), "speed", 2.0),
        ([(6, UINT16)], (3000,), "speed", 3.0),
        ([(6, UINT16)], (0xFFFF,), "speed", None),
        ([(3, UINT8)], (0xFF,), "heart_rate_bpm", None),
        ([(3, UINT8)], (0,), "heart_rate_bpm", 0.0),
        ([(4, UINT8), (53, UINT8)], (84, 0xFF), "cadence", 84.0),
        ([(4, UINT8), (53, UINT8)], (0xFF, 64), "cadence", None),
        ([(0, SINT32)], (0x7FFFFFFF,), "latitude_deg", None),
        ([(7, UINT32)], (251,), "power_w", 251.0),
    ],
)
def test_the_finer_field_wins_and_invalid_values_are_null(fields, row, column, value):
    [read] = points(messages(RECORD, [(253, UINT32), *fields], (START_S, *row)))
    assert read[column] == value


def test_a_field_of_another_size_than_its_type_is_passed_over():
    odd = definition(0, RECORD, [(5, 1, UINT32), (253, 4, UINT32), (3, 2, UINT8)])
    [read] = points(odd + struct.pack("<BBIBB", 0, 7, START_S, 141, 142))
    assert (read["time"], read["distance_m"], read["heart_rate_bpm"]) == (START, None, None)


def test_compressed_times_roll_over_within_32_seconds():
    base = START_S & ~31 | 29
    full = messages(RECORD, [(253, UINT32), (3, UINT8)], (base, 100))
    short = definition(1, RECORD, [(3, 1, UINT8)])
    compressed = b"".join(
        bytes([0x80 | 1 << 5 | second % 32, pulse]) for second, pulse in [(30, 101), (33, 102)]
    )
    read = points(full + short + compressed)
    first = read[0]["time"]
    assert [((p["time"] - first).total_seconds(), p["heart_rate_bpm"]) for p in read] == [
        (0, 100),
        (1, 101),
        (4, 102),
    ]


def test_compressed_times_go_on_from_the_last_full_time_of_any_message():
    base = START_S & ~31 | 29
    full = messages(RECORD, [(253, UINT32), (3, UINT8)], (base, 100), (base + 40, 101))
    event = messages(21, [(253, UINT32)], (base + 50,), local=2)
    short = definition(1, RECORD, [(3, 1, UINT8)])
    stamped = [bytes([0x80 | 1 << 5 | (base + after_s) % 32, 102]) for after_s in (45, 53, 60)]
    read = points(full + short + stamped[0] + event + stamped[1] + stamped[1] + stamped[2])
    first = read[0]["time"]
    assert [(p["time"] - first).total_seconds() for p in read] == [0, 40, 45, 53, 53, 60]


def test_a_compressed_time_without_a_full_one_before_is_null():
    short = definition(1, RECORD, [(3, 1, UINT8)])
    read = points(short + bytes([0x80 | 1 << 5 | 7, 102]) + records((0, 120)))
    assert [p["time"] for p in read] == [None, START]


def test_a_definition_between_messages_of_one_header_changes_their_length():
    first = messages(RECORD, [(253, UINT32), (3, UINT8)], *((START_S + second, 100) for second in range(70)))
    second = messages(
        RECORD, [(3, UINT8), (253, UINT32), (4, UINT8)], *((101, START_S + 70 + i, 80) for i in range(70))
    )
    read = points(first + second)
    assert [p["heart_rate_bpm"] for p in read] == [100.0] * 70 + [101.0] * 70
    assert [p["time"] for p in read] == [after(second) for second in range(140)]


def test_records_of_several_definitions_keep_the_order_of_the_file():
    other = messages(RECORD, [(3, UINT8), (253, UINT32)], (102, START_S + 1))
    read = points(records((0, 101)), other, records((2, 103)))
    assert [p["heart_rate_bpm"] for p in read] == [101, 102, 103]
    assert [p["time"] for p in read] == [after(0), after(1), after(2)]


def test_a_time_that_counts_from_the_start_of_the_device_is_null():
    read = points(messages(RECORD, [(253, UINT32)], (5,), (START_S,)))
    assert [p["time"] for p in read] == [None, START]


@pytest.mark.parametrize(("native_field", "power"), [(7, 251.0), (41, None)])
def test_a_sensor_in_its_own_name_fills_a_column_only_if_it_says_so(native_field, power):
    description = messages(
        FIELD_DESCRIPTION,
        [(0, UINT8), (1, UINT8), (2, UINT8), (14, UINT16), (15, UINT8)],
        (0, 9, UINT16, RECORD, native_field),
    )
    record = definition(0, RECORD, [(253, 4, UINT32)], developer=[(9, 2, 0)])
    read = points(description, record + struct.pack("<BIH", 0, START_S, 251), records((1, 140)))
    assert [(p["power_w"], p["heart_rate_bpm"]) for p in read] == [(power, None), (None, 140)]


def test_the_devices_own_value_wins_over_an_added_sensors():
    description = messages(
        FIELD_DESCRIPTION,
        [(0, UINT8), (1, UINT8), (2, UINT8), (14, UINT16), (15, UINT8)],
        (0, 9, UINT8, RECORD, 4),
    )
    record = definition(0, RECORD, [(253, 4, UINT32), (4, 1, UINT8)], developer=[(9, 1, 0)])
    [read] = points(description, record + struct.pack("<BIBB", 0, START_S, 84, 99))
    assert read["cadence"] == 84


@pytest.mark.parametrize(
    ("lap_starts", "expected"),
    [((0, 2), [0, 0, 1, 1]), ((2, 0), [0, 0, 0, 0]), ((1,), [0, 0, 0, 0]), ((), [0, 0, 0, 0])],
)
def test_points_belong_to_laps_by_start_where_starts_increase(lap_starts, expected):
    parts = [laps(*((start, 60) for start in lap_starts))] if lap_starts else []
    read = points(records((0, 140), (1, 140), (2, 140), (3, 140)), *parts)
    assert [p["lap_index"] for p in read] == expected


def test_a_lap_is_read_in_every_field():
    [read] = read_fit(fit(file_id(), records((0, 140)), laps((0, 61))))
    assert read.laps.to_pylist() == [
        {
            "start_time": START,
            "timer_time_s": 61.0,
            "distance_m": 200.5,
            "average_heart_rate_bpm": 140.0,
            "max_heart_rate_bpm": 155.0,
        }
    ]


def test_each_session_is_an_activity_with_its_own_points_and_laps():
    data = fit(
        file_id(),
        records((0, 120), (1, 121), (10, 130), (20, 140), (21, 141), (22, 142)),
        laps((0, 10), (10, 10), (20, 1), (21, 1)),
        sessions((0, SWIMMING, 18), (10, TRANSITION, 0), (20, RUNNING, 4)),
        activity(7200),
    )
    found = [
        (a.source_index, a.sport, a.sub_sport, a.points["heart_rate_bpm"].to_pylist(), len(a.laps))
        for a in read_fit(data)
    ]
    assert found == [
        (0, "swimming", "open_water", [120, 121], 1),
        (1, "other", "transition", [130], 1),
        (2, "running", "track", [140, 141, 142], 2),
    ]
    assert read_fit(data)[2].points["lap_index"].to_pylist() == [0, 1, 1]
    assert {a.utc_offset_s for a in read_fit(data)} == {7200}


def test_files_in_a_row_are_read_one_after_the_other():
    first = fit(file_id(), records((0, 120)), sessions((0, RUNNING, 1)))
    second = fit(file_id(name=b"COROS APEX"), records((100, 130)), sessions((100, CYCLING, 0)))
    settings = fit(file_id(kind=2))
    read = read_fit(first + settings + second)
    assert [(a.source_index, a.sport, a.device) for a in read] == [
        (0, "running", "COROS PACE Pro"),
        (1, "cycling", "COROS APEX"),
    ]


def test_bytes_after_the_end_are_said_and_do_no_harm():
    data = fit(file_id(), records((0, 120)))
    [read] = read_fit(data + b"\x00" * 40)
    assert read.flags == ("bytes_after_end",)
    assert read.points.equals(read_fit(data)[0].points)


@pytest.mark.parametrize(("header_size", "header_crc"), [(12, False), (14, False), (14, True)])
def test_all_headers_in_use_are_read(header_size, header_crc):
    data = fit(file_id(), records((0, 120)), header_size=header_size, header_crc=header_crc)
    assert len(read_fit(data)[0].points) == 1


@pytest.mark.parametrize(
    ("sport", "sub_sport", "family", "finer"),
    [
        (RUNNING, 0, "running", None),
        (RUNNING, NO_ENUM, "running", None),
        (RUNNING, 1, "running", "treadmill"),
        (RUNNING, 3, "running", "trail"),
        (HIKING, 0, "walking", "hiking"),
        (JUMP_ROPE, NO_ENUM, "other", "jump_rope"),
        (NO_ENUM, NO_ENUM, "other", None),
        (0, 0, "other", None),
        (200, 200, "other", None),
    ],
)
def test_a_sport_is_its_family_and_what_says_more(sport, sub_sport, family, finer):
    [read] = read_fit(fit(file_id(), records((0, 120)), sessions((0, sport, sub_sport))))
    assert (read.sport, read.sub_sport) == (family, finer)


def test_without_a_session_the_sport_message_counts():
    sport = messages(12, [(0, ENUM), (1, ENUM)], (RUNNING, 4))
    [read] = read_fit(fit(file_id(), sport, records((0, 120))))
    assert (read.sport, read.sub_sport, len(read.laps)) == ("running", "track", 0)


@pytest.mark.parametrize(
    ("ahead_s", "offset_s"),
    [
        (7200, 7200),
        (7193, 7200),
        (-12600, -12600),
        (20700, 20700),
        (50400, 50400),
        (54000, None),
        (-46800, None),
    ],
)
def test_the_offset_from_utc_is_a_quarter_hour_on_earth(ahead_s, offset_s):
    [read] = read_fit(fit(file_id(), records((0, 120)), activity(ahead_s)))
    assert read.utc_offset_s == offset_s


def test_without_a_local_time_there_is_no_offset():
    assert read_fit(fit(file_id(), records((0, 120))))[0].utc_offset_s is None


def test_the_session_states_the_totals_of_its_activity():
    [read] = read_fit(fit(file_id(), records((0, 120)), session_totals(61_500, 70_000, 20_050, 140)))
    assert read.stated == StatedTotals(61.5, 70.0, 200.5, 140.0)


def test_what_the_session_does_not_state_is_none():
    nothing = session_totals(0xFFFFFFFF, 0, 0xFFFFFFFF, 0xFF)
    [read] = read_fit(fit(file_id(), records((0, 120)), nothing))
    assert read.stated == StatedTotals(elapsed_time_s=0.0)
    assert read_fit(fit(file_id(), records((0, 120))))[0].stated == StatedTotals()
