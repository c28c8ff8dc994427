"""How mornings compare with the runner's own weeks before.

Belongs here: the week against the baseline, and mornings by date for `gold.fact_day`. Does not: body
days (`mornings.py`), or any score: these are deviations, not a state of recovery.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

WEEK_D: Final = 7
BASELINE_D: Final = 60

LEAST_IN_WEEK: Final = 3
"""Readings that a weekly mean of ln rMSSD needs: Plews et al. 2014, IJSPP 9:783-790."""

LEAST_IN_BASELINE: Final = 30
"""Half of the days; this project's choice."""

FloatArray = npt.NDArray[np.float64]


def week_against_baseline(values: FloatArray) -> FloatArray:
    """How far the mean of the last 7 days lies from that of the 60 days before them, in their SD.

    Args:
        values: one a date, without gaps between dates; NaN where nothing was measured.

    Returns:
        One a date. NaN where the week has fewer than 3 values or the 60 days fewer than 30, and where these
        do not differ among themselves.
    """
    padded = np.concatenate([np.full(BASELINE_D + WEEK_D - 1, np.nan), values])
    windows = np.lib.stride_tricks.sliding_window_view(padded, BASELINE_D + WEEK_D)
    before, week = windows[:, :BASELINE_D], windows[:, BASELINE_D:]
    in_baseline, in_week = (np.sum(~np.isnan(part), axis=1) for part in (before, week))
    enough = (in_baseline >= LEAST_IN_BASELINE) & (in_week >= LEAST_IN_WEEK)
    found = np.full(len(values), np.nan)
    spread = np.nanstd(before[enough], axis=1, ddof=1)
    spread[spread == 0] = np.nan
    found[enough] = (np.nanmean(week[enough], axis=1) - np.nanmean(before[enough], axis=1)) / spread
    return found


def mornings_of(dates: pa.Array, daily: pa.Table) -> dict[str, pa.Array]:
    """The columns of `tables.DAY_WELLNESS` for each of consecutive dates.

    Values after a day sleep are shown but stay out of week and baseline: heart rate and rMSSD follow the hour
    as well as the load, so only nights are compared with nights.

    Args:
        dates: date32, each a day after the one before.
        daily: a table of `WELLNESS_DAILY`, which may be empty and may reach beyond `dates`.
    """
    numbers = np.asarray(daily["date"].cast(pa.int32()))
    wanted = np.asarray(dates.cast(pa.int32()))
    first = min([*numbers[:1], *wanted[:1]])
    length = max([*numbers[-1:], *wanted[-1:]]) - first + 1
    by_night = ~np.asarray(pc.fill_null(daily["main_sleep_is_day"], False))

    def deviation(column: pa.ChunkedArray) -> pa.Array:
        values = np.full(length, np.nan)
        values[(numbers - first)[by_night]] = column.to_numpy()[by_night]
        return pa.array(week_against_baseline(values)[wanted - first], from_pandas=True)

    row = pc.index_in(dates, value_set=daily["date"].combine_chunks())
    shown = {name: daily[name].take(row) for name in daily.column_names if name not in ("date", "source")}
    return {
        **shown,
        "resting_heart_rate_week_sd": deviation(daily["resting_heart_rate_bpm"]),
        "hrv_week_sd": deviation(pc.ln(daily["hrv_rmssd_ms"])),
    }
