"""Which run stands in which row of a strip chart, beside the averages that the views give.

Belongs here: rows for hours since a night shift and for the load of the day before. Does not: the
averages (`answers/sql/`), or the drawing (`charts/strips.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from coros_assets.answers.recovery import HOUR_EDGES

GOLDEN_RATIO: Final = (5**0.5 - 1) / 2
"""Multiples of it, modulo 1, spread evenly however many there are: points without a pattern or chance."""

NO_NIGHT: Final = 7
"""Rows of gold.efficiency_by_hours_since_night: 0 during a night shift, one from each edge on, 7 without."""

Rows = tuple[pa.Table, pa.Table]
"""The runs and the rows that `charts.strips.strips` takes."""

Place = Callable[[pa.Table, pa.Table], Rows]
"""From `analysis_run` and a view of averages to both in rows."""


def by_hours_since_night(runs: pa.Table, averages: pa.Table) -> Rows:
    """The runs on a known roster in the rows of gold.efficiency_by_hours_since_night."""
    known = runs.filter(pc.not_equal(runs["schedule_period"], "unknown"))
    hours = _numbers(known, "hours_since_night_end")
    bins = np.searchsorted(HOUR_EDGES, hours, side="right")
    bins = np.where(np.isnan(hours), NO_NIGHT, bins)
    bins = np.where(known["during_night_shift"].to_numpy(), 0, bins)
    return _rows(known, bins, averages, "bin", "hours_since_night")


def by_load_day_before(runs: pa.Table, averages: pa.Table) -> Rows:
    """The runs after a recorded date in the rows of gold.next_day_by_load_tercile."""
    known = runs.filter(pc.is_valid(runs["load_day_before"]))
    largest = _numbers(averages, "load_to")
    place = np.searchsorted(largest, _numbers(known, "load_day_before")).clip(
        max=max(averages.num_rows - 1, 0)
    )
    terciles = averages["tercile"].to_numpy()
    return _rows(known, terciles[place] if averages.num_rows else place, averages, "tercile", "day_before")


def _rows(runs: pa.Table, bins: NDArray[Any], averages: pa.Table, order: str, label: str) -> Rows:
    shown = averages[order].to_numpy()
    rows = pa.table(
        {
            "row": pa.array(range(averages.num_rows), pa.int64()),
            "label": pc.replace_substring_regex(averages[label], r"(\d)-(\d)", "\\1\N{EN DASH}\\2"),
            "efficiency": averages["efficiency_factor_m_per_beat"],
            "n": averages["n"],
        }
    )
    points = pa.table(
        {
            "row": np.searchsorted(shown, bins),
            "spread": (np.arange(len(bins)) * GOLDEN_RATIO) % 1,
            "efficiency": runs["efficiency_factor_m_per_beat"],
            "group": pc.fill_null(runs["night_arm"], "between"),
        }
    )
    return points, rows


def _numbers(table: pa.Table, column: str) -> NDArray[np.float64]:
    values: NDArray[np.float64] = table[column].cast(pa.float64()).to_numpy()
    return values
