"""What to expect of the coming days, beside what was expected before and came: figures and tables.

Belongs here: choosing rows of the forecast tables. Does not: forecasts and their sentences (`forecast/`),
drawing (`charts/expected.py`), or the chapter's place (`chapters.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from coros_assets.forecast.outlook import COMING_RUN, FATIGUE
from coros_assets.forecast.wording import AFTER_NIGHTS
from coros_assets.report import text
from coros_assets.report.charts import expected as charts
from coros_assets.report.charts.figure import Figure
from coros_assets.report.datatable import Column, DataTable, data_table
from coros_assets.roster.kinds import NIGHT

Tables = Mapping[str, pa.Table]

SHOWN_BEFORE: Final = timedelta(days=56)
"""How far back the charts begin: four times as far as they reach ahead."""

FEWEST_DAYS: Final = 2
_NIGHT_KEY: Final = ("■", "night", "a night shift touches the day")
_RUNS_KEY: Final = (
    ("▮", "mark", "range expected of a run before it"),
    ("●", "ink", "what came, inside the range"),
    ("◆", "day", "what came, outside: one run in five"),
    ("━", "level", "what to expect on the coming days, with its range"),
)
_FATIGUE_KEY: Final = (
    ("─", "ink", "fatigue (ATL) so far"),
    ("━", "day", "what to expect if you train as you usually do, with its range"),
)
_TRACK: Final = (
    Column("target", "Forecast"),
    Column("method", "Method"),
    Column("counts", "Counts"),
    Column("n", "Tried", text.number),
    Column("mean_absolute_error", "Mean error", text.two_decimals),
    Column("unit", "Unit"),
    Column("coverage_pct", "Held", text.percent),
    Column("mean_width", "Mean range", text.two_decimals),
    Column("skill_pct", "Closer by", text.signed_percent),
    Column("skill_low_pct", "95 % from", text.signed_percent),
    Column("skill_high_pct", "to", text.signed_percent),
    Column("sentence", "In words"),
)


def sentences(forecast: pa.Table) -> tuple[str, ...]:
    """What the chapter says: a sentence for each target, of days that on the one after nights."""
    said = {}
    for row in forecast.to_pylist():
        if row["target"] not in said or row["sentence"].startswith(AFTER_NIGHTS):
            said[row["target"]] = row["sentence"]
    return tuple(dict.fromkeys(said.values()))


def track_record(evaluation: pa.Table) -> tuple[str, ...]:
    """For each target which method speaks, and how it did on the past."""
    said = {row["target"]: row["sentence"] for row in evaluation.to_pylist()}
    return tuple(f"{target.capitalize()}: {words[:1].lower()}{words[1:]}" for target, words in said.items())


def figures(tables: Tables) -> list[Figure]:
    """The runs and the fatigue to come, each if it is forecast."""
    return [*_runs_figure(tables["past_next_runs"], tables["forecast"]), *_fatigue_figure(tables)]


def _runs_figure(past: pa.Table, forecast: pa.Table) -> list[Figure]:
    coming = _coming(forecast, COMING_RUN)
    if coming.num_rows < FEWEST_DAYS:
        return []
    inside = pc.and_(pc.less_equal(past["low"], past["came"]), pc.less_equal(past["came"], past["high"]))
    recent = _recent(past.append_column("is_inside", inside), coming)
    held = pc.sum(recent["is_inside"]).as_py() or 0
    return [
        Figure(
            "expected-runs",
            "Your coming runs",
            "Each range was drawn from earlier runs alone, so that four of five runs should fall in theirs;"
            f" of these {recent.num_rows} runs {held} did. The band is a run at your usual hour on that day.",
            f"Metres per heartbeat expected on the coming days: {_spoken(coming, 2)}.",
            (*_RUNS_KEY, *_night_key(coming)),
            partial(charts.efficiency, recent, coming),
        )
    ]


def _fatigue_figure(tables: Tables) -> list[Figure]:
    coming = _coming(tables["forecast"], FATIGUE)
    if coming.num_rows < FEWEST_DAYS:
        return []
    days = tables["fact_day"]
    so_far = pa.table({"date": days["activity_date"], "atl": days["atl"]})
    return [
        Figure(
            "expected-fatigue",
            "Your coming fatigue",
            "The range widens: nobody knows yet what you will run. Four of five days should fall in it.",
            f"Load points a day expected on the coming days: {_spoken(coming, 0)}.",
            (*_FATIGUE_KEY, *_night_key(coming)),
            partial(charts.fatigue, _recent(so_far, coming), coming),
        )
    ]


def _coming(forecast: pa.Table, target: str) -> pa.Table:
    """The days for which a target has numbers."""
    known = pc.and_(pc.equal(forecast["target"], target), pc.is_valid(forecast["expected"]))
    rows = forecast.filter(known).sort_by("forecast_date")
    return pa.table(
        {
            "date": rows["forecast_date"],
            "expected": rows["expected"],
            "low": rows["low"],
            "high": rows["high"],
            "is_night": pc.equal(rows["schedule_period"], NIGHT),
        }
    )


def _recent(past: pa.Table, coming: pa.Table) -> pa.Table:
    """The rows of `past` that the chart shows before `coming`."""
    return past.filter(pc.greater_equal(past["date"], coming["date"][0].as_py() - SHOWN_BEFORE))


def _night_key(coming: pa.Table) -> tuple[tuple[str, str, str], ...]:
    return (_NIGHT_KEY,) if pc.any(coming["is_night"]).as_py() else ()


def _spoken(coming: pa.Table, decimals: int) -> str:
    first, last = (coming.slice(at, 1).to_pylist()[0] for at in (0, coming.num_rows - 1))
    return "; ".join(
        f"{text.short_day(row['date'])} {text.number(row['expected'], decimals)}"
        f" ({text.number(row['low'], decimals)} to {text.number(row['high'], decimals)})"
        for row in (first, last)
    )


def behind(forecast: pa.Table, evaluation: pa.Table) -> tuple[DataTable, ...]:
    """The coming days in numbers, and how every method did."""
    counts = pc.if_else(evaluation["is_shipped"], "yes", "")
    track = evaluation.append_column("counts", counts)
    return _coming_days(forecast), data_table("How each method would have forecast the past", track, _TRACK)


def _coming_days(forecast: pa.Table) -> DataTable:
    """A row for each day: a run's efficiency, and fatigue, each with its range."""
    days: dict[Any, dict[str, str]] = {}
    for row in forecast.filter(pc.is_valid(forecast["expected"])).to_pylist():
        if row["target"] in (COMING_RUN, FATIGUE):
            decimals = 2 if row["target"] == COMING_RUN else 0
            low, expected, high = (text.number(row[name], decimals) for name in ("low", "expected", "high"))
            day = days.setdefault(row["forecast_date"], {"shift": row["schedule_period"]})
            day[row["target"]] = f"{expected} ({low} to {high})"
    rows = (
        (text.short_day(date), day["shift"], *(day.get(name, text.MISSING) for name in (COMING_RUN, FATIGUE)))
        for date, day in sorted(days.items())
    )
    headings = ("Day", "Shift block", "Metres per heartbeat", "Fatigue, points a day")
    return DataTable(
        "The coming days, with ranges for four of five", headings, (True, False, True, True), tuple(rows)
    )
