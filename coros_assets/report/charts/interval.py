"""Estimates with their 95 % intervals against zero and against a difference too small to matter.

Belongs here: the chart of one question's estimates. Does not: which estimates are shown
(`report/answers.py`), or what they mean (the answer's sentence).
"""

from __future__ import annotations

import textwrap
from typing import Any, Final

import altair as alt
import pyarrow as pa
import pyarrow.compute as pc

from coros_assets.report import text
from coros_assets.report.charts.style import NARROW, WIDE, AnyChart, showing
from coros_assets.report.theme import colour

NEGLIGIBLE_PCT: Final = 1.0
"""Half-width of the band called practically no difference."""

ROLES: Final = ("primary", "other", "naive")
ROW_HEIGHT: Final = 50
LABEL_RISE: Final = 21
LINE_HEIGHT: Final = 16
VALUE_WIDTH: Final = {WIDE: 160, NARROW: 70}
LETTER_WIDTH: Final = 6.5
"""CSS pixels: a row, from its bar up to its label, a further line of the label, what the numbers at the right
end take, and an average letter."""

TRACK: Final = 0.2
"""Half the height of the band behind a bar, as a share of the row: the label above stays clear of it."""

SIGNED_AXIS: Final = "datum.value ? format(datum.value, '+') + ' %' : '0 %'"


def intervals(estimates: pa.Table, width: int) -> AnyChart:
    """One row an estimate, in the order given.

    Args:
        estimates: `row` (from 0), `label`, `role` (of `ROLES`), `effect_pct`, `ci_low_pct`, `ci_high_pct`.
        width: of the whole chart, in CSS pixels.
    """
    rows = estimates.num_rows
    scale = alt.Scale(domain=domain(estimates), nice=False)
    x = alt.X(
        "effect_pct:Q",
        scale=scale,
        axis=alt.Axis(labelExpr=SIGNED_AXIS, labelFlush=16, title=None, tickCount=5),
    )
    y = alt.Y("row:Q", axis=None, scale=alt.Scale(domain=[-0.7, rows - 0.6], reverse=True))
    labelled = _with_text(estimates, width)
    lines = pc.max(labelled["lines"]).as_py()
    base = alt.Chart(labelled)
    layers = alt.layer(*_ground(rows, x, y), *_estimates(base, x, y), *_labels(base, y, width))
    return layers.properties(width=width, height=(ROW_HEIGHT + LINE_HEIGHT * (lines - 1)) * rows)


def domain(estimates: pa.Table) -> list[float]:
    """The ends of an axis in % that holds all intervals and the band of what is too small to matter."""
    low, high = pc.min(estimates["ci_low_pct"]).as_py(), pc.max(estimates["ci_high_pct"]).as_py()
    room = 0.06 * (max(high, NEGLIGIBLE_PCT) - min(low, -NEGLIGIBLE_PCT))
    return [min(low, -NEGLIGIBLE_PCT) - room, max(high, NEGLIGIBLE_PCT) + room]


def _by_role(channel: type[Any], *values: Any) -> Any:
    """The channel with one value for each of `ROLES`."""
    scale = alt.Scale(type="ordinal", domain=list(ROLES), range=list(values))
    return channel("role:N", legend=None, scale=scale)


def _ground(rows: int, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """The band and the line at zero behind each bar."""
    tracks = [
        {"row": row - TRACK, "end": row + TRACK, "low": -NEGLIGIBLE_PCT, "high": NEGLIGIBLE_PCT, "zero": 0.0}
        for row in range(rows)
    ]
    base = alt.Chart(pa.Table.from_pylist(tracks))
    band = base.mark_rect(color=colour("mark"), opacity=0.22)
    zero = base.mark_rule(color=colour("ink"), strokeWidth=1.5)
    return [
        band.encode(x=showing(x, "low"), x2="high:Q", y=y, y2="end:Q"),
        zero.encode(x=showing(x, "zero"), y=y, y2="end:Q"),
    ]


def _estimates(base: alt.Chart, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """The interval's bar with the estimate's point on it."""
    tones = colour("level"), colour("mark"), colour("mark")
    bars = base.mark_rule().encode(
        x=showing(x, "ci_low_pct"),
        x2="ci_high_pct:Q",
        y=y,
        strokeWidth=_by_role(alt.StrokeWidth, 5, 2, 2),
        strokeDash=_by_role(alt.StrokeDash, [1, 0], [1, 0], [4, 3]),
        color=_by_role(alt.Color, *tones),
    )
    points = base.mark_point(opacity=1, strokeWidth=2).encode(
        x=x,
        y=y,
        shape=_by_role(alt.Shape, "circle", "circle", "diamond"),
        size=_by_role(alt.Size, 180, 70, 80),
        fill=_by_role(alt.Fill, colour("level"), colour("paper"), colour("paper")),
        stroke=_by_role(alt.Stroke, *tones),
    )
    return [bars, points]


def _with_text(estimates: pa.Table, width: int) -> pa.Table:
    """With `label` broken into lines, their number as `lines`, and `value`: the numbers as text."""
    letters = int((width - VALUE_WIDTH[width]) / LETTER_WIDTH)
    rows = estimates.to_pylist()
    labels = [textwrap.wrap(row["label"], letters) for row in rows]
    values = [
        text.signed_percent(row["effect_pct"])
        if width == NARROW
        else text.effect(row["effect_pct"], row["ci_low_pct"], row["ci_high_pct"])
        for row in rows
    ]
    return (
        estimates.drop_columns("label")
        .append_column("label", pa.array(["\n".join(lines) for lines in labels]))
        .append_column("lines", pa.array([len(lines) for lines in labels]))
        .append_column("value", pa.array(values))
    )


def _labels(base: alt.Chart, y: alt.Y, width: int) -> list[alt.Chart]:
    weight = alt.expr("datum.role === 'primary' ? 'bold' : 'normal'")
    rise = alt.expr(f"-{LABEL_RISE} - {LINE_HEIGHT} * (datum.lines - 1)")
    left = base.mark_text(align="left", dy=rise, lineBreak="\n", lineHeight=LINE_HEIGHT, fontWeight=weight)
    right = base.mark_text(align="right", dy=-LABEL_RISE, fontWeight=weight)
    return [
        left.encode(x=alt.value(0), y=y, text="label:N"),
        right.encode(x=alt.value(width), y=y, text="value:N"),
    ]
