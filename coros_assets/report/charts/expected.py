"""What was expected of the last runs, what came, and what to expect of the coming days.

Belongs here: charts with a band for days to come. Does not: the forecasts (`forecast/`), or which days are
shown (`report/expected.py`).
"""

from __future__ import annotations

from typing import Final

import altair as alt
import pyarrow as pa
import pyarrow.compute as pc

from coros_assets.report.charts.style import WIDE, AnyChart, plot_width, time_axis
from coros_assets.report.theme import colour

HEIGHT: Final = 260
FATIGUE_HEIGHT: Final = 180
NIGHT_RISE: Final = 5
"""CSS pixels from the bottom of the plot to the signs of nights."""


def efficiency(past: pa.Table, coming: pa.Table, width: int) -> AnyChart:
    """The intervals and outcomes of past runs, then the band of those to come over the nights of the roster.

    Args:
        past: `date`, `low`, `high`, `came`, `is_inside`.
        coming: `date`, `expected`, `low`, `high`, `is_night`.
        width: of the whole chart, in CSS pixels.
    """
    x = alt.X("date:T", axis=_weeks(width))
    before = alt.Chart(past)
    bars = before.mark_rule(color=colour("mark"), opacity=0.4, strokeWidth=5)
    layers = [
        bars.encode(x=x, y=_y("low", ".2f"), y2="high:Q"),
        *_outcomes(past, x),
        *_band(coming, "level", x, ".2f"),
        _nights(coming, x, HEIGHT),
    ]
    title = "Metres per heartbeat"
    return alt.layer(*layers).properties(width=plot_width(width), height=HEIGHT, title=title)


def fatigue(past: pa.Table, coming: pa.Table, width: int) -> AnyChart:
    """Fatigue as it was, then the band of the days to come over the nights of the roster.

    Args:
        past: `date`, `atl`.
        coming: as in `efficiency`.
        width: of the whole chart, in CSS pixels.
    """
    x = alt.X("date:T", axis=_weeks(width))
    line = alt.Chart(past).mark_line(color=colour("ink"), strokeWidth=1.5)
    layers = [
        line.encode(x=x, y=_y("atl", ".0f")),
        *_band(coming, "day", x, ".0f"),
        _nights(coming, x, FATIGUE_HEIGHT),
    ]
    title = "Load points a day, over one week"
    return alt.layer(*layers).properties(width=plot_width(width), height=FATIGUE_HEIGHT, title=title)


def _weeks(width: int) -> alt.Axis:
    """A tick each week, or each second one where there is little room."""
    axis = time_axis(width)
    axis.tickCount = alt.TimeIntervalStep(interval="week", step=1 if width == WIDE else 2)
    return axis


def _y(field: str, layout: str) -> alt.Y:
    return alt.Y(f"{field}:Q", title=None, scale=alt.Scale(zero=False), axis=alt.Axis(format=layout))


def _outcomes(past: pa.Table, x: alt.X) -> list[alt.Chart]:
    """A dot for each run within its interval, a diamond for each outside."""
    looks = ((True, "circle", "ink", 34), (False, "diamond", "day", 60))
    marks = []
    for is_inside, shape, tone, size in looks:
        runs = alt.Chart(past.filter(pc.equal(past["is_inside"], is_inside)))
        point = runs.mark_point(shape=shape, color=colour(tone), filled=True, size=size, opacity=1)
        marks.append(point.encode(x=x, y=_y("came", ".2f")))
    return marks


def _band(coming: pa.Table, tone: str, x: alt.X, layout: str) -> list[alt.Chart]:
    base = alt.Chart(coming)
    area = base.mark_area(color=colour(tone), opacity=0.22)
    line = base.mark_line(color=colour(tone), strokeWidth=2.5)
    return [area.encode(x=x, y=_y("low", layout), y2="high:Q"), line.encode(x=x, y=_y("expected", layout))]


def _nights(coming: pa.Table, x: alt.X, height: int) -> alt.Chart:
    """A square below each date that a night shift touches."""
    base = alt.Chart(coming.filter(coming["is_night"]))
    square = base.mark_point(shape="square", color=colour("night"), filled=True, size=46, opacity=1)
    nights: alt.Chart = square.encode(x=x, y=alt.value(height - NIGHT_RISE))
    return nights
