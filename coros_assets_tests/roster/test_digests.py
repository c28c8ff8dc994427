"""Digests of a date's neighbourhood in the roster: they change when labels would, and seldom else."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import hypothesis.strategies as st
import pyarrow as pa
import pytest
from hypothesis import given, settings

from coros_assets.roster.labels import label_activities, label_dates, shift_neighbourhood_digests
from coros_assets.tables import ROSTER_SHIFTS

from .builders import VIENNA, Interval, activities_of, csv_bytes, pattern, read, roster_of, runs
from .strategies import BEGIN, ZONES, intervals


@st.composite
def edited(draw: st.DrawFn, shifts: list[Interval]) -> list[Interval]:
    """The same shifts with one moved, shortened, dropped or in another zone, or with the end cut off."""
    at, hour = draw(st.integers(0, len(shifts) - 1)), timedelta(hours=1)
    start, end, zone = shifts[at]
    changes: list[list[Interval]] = [[(start, end, draw(ZONES))]]
    if end - start > hour:
        changes += [[(start + hour, end, zone)], [(start, end - hour, zone)], [(start, start + hour, zone)]]
    if len(shifts) > 1:
        changes.append([])
    results = [[*shifts[:at], *change, *shifts[at + 1 :]] for change in changes]
    return draw(st.sampled_from([*results, shifts[:at]] if at else results))


def around_every_edge(shifts: list[Interval]) -> pa.Table:
    """Activities at all the distances from shifts that a definition names, short and long, in far zones."""
    edges = {edge for start, end, _ in shifts for edge in (start, end)}
    hours = (-672, -60, -48, -36, -12, -1, 0, 1, 12, 13, 36, 48, 60, 100, 168, 400, 672)
    return activities_of(
        [
            (start, start + timedelta(hours=length), zone)
            for start in sorted({edge + timedelta(hours=h) for edge in edges for h in hours})
            for length, zone in ((1, VIENNA), (47, "Pacific/Kiritimati"), (60, "Etc/GMT+12"))
        ]
    )


def everything(activities: pa.Table, shifts: pa.Table) -> list[dict[str, Any]]:
    """All labels of each activity, with the period of its date."""
    labels = label_activities(activities, shifts)
    return labels.append_column("date", label_dates(activities["activity_date"], shifts)).to_pylist()


@settings(max_examples=30)  # of some hundred runs each
@given(st.data())
def test_whenever_a_label_differs_between_two_rosters_the_digest_does(data: st.DataObject) -> None:
    before = data.draw(intervals())
    one, other = roster_of(before), roster_of(data.draw(edited(before)))
    activities = around_every_edge(before)
    dates = activities["activity_date"].to_pylist()
    digests = zip(
        shift_neighbourhood_digests(dates, one), shift_neighbourhood_digests(dates, other), strict=True
    )
    labels = zip(everything(activities, one), everything(activities, other), strict=True)
    for (digest, other_digest), (label, other_label) in zip(digests, labels, strict=True):
        assert digest != other_digest or label == other_label


@given(intervals(least=4), intervals())
def test_a_longer_roster_leaves_dates_whose_next_shift_was_known(
    given_shifts: list[Interval], more: list[Interval]
) -> None:
    last_start, last_end, _ = given_shifts[-1]
    added = [(start + (last_end - BEGIN), end + (last_end - BEGIN), zone) for start, end, zone in more]
    dates = [BEGIN.date() + timedelta(days=n) for n in range(-40, (last_start - BEGIN).days - 4)]
    before = shift_neighbourhood_digests(dates, roster_of(given_shifts))
    assert before == shift_neighbourhood_digests(dates, roster_of([*given_shifts, *added]))


def changed_dates(one: pa.Table, other: pa.Table) -> list[date]:
    dates = [date(2025, 12, 1) + timedelta(days=n) for n in range(400)]
    digests = zip(
        shift_neighbourhood_digests(dates, one), shift_neighbourhood_digests(dates, other), strict=True
    )
    return [day for day, (a, b) in zip(dates, digests, strict=True) if a != b]


def test_an_edited_shift_changes_only_dates_near_it() -> None:
    cycle = "DDNNOOOO" * 40
    moved = cycle[:160] + "E" + cycle[161:]
    day = date(2026, 1, 1) + timedelta(days=160)
    changed = changed_dates(pattern("2026-01-01", cycle), pattern("2026-01-01", moved))
    assert day in changed
    assert day - timedelta(days=10) < min(changed)
    assert max(changed) < day + timedelta(days=32)


@pytest.mark.parametrize(
    ("letters", "dropped", "run", "label"),
    [
        ("DDDN---D--D", 3, "2026-01-09 12:00", "hours_since_night_end"),
        ("DDDN" + "-D" * 12, 3, "2026-01-27 12:00", "days_since_last_night"),
        ("DDDN-D-DDDDDD", 3, "2026-01-11 05:00", "nights_last_7_days"),
        ("D--" + "N" * 40 + "---D", 3, "2026-02-13 08:00", "consecutive_nights"),
        ("DDDN" + "-" * 27 + "D-D-D", 3, "2026-02-03 06:00", "is_transition"),
        ("E" + "D" * 27 + "--D", 0, "2026-01-28 12:00", "rotation_direction"),
        ("-" + "D-" * 14 + "--D", 1, "2026-01-30 12:00", "rotation_direction"),
        ("DN--D", 1, "2026-01-04 12:00", "is_first_day_after_nights"),
        ("DDD------N", 9, "2026-01-05 12:00", "schedule_period"),
    ],
)
def test_a_shift_changes_the_digests_of_far_dates_whose_labels_need_it(
    letters: str, dropped: int, run: str, label: str
) -> None:
    one = pattern("2026-01-01", letters)
    other = pattern("2026-01-01", letters[:dropped] + "-" + letters[dropped + 1 :])
    assert label_activities(runs(run), one)[label] != label_activities(runs(run), other)[label]
    assert date.fromisoformat(run[:10]) in changed_dates(one, other)


def test_a_date_is_taken_wherever_on_earth_it_is() -> None:
    def shifts(night_ended: int) -> pa.Table:
        night = (datetime(2026, 1, 1, 0, tzinfo=UTC), datetime(2026, 1, 1, night_ended, tzinfo=UTC), VIENNA)
        days = [datetime(2026, month, day, 8, tzinfo=UTC) for month, day in ((1, 20), (2, 5))]
        return roster_of([night, *((day, day + timedelta(hours=8), VIENNA) for day in days)])

    run = datetime(2026, 1, 29, 12, tzinfo=UTC)
    activity = activities_of([(run, run + timedelta(hours=1), "Pacific/Kiritimati")])
    assert activity["activity_date"].to_pylist() == [date(2026, 1, 30)]
    assert everything(activity, shifts(18)) != everything(activity, shifts(17))
    assert date(2026, 1, 30) in changed_dates(shifts(18), shifts(17))


@pytest.mark.parametrize(
    ("start", "end", "zone", "label"),
    [
        ((5, 0), (13, 0), "Atlantic/Azores", "is_transition"),  # 07:00 is day, 05:00 early
        ((18, 0), (20, 30), "Europe/London", "rotation_direction"),  # 20:00 is backward from 07:00, 19:00 not
    ],
)
def test_a_shift_moved_to_another_zone_changes_digests_though_its_hours_stay(
    start: tuple[int, int], end: tuple[int, int], zone: str, label: str
) -> None:
    def shifts(zone: str) -> pa.Table:
        others = [(datetime(2026, 5, d, 5, tzinfo=UTC), datetime(2026, 5, d, 13, tzinfo=UTC)) for d in (4, 8)]
        moved = (datetime(2026, 5, 6, *start, tzinfo=UTC), datetime(2026, 5, 6, *end, tzinfo=UTC), zone)
        return roster_of([(*others[0], VIENNA), moved, (*others[1], VIENNA)])

    run = runs("2026-05-07 06:00")
    one, other = shifts(VIENNA), shifts(zone)
    assert label_activities(run, one)[label] != label_activities(run, other)[label]
    assert date(2026, 5, 7) in changed_dates(one, other)


@pytest.mark.parametrize("moved", [0, 3, 10])
def test_the_zones_that_habits_follow_change_digests(moved: int) -> None:
    days = [0, *range(29, 40)]  # four weeks of leave, in which she lives by the clock of the first shift

    def shifts(zone: str) -> pa.Table:
        begin = datetime(2026, 1, 1, 8, tzinfo=UTC)
        starts = [begin + timedelta(days=day) for day in days]
        return roster_of(
            [(s, s + timedelta(hours=4), zone if n == moved else VIENNA) for n, s in enumerate(starts)]
        )

    run = runs(f"{date(2026, 1, 2) + timedelta(days=days[max(moved, 1)])} 06:00")
    one, other = shifts(VIENNA), shifts("Europe/Helsinki")
    differ = [
        name
        for name in label_activities(run, one).column_names
        if label_activities(run, one)[name] != label_activities(run, other)[name]
    ]
    assert differ == [f"hours_from_circadian_minimum{end}" for end in ("", "_low", "_high")]
    assert run["activity_date"][0].as_py() in changed_dates(one, other)


def test_titles_and_sources_do_not_matter() -> None:
    one = read("a.csv", csv_bytes("start,end", "2026-05-04 19:00,2026-05-05 07:00"), VIENNA)
    other = read("b.csv", csv_bytes("start,end,title", "", "2026-05-04 19:00,2026-05-05 07:00,x"), VIENNA)
    assert one["source"] != other["source"]
    assert changed_dates(one, other) == []


def test_a_date_that_becomes_known_changes_its_digest() -> None:
    shifts = pattern("2026-01-01", "DDNNOOOO")
    assert changed_dates(ROSTER_SHIFTS.empty(), shifts) == [date(2026, 1, day) for day in range(1, 6)]


def test_digests_are_hexadecimal_and_one_a_date_in_the_order_given() -> None:
    shifts = roster_of([(datetime(2026, 5, 4, 17, tzinfo=UTC), datetime(2026, 5, 5, 5, tzinfo=UTC), VIENNA)])
    days = [date(2026, 5, 5), date(2026, 5, 4)]
    digests = shift_neighbourhood_digests(days, shifts)
    assert digests == shift_neighbourhood_digests(days[::-1], shifts)[::-1]
    assert all(len(digest) == 64 and int(digest, 16) >= 0 for digest in digests)
    assert shift_neighbourhood_digests([], shifts) == []
