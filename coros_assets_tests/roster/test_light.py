"""Sleep and light around shifts: a day by the clock, and agreement with a slow reading of the assumptions."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import hypothesis.strategies as st
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings

from coros_assets.roster.light import CENTRAL, SCENARIOS, Scenario, light
from coros_assets.roster.timeline import Timeline

from .builders import VIENNA, pattern, roster, roster_of
from .strategies import intervals

QUARTER, HOUR, DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)


def lux(shifts: pa.Table, scenario: Scenario, *local: str, zone: str = VIENNA) -> list[float]:
    """Light in the quarters that begin at these local times."""
    instants = [datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) for text in local]
    first = min(instants).date() - DAY
    levels = light(Timeline.of(shifts), np.datetime64(first, "us"), (max(instants).date() - first).days + 1)
    begin = datetime.combine(first, datetime.min.time(), UTC)
    return [float(levels[SCENARIOS.index(scenario), (instant - begin) // QUARTER]) for instant in instants]


TWO_NIGHTS = pattern("2026-05-04", "D-NN---D")


@pytest.mark.parametrize(
    ("time", "level"),
    [
        ("2026-05-05 06:45", 0),
        ("2026-05-05 07:00", 300),
        ("2026-05-05 18:45", 300),
        ("2026-05-05 19:00", 100),
        ("2026-05-05 22:45", 100),
        ("2026-05-05 23:00", 0),
        ("2026-05-04 05:15", 0),
        ("2026-05-04 05:30", 100),  # up an hour and a half before the day shift
        ("2026-05-06 18:45", 300),
        ("2026-05-06 19:00", 100),  # on the first night shift
        ("2026-05-07 06:45", 100),
        ("2026-05-07 07:00", 1000),  # on the way home
        ("2026-05-07 08:15", 1000),
        ("2026-05-07 08:30", 0),  # asleep for six hours
        ("2026-05-07 14:15", 0),
        ("2026-05-07 14:30", 300),
        ("2026-05-08 08:30", 0),  # after the last night as well
        ("2026-05-08 22:45", 100),
        ("2026-05-08 23:00", 0),  # and by habit in the night after it
    ],
)
def test_a_shift_workers_day_by_the_clock(time: str, level: float) -> None:
    assert lux(TWO_NIGHTS, CENTRAL, time) == [level]


@pytest.mark.parametrize(
    ("shift", "time", "level"),
    [
        ("2026-05-04 05:00,2026-05-04 13:00", "2026-05-04 03:15", 0),
        ("2026-05-04 05:00,2026-05-04 13:00", "2026-05-04 03:30", 100),
        ("2026-05-04 14:00,2026-05-04 22:30", "2026-05-04 23:45", 100),
        ("2026-05-04 14:00,2026-05-04 22:30", "2026-05-05 00:00", 0),
        ("2026-05-04 18:00,2026-05-05 02:00", "2026-05-05 03:15", 100),  # home in the dark
        ("2026-05-04 18:00,2026-05-05 02:00", "2026-05-05 03:30", 0),
        ("2026-05-04 18:00,2026-05-05 02:00", "2026-05-05 09:15", 0),
        ("2026-05-04 18:00,2026-05-05 02:00", "2026-05-05 09:30", 300),
    ],
)
def test_work_and_the_time_around_it_come_before_sleep(shift: str, time: str, level: float) -> None:
    assert lux(roster(shift), CENTRAL, time) == [level]


def test_the_next_shift_ends_the_sleep_after_a_night() -> None:
    shifts = roster("2026-05-04 22:00,2026-05-05 06:00", "2026-05-05 14:00,2026-05-05 22:00")
    assert lux(shifts, CENTRAL, "2026-05-05 12:15", "2026-05-05 12:30") == [0, 300]


def test_scenarios_differ_at_work_on_the_way_home_and_in_bed() -> None:
    times = (
        "2026-05-07 03:00",
        "2026-05-07 07:30",
        "2026-05-07 09:00",
        "2026-05-05 22:30",
        "2026-05-05 23:30",
    )
    found = {scenario: tuple(lux(TWO_NIGHTS, scenario, *times)) for scenario in SCENARIOS}
    assert found[CENTRAL] == (100, 1000, 0, 100, 0)
    assert found[Scenario(30, 100, 22, 1)] == (30, 100, 0, 0, 0)
    assert found[Scenario(400, 5000, 24, 3)] == (400, 5000, 5000, 100, 100)
    assert len(set(found.values())) == len(SCENARIOS) == 9


@pytest.mark.parametrize(
    ("zone", "changed"),
    [
        (VIENNA, "2026-03-29"),
        (VIENNA, "2026-10-25"),
        ("America/New_York", "2026-03-08"),
        ("Australia/Sydney", "2026-04-05"),
    ],
)
def test_habits_follow_the_rosters_clock_when_it_changes(zone: str, changed: str) -> None:
    day = date.fromisoformat(changed)
    shifts = roster(
        f"{day - 3 * DAY} 08:00,{day - 3 * DAY} 16:00",
        f"{day + 3 * DAY} 08:00,{day + 3 * DAY} 16:00",
        zone=zone,
    )
    for morning in (day - DAY, day, day + DAY):
        assert lux(shifts, CENTRAL, f"{morning} 06:45", f"{morning} 07:00", zone=zone) == [0, 300]


def test_she_lives_by_the_clock_of_her_last_shift() -> None:
    berth = [
        (datetime(2026, 5, day, 6, tzinfo=UTC), datetime(2026, 5, day, 14, tzinfo=UTC), zone)
        for day, zone in ((4, VIENNA), (8, "Asia/Tokyo"), (12, "Asia/Tokyo"))
    ]
    shifts = roster_of(berth)
    assert lux(shifts, CENTRAL, "2026-05-06 06:45", "2026-05-06 07:00") == [0, 300]
    assert lux(shifts, CENTRAL, "2026-05-10 06:45", "2026-05-10 07:00", zone="Asia/Tokyo") == [0, 300]


def slow(instant: datetime, shifts: list[dict[str, object]], scenario: Scenario) -> float:
    """The assumptions read literally, for an instant in a roster of one zone."""
    wind_down = scenario.wind_down_h * HOUR

    def inside(before: timedelta, after: timedelta, *, nights: bool = False) -> bool:
        return any(
            s["start_time"] - before <= instant < s["end_time"] + after
            for s in shifts
            if s["kind"] == "night" or not nights
        )

    def since_night(least: timedelta, most: timedelta) -> bool:
        return any(s["kind"] == "night" and least <= instant - s["end_time"] < most for s in shifts)

    wall = instant.astimezone(ZoneInfo(VIENNA)).replace(tzinfo=None)
    midnight = datetime.combine(wall.date(), datetime.min.time())
    bed = [midnight + n * DAY + scenario.bed_h * HOUR for n in (-2, -1, 0)]
    sleepy = any(b <= wall < b + 8 * HOUR for b in bed) or since_night(wind_down, wind_down + 6 * HOUR)
    by_day = 7 * HOUR <= wall - midnight < 19 * HOUR
    if sleepy and not inside(1.5 * HOUR, wind_down):
        return 0
    if inside(0 * HOUR, 0 * HOUR, nights=True) or (inside(0 * HOUR, 0 * HOUR) and not by_day):
        return scenario.work_lux
    if by_day:
        return scenario.way_home_lux if since_night(0 * HOUR, wind_down) else 300
    return 100


@settings(max_examples=30)
@given(intervals(most=6), st.sampled_from(SCENARIOS))
def test_light_agrees_with_the_slow_reading(
    given_shifts: list[tuple[datetime, datetime, str]], scenario: Scenario
) -> None:
    shifts = roster_of([(start, end, VIENNA) for start, end, _ in given_shifts])
    rows = shifts.to_pylist()
    for start, _, _ in given_shifts[:3]:
        first = start.date() - DAY
        got = light(Timeline.of(shifts), np.datetime64(first, "us"), 3)[SCENARIOS.index(scenario)]
        begin = datetime.combine(first, datetime.min.time(), UTC)
        expected = [slow(begin + n * QUARTER, rows, scenario) for n in range(len(got))]
        assert got.tolist() == expected
