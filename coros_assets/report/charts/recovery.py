"""Efficiency by the hours since a night shift ended, with intervals, against runs far from any night.

Belongs here: the chart. Does not: the estimates (`answers/recovery.py`).
"""

from __future__ import annotations

import math
from typing import Final

import altair as alt
import pyarrow as pa
import pyarrow.compute as pc

from coros_assets.report import text
from coros_assets.report.charts.interval import NEGLIGIBLE_PCT, SIGNED_AXIS, domain
from coros_assets.report.charts.style import AnyChart, plot_width, showing
from coros_assets.report.theme import colour

HEIGHT: Final = 260
FOOT: Final = 0.24
LINE_HEIGHT: Final = 18
"""Share of the height below the intervals for effects and numbers of runs, and CSS pixels of their lines."""

TICKS_PCT: Final = (1, 2, 5, 10, 20)
MOST_TICKS: Final = 7

GAP_H: Final = 0.6
"""Hours left free at each end of a stretch, so that two beside one another stay apart."""


def recovery(stretches: pa.Table, width: int) -> AnyChart:
    """A line for each stretch of hours in the box of its 95 % interval; its effect and runs at the foot.

    Args:
        stretches: `from_h`, `to_h`, `n`, and `effect_pct`, `ci_low_pct`, `ci_high_pct`, which may be empty.
        width: of the whole chart, in CSS pixels.
    """
    estimated = stretches.filter(pc.is_valid(stretches["effect_pct"]))
    low, high = domain(estimated)
    foot = low - FOOT * (high - low)
    edges = sorted({*stretches["from_h"].to_pylist(), *stretches["to_h"].to_pylist()})
    hours = alt.Axis(values=edges, labelExpr="datum.value + ' h'", title="Since the end of the night shift")
    x = alt.X("from_h:Q", axis=hours, scale=alt.Scale(domain=[0, edges[-1]], nice=False))
    axis = alt.Axis(labelExpr=SIGNED_AXIS, values=_ticks(low, high))
    y = alt.Y("effect_pct:Q", title=None, axis=axis, scale=alt.Scale(domain=[foot, high], nice=False))
    layers = [
        *_ground(edges[-1], x, y),
        *_estimates(_placed(estimated), x, y),
        *_foot(_placed(stretches), x, y, foot),
    ]
    chart = alt.layer(*layers, title="Metres per heartbeat, difference")
    return chart.properties(width=plot_width(width), height=HEIGHT)


def _ticks(low: float, high: float) -> list[float]:
    """Whole steps of percent between the ends, zero among them."""
    step = next((s for s in TICKS_PCT if (high - low) / s <= MOST_TICKS), TICKS_PCT[-1])
    return [step * number for number in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _placed(stretches: pa.Table) -> pa.Table:
    """With the ends of the drawn line, its middle, and effect and runs as text."""
    start, end = pc.add(stretches["from_h"], GAP_H), pc.subtract(stretches["to_h"], GAP_H)
    effects = [text.signed_percent(effect) for effect in stretches["effect_pct"].to_pylist()]
    runs = [f"n = {n:,}" for n in stretches["n"].to_pylist()]
    return (
        stretches.append_column("start", start)
        .append_column("end", end)
        .append_column("middle", pc.divide(pc.add(start, end), 2.0))
        .append_column("words", pa.array(effects, pa.string()))
        .append_column("runs", pa.array(runs, pa.string()))
    )


def _ground(last_h: float, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """The band of what is too small to matter, and the line at zero."""
    row = {"from": 0.0, "to": last_h, "low": -NEGLIGIBLE_PCT, "high": NEGLIGIBLE_PCT, "zero": 0.0}
    base = alt.Chart(pa.Table.from_pylist([row]))
    band = base.mark_rect(color=colour("mark"), opacity=0.22)
    zero = base.mark_rule(color=colour("ink"), strokeWidth=1.5)
    return [
        band.encode(x=showing(x, "from"), x2="to:Q", y=showing(y, "low"), y2="high:Q"),
        zero.encode(x=showing(x, "from"), x2="to:Q", y=showing(y, "zero")),
    ]


def _estimates(stretches: pa.Table, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    base = alt.Chart(stretches)
    box = base.mark_rect(color=colour("level"), opacity=0.22)
    line = base.mark_rule(color=colour("level"), strokeWidth=3.5)
    return [
        box.encode(x=showing(x, "start"), x2="end:Q", y=showing(y, "ci_low_pct"), y2="ci_high_pct:Q"),
        line.encode(x=showing(x, "start"), x2="end:Q", y=y),
    ]


def _foot(stretches: pa.Table, x: alt.X, y: alt.Y, foot: float) -> list[alt.Chart]:
    """Of each stretch its effect and, below, its number of runs."""
    base = alt.Chart(stretches.append_column("foot", pa.array([foot] * stretches.num_rows)))
    place = {"x": showing(x, "middle"), "y": showing(y, "foot")}
    effects = base.mark_text(baseline="bottom", dy=-5 - LINE_HEIGHT, fontWeight="bold")
    numbers = base.mark_text(baseline="bottom", dy=-5, color=colour("muted"))
    return [
        effects.encode(**place, text="words:N"),
        numbers.encode(**place, text="runs:N"),
    ]
