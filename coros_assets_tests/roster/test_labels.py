"""What the roster says about runs and dates: a table of cases, and agreement with the slow reference."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

import hypothesis.strategies as st
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given

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
    ("run", "first"),
    [
        ("2026-05-04 12:00", None),  # the roster does not cover the date before
        ("2026-05-05 12:00", False),
        ("2026-05-07 12:00", False),
        ("2026-05-09 20:00", False),  # the date the last night ends on began at work
        ("2026-05-10 00:30", True),
        ("2026-05-10 23:30", True),
        ("2026-05-11 00:30", False),
        ("2026-05-14 12:00", None),
    ],
)
def test_the_first_date_without_night_work_comes_after_the_one_nights_end_on(
    run: str, first: bool | None
) -> None:
    assert label(run, DAYS_THEN_NIGHTS, "is_first_day_after_nights") is first


def test_a_date_between_two_rows_of_nights_is_a_first_day_only_if_no_night_touches_it() -> None:
    nights = pattern("2026-05-04", "DN-N--ND")
    first = [label(f"2026-05-{day:02} 12:00", nights, "is_first_day_after_nights") for day in range(5, 12)]
    assert first == [False, False, False, False, True, False, False]


@pytest.mark.parametrize(
    ("letters", "in_transition"),
    [("DDE", True), ("DDL", True), ("DDN", True), ("ENE", True), ("DDD", False), ("NNN", False)],
)
def test_a_change_of_any_kind_of_shift_is_a_transition_for_48_hours(
    letters: str, in_transition: bool
) -> None:
    shifts = pattern("2026-05-01", letters + "-----D")
    starts = {"D": "07", "E": "14", "L": "05", "N": "19"}[letters[-1]]
    assert label(f"2026-05-05 {starts}:00", shifts, "is_transition") is in_transition
    assert label(f"2026-05-05 {starts}:01", shifts, "is_transition") is False


@pytest.mark.parametrize(
    ("letters", "direction"),
    [
        ("LD", "forward"),
        ("DE", "forward"),
        ("EN", "forward"),
        ("N-L", "forward"),  # 19:00 to 05:00 is ten hours later, not fourteen earlier
        ("DN", "forward"),  # half a day
        ("ND", "forward"),
        ("DL", "backward"),
        ("ED", "backward"),
        ("NE", "backward"),
        ("LN", "backward"),
        ("DDENN", "forward"),
        ("DDNEE", "backward"),
        ("DDNEEE-----", "backward"),  # until the next change
        ("DD", None),  # a change may lie before the roster
        ("D" * 29, "none"),
        ("D" + "-" * 13 + "D" + "-" * 14, "none"),
        ("ED" + "D" * 27, "backward"),
        ("ED" + "D" * 28, "none"),  # the change is 28 days and an hour ago
    ],
)
def test_the_rotation_is_the_way_the_start_moved_when_the_kind_last_changed(
    letters: str, direction: str | None
) -> None:
    shifts = pattern("2026-05-01", letters + "D")
    day = date(2026, 5, 1) + timedelta(days=len(letters) - 1)
    hour = {"N": 20, "E": 15}.get(letters[-1], 8)
    assert label(f"{day} {hour:02}:00", shifts, "rotation_direction") == direction


def test_a_change_of_kind_at_the_same_hour_is_no_rotation() -> None:
    shifts = roster(
        "2026-05-04 13:00,2026-05-04 21:00",
        "2026-05-05 13:00,2026-05-05 22:00",
        "2026-05-07 13:00,2026-05-07 21:00",
    )
    assert label("2026-05-05 23:00", shifts, "is_transition") is True
    assert label("2026-05-05 23:00", shifts, "rotation_direction") == "none"


def test_the_hour_the_clocks_change_is_no_rotation() -> None:
    shifts = roster(
        "2026-03-28 06:00,2026-03-28 14:00",
        "2026-03-29 06:00,2026-03-29 22:00",
        "2026-04-02 06:00,2026-04-02 14:00",
    )
    assert shifts["kind"].to_pylist() == ["day", "evening", "day"]
    assert label("2026-03-29 23:00", shifts, "rotation_direction") == "none"


CLOCK_CHANGES = [
    (VIENNA, "2026-03-29", 23),
    (VIENNA, "2026-10-25", 25),
    ("America/New_York", "2026-03-08", 23),
    ("America/New_York", "2026-11-01", 25),
    ("Australia/Sydney", "2026-10-04", 23),
    ("Australia/Sydney", "2026-04-05", 25),
]
"""Zones, dates in them on which the clocks change, and how many hours these dates last."""


def two_nights_around(day: date, zone: str) -> pa.Table:
    """Nights of 12 h by the clock that end on the date before and on the date itself; a day 9 days later."""
    before, after = day - timedelta(days=1), day + timedelta(days=9)
    return roster(
        f"{before - timedelta(days=1)} 19:00,{before} 07:00",
        f"{before} 19:00,{day} 07:00",
        f"{after} 07:00,{after} 19:00",
        zone=zone,
    )


@pytest.mark.parametrize(("zone", "changed", "length_h"), CLOCK_CHANGES)
def test_hours_are_elapsed_over_the_nights_the_clocks_change(zone: str, changed: str, length_h: int) -> None:
    shifts = two_nights_around(date.fromisoformat(changed), zone)
    lengths = pc.subtract(shifts["end_time"], shifts["start_time"]).to_pylist()
    assert lengths == [timedelta(hours=12), timedelta(hours=length_h - 12), timedelta(hours=12)]
    night_before = f"{date.fromisoformat(changed) - timedelta(days=1)}"
    activities = runs(
        f"{night_before} 08:00",
        f"{changed} 04:30",
        f"{changed} 07:00",
        f"{changed} 08:00",
        zone=zone,
        minutes=30,
    )
    labels = label_activities(activities, shifts)
    assert labels["shift_relation"].to_pylist() == ["after", "during", "after", "after"]
    assert labels["hours_since_night_end"].to_pylist() == [1, length_h - 2.5, 0, 1]
    assert labels["hours_until_shift_start"].to_pylist() == [10.5, 9 * 24 + 2, 9 * 24 - 0.5, 9 * 24 - 1.5]
    assert labels["days_since_last_night"].to_pylist()[1] == (length_h - 2.5) / 24


@pytest.mark.parametrize(("zone", "changed", "length_h"), CLOCK_CHANGES)
def test_a_night_reaches_36_elapsed_hours_also_when_the_clocks_change(
    zone: str, changed: str, length_h: int
) -> None:
    day = date.fromisoformat(changed)
    shifts = two_nights_around(day, zone).take([0, 2])
    last_hour = 7 + 36 - length_h  # on the date of the change, counted from the 07:00 before
    labels = label_activities(runs(f"{day} {last_hour}:00", f"{day} {last_hour}:01", zone=zone), shifts)
    assert labels["schedule_period"].to_pylist() == ["night", "off"]
    assert labels["is_first_day_after_nights"].to_pylist() == [True, True]


def test_a_runner_far_from_the_roster_keeps_her_hours_and_takes_her_own_dates() -> None:
    shifts = roster(
        "2026-03-13 07:00,2026-03-13 19:00",
        "2026-03-14 19:00,2026-03-15 07:00",
        "2026-03-20 07:00,2026-03-20 19:00",
    )
    new_york = "America/New_York"  # five hours behind Vienna in these weeks, not six
    labels = label_activities(
        runs("2026-03-14 23:00", "2026-03-15 02:00", "2026-03-15 08:00", "2026-03-16 14:01", zone=new_york),
        shifts,
    )
    assert labels["shift_relation"].to_pylist() == ["during", "after", "after", "off"]
    assert labels["hours_since_night_end"].to_pylist()[1:] == [0, 6, 36 + 1 / 60]
    assert labels["schedule_period"].to_pylist() == ["night", "night", "night", "off"]
    assert labels["is_first_day_after_nights"].to_pylist() == [False, False, False, True]
    kiritimati = runs("2026-03-16 08:00", zone="Pacific/Kiritimati")  # 19:00 on the 15th in Vienna
    (run,) = label_activities(kiritimati, shifts).to_pylist()
    assert (run["hours_since_night_end"], run["is_first_day_after_nights"]) == (12, True)


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


@given(st.data())
def test_labels_agree_with_the_slow_reference(data: st.DataObject) -> None:
    given_shifts = data.draw(intervals())
    shifts, activities = roster_of(given_shifts), activities_of(data.draw(around(given_shifts)))
    for activity, got in zip(
        activities.to_pylist(), label_activities(activities, shifts).to_pylist(), strict=True
    ):
        expected = reference.labels(activity, shifts)
        by_the_book = {name: value for name, value in got.items() if "circadian" not in name}
        assert by_the_book == {name: pytest.approx(expected.get(name)) for name in by_the_book}


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
    begun = time.process_time()
    labels = label_activities(activities, shifts)
    assert time.process_time() - begun < 1
    assert labels.num_rows == 2500
    assert set(labels["schedule_period"].to_pylist()) == {"day", "night", "off"}
