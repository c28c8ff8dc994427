"""Every figure of the page: which data, which chart, which words below it.

Belongs here: choosing and thinning data for a chart, captions, and leaving a figure out where there is
nothing to show. Does not: drawing (`charts/`), or where a figure stands (`templates/`).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from coros_assets.report import stretches, text
from coros_assets.report.charts.figure import Figure
from coros_assets.report.charts.form import form, monthly_distance
from coros_assets.report.charts.interval import intervals
from coros_assets.report.charts.strips import strips
from coros_assets.report.charts.trend import fitness

Tables = Mapping[str, pa.Table]

FEWEST_ROWS: Final = 2
"""Rows, points or months below which a chart shows nothing that a sentence does not."""

FEWEST_DAYS: Final = 42
"""Load over six weeks says nothing before six weeks have passed."""

MOST_DAYS: Final = 400
"""Days of load drawn one by one; a longer record is drawn as the means of its weeks."""

HALF_A_MONTH: Final = pa.scalar(15, pa.int32())
"""Days from a month's first to its middle, where its average stands."""

Key = tuple[tuple[str, str, str], ...]

_INTERVAL_KEY: Final[Key] = (
    ("●", "level", "the answer with its 95 % interval"),
    ("○", "mark", "the same in another way"),
    ("◇", "mark", "allowing for nothing else"),
    ("▬", "mark", "too small to matter: within 1 % of none"),
)
_RUN_KEY: Final[Key] = (
    ("●", "night", "within 36 hours of a night shift"),
    ("▲", "day", "at least 72 hours from any night"),
    ("✚", "mark", "neither, or not known"),
    ("▎", "ink", "plain average"),
)
_STRIPS: Final = (
    "Each mark is a run. The plain averages allow for nothing:"
    " hills, effort and fitness differ between the rows."
)
_TREND_KEY: Final[Key] = (
    ("━", "level", "fitness at equal effort, with its 95 % band"),
    ("○", "mark", "plain average of a month"),
)
_FORM_KEY: Final[Key] = (
    ("━", "night", "load over six weeks (CTL): what you are used to"),
    ("─", "day", "load over one week (ATL): what you carry now"),
    ("◢", "level", "form (TSB): the first minus the second"),
)


def interval_figure(ident: str, estimates: pa.Table | None) -> list[Figure]:
    """The estimates of one question against zero; none without an estimate."""
    if estimates is None:
        return []
    spoken = "; ".join(
        f"{row['label']}: {text.effect(row['effect_pct'], row['ci_low_pct'], row['ci_high_pct'])}"
        for row in estimates.to_pylist()
    )
    label = f"Estimates with 95 % intervals. {spoken}."
    return [
        Figure(
            f"{ident}-interval",
            "How sure is this?",
            "The longer the bar, the less is known. A bar that reaches across the line at zero is also"
            " compatible with no difference.",
            label,
            _INTERVAL_KEY,
            partial(intervals, estimates),
        )
    ]


def night_figure(tables: Tables) -> list[Figure]:
    """Efficiency by the hours since a night shift."""
    view = tables["efficiency_by_hours_since_night"]
    return _strip_figure(
        "night-strips",
        "Every run, by the hours since the last night shift",
        *stretches.by_hours_since_night(tables["analysis_run"], view),
    )


def load_figure(tables: Tables) -> list[Figure]:
    """Efficiency by the load of the day before."""
    view = tables["next_day_by_load_tercile"]
    return _strip_figure(
        "load-strips",
        "Every run, by the training of the day before",
        *stretches.by_load_day_before(tables["analysis_run"], view),
    )


def _strip_figure(ident: str, title: str, runs: pa.Table, rows: pa.Table) -> list[Figure]:
    if rows.num_rows < FEWEST_ROWS:
        return []
    spoken = "; ".join(
        f"{row['label']}: {row['efficiency']:.2f} in {row['n']} runs" for row in rows.to_pylist()
    )
    label = f"{title}. Average metres per heartbeat: {spoken}."
    return [Figure(ident, title, _STRIPS, label, _RUN_KEY, partial(strips, runs, rows))]


def trend_figure(tables: Tables) -> list[Figure]:
    """The level of fitness over time and the months' averages."""
    level, months = tables["fitness_level"], tables["fitness_by_month"]
    if level.num_rows < FEWEST_ROWS:
        return []
    middle = pc.add(months["month_start"].cast(pa.int32()), HALF_A_MONTH).cast(pa.date32())
    shown = pc.min_element_wise(middle, level["date"][-1])
    means = pa.table({"date": shown, "efficiency": months["efficiency_factor_m_per_beat"]})
    first, last = level["level_m_per_beat"][0].as_py(), level["level_m_per_beat"][-1].as_py()
    title = "Fitness, week by week"
    return [
        Figure(
            "fitness-trend",
            title,
            "The line is at your usual effort, hills and distance; the months' averages are as they come.",
            f"{title}: from {first:.2f} to {last:.2f} metres per heartbeat.",
            _TREND_KEY,
            partial(fitness, level, means),
        )
    ]


def form_figures(tables: Tables) -> list[Figure]:
    """Training load day by day, and distance by month."""
    days = tables["fact_day"].sort_by("activity_date")
    months = _monthly(days)
    if days.num_rows < FEWEST_DAYS or months.num_rows < FEWEST_ROWS:
        return []
    last = days.slice(days.num_rows - 1).to_pylist()[0]
    return [
        Figure(
            "training-load-and-form",
            "Training load and form",
            "Form below zero: this week was harder than you are used to. It is reckoned from training alone"
            " and does not know how you slept.",
            f"Training load a day, on the last day: {last['ctl']:.0f} over six weeks, {last['atl']:.0f} over"
            f" one week, form {last['tsb']:.0f}.",
            _FORM_KEY,
            partial(form, _load(days)),
        ),
        Figure(
            "distance-by-month",
            "Distance by month",
            "All runs count here, also those that the answers leave out.",
            f"Kilometres run in each of {months.num_rows} months.",
            (),
            partial(monthly_distance, months),
        ),
    ]


def _load(days: pa.Table) -> pa.Table:
    """Load by day, or by week where the record is long."""
    names = ("ctl", "atl", "tsb")
    date = days["activity_date"]
    if days.num_rows > MOST_DAYS:
        date = pc.floor_temporal(date, unit="week").cast(pa.date32())
    means = pa.table({"date": date} | {name: days[name] for name in names}).group_by("date")
    return (
        means.aggregate([(name, "mean") for name in names]).rename_columns(["date", *names]).sort_by("date")
    )


def _monthly(days: pa.Table) -> pa.Table:
    month = pc.floor_temporal(days["activity_date"], unit="month").cast(pa.date32())
    sums = pa.table({"date": month, "m": days["distance_m"]}).group_by("date").aggregate([("m", "sum")])
    return pa.table({"date": sums["date"], "distance_km": pc.divide(sums["m_sum"], 1000.0)}).sort_by("date")
