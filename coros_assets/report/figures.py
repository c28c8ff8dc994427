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

from coros_assets.gold.metrics.pace import METRES_PER_KM
from coros_assets.report import stretches, text
from coros_assets.report.calendar import by_week
from coros_assets.report.charts.envelope import envelope
from coros_assets.report.charts.figure import Figure
from coros_assets.report.charts.form import form
from coros_assets.report.charts.interval import intervals
from coros_assets.report.charts.recovery import recovery
from coros_assets.report.charts.strips import strips
from coros_assets.report.charts.trend import fitness
from coros_assets.report.charts.weeks import weeks

Tables = Mapping[str, pa.Table]

FEWEST_ROWS: Final = 2
"""Rows, points or months below which a chart shows nothing that a sentence does not."""

FEWEST_DAYS: Final = 42
"""Load over six weeks says nothing before six weeks have passed."""

MOST_DAYS: Final = 400
"""Days of load drawn one by one; a longer record is drawn as the means of its weeks."""

FEWEST_MONTHS: Final = 3
"""Months in which a distance was run, below which its best efforts are no line."""

RACED: Final = ("1 km", "5 km", "10 km", "half marathon")
"""Standard distances that the chart of best efforts shows; the table has all."""

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
_RECOVERY_KEY: Final[Key] = (
    ("━", "level", "difference, in the box of its 95 % interval"),
    ("▬", "mark", "too small to matter: within 1 % of none"),
    ("n", "mark", "runs; no number with fewer than 20, or 10 roster cycles"),
)
_BEST_KEY: Final[Key] = (("◆", "ink", "your record, in the month it was set"),)
_WEEKS_KEY: Final[Key] = (
    ("▮", "level", "up: kilometres of the week"),
    ("▮", "night", "down: night shifts of the week"),
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


def recovery_figure(stretches: pa.Table) -> list[Figure]:
    """What is left of a night shift's effect after so many hours; `stretches` as `answers.recovery` makes."""
    known = stretches.filter(pc.is_valid(stretches["effect_pct"]))
    if known.num_rows < FEWEST_ROWS:
        return []
    spoken = "; ".join(
        f"{row['from_h']:.0f} to {row['to_h']:.0f} h: "
        f"{text.effect(row['effect_pct'], row['ci_low_pct'], row['ci_high_pct'])}"
        for row in known.to_pylist()
    )
    title = "How long a night shift stays in your legs"
    return [
        Figure(
            "recovery-by-hours",
            title,
            "Against runs at least 72 hours from any night, allowing for the same as the first answer. Each"
            " interval stands for itself; one that reaches across zero is no proof that you have recovered.",
            f"{title}. {spoken}.",
            _RECOVERY_KEY,
            partial(recovery, stretches),
        )
    ]


def weeks_figure(days: pa.Table, shifts: pa.Table) -> list[Figure]:
    """Kilometres and night shifts of all weeks, from `gold.fact_day` and `gold.dim_shift`."""
    by_weeks, years = by_week(days, shifts)
    if by_weeks.num_rows < FEWEST_ROWS:
        return []
    most, has_nights = pc.max(by_weeks["distance_km"]).as_py(), pc.max(by_weeks["nights"]).as_py() > 0
    return [
        Figure(
            "all-weeks",
            "Every week of every year",
            f"The longest bar is {most:.0f} km; all years have the same scale. Weeks count from 1 January.",
            f"Kilometres and night shifts in each of {by_weeks.num_rows} weeks.",
            _WEEKS_KEY if has_nights else _WEEKS_KEY[:1],
            partial(weeks, by_weeks, years),
        )
    ]


def form_figure(days: pa.Table) -> list[Figure]:
    """Training load day by day from `gold.fact_day` in order of time; none before six weeks have passed."""
    if days.num_rows < FEWEST_DAYS:
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
        )
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


def drawn_distances(months: pa.Table) -> list[str]:
    """Of the distances that runners race, those run in three months or more; `months` as below."""
    ran = months.filter(pc.greater(months["n"], 0))["distance_label"].to_pylist()
    return [distance for distance in RACED if ran.count(distance) >= FEWEST_MONTHS]


def best_effort_figure(months: pa.Table, records: pa.Table) -> list[Figure]:
    """The fastest pace of twelve months over a few distances.

    `months` is `gold.best_effort_by_month`, `records` is `gold.personal_record`.
    """
    distances = pa.array(drawn_distances(months), pa.string())
    if not len(distances):
        return []
    drawn = months.filter(pc.is_in(months["distance_label"], distances))
    standing = records.filter(pc.and_(records["is_current"], pc.is_in(records["distance_label"], distances)))
    spoken = "; ".join(
        f"{row['distance_label']} {text.duration(row['time_s'])}" for row in standing.to_pylist()
    )
    best = pc.divide(pc.multiply(drawn["best_of_12_months_s"], METRES_PER_KM), drawn["distance_m"])
    title = "The fastest pace of twelve months"
    return [
        Figure(
            "best-efforts",
            title,
            "Mostly out of training runs: how fast you ran, seldom how fast you could have run."
            " Each step is the best of a month and the eleven before it; without any, there is no line."
            " Over short distances a jump of the recorded position can pass for speed.",
            f"{title}, by distance and month. Records: {spoken}.",
            _BEST_KEY,
            partial(
                envelope,
                _steps(drawn["month_start"], drawn["distance_label"], best),
                _steps(standing["activity_date"], standing["distance_label"], standing["pace_s_per_km"]),
            ),
        )
    ]


def _steps(date: pa.ChunkedArray, distance: pa.ChunkedArray, pace: pa.ChunkedArray) -> pa.Table:
    month = pc.floor_temporal(date, unit="month").cast(pa.date32())
    return pa.table({"date": month, "distance": distance, "pace_s_per_km": pace})
