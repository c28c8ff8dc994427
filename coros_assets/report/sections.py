"""The page's three questions in order: each with its answer, its figures and the numbers behind them.

Belongs here: which table and which chart belong to which question. Does not: the charts themselves
(`figures.py`), the answer's parts (`estimates.py`), or the HTML (`templates/`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from coros_assets.report import figures, text
from coros_assets.report.charts.figure import Figure
from coros_assets.report.datatable import Column, DataTable, data_table
from coros_assets.report.estimates import NOT_ENOUGH, Answer, answer

Tables = Mapping[str, pa.Table]


@dataclass(frozen=True)
class Section:
    """One question; `tables` are the numbers behind its figures."""

    ident: str
    name: str
    question: str
    answer: Answer
    figures: tuple[Figure, ...]
    tables: tuple[DataTable, ...]


_AVERAGES: Final = (
    Column("n", "Runs", text.number),
    Column("average_pace_s_per_km", "Pace", text.pace),
    Column("average_heart_rate_bpm", "Heart rate", text.heart_rate),
    Column("efficiency_factor_m_per_beat", "Metres per heartbeat", text.two_decimals),
)
_SINCE_NIGHT: Final = (Column("hours_since_night", "Since the night shift"), *_AVERAGES)
_PERIOD: Final = (Column("schedule_period", "Shift block"), *_AVERAGES)
_TERCILE: Final = (Column("day_before", "Day before"), *_AVERAGES)
_MONTH: Final = (Column("month_start", "Month", text.month), *_AVERAGES)
_LEVEL: Final = (
    Column("month", "Month", text.month),
    Column("level_m_per_beat", "Metres per heartbeat", text.two_decimals),
    Column("low", "95 % from", text.two_decimals),
    Column("high", "to", text.two_decimals),
)


def sections(tables: Tables) -> list[Section]:
    """The three questions, in the order of the page; `tables` as in `page.render_report`."""
    night = answer(tables["answer_night_shift"], ("After a night shift", "Far from any night"))
    load, fitness = answer(tables["answer_next_day"]), answer(tables["answer_fitness_trend"])
    level = tables["fitness_level"]
    return [
        Section(
            "night-shifts",
            "Night shifts",
            "How do night shifts change my running?",
            night,
            _figures("night", night, figures.night_figure(tables)),
            (
                night.table,
                data_table(
                    "By hours since a night shift", tables["efficiency_by_hours_since_night"], _SINCE_NIGHT
                ),
                data_table("By shift block", tables["efficiency_by_schedule_period"], _PERIOD),
            ),
        ),
        Section(
            "training-load",
            "Training load",
            "How does a day's training change my next run?",
            load,
            _figures("load", load, figures.load_figure(tables)),
            (load.table, data_table("By the day before", tables["next_day_by_load_tercile"], _TERCILE)),
        ),
        Section(
            "fitness",
            "Fitness",
            "How has my fitness changed?",
            fitness,
            _figures("fitness", fitness, figures.trend_figure(tables)),
            (
                fitness.table,
                data_table("Fitness at equal effort, at the end of each month", _by_month(level), _LEVEL),
                data_table("Plain averages by month", tables["fitness_by_month"], _MONTH),
            ),
        ),
    ]


def _by_month(level: pa.Table) -> pa.Table:
    """The last week of each month; `level` in order of time."""
    names = ["level_m_per_beat", "low", "high"]
    month = pc.floor_temporal(level["date"], unit="month").cast(pa.date32())
    grouped = level.append_column("month", month).group_by("month", use_threads=False)
    return grouped.aggregate([(name, "last") for name in names]).rename_columns(["month", *names])


def _figures(ident: str, found: Answer, main: list[Figure]) -> tuple[Figure, ...]:
    """The intervals and the main chart; none while the question has no answer."""
    if found.verdict.kind == NOT_ENOUGH:
        return ()
    return (*figures.interval_figure(ident, found.intervals), *main)
