"""Text to numbers and instants: what is read depends on the text alone, not on its neighbours."""

import math
import re
from datetime import date, datetime, timedelta
from itertools import product

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coros_assets.formats.text import instants, numbers

NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
INSTANTS = [
    "2024-06-01T17:00:00Z",
    "2024-06-01T17:00:00.5Z",
    "2024-06-01T17:00:00.123456789+02:30",
    "2024-06-01T17:00:00-00:45",
    "2024-06-01T17:00:00+00:99",
    "2024-06-01T17:00:00+24:00",
    "2024-06-01T24:00:00Z",
    "2024-06-01T23:59:60Z",
    "2023-02-29T12:00:00Z",
    "2024-02-29T12:00:00Z",
    "2024-02-29T12:00:00",
    " 2024-06-01T17:00:00Z\n",
    "yesterday",
    "",
    None,
]


def expected_number(text: str) -> float | None:
    matched = NUMBER.fullmatch(text)
    value = float(text) if matched else math.inf
    return value if math.isfinite(value) else None


def test_of_all_short_texts_exactly_the_decimal_numbers_are_read():
    texts = ["".join(letters) for size in range(6) for letters in product("05.+-e", repeat=size)]
    one_by_one = [numbers([text])[0].as_py() for text in texts]
    assert one_by_one == [expected_number(text) for text in texts]
    assert numbers(texts).to_pylist() == one_by_one


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_plain_numbers_are_read_to_the_last_bit(values):
    assert numbers([f"{value!r}" for value in values]).to_pylist() == values
    assert numbers([f" {value!r}" for value in values]).to_pylist() == values


@settings(max_examples=300)
@given(st.lists(st.text("0123456789.+-eE naif\t", max_size=8) | st.none(), max_size=4), st.integers(0, 2))
def test_a_number_is_the_same_whatever_stands_beside_it(texts, first):
    apart = [None if text is None else expected_number(text.strip()) for text in texts]
    assert numbers(texts).to_pylist() == apart
    assert numbers(pa.array(texts, pa.string()).slice(first)).to_pylist() == apart[first:]


@given(st.lists(st.sampled_from(INSTANTS), max_size=4))
def test_an_instant_is_the_same_whatever_stands_beside_it(texts):
    assert instants(texts).to_pylist() == [instants([text])[0].as_py() for text in texts]


@pytest.mark.parametrize("year", [1, 1900, 2000, 2023, 2024, 2100, 9999])
def test_every_date_of_the_calendar_is_read_and_no_other(year):
    days = [f"{year:04}-{month:02}-{day:02}" for month in range(14) for day in range(33)]
    read = instants([f"{day}T00:00:00+00:00" for day in days]).to_pylist()
    assert [day for day, instant in zip(days, read, strict=True) if instant] == [
        (date(year, 1, 1) + timedelta(days=day)).isoformat()
        for day in range((date(year, 12, 31) - date(year, 1, 1)).days + 1)
    ]


@given(st.timedeltas(timedelta(0), timedelta(days=70_000)), st.integers(-1439, 1439))
def test_offsets_are_taken_from_the_time(since, minutes):
    local = datetime.fromisoformat("1900-01-01") + since
    sign, (hours, rest) = "-+"[minutes >= 0], divmod(abs(minutes), 60)
    [read] = instants([f"{local.isoformat()}{sign}{hours:02}:{rest:02}"]).to_pylist()
    assert read.replace(tzinfo=None) == local - timedelta(minutes=minutes)
