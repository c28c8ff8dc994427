"""Sleep before a run, hours awake, and digests that change when one of them would."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import hypothesis.strategies as st
import pyarrow as pa
import pytest
from hypothesis import given

from coros_assets.tables import SLEEP_CONTEXT, WELLNESS_SLEEP
from coros_assets.wellness.before_runs import sleep_before, sleep_digests

from .builders import sleeps

INSTANT = pa.timestamp("us", tz="UTC")
BEGIN = datetime.fromisoformat("2026-05-01")
NIGHTS = ("2026-05-03 23:00,2026-05-04 07:00", "2026-05-04 23:00,2026-05-05 07:00")
ROUND_THE_CLOCK = (
    "2026-05-04 23:00,2026-05-05 07:00",
    "2026-05-05 15:00,2026-05-05 17:00",  # a nap before the first night shift
    "2026-05-06 08:30,2026-05-06 14:30",  # day sleep after it
    "2026-05-07 08:30,2026-05-07 14:00",
)


def before(local_start: str, *windows: str) -> dict[str, Any]:
    start = datetime.fromisoformat(local_start).replace(tzinfo=ZoneInfo("Europe/Vienna"))
    table = pa.table({"start_time": pa.array([start.astimezone(UTC)], INSTANT)})
    [row] = sleep_before(table, sleeps(*windows)).to_pylist()
    return row


def test_day_and_night_sleep_before_a_run_are_marked_and_not_mixed() -> None:
    row = before("2026-05-06 17:00", *ROUND_THE_CLOCK)
    assert row == {
        "sleep_last_24h_h": 6,
        "night_sleep_last_24h_h": 0,
        "day_sleep_last_24h_h": 6,
        "hours_since_sleep_end": 2.5,
    }
    after_the_night = before("2026-05-06 08:00", *ROUND_THE_CLOCK)
    assert after_the_night["day_sleep_last_24h_h"] == after_the_night["sleep_last_24h_h"] == 2
    assert after_the_night["hours_since_sleep_end"] == 15


def test_a_sleep_that_began_earlier_counts_with_its_share() -> None:
    row = before("2026-05-05 01:00", *NIGHTS, "2026-05-05 22:00,2026-05-06 07:00")
    assert row["sleep_last_24h_h"] == pytest.approx(6 + 2)
    assert row["hours_since_sleep_end"] is None  # the record has her asleep
    assert before("2026-05-05 08:00", *NIGHTS)["sleep_last_24h_h"] == 8


@pytest.mark.parametrize(
    ("start", "known", "awake"),
    [
        ("2026-05-04 20:00", False, 13),  # nothing is known of the 24 h before the first sleep
        ("2026-05-04 22:59", False, pytest.approx(16, abs=0.02)),
        ("2026-05-04 23:00", True, None),  # she falls asleep
        ("2026-05-05 07:00", True, 0),
        ("2026-05-06 01:00", True, 18),
        ("2026-05-06 01:01", False, None),  # a night may be missing
        ("2026-05-03 22:00", False, None),
    ],
)
def test_what_the_record_does_not_cover_is_unknown_and_not_sleepless(
    start: str, known: bool, awake: Any
) -> None:
    row = before(start, *NIGHTS)
    assert (row["sleep_last_24h_h"] is not None) == known
    assert row["hours_since_sleep_end"] == awake


def test_a_missing_night_makes_a_gap_and_a_night_awake_does_not() -> None:
    gap = (*NIGHTS, "2026-05-06 23:00,2026-05-07 07:00", "2026-05-07 23:00,2026-05-08 07:00")
    assert before("2026-05-06 12:00", *gap)["sleep_last_24h_h"] is None
    assert before("2026-05-07 12:00", *gap)["sleep_last_24h_h"] is None
    assert before("2026-05-08 08:00", *gap)["sleep_last_24h_h"] == 8
    assert before("2026-05-06 08:00", *NIGHTS, "2026-05-06 09:00,2026-05-06 15:00")["sleep_last_24h_h"] == 0


def test_without_sleeps_every_column_is_empty_and_every_digest_the_same() -> None:
    table = pa.table({"start_time": pa.array([datetime(2026, 5, 5, tzinfo=UTC)], INSTANT)})
    found = sleep_before(table, WELLNESS_SLEEP.empty())
    assert found.column_names == [column.name for column in SLEEP_CONTEXT]
    assert all(column.null_count == 1 for column in found.columns)
    assert sleep_digests([date(2026, 5, 5)], WELLNESS_SLEEP.empty()) == [""]


quarters = st.integers(0, 10 * 96)
spans = st.lists(st.tuples(quarters, st.integers(4, 60)), min_size=1, max_size=8)


def apart(given_spans: list[tuple[int, int]]) -> list[str]:
    """Sleeps in a row, each beginning after the one before has ended."""
    windows, earliest = [], BEGIN
    for gap, length in given_spans:
        start = earliest + timedelta(minutes=15 * (gap % 200))
        earliest = start + timedelta(minutes=15 * length)
        windows.append(f"{start},{earliest}")
    return windows


@given(spans, spans, st.integers(0, 7), quarters)
def test_whenever_a_column_differs_between_two_records_the_digest_does(
    one: Any, other: Any, keep: int, hour: int
) -> None:
    first, second = sleeps(*apart(one)), sleeps(*apart([*one[:keep], *other]))
    starts = [
        datetime(2026, 4, 30, tzinfo=UTC) + timedelta(minutes=15 * hour + 6 * 60 * n) for n in range(40)
    ]
    table = pa.table({"start_time": pa.array(starts, INSTANT)})
    for zone in ("Pacific/Kiritimati", "Etc/GMT+12"):
        dates = [start.astimezone(ZoneInfo(zone)).date() for start in starts]
        digests = zip(sleep_digests(dates, first), sleep_digests(dates, second), strict=True)
        rows = zip(
            sleep_before(table, first).to_pylist(), sleep_before(table, second).to_pylist(), strict=True
        )
        for (digest, other_digest), (row, other_row) in zip(digests, rows, strict=True):
            assert digest != other_digest or row == pytest.approx(other_row)


@given(spans, quarters)
def test_hours_asleep_are_those_counted_minute_by_minute(given_spans: Any, at: int) -> None:
    windows = apart(given_spans)
    start = BEGIN + timedelta(minutes=15 * at)
    row = before(str(start), *windows)
    if row["sleep_last_24h_h"] is None:
        return
    edges = [tuple(map(datetime.fromisoformat, window.split(","))) for window in windows]
    minutes = [start - timedelta(minutes=n) for n in range(1, 24 * 60 + 1)]
    counted = sum(any(begin <= minute < end for begin, end in edges) for minute in minutes)
    assert row["sleep_last_24h_h"] == pytest.approx(counted / 60)


def test_a_new_night_touches_only_the_dates_around_it() -> None:
    days = [date(2026, 4, 20) + timedelta(days=n) for n in range(40)]
    long = [f"{day} 23:00,{day + timedelta(days=1)} 07:00" for day in days[:25]]
    pairs = zip(
        days, sleep_digests(days, sleeps(*long)), sleep_digests(days, sleeps(*long[:-1])), strict=True
    )
    changed = [day for day, one, other in pairs if one != other]
    assert date(2026, 5, 15) in changed
    assert min(changed) >= date(2026, 5, 12)
    assert max(changed) <= date(2026, 5, 18)


def test_ten_years_of_nights_and_runs_take_less_than_a_second() -> None:
    days = [date(2016, 1, 1) + timedelta(days=n) for n in range(3650)]
    record = sleeps(*(f"{day} 23:00,{day + timedelta(days=1)} 06:00" for day in days))
    table = pa.table(
        {"start_time": pa.array([datetime(d.year, d.month, d.day, 16, tzinfo=UTC) for d in days])}
    )
    started = time.process_time()
    found = sleep_before(table, record)
    sleep_digests(days, record)
    assert time.process_time() - started < 1
    assert found["sleep_last_24h_h"].null_count == 2  # the first night is the second run's
