"""What stands below the answers: recovery after nights, form, best efforts, the weeks of the years.

Belongs here: each chapter's figures, its tables, and what is missing as long as it has none. Does not: the
three questions (`sections.py`), the charts (`figures.py`), or the HTML (`templates/`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from coros_assets.report import expected, figures, text
from coros_assets.report.calendar import Calendar, by_month, last_weeks, unexpected
from coros_assets.report.charts.figure import Figure
from coros_assets.report.datatable import Column, DataTable, data_table

Tables = Mapping[str, pa.Table]


@dataclass(frozen=True)
class Chapter:
    """A part of the page: `shown` tables stand open, those `behind` its figures are folded away.

    `missing` says what is needed before there is anything to draw; `lead` is what the chapter says in words,
    `remarks` how far to trust it.
    """

    ident: str
    title: str
    missing: str
    figures: tuple[Figure, ...]
    behind: tuple[DataTable, ...]
    shown: tuple[DataTable, ...] = ()
    calendar: Calendar | None = None
    lead: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


_RECORDS: Final = (
    Column("distance_label", "Distance"),
    Column("time_s", "Time", text.duration),
    Column("pace_s_per_km", "Pace", text.pace),
    Column("activity_date", "Date", text.short_day),
    Column("previous_time_s", "Record before", text.duration),
    Column("previous_activity_date", "Set on", text.short_day),
    Column("faster_by_s", "Faster by", text.seconds),
)
_EVERY_RECORD: Final = (*_RECORDS[:4], Column("activity_id", "Run"), _RECORDS[-1])
_STRETCH: Final = (
    Column("from_h", "Hours from", text.number),
    Column("to_h", "to", text.number),
    Column("n", "Runs", text.number),
    Column("clusters", "Roster cycles", text.number),
    Column("effect_pct", "Difference", text.signed_percent),
    Column("ci_low_pct", "95 % from", text.signed_percent),
    Column("ci_high_pct", "to", text.signed_percent),
)
_ANOMALY: Final = (
    Column("anomaly_date", "Date", text.short_day),
    Column("outcome", "What"),
    Column("value", "Measured", text.two_decimals),
    Column("expected", "Expected", text.two_decimals),
    Column("unit", "Unit"),
    Column("sentence", "In words"),
)
_MONTH: Final = (
    Column("month_start", "Month", text.month),
    Column("runs", "Runs", text.number),
    Column("distance_m", "Distance", text.kilometres),
    Column("ctl", "Six weeks (CTL)", text.number),
    Column("atl", "One week (ATL)", text.number),
    Column("tsb", "Form (TSB)", text.number),
)


def chapters(tables: Tables) -> list[Chapter]:
    """The chapters in the order of the page; none without activities. `tables` as in `page.render_report`."""
    if not tables["fact_activity"].num_rows:
        return []
    return [_recovery(tables), _expected(tables), _form(tables), _records(tables), _calendar(tables)]


def _recovery(tables: Tables) -> Chapter:
    stretches = tables["recovery"]
    return Chapter(
        "recovery",
        "Recovery after nights",
        "Not enough data yet: needed are 20 runs from 10 roster cycles in the hours after night shifts, and"
        " 20 runs at least 72 hours from any.",
        tuple(figures.recovery_figure(stretches)),
        (data_table("By hours since the end of a night shift", stretches, _STRETCH),),
    )


def _expected(tables: Tables) -> Chapter:
    forecast, evaluation = tables["forecast"], tables["forecast_evaluation"]
    return Chapter(
        "expected",
        "What to expect",
        "",
        tuple(expected.figures(tables)),
        expected.behind(forecast, evaluation),
        lead=expected.sentences(forecast),
        remarks=expected.track_record(evaluation),
    )


def _form(tables: Tables) -> Chapter:
    days = tables["fact_day"].sort_by("activity_date")
    recorded = text.count(days.num_rows, "day")
    return Chapter(
        "form",
        "Form",
        f"Not enough data yet: form needs six weeks of record; so far there are {recorded}.",
        tuple(figures.form_figure(days)),
        (data_table("Each month, load and form on its last day", _months(days), _MONTH),),
    )


def _months(days: pa.Table) -> pa.Table:
    """Runs and metres of each month, load and form on its last day; `days` in order of time."""
    month = pc.floor_temporal(days["activity_date"], unit="month").cast(pa.date32())
    sums = [(name, "sum") for name in ("runs", "distance_m")]
    last = [(name, "last") for name in ("ctl", "atl", "tsb")]
    by_month = days.append_column("month_start", month).group_by("month_start", use_threads=False)
    names = ["month_start", *(name for name, _ in (*sums, *last))]
    return by_month.aggregate([*sums, *last]).rename_columns(names)


def _records(tables: Tables) -> Chapter:
    records, months = tables["personal_record"], tables["best_effort_by_month"]
    missing = "a chart needs three months with runs" if records.num_rows else "no run was 400 m long"
    return Chapter(
        "records",
        "Best efforts and records",
        f"Not enough data yet: {missing}.",
        tuple(figures.best_effort_figure(months, records)),
        (_best_of_12_months(months), data_table("Every record, as it was set", records, _EVERY_RECORD)),
        shown=(data_table("Your records", records.filter(records["is_current"]), _RECORDS),),
    )


def _best_of_12_months(months: pa.Table) -> DataTable:
    """The envelopes of the chart: a row for each month, a column for each distance, newest first."""
    drawn = figures.drawn_distances(months)
    times: defaultdict[date, dict[str, float]] = defaultdict(dict)
    for row in months.select(["month_start", "distance_label", "best_of_12_months_s"]).to_pylist():
        times[row["month_start"]][row["distance_label"]] = row["best_of_12_months_s"]
    rows = (
        (text.month(month), *(text.duration(times[month].get(label)) for label in drawn))
        for month in sorted(times, reverse=True)
    )
    caption = "Fastest time of the month and the eleven before it"
    return DataTable(caption, ("Month", *drawn), (False, *(True for _ in drawn)), tuple(rows))


def _calendar(tables: Tables) -> Chapter:
    days, shifts, anomalies = tables["fact_day"], tables["dim_shift"], tables["recovery_anomaly"]
    return Chapter(
        "calendar",
        "Shifts and runs",
        "",
        tuple(figures.weeks_figure(days, shifts)),
        (
            by_month(days, shifts),
            data_table("Mornings and runs that were not as expected, in all years", anomalies, _ANOMALY),
        ),
        calendar=last_weeks(tables),
        lead=tuple(unexpected(tables)["sentence"].to_pylist()),
    )
