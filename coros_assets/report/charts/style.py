"""The look that all charts share: sizes, axes and type.

Belongs here: Vega-Lite configuration and the marks' shapes and colours by meaning.
Does not: colour values (`theme.py`), or any single chart (the modules beside this one).
"""

from __future__ import annotations

from typing import Any, Final, TypeVar

import altair as alt

from coros_assets.report.theme import colour

WIDE: Final = 720
NARROW: Final = 340
"""CSS pixels: a chart is drawn once for each and the page shows the one that fits."""

FONT_SIZE: Final = {WIDE: 13, NARROW: 12}
LEFT: Final = 44
"""Room for the labels of the y axis, the same in all charts so that their plots stand in one line."""

TIME_PADDING: Final = 10
"""CSS pixels from the axis to its dates: the first stands clear of the lowest label of the y axis."""

PADDING: Final = 4
"""Free CSS pixels above and below every chart; its sides stand in line with the text around it."""

FONT_ROOM: Final = 2
"""CSS pixels on the right for names at a line's end in a font a little wider than the one laid out for."""

Axis = TypeVar("Axis", alt.X, alt.Y)
AnyChart = alt.Chart | alt.LayerChart | alt.FacetChart | alt.VConcatChart


def spec(chart: AnyChart, width: int) -> dict[str, Any]:
    """`chart` in the report's look as a Vega-Lite description with its data inside, unchecked."""
    muted = {"color": colour("muted"), "fontSize": FONT_SIZE[width], "fontWeight": "normal"}
    axis = {
        **{f"title{name[0].upper()}{name[1:]}": value for name, value in muted.items()},
        "titlePadding": 10,
        "labelColor": colour("muted"),
        "labelFontSize": FONT_SIZE[width],
        "labelOverlap": True,
        "labelPadding": 6,
        "domainColor": colour("rule"),
        "grid": False,
        "gridColor": colour("rule"),
        "ticks": False,
    }
    config = {
        "aria": False,
        "background": "transparent",
        "font": "Arial, sans-serif",
        "padding": {"left": 0, "right": FONT_ROOM, "top": PADDING, "bottom": PADDING},
        "view": {"stroke": "transparent"},
        "axis": axis,
        "axisY": {"grid": True, "domain": False, "minExtent": LEFT, "tickCount": 4},
        "title": muted | {"anchor": "start", "frame": "bounds", "offset": 12},
        "text": {"fontSize": FONT_SIZE[width], "color": colour("ink")},
    }
    return chart.to_dict(validate=False) | {"config": config}


def plot_width(width: int, right: int = 16) -> int:
    """The width of the plot itself in a chart of `width`, with `right` left for labels at its end."""
    return width - LEFT - right


def time_axis(width: int, *, labels: bool = True) -> alt.Axis:
    """The month, with the day unless it is the first; below it the year, at first and in each January."""
    day = "timeFormat(datum.value, date(datum.value) == 1 ? '%b' : '%-d %b')"
    year = "datum.index == 0 || timeFormat(datum.value, '%j') == '001' ? timeFormat(datum.value, '%Y') : ''"
    expression = f"[{day}, {year}]"
    return alt.Axis(
        title=None,
        labels=labels,
        labelExpr=expression,
        labelFlush=False,
        labelPadding=TIME_PADDING,
        tickCount=10 if width == WIDE else 5,
    )


def showing(axis: Axis, field: str) -> Axis:
    """The same axis and scale with another field on it."""
    other = axis.copy()
    other.shorthand = f"{field}:Q"
    return other
