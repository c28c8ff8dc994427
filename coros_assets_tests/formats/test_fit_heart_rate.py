"""Heart rates beside the records, against the loop of Garmin's FIT SDK written out plainly."""

import math
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coros_assets.formats.fit import read_fit
from coros_assets_tests.fit_bytes import (
    BYTE,
    HR,
    RECORD,
    START_S,
    UINT8,
    UINT16,
    UINT32,
    definition,
    file_id,
    fit,
    messages,
    whole,
)

TICKS = 1024


def anchor(second: float, ticks: int, bpm: int) -> bytes:
    """A beat whose instant and strap time are both stated."""
    fields = [(253, 4, UINT32), (0, 2, UINT16), (6, 1, UINT8), (9, 4, UINT32)]
    fraction = round(second % 1 * 2**15)
    written = struct.pack("<BIHBI", 1, START_S + math.floor(second), fraction, bpm, ticks % 2**32)
    return definition(1, HR, fields) + written


def beats(*rows: tuple[int, int]) -> bytes:
    """Beats of strap time and heart rate in one message, times packed to 12 bits."""
    assert len(rows) % 2 == 0
    packed = b""
    for (first, _), (second, _) in zip(rows[::2], rows[1::2], strict=True):
        low, high = first % 4096, second % 4096
        packed += bytes([low & 255, low >> 8 | (high & 15) << 4, high >> 4])
    fields = [(6, len(rows), UINT8), (10, len(packed), BYTE)]
    return definition(2, HR, fields) + b"\x02" + bytes(bpm for _, bpm in rows) + packed


def seconds_only(*seconds: int) -> bytes:
    return messages(RECORD, [(253, UINT32)], *((START_S + second,) for second in seconds))


def heart_rates(*parts: bytes) -> list[float | None]:
    [read] = read_fit(whole(file_id() + b"".join(parts)))
    return read.points["heart_rate_bpm"].to_pylist()


def by_loop(records: list[int], given_beats: list[tuple[float, int]]) -> list[float | None]:
    """What Garmin's SDK does: beats carried on in quarter seconds, then averaged between two records."""
    steps: list[tuple[float, int]] = []
    for second, bpm in given_beats:
        if steps:
            last, carried = steps[-1]
            gap, step = second - last, 1
            while gap > 0.25 and step <= 20:
                steps.append((last + 0.25 * step, carried))
                gap, step = gap - 0.25, step + 1
        steps.append((second, bpm))
    found: list[float | None] = []
    for index, end in enumerate(records):
        start = records[index - 1] if index else end - 1
        inside = [bpm for second, bpm in steps if start < second <= end]
        found.append(float(math.floor(sum(inside) / len(inside) + 0.5)) if inside else None)
    return found


@given(
    st.lists(st.integers(1, 4000), min_size=2, max_size=60),
    st.lists(st.integers(1, 12), min_size=1, max_size=30),
    st.integers(0, 2**32 - 2),  # one more means 'not measured'
    st.data(),
)
def test_records_get_the_mean_of_the_beats_since_the_record_before(gaps, record_gaps, first_ticks, data):
    ticks = [first_ticks, *(int(first_ticks + total) for total in np.cumsum(gaps[: len(gaps) // 2 * 2]))]
    bpm = data.draw(st.lists(st.integers(40, 200), min_size=len(ticks), max_size=len(ticks)))
    rows = list(zip(ticks, bpm, strict=True))
    size = data.draw(st.sampled_from([2, 4, 8, 10]))
    parts = [beats(*rows[at : at + size]) for at in range(1, len(rows), size)]
    records = [int(second) for second in np.cumsum(record_gaps)]
    expected = by_loop(records, [((t - first_ticks) / TICKS + 0.5, beat) for t, beat in rows])
    assert heart_rates(seconds_only(*records), anchor(0.5, first_ticks, bpm[0]), *parts) == expected


def test_a_strap_may_append_its_own_file_to_the_watchs():
    strap = fit(file_id(manufacturer=1, product=1743), anchor(0, 5000, 100), beats((6024, 110), (7048, 120)))
    [read] = read_fit(fit(file_id(), seconds_only(0, 1, 2)) + strap)
    assert read.points["heart_rate_bpm"].to_pylist() == [100.0, 103.0, 113.0]


def test_a_later_anchor_sets_the_clock_anew():
    parts = (anchor(0, 1000, 100), anchor(60, 99, 150), beats((1123, 152), (2147, 154)))
    assert heart_rates(seconds_only(0, 60, 61, 62), *parts) == [100.0, 102.0, 151.0, 153.0]


def test_a_record_keeps_its_own_heart_rate_where_no_beat_is_near():
    records = messages(RECORD, [(253, UINT32), (3, UINT8)], (START_S, 90), (START_S + 1, 91))
    assert heart_rates(records, anchor(1, 0, 120)) == [90.0, 120.0]


@pytest.mark.parametrize(
    "parts",
    [
        (beats((5000, 100), (6000, 101)),),
        (definition(1, HR, [(253, 4, UINT32)]) + struct.pack("<BI", 1, START_S),),
        (anchor(0, 0, 0xFF),),
        (anchor(10**6, 0, 100),),
    ],
    ids=["no anchor", "no beats", "an invalid heart rate", "at another time"],
)
def test_beats_that_say_nothing_of_the_records_leave_them_empty(parts):
    assert heart_rates(seconds_only(0, 1, 2), *parts) == [None, None, None]


def test_records_of_one_instant_get_the_same_mean():
    assert heart_rates(seconds_only(0, 1, 1, 2), anchor(0, 0, 100), beats((1024, 110), (2048, 120))) == [
        100.0,
        103.0,
        103.0,
        113.0,
    ]
