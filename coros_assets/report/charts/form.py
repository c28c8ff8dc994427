"""Training over time: load and form.

Belongs here: charts of training load. Does not: fitness as measured on runs (`trend.py`).
"""

from __future__ import annotations

from typing import Final, Literal

import altair as alt
import pyarrow as pa

from coros_assets.report.charts.style import AnyChart, plot_width, time_axis
from coros_assets.report.theme import colour

LOAD_HEIGHT: Final = 220
BALANCE_HEIGHT: Final = 90
LABEL_ROOM: Final = 64

Baseline = Literal["top", "middle", "bottom"]


def form(days: pa.Table, width: int) -> AnyChart:
    """Load over six weeks and over one above, form as their difference below, on one time axis.

    Args:
        days: `date`, `ctl`, `atl`, `tsb`, in order of time.
        width: of the whole chart, in CSS pixels.
    """
    x, unlabelled = (alt.X("date:T", axis=time_axis(width, labels=shown)) for shown in (True, False))
    long_is_higher = days["ctl"][-1].as_py() >= days["atl"][-1].as_py()
    load = alt.layer(
        _line(days, "atl", "day", 1.2, unlabelled),
        _line(days, "ctl", "night", 2.5, unlabelled),
        _end_label(days, "atl", "1 week", "day", unlabelled, "top" if long_is_higher else "bottom"),
        _end_label(days, "ctl", "6 weeks", "night", unlabelled, "bottom" if long_is_higher else "top"),
        title="Load points a day",
    )
    balance = alt.layer(
        alt.Chart(days)
        .mark_area(color=colour("level"), opacity=0.35, line={"color": colour("level"), "strokeWidth": 1})
        .encode(x=x, y=alt.Y("tsb:Q", title=None, axis=alt.Axis(tickCount=3))),
        _end_label(days, "tsb", "Form", "level", x, "middle"),
        title="Form: six weeks minus one week, of the day before",
    )
    plot = plot_width(width, LABEL_ROOM)
    return alt.vconcat(
        load.properties(width=plot, height=LOAD_HEIGHT),
        balance.properties(width=plot, height=BALANCE_HEIGHT),
        spacing=24,
    )


def _line(days: pa.Table, field: str, tone: str, weight: float, x: alt.X) -> alt.Chart:
    mark = alt.Chart(days).mark_line(color=colour(tone), strokeWidth=weight)
    line: alt.Chart = mark.encode(x=x, y=alt.Y(f"{field}:Q", title=None, axis=alt.Axis(tickCount=4)))
    return line


def _end_label(days: pa.Table, field: str, name: str, tone: str, x: alt.X, baseline: Baseline) -> alt.Chart:
    """The line's name at its end; two lines that end together keep their names apart by the baseline."""
    last = alt.Chart(days.slice(days.num_rows - 1))
    mark = last.mark_text(align="left", baseline=baseline, dx=6, color=colour(tone), fontWeight="bold")
    label: alt.Chart = mark.encode(x=x, y=f"{field}:Q", text=alt.value(name))
    return label
