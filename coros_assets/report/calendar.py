"""The calendar of shifts and runs: the last weeks day by day, and all years week by week.

Belongs here: what stands in a day's cell, and what a week or a month adds up to. Does not: which dates a
roster covers (`roster/`), the chart of the years (`charts/weeks.py`), or HTML (`templates/calendar.html`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from coros_assets.forecast.findings import DRIFT, SPIKE
from coros_assets.gold.metrics.pace import METRES_PER_KM
from coros_assets.parallel import in_groups
from coros_assets.report import text
from coros_assets.report.datatable import DataTable
from coros_assets.roster.calendar_view import LETTERS, WEEK, shift_marks
from coros_assets.roster.kinds import NIGHT

Tables = Mapping[str, pa.Table]

LAST_WEEKS: Final = 13
"""A quarter of a year: several turns of most rosters."""

Mark = tuple[str, str, str]
"""A sign, its CSS class, and its meaning."""

SHIFTS: Final[Mapping[str, Mark]] = {
    letter: (letter, f"shift {kind}-shift", f"{kind} shift") for kind, letter in LETTERS.items()
} | {"?": ("?", "shift", "roster not known")}
"""The mark of each letter that a roster gives a date; a date without a shift has none."""

RUNS: Final[Mapping[str, Mark]] = {
    "night": ("●", "night", "run within 36 hours of a night shift"),
    "day": ("▲", "day", "run at least 72 hours from any night"),
}
"""The mark of a run by its arm in question 1, as in the chart of every run."""

UNEXPECTED: Final = ("!", "unexpected")
"""Sign and CSS class of a morning or run that was not as expected; its meaning is the sentence on it."""

DAYS_PER_WEEK: Final = 7


@dataclass(frozen=True)
class Day:
    """One cell: its date, the shifts that start on it, its runs with kilometres, what was unexpected."""

    label: str
    shifts: tuple[Mark, ...]
    distance: str
    runs: tuple[Mark, ...]
    unexpected: tuple[Mark, ...]


@dataclass(frozen=True)
class Week:
    """Seven days from Monday, and the kilometres of them all."""

    days: tuple[Day, ...]
    distance: str


@dataclass(frozen=True)
class Calendar:
    """The weekdays, the weeks in order of time, every mark in them, and whether there is a roster."""

    weekdays: tuple[str, ...]
    weeks: tuple[Week, ...]
    key: tuple[Mark, ...]
    has_roster: bool


def last_weeks(tables: Tables) -> Calendar:
    """The weeks up to that of the last activity; `tables` as in `page.render_report`, with activities."""
    metres = _metres(tables["fact_day"])
    first, told = _first_shown(tables), _told(tables)
    dates = [first + timedelta(days=number) for number in range(LAST_WEEKS * DAYS_PER_WEEK)]
    shifts, arms = tables["dim_shift"], _arms(tables["analysis_run"])
    letters = shift_marks(shifts, dates) if shifts.num_rows else dict.fromkeys(dates, "")
    days = [_day(day, first, letters[day], metres.get(day, 0.0), arms[day], told[day]) for day in dates]
    totals = [sum(metres.get(day, 0.0) for day in week) for week in in_groups(dates, DAYS_PER_WEEK)]
    weeks = zip(in_groups(days, DAYS_PER_WEEK), totals, strict=True)
    seen = {mark for day in days for mark in (*day.shifts, *day.runs)}
    is_any = any(day.unexpected for day in days)
    return Calendar(
        WEEK,
        tuple(Week(tuple(week), _kilometres(total)) for week, total in weeks),
        (
            *(mark for mark in (*SHIFTS.values(), *RUNS.values()) if mark in seen),
            *([(*UNEXPECTED, "morning or run not as expected, as said below")] if is_any else []),
        ),
        shifts.num_rows > 0,
    )


def unexpected(tables: Tables) -> pa.Table:
    """The rows of `gold.recovery_anomaly` that are told of these weeks, newest first."""
    rows = tables["recovery_anomaly"]
    is_told = pc.is_in(rows["kind"], pa.array([SPIKE, DRIFT]))
    recent = pc.greater_equal(rows["anomaly_date"], _first_shown(tables))
    return rows.filter(pc.and_(is_told, recent)).sort_by(
        [("anomaly_date", "descending"), ("outcome", "ascending")]
    )


def _first_shown(tables: Tables) -> date:
    last: date = max(tables["fact_day"]["activity_date"].to_pylist())
    return last - timedelta(days=last.weekday(), weeks=LAST_WEEKS - 1)


def _told(tables: Tables) -> Mapping[date, list[str]]:
    """What is said of each of these dates."""
    told: defaultdict[date, list[str]] = defaultdict(list)
    for row in unexpected(tables).to_pylist() if tables["fact_day"].num_rows else []:
        told[row["anomaly_date"]].append(row["sentence"])
    return told


def _metres(days: pa.Table) -> dict[date, float]:
    return dict(zip(days["activity_date"].to_pylist(), days["distance_m"].to_pylist(), strict=True))


def _arms(runs: pa.Table) -> Mapping[date, set[str]]:
    """The arms of question 1 that the runs of each date belong to."""
    arms: defaultdict[date, set[str]] = defaultdict(set)
    for day, arm in zip(runs["activity_date"].to_pylist(), runs["night_arm"].to_pylist(), strict=True):
        arms[day].add(arm)
    return arms


def _day(day: date, first: date, letters: str, metres: float, arms: set[str], told: Sequence[str]) -> Day:
    return Day(
        f"{day.day} {text.month(day)[:3]}" if day.day == 1 or day == first else str(day.day),
        tuple(SHIFTS[letter] for letter in letters if letter in SHIFTS),
        _kilometres(metres),
        tuple(mark for arm, mark in RUNS.items() if arm in arms),
        ((*UNEXPECTED, " ".join(told)),) if told else (),
    )


def _kilometres(metres: float) -> str:
    return text.number(metres / METRES_PER_KM, 1) if metres else ""


def by_week(days: pa.Table, shifts: pa.Table) -> tuple[pa.Table, pa.Table]:
    """All weeks and years as `charts.weeks.weeks` takes them; a year's weeks count from 1 January.

    Args:
        days: `gold.fact_day`, at least one date.
        shifts: `gold.dim_shift`; nights on other dates than those of `days` are left out.
    """
    metres, nights = _metres(days), _nights(shifts)
    first = min(metres).year
    dated = [
        {
            "row": day.year - first,
            "week": 1 + (day.timetuple().tm_yday - 1) // DAYS_PER_WEEK,
            "distance_km": metre / METRES_PER_KM,
            "nights": nights[day],
        }
        for day, metre in metres.items()
    ]
    sums = [("distance_km", "sum"), ("nights", "sum")]
    weeks = pa.Table.from_pylist(dated).group_by(["row", "week"], use_threads=False).aggregate(sums)
    years = weeks.group_by("row", use_threads=False).aggregate([("distance_km_sum", "sum")]).to_pylist()
    labelled = [
        {
            "row": year["row"],
            "label": str(first + year["row"]),
            "total": text.kilometres(METRES_PER_KM * year["distance_km_sum_sum"]),
        }
        for year in years
    ]
    return weeks.rename_columns(["row", "week", "distance_km", "nights"]), pa.Table.from_pylist(labelled)


def _nights(shifts: pa.Table) -> Counter[date]:
    starts, kinds = shifts["start_time_local"].to_pylist(), shifts["kind"].to_pylist()
    return Counter(start.date() for start, kind in zip(starts, kinds, strict=True) if kind == NIGHT)


def by_month(days: pa.Table, shifts: pa.Table) -> DataTable:
    """A row for each year, newest first: its kilometres by month and in all, and its night shifts."""
    nights = _nights(shifts)
    totals: defaultdict[int, list[float]] = defaultdict(lambda: [0.0] * (len(text.MONTHS) + 2))
    for day, metres in _metres(days).items():
        totals[day.year][day.month - 1] += metres / METRES_PER_KM
        totals[day.year][-2] += metres / METRES_PER_KM
        totals[day.year][-1] += nights[day]
    rows = ((str(year), *map(text.number, totals[year])) for year in sorted(totals, reverse=True))
    headings = ("Year", *(name[:3] for name in text.MONTHS), "In all", "Night shifts")
    numeric = (False, *(True for _ in headings[1:]))
    return DataTable("Kilometres by month, and night shifts", headings, numeric, tuple(rows))
