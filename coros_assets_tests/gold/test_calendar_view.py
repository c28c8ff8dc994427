"""The calendar of shifts and runs in the terminal."""

from __future__ import annotations

import io
from datetime import date

import pyarrow as pa
from rich.console import Console

from coros_assets.gold.calendar_view import training_calendar
from coros_assets.tables import ROSTER_SHIFTS
from coros_assets_tests.roster.builders import pattern, roster

NAMES = ("activity_date", "runs", "distance_m", "moving_time_s", "night_runs")
TYPES = (pa.date32(), pa.int32(), pa.float64(), pa.float64(), pa.int64())


def days(*rows: tuple[date, int, float, float, int]) -> pa.Table:
    columns = zip(*rows, strict=True)
    return pa.table([pa.array(column, of) for column, of in zip(columns, TYPES, strict=True)], names=NAMES)


def cells(ran: pa.Table, shifts: pa.Table) -> list[list[str]]:
    """The words of each cell, in rows of eight, without headings and legend."""
    out = io.StringIO()
    Console(file=out, width=160).print(training_calendar(ran, shifts))
    lines = out.getvalue().splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(" ──")) + 1
    end = next(number for number, line in enumerate(lines) if line.startswith("N night"))
    head = lines[start - 2]
    at = [head.index(day) for day in ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su", "Week")]
    weeks: list[list[str]] = [[""] * len(at)]
    for line in lines[start:end]:
        if not line.strip():
            weeks.append([""] * len(at))
        for column, (left, right) in enumerate(zip(at, [*at[1:], None], strict=True)):
            weeks[-1][column] += " " + line[left:right].strip()
    return [[" ".join(cell.split()) for cell in week] for week in weeks if any(cell.strip() for cell in week)]


def test_a_week_shows_shifts_with_hours_and_runs_with_pace() -> None:
    ran = days(
        (date(2026, 5, 4), 1, 8000.0, 2400.0, 0),
        (date(2026, 5, 5), 0, 0.0, 0.0, 0),
        (date(2026, 5, 7), 2, 10_000.0, 3599.6, 1),
    )
    assert cells(ran, pattern("2026-05-04", "DNE-LDD")) == [
        [
            "4 D 07-19 8.0 km 5:00",
            "5 N 19-07",
            "6 E 14-22",
            "7 - 10.0 km* 6:00",
            "8 L 05-13",
            "9 D 07-19",
            "10 D 07-19",
            "3 runs 18.0 km 5:33",
        ]
    ]


def test_dates_that_no_roster_covers_are_not_known() -> None:
    [week] = cells(days((date(2026, 5, 6), 1, 50.0, 30.0, 0)), ROSTER_SHIFTS.empty())
    assert week == ["4 ?", "5 ?", "6 ? 0.1 km", "7 ?", "8 ?", "9 ?", "10 ?", "1 run 0.1 km"]


def test_months_begin_with_their_name_and_two_shifts_stand_below_each_other() -> None:
    ran = days((date(2026, 5, 31), 0, 0.0, 0.0, 0), (date(2026, 6, 1), 0, 0.0, 0.0, 0))
    shifts = roster("2026-06-01 05:30,2026-06-01 09:00", "2026-06-01 18:00,2026-06-01 23:00")
    first, second = cells(ran, shifts)
    assert first[6] == "31 ?"
    assert second[0] == "1 Jun LE 05:30-09 18-23"
