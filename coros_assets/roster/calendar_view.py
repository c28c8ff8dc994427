"""A roster as a calendar for the terminal.

Belongs here: letters, months and the summary that let a person check how a roster was understood.
Does not: reading it (`read.py`), or printing (`cli.py`).
"""

from __future__ import annotations

import calendar
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
from rich.columns import Columns
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from coros_assets.inert import printable
from coros_assets.roster.labels import label_dates

LETTERS: Final = {"night": "N", "evening": "E", "early": "L", "day": "D"}
"""The letter of each kind; what is not in colour can be read all the same."""

_MONTHS: Final = 12
_MOST_TITLES: Final = 12

WEEK = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
STYLES = {"N": "bold blue", "E": "magenta", "L": "yellow", "D": "green", "-": "dim", "?": "dim"}


def roster_calendar(shifts: pa.Table, months: int | None, today: date) -> RenderableType:
    """Months as weeks with a letter for each date, a legend, the hours of each title and a summary.

    A shift stands on the date it starts on; two on one date give two letters. `-` is a date that the
    roster covers and no shift starts on, `?` one that it does not cover. The roster's own
    text is shown as plain text without control characters.

    Args:
        shifts: a table of `ROSTER_SHIFTS`, at least one row.
        months: how many months to show, up to the one after `today`, or to the roster's last if that is
            earlier; of a roster that begins later its first ones. None: all.
        today: the date it is.
    """
    starts = shifts["start_time_local"].to_pylist()
    first, last = _number(min(starts)), _number(max(starts))
    if months:
        last = min(last, max(_number(today) + 1, first + months - 1))
        first = max(first, last - months + 1)
    shown = [_dates(*divmod(number, _MONTHS)) for number in range(first, last + 1)]
    marks = shift_marks(shifts, [day for month in shown for day in month])
    months_shown = Columns([_month(month, marks) for month in shown], padding=(1, 3))
    return Group(months_shown, Text(), legend(), Text(_titles(shifts)), Text(_summary(shifts)))


def shift_marks(shifts: pa.Table, dates: Sequence[date]) -> dict[date, str]:
    """The letters of the shifts that start on each date; `-` where none does, `?` where that is not known.

    `shifts` is a table of `ROSTER_SHIFTS`, which may be empty.
    """
    letters: defaultdict[date, str] = defaultdict(str)
    starts, kinds = shifts["start_time_local"].to_pylist(), shifts["kind"].to_pylist()
    for start, kind in sorted(zip(starts, kinds, strict=True)):
        letters[start.date()] += LETTERS[kind]
    periods = label_dates(pa.array(dates, pa.date32()), shifts).to_pylist()
    return {
        day: letters[day] or ("?" if period == "unknown" else "-")
        for day, period in zip(dates, periods, strict=True)
    }


def legend() -> Text:
    """What each letter means."""
    letters = [
        *((letter, kind) for kind, letter in LETTERS.items()),
        ("-", "no shift starts"),
        ("?", "not known"),
    ]
    return Text("  ").join(
        Text.assemble((letter, STYLES[letter]), f" {meaning}") for letter, meaning in letters
    )


def _number(day: date) -> int:
    """Months since year 0."""
    return day.year * _MONTHS + day.month - 1


def _dates(year: int, month_from_0: int) -> list[date]:
    _, length = calendar.monthrange(year, month_from_0 + 1)
    return [date(year, month_from_0 + 1, day) for day in range(1, length + 1)]


def _month(dates: list[date], marks: dict[date, str]) -> Table:
    table = Table(title=Text(f"{dates[0]:%B %Y}"), box=None, padding=(0, 1, 0, 0))
    for day in WEEK:
        table.add_column(Text(day))
    cells = [Text()] * dates[0].weekday() + [_cell(day, marks[day]) for day in dates]
    for week in range(0, len(cells), len(WEEK)):
        table.add_row(*cells[week : week + len(WEEK)])
    return table


def _cell(day: date, mark: str) -> Text:
    return Text.assemble(f"{day.day:2d} ", *((letter, STYLES[letter]) for letter in mark))


def _titles(shifts: pa.Table) -> str:
    """The titles with the hours they were read as and how often, the most frequent first."""
    spans = shifts.select(["title", "start_time_local", "end_time_local"]).to_pylist()
    counts = Counter(
        f"{printable(span['title'] or 'without title')} {span['start_time_local']:%H:%M}-"
        f"{span['end_time_local']:%H:%M}"
        for span in spans
    )
    shown = ", ".join(f"{title} ({count})" for title, count in counts.most_common(_MOST_TITLES))
    more = f" and {len(counts) - _MOST_TITLES} more" if len(counts) > _MOST_TITLES else ""
    return f"Read as: {shown}{more}."


def _summary(shifts: pa.Table) -> str:
    counts = {entry["values"]: entry["counts"] for entry in pc.value_counts(shifts["kind"]).to_pylist()}
    kinds = ", ".join(f"{counts[kind]} {kind}" for kind in LETTERS if kind in counts)
    zones = ", ".join(printable(zone) for zone in sorted(pc.unique(shifts["timezone"]).to_pylist()))
    first, last = pc.min(shifts["start_time_local"]).as_py(), pc.max(shifts["end_time_local"]).as_py()
    span = f"{first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M}"
    return f"{shifts.num_rows} shifts ({kinds}) from {span}, {zones} time."
