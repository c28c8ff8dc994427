"""Every week of every year: kilometres upwards, night shifts downwards.

Belongs here: the chart. Does not: counting (`report/calendar.py`).
"""

from __future__ import annotations

from typing import Final

import altair as alt
import pyarrow as pa
import pyarrow.compute as pc

from coros_assets.report.charts.style import LEFT, NARROW, WIDE, AnyChart
from coros_assets.report.theme import colour

ROW_HEIGHT: Final = 58
UP: Final = 0.62
DOWN: Final = 0.24
"""Shares of a row's height that the fullest week takes above its line, and seven nights below it."""

NIGHTS: Final = 7
BAR: Final = 0.78
"""Width of a bar, in weeks."""

TOTALS: Final = {WIDE: 76, NARROW: 62}
"""CSS pixels right of the weeks, for a year's kilometres."""

MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKS: Final = 53
WEEKS_PER_MONTH: Final = 365.25 / 12 / 7


def weeks(by_week: pa.Table, years: pa.Table, width: int) -> AnyChart:
    """One row a year, one bar a week; all rows have the same scale.

    Args:
        by_week: `row` (from 0), `week` (from 1), `distance_km`, `nights`.
        years: `row`, `label`, `total`: what stands before and behind a row.
        width: of the whole chart, in CSS pixels.
    """
    plot = width - LEFT - TOTALS[width]
    rows = years.num_rows
    ticks = [1 + month * WEEKS_PER_MONTH for month in range(0, 12, 1 if width == WIDE else 3)]
    names = f"{list(MONTHS)}[round((datum.value - 1) / {WEEKS_PER_MONTH})]"
    axis = alt.Axis(values=ticks, labelExpr=names, labelAlign="left", labelFlush=False, title=None)
    x = alt.X("week:Q", axis=axis, scale=alt.Scale(domain=[1, WEEKS + 1], nice=False))
    scale = alt.Scale(domain=[-UP - 0.04, rows - 1 + DOWN + 0.1], reverse=True, nice=False)
    placed = _placed(by_week)
    layers = [
        _bars(placed, "level", "top", x, scale),
        _bars(placed.filter(pc.greater(placed["nights"], 0)), "night", "bottom", x, scale),
        *_labels(years, plot, width, scale),
    ]
    return alt.layer(*layers).properties(width=plot, height=ROW_HEIGHT * rows)


def _placed(by_week: pa.Table) -> pa.Table:
    row, week, nights = (by_week[name].cast(pa.float64()) for name in ("row", "week", "nights"))
    most_km = pc.max(by_week["distance_km"]).as_py() or 1.0
    return (
        by_week.append_column("end", pc.add(week, BAR))
        .append_column("top", pc.subtract(row, pc.multiply(by_week["distance_km"], UP / most_km)))
        .append_column("bottom", pc.add(row, pc.multiply(nights, DOWN / NIGHTS)))
    )


def _bars(placed: pa.Table, tone: str, to: str, x: alt.X, scale: alt.Scale) -> alt.Chart:
    mark = alt.Chart(placed).mark_rect(color=colour(tone), opacity=0.85)
    bars: alt.Chart = mark.encode(x=x, x2="end:Q", y=alt.Y("row:Q", axis=None, scale=scale), y2=f"{to}:Q")
    return bars


def _labels(years: pa.Table, plot: int, width: int, scale: alt.Scale) -> list[alt.Chart]:
    """The year before each row, its line, and its kilometres behind it."""
    base = alt.Chart(years)
    y = alt.Y("row:Q", axis=None, scale=scale)
    line = base.mark_rule(color=colour("rule"))
    year = base.mark_text(align="left", baseline="bottom", fontWeight="bold")
    total = base.mark_text(align="right", baseline="bottom", color=colour("muted"))
    return [
        line.encode(x=alt.value(0), x2=alt.value(plot), y=y),
        year.encode(x=alt.value(-LEFT), y=y, text="label:N"),
        total.encode(x=alt.value(plot + TOTALS[width]), y=y, text="total:N"),
    ]
