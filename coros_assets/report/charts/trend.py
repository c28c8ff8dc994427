"""Fitness over time: the estimated level with its interval, and what the months averaged.

Belongs here: the chart of question 3. Does not: how the level is estimated (`answers/`), or training
load over time (`form.py`).
"""

from __future__ import annotations

from typing import Final

import altair as alt
import pyarrow as pa

from coros_assets.report.charts.style import AnyChart, plot_width, time_axis
from coros_assets.report.theme import colour

HEIGHT: Final = 300


def fitness(level: pa.Table, months: pa.Table, width: int) -> AnyChart:
    """The level as a line in its 95 % band over the months' means.

    Args:
        level: `date`, `level_m_per_beat`, `low`, `high`.
        months: `date` (middle of the month), `efficiency`.
        width: of the whole chart, in CSS pixels.
    """
    x = alt.X("date:T", axis=time_axis(width))
    title = "Metres per heartbeat, at equal effort"
    line = alt.Chart(level)
    circles = alt.Chart(months).mark_point(
        shape="circle", size=46, opacity=1, fill=colour("paper"), stroke=colour("mark"), strokeWidth=1.5
    )
    layers = alt.layer(
        line.mark_area(color=colour("level"), opacity=0.18).encode(x=x, y=_y("low"), y2="high:Q"),
        circles.encode(x=x, y=_y("efficiency")),
        line.mark_line(color=colour("level"), strokeWidth=2.5).encode(x=x, y=_y("level_m_per_beat")),
    )
    return layers.properties(width=plot_width(width), height=HEIGHT, title=title)


def _y(field: str) -> alt.Y:
    return alt.Y(f"{field}:Q", title=None, scale=alt.Scale(zero=False), axis=alt.Axis(format=".2f"))
