"""What stands in a day's cell, and what weeks, months and years add up to."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pyarrow as pa
import pytest

from coros_assets import tables as contract
from coros_assets.report.calendar import LAST_WEEKS, RUNS, SHIFTS, by_month, by_week, last_weeks, unexpected
from coros_assets_tests.report.synthetic import fill
from coros_assets_tests.report.synthetic_forecast import anomalies

Weeks = list[list[tuple[str, list[str], str, int]]]
"""Of each day its label, the letters of its shifts, its kilometres and how many marks of runs."""

FIRST = date(2024, 12, 23)
"""A Monday."""


def days(metres: dict[date, float]) -> pa.Table:
    """`fact_day` from the first of these dates to the last."""
    span = (max(metres) - min(metres)).days + 1
    dates = [min(metres) + timedelta(days=number) for number in range(span)]
    columns = {"activity_date": dates, "distance_m": [metres.get(day, 0.0) for day in dates]}
    return fill(contract.FACT_DAY, columns)


def shifts(*starts: tuple[str, str]) -> pa.Table:
    begin = [datetime.fromisoformat(start) for start, _ in starts]
    columns = {
        "start_time_local": begin,
        "end_time_local": [start + timedelta(hours=12) for start in begin],
        "start_time": pa.array(begin, pa.timestamp("us", tz="UTC")),
        "end_time": pa.array([start + timedelta(hours=12) for start in begin], pa.timestamp("us", tz="UTC")),
        "timezone": ["UTC"] * len(begin),
        "kind": [kind for _, kind in starts],
    }
    return fill(contract.DIM_SHIFT, columns)


WORKED = shifts(
    ("2024-12-23 19:00", "night"),
    ("2024-12-30 07:00", "day"),
    ("2024-12-31 19:00", "night"),
    ("2025-01-01 19:00", "night"),
    ("2025-03-01 19:00", "night"),
)
RAN = days({FIRST: 5000.0, date(2024, 12, 31): 8240.0, date(2025, 1, 1): 10000.0})
RUN_ARMS = pa.table(
    {"activity_date": [date(2024, 12, 31), date(2025, 1, 1)], "night_arm": ["day", None]},
    schema=pa.schema([("activity_date", pa.date32()), ("night_arm", pa.string())]),
)

TABLES = {
    "fact_day": RAN,
    "dim_shift": WORKED,
    "analysis_run": RUN_ARMS,
    "recovery_anomaly": contract.RECOVERY_ANOMALY.empty(),
}


@pytest.fixture
def weeks() -> Weeks:
    calendar = last_weeks(TABLES)
    return [
        [(day.label, [sign for sign, *_ in day.shifts], day.distance, len(day.runs)) for day in week.days]
        for week in calendar.weeks
    ]


def test_the_last_week_is_that_of_the_last_activity(
    weeks: Weeks,
) -> None:
    assert len(weeks) == LAST_WEEKS
    assert weeks[-2][0] == ("23", ["N"], "5.0", 0)
    monday, tuesday, wednesday, *rest = weeks[-1]
    assert monday == ("30", ["D"], "", 0)
    assert tuesday == ("31", ["N"], "8.2", 1)
    assert wednesday == ("1 Jan", ["N"], "10.0", 0)
    assert [distance for _, _, distance, _ in rest] == [""] * 4


def test_the_first_day_names_its_month(weeks: Weeks) -> None:
    assert weeks[0][0][0] == "7 Oct"


def test_the_key_explains_the_marks_that_are_there_and_no_others() -> None:
    calendar = last_weeks(TABLES)
    assert calendar.key == (SHIFTS["N"], SHIFTS["D"], SHIFTS["?"], RUNS["day"])
    assert calendar.weeks[-1].distance == "18.2"


def test_what_was_not_as_expected_is_marked_with_its_sentences_and_listed() -> None:
    tables = TABLES | {"recovery_anomaly": anomalies(date(2025, 1, 1))}
    calendar = last_weeks(tables)
    marked = {day.label: day.unexpected for week in calendar.weeks for day in week.days if day.unexpected}
    assert list(marked) == ["12", "29"]
    [(sign, _, meaning)] = marked["29"]
    assert sign == "!"
    assert meaning.startswith("On that day your efficiency was 1.05")
    assert meaning.endswith("On that day your resting heart rate was 58 bpm.")
    assert calendar.key[-1][0] == "!"
    listed = unexpected(tables)
    assert listed["outcome"].to_pylist() == ["efficiency", "resting heart rate", "heart-rate variability"]


def test_without_a_roster_no_letter_and_no_question_mark_is_shown() -> None:
    nothing = TABLES | {"dim_shift": WORKED.slice(0, 0)}
    assert last_weeks(nothing).key == (RUNS["day"],)


def test_weeks_count_from_the_first_of_january_and_nights_outside_the_record_are_left_out() -> None:
    by_weeks, years = by_week(RAN, WORKED)
    filled = {(row["row"], row["week"]): row for row in by_weeks.to_pylist()}
    assert set(filled) == {(0, 52), (0, 53), (1, 1)}
    assert (filled[0, 52]["distance_km"], filled[0, 52]["nights"]) == (5.0, 1)
    assert (filled[0, 53]["distance_km"], filled[0, 53]["nights"]) == (8.24, 1)
    assert (filled[1, 1]["distance_km"], filled[1, 1]["nights"]) == (10.0, 1)
    assert years["label"].to_pylist() == ["2024", "2025"]
    assert [total[:2] for total in years["total"].to_pylist()] == ["13", "10"]


def test_a_year_adds_up_to_its_months() -> None:
    table = by_month(RAN, WORKED)
    assert [row[0] for row in table.rows] == ["2025", "2024"]
    assert table.rows[0][1] == table.rows[0][-2] == "10"
    assert table.rows[1][-3:] == ("13", "13", "2")
