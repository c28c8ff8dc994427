"""What the roster says about runs and dates: a table of cases, and agreement with the slow reference."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

import hypothesis.strategies as st
import pyarrow as pa
import pytest
from hypothesis import given, settings

from coros_assets.roster.labels import label_activities, label_dates
from coros_assets.tables import ROSTER_SHIFTS, SHIFT_CONTEXT

from . import reference
from .builders import VIENNA, activities_of, pattern, roster, roster_of, runs
from .strategies import around, intervals

DAYS_THEN_NIGHTS = pattern("2026-05-04", "DD-NN----D")
"""Days on 4 and 5 May, nights from 7 and 8 May (the last ends on the 9th at 07:00), a day on the 13th."""


def label(run: str, shifts: pa.Table, column: str, minutes: int = 60) -> Any:
    return label_activities(runs(run, minutes=minutes), shifts)[column].to_pylist()[0]


@pytest.mark.parametrize(
    ("run", "period", "relation"),
    [
        ("2026-05-03 12:00", "unknown", "unknown"),
        ("2026-05-04 05:00", "day", "before"),
        ("2026-05-04 12:00", "day", "during"),
        ("2026-05-04 06:30", "day", "during"),
        ("2026-05-04 19:00", "day", "after"),
        ("2026-05-05 00:30", "day", "after"),  # 5.5 h after, 5.5 h before: a tie is after
        ("2026-05-05 00:31", "day", "before"),
        ("2026-05-06 07:00", "off", "after"),
        ("2026-05-06 07:01", "off", "between"),
        ("2026-05-07 06:00", "night", "before"),
        ("2026-05-07 05:59", "night", "between"),
        ("2026-05-07 15:00", "night", "before"),
        ("2026-05-08 03:00", "night", "during"),
        ("2026-05-09 07:00", "night", "after"),
        ("2026-05-09 19:00", "night", "after"),
        ("2026-05-09 19:01", "night", "off"),
        ("2026-05-10 19:00", "night", "off"),
        ("2026-05-10 19:01", "off", "off"),
        ("2026-05-12 12:00", "off", "off"),
        ("2026-05-13 20:00", "day", "after"),
        ("2026-05-14 06:00", "unknown", "unknown"),
    ],
)
def test_a_run_belongs_to_the_block_of_its_date_unless_a_night_reaches_it(
    run: str, period: str, relation: str
) -> None:
    assert label(run, DAYS_THEN_NIGHTS, "schedule_period") == period
    assert label(run, DAYS_THEN_NIGHTS, "shift_relation") == relation


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        # shift end, shift start, night end, nights in a row, nights in 7 days, transition
        ("2026-05-04 05:00", (None, 1.0, None, None, None, None)),
        ("2026-05-05 20:00", (1.0, 46.0, None, 0, None, None)),
        ("2026-05-06 20:00", (25.0, 22.0, None, 0, None, False)),
        ("2026-05-07 20:00", (49.0, 22.0, None, 0, None, True)),
        ("2026-05-08 08:00", (1.0, 10.0, 1.0, 1, None, True)),
        ("2026-05-08 20:00", (13.0, 106.0, 13.0, 1, None, True)),
        ("2026-05-09 08:00", (1.0, 94.0, 1.0, 2, None, True)),
        ("2026-05-10 19:00", (36.0, 59.0, 36.0, 2, None, False)),
        ("2026-05-10 19:30", (36.5, 58.5, 36.5, 0, None, False)),
        ("2026-05-12 12:00", (77.0, 18.0, 77.0, 0, 2, False)),
        ("2026-05-13 20:00", (1.0, None, 109.0, 0, 2, True)),
    ],
)
def test_hours_and_counts_around_a_run(run: str, expected: tuple[Any, ...]) -> None:
    names = (
        "hours_since_shift_end",
        "hours_until_shift_start",
        "hours_since_night_end",
        "consecutive_nights",
        "nights_last_7_days",
        "is_transition",
    )
    assert tuple(label(run, DAYS_THEN_NIGHTS, name) for name in names) == expected


@pytest.mark.parametrize(("minutes", "relation"), [(0, "between"), (779, "between"), (780, "before")])
def test_a_long_run_comes_nearer_to_the_next_shift(minutes: int, relation: str) -> None:
    shifts = roster("2026-05-04 07:00,2026-05-04 19:00", "2026-05-06 09:00,2026-05-06 19:00")
    assert label("2026-05-05 08:00", shifts, "shift_relation", minutes=minutes) == relation


def test_a_run_is_between_only_if_its_two_shifts_are_48_hours_apart_with_the_run() -> None:
    near = roster("2026-05-04 07:00,2026-05-04 19:00", "2026-05-06 19:00,2026-05-07 07:00")
    far = roster("2026-05-04 07:00,2026-05-04 19:00", "2026-05-06 19:01,2026-05-07 07:00")
    ten_hours = 600
    assert label("2026-05-05 12:00", near, "shift_relation", minutes=ten_hours) == "between"
    assert label("2026-05-05 12:00", far, "shift_relation", minutes=ten_hours) == "off"


def test_a_recording_that_was_forgotten_ends_after_48_hours() -> None:
    assert label("2026-05-09 12:00", DAYS_THEN_NIGHTS, "hours_until_shift_start", minutes=70 * 60) == 91 - 48


@pytest.mark.parametrize(
    ("run", "nights"), [("2026-05-15 06:59", 2), ("2026-05-15 07:00", 1), ("2026-05-16 07:00", 0)]
)
def test_a_night_that_ended_seven_days_ago_to_the_minute_no_longer_counts(run: str, nights: int) -> None:
    shifts = pattern("2026-05-04", "DD-NN----D--D")
    assert label(run, shifts, "nights_last_7_days") == nights


@pytest.mark.parametrize(("second", "nights"), [("2026-05-07 20:00", 2), ("2026-05-07 20:01", 1)])
def test_two_nights_are_in_a_row_if_they_start_at_most_36_hours_apart(second: str, nights: int) -> None:
    shifts = roster(
        "2026-05-04 07:00,2026-05-04 19:00",
        "2026-05-06 08:00,2026-05-07 08:00",
        f"{second},2026-05-08 08:00",
        "2026-05-12 07:00,2026-05-12 19:00",
    )
    assert label("2026-05-08 09:00", shifts, "consecutive_nights") == nights


def test_days_since_the_last_night_are_its_hours_by_24() -> None:
    assert label("2026-05-12 07:00", DAYS_THEN_NIGHTS, "days_since_last_night") == 3.0


@pytest.mark.parametrize(
    ("start", "end", "run", "hours"),
    [
        ("2026-03-28 19:00", "2026-03-29 07:00", "2026-03-30 07:00", 24.0),
        ("2026-03-27 19:00", "2026-03-28 07:00", "2026-03-29 07:00", 23.0),
        ("2026-10-23 19:00", "2026-10-24 07:00", "2026-10-25 07:00", 25.0),
    ],
)
def test_hours_are_elapsed_over_the_nights_the_clocks_change(
    start: str, end: str, run: str, hours: float
) -> None:
    shifts = roster(
        f"{start},{end}", "2026-04-08 07:00,2026-04-08 19:00", "2026-11-04 07:00,2026-11-04 19:00"
    )
    assert label(run, shifts, "hours_since_night_end") == hours


def test_a_night_reaches_36_elapsed_hours_also_when_the_clocks_change() -> None:
    shifts = roster("2026-03-27 19:00,2026-03-28 07:00", "2026-04-08 07:00,2026-04-08 19:00")
    assert label("2026-03-29 20:00", shifts, "schedule_period") == "night"
    assert label("2026-03-29 20:01", shifts, "schedule_period") == "off"


def test_a_row_of_nights_that_may_have_begun_before_the_roster_is_not_counted() -> None:
    assert label("2026-05-06 08:00", pattern("2026-05-04", "NN---D"), "consecutive_nights") is None
    assert label("2026-05-08 08:00", pattern("2026-05-04", "D-NN---D"), "consecutive_nights") == 2


def test_a_day_between_two_nights_ends_the_row() -> None:
    shifts = pattern("2026-05-01", "D-NN-N-D")
    assert label("2026-05-07 08:00", shifts, "consecutive_nights") == 1
    assert label("2026-05-05 08:00", shifts, "consecutive_nights") == 2


@pytest.mark.parametrize(("free_dates", "period"), [(14, "off"), (28, "off"), (29, "unknown")])
def test_four_weeks_without_a_shift_are_leave_and_more_are_a_hole(free_dates: int, period: str) -> None:
    shifts = pattern("2026-05-04", "D" + "-" * free_dates + "D")
    assert label("2026-05-12 12:00", shifts, "schedule_period") == period
    assert label_dates(pa.array([date(2026, 5, 12)]), shifts).to_pylist() == [period]


def test_nothing_is_looked_for_across_a_hole() -> None:
    shifts = pattern("2026-05-04", "DN" + "-" * 40 + "DD")
    (run,) = label_activities(runs("2026-06-15 20:00"), shifts).to_pylist()
    assert (run["schedule_period"], run["hours_since_shift_end"]) == ("day", 1.0)
    unknown = ("hours_since_night_end", "days_since_last_night", "nights_last_7_days", "is_transition")
    assert [run[name] for name in unknown] == [None] * 4


def test_dates_are_day_night_off_or_unknown() -> None:
    dates = [date(2026, 5, day) for day in range(3, 15)]
    periods = label_dates(pa.array(dates, pa.date32()), DAYS_THEN_NIGHTS).to_pylist()
    assert periods == [
        "unknown", "day", "day", "off", "night", "night", "night", "off", "off", "off", "day", "unknown",
    ]  # fmt: skip


def test_a_shift_that_ends_at_midnight_does_not_touch_the_next_date() -> None:
    shifts = roster("2026-05-04 16:00,2026-05-05 00:00", "2026-05-06 07:00,2026-05-06 19:00")
    assert label_dates(pa.array([date(2026, 5, 5)]), shifts).to_pylist() == ["off"]


def test_without_a_roster_everything_is_unknown() -> None:
    labels = label_activities(runs("2026-05-04 12:00"), ROSTER_SHIFTS.empty())
    (run,) = labels.to_pylist()
    assert run.pop("schedule_period") == run.pop("shift_relation") == "unknown"
    assert set(run.values()) == {None}
    assert label_dates(pa.array([date(2026, 5, 4)]), ROSTER_SHIFTS.empty()).to_pylist() == ["unknown"]


def test_labels_are_exactly_the_columns_of_the_contract() -> None:
    for activities in (runs("2026-05-04 12:00"), runs("2026-05-04 12:00").slice(0, 0)):
        labels = label_activities(activities, DAYS_THEN_NIGHTS)
        assert labels.num_rows == activities.num_rows
        assert labels.schema.names == [column.name for column in SHIFT_CONTEXT]
        assert labels.schema.types == [column.type.arrow for column in SHIFT_CONTEXT]
        assert [not field.nullable for field in labels.schema] == [
            column.required for column in SHIFT_CONTEXT
        ]


@settings(deadline=None)
@given(st.data())
def test_labels_agree_with_the_slow_reference(data: st.DataObject) -> None:
    given_shifts = data.draw(intervals())
    shifts, activities = roster_of(given_shifts), activities_of(data.draw(around(given_shifts)))
    for activity, got in zip(
        activities.to_pylist(), label_activities(activities, shifts).to_pylist(), strict=True
    ):
        expected = reference.labels(activity, shifts)
        assert got == {name: pytest.approx(expected.get(name)) for name in got}


@settings(deadline=None)
@given(st.data())
def test_dates_agree_with_the_slow_reference(data: st.DataObject) -> None:
    given_shifts = data.draw(intervals())
    shifts, first = roster_of(given_shifts), given_shifts[0][0].date()
    dates = [first + timedelta(days=n) for n in data.draw(st.lists(st.integers(-3, 60), min_size=1))]
    got = label_dates(pa.array(dates, pa.date32()), shifts).to_pylist()
    assert got == [reference.period(day, shifts) for day in dates]


def test_2500_activities_are_labelled_against_ten_years_in_less_than_a_second() -> None:
    shifts = pattern("2016-01-01", "DDNNOOOO" * 457)
    first = datetime(2016, 1, 1, 6, tzinfo=UTC)
    starts = [first + timedelta(hours=35 * n) for n in range(2500)]
    activities = activities_of([(start, start + timedelta(hours=1), VIENNA) for start in starts])
    begun = time.perf_counter()
    labels = label_activities(activities, shifts)
    assert time.perf_counter() - begun < 1
    assert labels.num_rows == 2500
    assert set(labels["schedule_period"].to_pylist()) == {"day", "night", "off"}
