"""Best efforts over time: for each distance the fastest pace of a season, and the record.

Belongs here: the chart. Does not: which distances are shown (`report/figures.py`), or what counts as a
best effort (`answers/sql/`).
"""

from __future__ import annotations

from typing import Final

import altair as alt
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from coros_assets.report.charts.style import AnyChart, plot_width, time_axis
from coros_assets.report.theme import colour

HEIGHT: Final = 280
LABEL_ROOM: Final = 52
LABEL_GAP: Final = 17
"""CSS pixels between the names of two lines that end close together."""

LINES: Final = (("night", 2.5, [1, 0]), ("day", 2, [7, 3]), ("level", 1.5, [1, 0]), ("ink", 2, [2, 3]))
"""Colour, width and dashes of the lines, in order of their distances."""

TICKS_S: Final = (5, 10, 15, 30, 60, 120)
MOST_TICKS: Final = 6
SHORT: Final = {"half marathon": "half"}
"""What a line is called at its end, where its distance's own name is too long."""

MINUTES: Final = "floor(datum.value / 60) + ':' + format(datum.value % 60, '02')"


def envelope(months: pa.Table, records: pa.Table, width: int) -> AnyChart:
    """A line for each distance, in steps of months and broken where a distance was not run; faster is higher.

    Args:
        months: `date` (first day of the month), `distance`, `pace_s_per_km` (may be empty), of at most four
            distances, in order of length and time.
        records: `date`, `distance`, `pace_s_per_km` of the records that stand.
        width: of the whole chart, in CSS pixels.
    """
    distances = pc.unique(months["distance"]).to_pylist()
    scale, ticks = _pace_scale(months)
    x = alt.X("date:T", axis=time_axis(width))
    y = alt.Y("pace_s_per_km:Q", title=None, scale=scale, axis=alt.Axis(values=ticks, labelExpr=MINUTES))
    layers = [
        _line(months.filter(pc.equal(months["distance"], distance)), look, x, y)
        for distance, look in zip(distances, LINES, strict=False)
    ]
    domain = alt.Scale(domain=distances, range=[colour(tone) for tone, *_ in LINES[: len(distances)]])
    tone = alt.Color("distance:N", legend=None, scale=domain)
    diamonds = alt.Chart(records).mark_point(shape="diamond", filled=True, size=70, opacity=1)
    names = alt.Chart(_names(months, scale.domain)).mark_text(align="left", dx=8, fontWeight="bold")
    layers += [
        diamonds.encode(x=x, y=y, color=tone),
        names.encode(x=alt.value(plot_width(width, LABEL_ROOM)), y=y, text="name:N", color=tone),
    ]
    chart = alt.layer(*layers, title="Minutes per kilometre; faster is higher")
    return chart.properties(width=plot_width(width, LABEL_ROOM), height=HEIGHT)


def _line(months: pa.Table, look: tuple[str, float, list[int]], x: alt.X, y: alt.Y) -> alt.Chart:
    tone, weight, dash = look
    mark = alt.Chart(months).mark_line(
        interpolate="step-after", color=colour(tone), strokeWidth=weight, strokeDash=dash
    )
    line: alt.Chart = mark.encode(x=x, y=y)
    return line


def _pace_scale(months: pa.Table) -> tuple[alt.Scale, list[float]]:
    """From the slowest pace to the fastest, in whole steps of seconds that a clock has."""
    extremes = pc.min_max(months["pace_s_per_km"]).as_py()
    span = extremes["max"] - extremes["min"]
    step = next((s for s in TICKS_S if span / s < MOST_TICKS), TICKS_S[-1])
    first, last = np.floor(extremes["min"] / step) * step, np.ceil(extremes["max"] / step) * step
    ticks = np.arange(first, last + step / 2, step).tolist()
    return alt.Scale(domain=[max(last, first + step), first], nice=False, zero=False), ticks


def _names(months: pa.Table, domain: list[float]) -> pa.Table:
    """Each line's name and last pace at its end, moved apart where lines end close together."""
    known = months.filter(pc.is_valid(months["pace_s_per_km"]))
    last = {row["distance"]: row["pace_s_per_km"] for row in known.to_pylist()}
    gap = LABEL_GAP * (domain[0] - domain[1]) / HEIGHT
    rows, free = [], -np.inf
    for distance, pace in sorted(last.items(), key=lambda item: item[1]):
        free = max(pace, free)
        rows.append({"distance": distance, "pace_s_per_km": free, "name": SHORT.get(distance, distance)})
        free += gap
    return pa.Table.from_pylist(rows)
