"""Times of day and hours, in the spellings of rosters."""

from __future__ import annotations

from datetime import timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import given

from coros_assets.roster.hours import DAY, Hours, read_clock, read_hours

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("7", 420),
        ("07", 420),
        ("7:30", 450),
        ("07.30", 450),
        ("0730", 450),
        ("7h30", 450),
        ("19:00:00", 1140),
        ("7 am", 420),
        ("7:30 p.m.", 1170),
        ("7p", 1140),
        ("12 am", 0),
        ("12pm", 720),
        ("19 Uhr", 1140),
        ("00:00", 0),
        ("24:00", 1440),
        ("24", 1440),
    ],
)
def test_a_time_of_day_is_read(text: str, minutes: int) -> None:
    assert read_clock(text) == minutes * MINUTE


@pytest.mark.parametrize(
    "text",
    ["", "25", "24:01", "7:60", "7:5", "13 pm", "0 am", "-7", "7,5", "seven", "2560", "07:00:61", "\u0667"],
)
def test_what_is_no_time_of_day_is_not_read(text: str) -> None:
    assert read_clock(text) is None


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("19-07", 19, 31),
        ("19:00-07:00", 19, 31),
        (" 19:00 \u2013 07:00 ", 19, 31),
        ("7-15", 7, 15),
        ("7a-7p", 7, 19),
        ("7p to 7a", 19, 31),
        ("7 bis 15 Uhr", 7, 15),
        ("0700-1900", 7, 19),
        ("8-8", 8, 32),
        ("16:00-24:00", 16, 24),
        ("16:00-00:00", 16, 24),
    ],
)
def test_hours_are_read_with_an_end_after_their_start(text: str, start: int, end: int) -> None:
    assert read_hours(text) == Hours(start * 60 * MINUTE, end * 60 * MINUTE)


@pytest.mark.parametrize("text", ["", "-", "7", "7-", "-7", "N 7-15", "7-15-19", "24-7", "Night", "7-25"])
def test_what_is_not_hours_alone_is_not_read(text: str) -> None:
    assert read_hours(text) is None


@given(st.integers(0, 1439), st.integers(0, 1440))
def test_whatever_is_written_with_colons_is_read_as_it_stands(start: int, end: int) -> None:
    text = "-".join(f"{minutes // 60:02d}:{minutes % 60:02d}" for minutes in (start, end))
    hours = read_hours(text)
    assert hours is not None
    assert hours.start == start * MINUTE
    assert hours.start < hours.end <= hours.start + DAY
    assert (hours.end - end * MINUTE) % DAY == timedelta(0)


@given(st.text(alphabet="0123456789:.-apm h", max_size=14))
def test_any_text_is_hours_within_two_days_or_nothing(text: str) -> None:
    hours = read_hours(text)
    assert hours is None or timedelta(0) <= hours.start < hours.end <= 2 * DAY
