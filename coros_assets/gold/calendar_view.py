"""Shifts and runs of some weeks as a calendar for the terminal.

Belongs here: what stands in a day's cell and beside a week. Does not: which weeks (`commands/calendar.py`),
or a roster by itself (`roster/calendar_view.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, Final, TypeAlias

import pyarrow as pa
from rich.box import SIMPLE
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from coros_assets.gold.metrics.pace import METRES_PER_KM, SHORTEST_PACED_DISTANCE_M
from coros_assets.parallel import in_groups
from coros_assets.roster.calendar_view import STYLES, WEEK, legend, shift_marks

Day: TypeAlias = Mapping[str, Any]

_NIGHT_RUN: Final = "*"
_SECONDS_PER_MINUTE: Final = 60


def training_calendar(days: pa.Table, shifts: pa.Table) -> RenderableType:
    """Weeks from Monday to Sunday: of each date its shifts with their hours, the distance run and the pace.

    A shift stands on the date it starts on, in its own wall-clock time. `*` marks dates with a run that
    counts as a night-shift run.

    Args:
        days: `activity_date`, `runs`, `distance_m`, `moving_time_s` and `night_runs` (how many of the runs
            belong to the night period) of at least one date.
        shifts: a table of `ROSTER_SHIFTS`, which may be empty.
    """
    ran = {day["activity_date"]: day for day in days.to_pylist()}
    first, last = _monday(min(ran)), _monday(max(ran)) + timedelta(days=len(WEEK) - 1)
    dates = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    marks, hours = shift_marks(shifts, dates), _hours(shifts, set(dates))
    table = Table(
        *WEEK, "Week", title=Text(f"{first:%d %B %Y} to {last:%d %B %Y}"), box=SIMPLE, show_lines=True
    )
    for week in in_groups(dates, len(WEEK)):
        cells = [_cell(day, marks[day], hours[day], ran.get(day)) for day in week]
        table.add_row(*cells, _week(ran[day] for day in week if day in ran))
    return Group(table, legend(), Text(f"{_NIGHT_RUN} counts as a night-shift run    pace in min/km"))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _hours(shifts: pa.Table, dates: set[date]) -> Mapping[date, list[str]]:
    """The hours of the shifts that start on each date, such as `19-07` or `06:30-14`."""
    hours: defaultdict[date, list[str]] = defaultdict(list)
    spans = shifts.select(["start_time_local", "end_time_local"]).to_pylist()
    for span in sorted(spans, key=lambda span: span["start_time_local"]):
        start, end = span["start_time_local"], span["end_time_local"]
        if start.date() in dates:
            hours[start.date()].append("-".join(f"{time:%H:%M}".removesuffix(":00") for time in (start, end)))
    return hours


def _cell(day: date, mark: str, hours: list[str], ran: Day | None) -> Text:
    number = f"{day.day} {day:%b} " if day.day == 1 else f"{day.day} "
    shift = Text.assemble((number, "bold"), *((letter, STYLES[letter]) for letter in mark))
    lines = [shift, *map(Text, hours)]
    if ran and ran["runs"]:
        lines += [_distance(ran, _NIGHT_RUN if ran["night_runs"] else ""), _pace(ran)]
    return Text("\n").join(lines)


def _week(ran: Iterable[Day]) -> Text:
    total: Day = defaultdict(float)
    for day in ran:
        total = {name: total[name] + day[name] for name in ("runs", "distance_m", "moving_time_s")}
    if not total["runs"]:
        return Text()
    runs = Text("1 run" if total["runs"] == 1 else f"{total['runs']:.0f} runs")
    return Text("\n").join([runs, _distance(total), _pace(total)])


def _distance(ran: Day, sign: str = "") -> Text:
    return Text(f"{ran['distance_m'] / METRES_PER_KM:.1f} km{sign}")


def _pace(ran: Day) -> Text:
    if ran["distance_m"] < SHORTEST_PACED_DISTANCE_M:
        return Text()
    minutes, seconds = divmod(
        round(METRES_PER_KM * ran["moving_time_s"] / ran["distance_m"]), _SECONDS_PER_MINUTE
    )
    return Text(f"{minutes}:{seconds:02d}")
