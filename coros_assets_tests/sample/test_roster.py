from collections import Counter
from datetime import UTC, date, timedelta
from itertools import pairwise

import icalendar
import numpy as np
import pytest

from coros_assets.sample.roster import CYCLE, DAY, NIGHT, OFF, Roster, WorkShift, plan_roster, roster_ics


def planned(first: date, last: date, seed: int = 0, illness: tuple[date, date] | None = None) -> Roster:
    return plan_roster(first, last, illness, np.random.default_rng(seed))


@pytest.fixture(scope="module")
def roster() -> Roster:
    return planned(date(2016, 1, 1), date(2025, 12, 31))


def hours(shift: WorkShift) -> float:
    return (shift.end.astimezone(UTC) - shift.start.astimezone(UTC)) / timedelta(hours=1)


def test_the_cycle_has_three_days_and_three_nights_in_fourteen() -> None:
    assert Counter(CYCLE) == {OFF: 8, DAY: 3, NIGHT: 3}


def test_the_rotation_repeats_every_fourteen_days_where_nothing_is_exceptional(roster: Roster) -> None:
    same = roster.codes[14:] == roster.codes[:-14]
    assert same.mean() > 0.8


def test_the_roster_reaches_a_cycle_beyond_the_history(roster: Roster) -> None:
    assert roster.first == date(2015, 12, 18)
    assert roster.first + timedelta(days=len(roster.codes) - 1) == date(2026, 1, 14)


def test_nobody_works_on_leave_or_while_ill() -> None:
    ill = (date(2025, 3, 29), date(2025, 4, 11))
    roster = planned(date(2024, 1, 1), date(2025, 12, 31), illness=ill)
    for first, last in (*roster.leave, ill):
        for shift in roster.shifts():
            assert not first <= shift.start.date() <= last


def test_leave_is_five_weeks_a_year(roster: Roster) -> None:
    days = Counter(first.year for first, last in roster.leave for _ in range((last - first).days + 1))
    assert all(days[year] == 35 for year in range(2016, 2026))


def test_the_last_autumn_leave_is_spent_abroad(roster: Roster) -> None:
    assert roster.abroad == (date(2025, 10, 7), date(2025, 10, 18))


def test_swaps_depart_from_the_rotation(roster: Roster) -> None:
    regular = np.array(list(CYCLE))
    for day in roster.swaps:
        assert roster.code(day) != regular[(day - date(2015, 1, 1)).days % 14]


@pytest.mark.parametrize("seed", range(5))
def test_shifts_never_overlap_and_leave_at_least_eleven_hours_of_rest(seed: int) -> None:
    shifts = planned(date(2016, 1, 1), date(2025, 12, 31), seed).shifts()
    rest = [(b.start.astimezone(UTC) - a.end.astimezone(UTC)) for a, b in pairwise(shifts)]
    assert min(rest) >= timedelta(hours=11)


def test_only_nights_over_a_clock_change_are_not_twelve_hours_long(roster: Roster) -> None:
    lengths = {hours(shift): [] for shift in roster.shifts()}
    for shift in roster.shifts():
        lengths[hours(shift)].append(shift)
    assert set(lengths) == {11.0, 12.0, 13.0}
    assert {(s.code, s.end.month, s.end.weekday()) for s in lengths[11.0]} == {(NIGHT, 3, 6)}
    assert {(s.code, s.end.month, s.end.weekday()) for s in lengths[13.0]} == {(NIGHT, 10, 6)}


def test_the_calendar_file_parses_back_to_the_same_shifts(roster: Roster) -> None:
    calendar = icalendar.Calendar.from_ical(roster_ics(roster.shifts()))
    titles = {DAY: "Day", NIGHT: "Night"}
    found = [(str(e["SUMMARY"]), e.start.astimezone(UTC), e.end.astimezone(UTC)) for e in calendar.events]
    assert found == [
        (titles[s.code], s.start.astimezone(UTC), s.end.astimezone(UTC)) for s in roster.shifts()
    ]


def test_every_event_has_its_own_uid_and_names_the_zone(roster: Roster) -> None:
    calendar = icalendar.Calendar.from_ical(roster_ics(roster.shifts()))
    assert len({str(event["UID"]) for event in calendar.events}) == len(roster.shifts())
    assert {event["DTSTART"].params["TZID"] for event in calendar.events} == {"Europe/Vienna"}
    assert [str(zone["TZID"]) for zone in calendar.timezones] == ["Europe/Vienna"]
    assert calendar.errors == []


def test_the_calendars_own_zone_rules_agree_with_the_zone_database(roster: Roster) -> None:
    calendar = icalendar.Calendar.from_ical(roster_ics(roster.shifts()))
    zone = calendar.timezones[0].to_tz(lookup_tzid=False)
    for shift in roster.shifts():
        naive = shift.start.replace(tzinfo=None)
        assert naive.replace(tzinfo=zone).utcoffset() == shift.start.utcoffset()


def test_lines_end_as_the_standard_asks_and_none_is_too_long(roster: Roster) -> None:
    lines = roster_ics(roster.shifts()).split(b"\r\n")
    assert lines[-1] == b""
    assert all(b"\n" not in line and len(line) <= 75 for line in lines)


def test_the_same_shifts_give_the_same_bytes(roster: Roster) -> None:
    again = planned(date(2016, 1, 1), date(2025, 12, 31))
    assert roster_ics(again.shifts()) == roster_ics(roster.shifts())
