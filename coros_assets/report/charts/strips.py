"""Single runs in rows, with each row's average and number of runs: what questions 1 and 2 look like.

Belongs here: the chart. Does not: which run stands in which row (`report/stretches.py`), or the
adjusted estimates (`interval.py`).
"""

from __future__ import annotations

from typing import Final

import altair as alt
import pyarrow as pa
import pyarrow.compute as pc

from coros_assets.report.charts.style import FONT_SIZE, NARROW, WIDE, AnyChart
from coros_assets.report.theme import colour

ROW_HEIGHT: Final = 46
LABELS: Final = {WIDE: 150, NARROW: 92}
NUMBERS: Final = {WIDE: 120, NARROW: 74}
"""CSS pixels left of the points for the rows' names, and right of them for average and number of runs."""

POINT_SIZE: Final = {WIDE: 26, NARROW: 18}
POINT_OPACITY: Final = 0.65
SPREAD: Final = 0.56
"""Share of a row's height over which its points are spread, so that few hide one another."""

BAR: Final = 0.72
"""Height of the average's bar as a share of the row's."""

GROUPS: Final = {"night": ("circle", "night"), "between": ("cross", "mark"), "day": ("triangle-up", "day")}
"""Shape and colour of a run by its place between the shifts; runs that have none are drawn as between."""


def strips(runs: pa.Table, rows: pa.Table, width: int) -> AnyChart:
    """A point for each run and a bar at each row's average.

    Args:
        runs: `row` (from 0), `spread` (0 to 1), `efficiency` in m/beat, `group` (of `GROUPS`).
        rows: `row`, `label`, `efficiency` (average), `n`.
        width: of the whole chart, in CSS pixels.
    """
    plot = width - LABELS[width] - NUMBERS[width]
    scale = alt.Scale(domain=[-0.5, rows.num_rows - 0.5], reverse=True, nice=False)
    x = alt.X("efficiency:Q", title="Metres per heartbeat", scale=_efficiency(runs), axis=_axis(width))
    y = alt.Y("row:Q", axis=None, scale=scale)
    placed = runs.append_column("place", _place(runs))
    points = alt.Chart(placed).mark_point(
        filled=True, size=POINT_SIZE[width], opacity=POINT_OPACITY, strokeWidth=0
    )
    layers = alt.layer(
        points.encode(x=x, y=alt.Y("place:Q", axis=None, scale=scale), shape=_shape(), color=_tone()),
        *_rows(alt.Chart(_with_text(rows)), x, y, plot, width),
    )
    return layers.properties(width=plot, height=ROW_HEIGHT * rows.num_rows)


def _place(runs: pa.Table) -> pa.ChunkedArray:
    return pc.add(runs["row"], pc.multiply(pc.subtract(runs["spread"], 0.5), SPREAD))


def _efficiency(runs: pa.Table) -> alt.Scale:
    extremes = pc.min_max(runs["efficiency"]).as_py()
    return alt.Scale(domain=[extremes["min"], extremes["max"]], nice=True, zero=False)


def _axis(width: int) -> alt.Axis:
    ticks = 6 if width == WIDE else 3
    return alt.Axis(format=".2f", grid=True, domain=False, labelFlush=False, tickCount=ticks)


def _shape() -> alt.Shape:
    shapes = [shape for shape, _ in GROUPS.values()]
    return alt.Shape("group:N", legend=None, scale=alt.Scale(domain=list(GROUPS), range=shapes))


def _tone() -> alt.Color:
    tones = [colour(tone) for _, tone in GROUPS.values()]
    return alt.Color("group:N", legend=None, scale=alt.Scale(domain=list(GROUPS), range=tones))


def _with_text(rows: pa.Table) -> pa.Table:
    average = [f"{value:.2f}" for value in rows["efficiency"].to_pylist()]
    runs = [f"{n:,} {'run' if n == 1 else 'runs'}" for n in rows["n"].to_pylist()]
    return rows.append_column("average", pa.array(average)).append_column("amount", pa.array(runs))


def _rows(base: alt.Chart, x: alt.X, y: alt.Y, plot: int, width: int) -> list[alt.Chart]:
    """The average's bar with the row's name before it and its numbers behind it."""
    length = BAR * ROW_HEIGHT
    halo, mean = (
        base.mark_tick(color=colour(tone), thickness=wide, opacity=1, height=length, orient="vertical")
        for tone, wide in (("paper", 7), ("ink", 3))
    )
    name = base.mark_text(align="left", baseline="middle", limit=LABELS[width] - 8)
    average = base.mark_text(align="right", baseline="bottom", fontWeight="bold")
    amount = base.mark_text(
        align="right", baseline="top", dy=3, color=colour("muted"), fontSize=FONT_SIZE[width] - 1
    )
    end = alt.value(plot + NUMBERS[width])
    return [
        halo.encode(x=x, y=y),
        mean.encode(x=x, y=y),
        name.encode(x=alt.value(-LABELS[width]), y=y, text="label:N"),
        average.encode(x=end, y=y, text="average:N"),
        amount.encode(x=end, y=y, text="amount:N"),
    ]
