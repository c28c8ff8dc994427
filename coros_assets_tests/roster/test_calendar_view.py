"""The calendar in the terminal."""

from __future__ import annotations

import io
from datetime import date
from unicodedata import category

import pyarrow as pa
import pytest
from rich.console import Console
from rich.text import Text

from coros_assets.roster.calendar_view import roster_calendar

from .builders import VIENNA, csv_bytes, pattern, read, roster


def shown(
    shifts: pa.Table, months: int | None = None, *, color: bool = False, today: date = date(2026, 7, 1)
) -> str:
    out = io.StringIO()
    Console(file=out, width=100, force_terminal=color, color_system="standard" if color else None).print(
        roster_calendar(shifts, months, today)
    )
    return out.getvalue()


def test_each_date_has_the_letter_of_its_shift() -> None:
    words = " ".join(shown(pattern("2026-05-04", "DEN-L-D")).split())
    assert "May 2026 Mo Tu We Th Fr Sa Su 1 ? 2 ? 3 ? 4 D 5 E 6 N 7 - 8 L 9 - 10 D 11 ?" in words


def test_two_shifts_on_a_date_give_two_letters() -> None:
    text = shown(roster("2026-05-04 05:00,2026-05-04 09:00", "2026-05-04 18:00,2026-05-04 23:00"))
    assert " 4 LE" in text


def test_the_legend_explains_every_sign_and_the_summary_counts() -> None:
    text = shown(pattern("2026-05-04", "DDN--E"))
    assert "N night  E evening  L early  D day  - no shift starts  ? not known" in text
    assert (
        "4 shifts (1 night, 1 evening, 2 day) from 2026-05-04 07:00 to 2026-05-09 22:00, Europe/Vienna time."
        in text
    )


@pytest.mark.parametrize(
    ("months", "titles"), [(None, ["May", "June", "July"]), (1, ["July"]), (9, ["May", "June", "July"])]
)
def test_only_the_last_months_are_shown_if_asked(months: int | None, titles: list[str]) -> None:
    text = shown(pattern("2026-05-04", "D---" * 20), months)
    assert [
        month for month in ("April", "May", "June", "July", "August") if f"{month} 2026" in text
    ] == titles


@pytest.mark.parametrize(
    ("today", "titles"),
    [
        ("2020-01-01", ["May", "June"]),
        ("2026-05-20", ["May", "June"]),
        ("2026-06-30", ["June", "July"]),
        ("2026-12-31", ["July", "August"]),
    ],
)
def test_of_a_roster_that_goes_far_ahead_the_months_around_today_are_shown(
    today: str, titles: list[str]
) -> None:
    text = shown(pattern("2026-05-04", "D---" * 28), 2, today=date.fromisoformat(today))
    assert [month for month in ("May", "June", "July", "August") if f"{month} 2026" in text] == titles


def test_the_hours_that_titles_were_read_as_are_listed() -> None:
    shifts = read("r.csv", csv_bytes("date,code", "2026-05-04,N", "2026-05-05,N", "2026-05-07,06:30-14:00"))
    assert "Read as: N 19:00-07:00 (2), 06:30-14:00 06:30-14:00 (1)." in shown(shifts)


def test_many_titles_are_cut_short() -> None:
    rows = [f"2026-05-{day:02d},9:00,17:00,Ward {day}" for day in range(1, 21)]
    assert "and 8 more." in shown(read("r.csv", csv_bytes("date,start,end,title", *rows)))


def test_colour_changes_nothing_that_is_written() -> None:
    shifts = pattern("2026-05-04", "DEN-L-D")
    coloured = shown(shifts, color=True)
    assert "\x1b[" in coloured
    assert Text.from_ansi(coloured).plain.split() == shown(shifts).split()


@pytest.mark.parametrize("column", ["title", "timezone", "source"])
def test_control_characters_and_markup_never_reach_the_terminal(column: str) -> None:
    shifts = read("r.csv", csv_bytes("start,end", "2026-05-04 19:00,2026-05-05 07:00"), VIENNA)
    hostile = pa.array(["\x1b]0;owned\x07\u009b31m[red]x[/red]\u202e"])
    text = shown(shifts.set_column(shifts.schema.get_field_index(column), column, hostile))
    assert all(category(c)[0] != "C" for c in text.replace("\n", ""))
    assert "1 shifts" in text
