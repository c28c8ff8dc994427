"""Calendar tables: one row a day of training, one row a date, one row a shift with its date.

Belongs here: summing activities by date, dating shifts and laying the calendar. Does not: what a series of
days makes (`metrics/`), roster and wellness (`roster/`, `wellness/`), or writing to PostgreSQL (`assets.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from coros_assets.gold.metrics import METRIC_VERSION
from coros_assets.gold.metrics.arrays import FloatArray
from coros_assets.gold.metrics.critical_speed import Efforts
from coros_assets.gold.metrics.registry import RUNNING, effort_metrics, load_metrics
from coros_assets.tables import DIM_DATE, FACT_DAY


def fact_day(
    fact_activity: pa.Table,
    fact_best_effort: pa.Table,
    schedule_period_of: Callable[[pa.Array], pa.Array],
    wellness_of: Callable[[pa.Array], Mapping[str, pa.Array]],
) -> pa.Table:
    """`gold.fact_day`: every date from the first activity to the last, rest days with zeros.

    Runs, distance and moving time count running only; load counts every sport, from heart rate, else from
    speed, else 0; best efforts on other dates are passed over. `schedule_period_of` gives the shift block
    of each date of a date32 array, `wellness_of` the columns of `DAY_WELLNESS`.
    """
    if not fact_activity.num_rows:
        return FACT_DAY.empty()
    day = fact_activity["activity_date"].cast(pa.int32()).to_numpy()
    dates = pa.array(np.arange(day.min(), day.max() + 1, dtype=np.int32)).cast(pa.date32())

    def by_day(values: FloatArray) -> FloatArray:
        return np.bincount(day - day.min(), weights=values, minlength=len(dates)).astype(np.float64)

    is_run = pc.equal(fact_activity["sport"], RUNNING).to_numpy().astype(np.float64)
    load = by_day(_or_zero(pc.coalesce(fact_activity["hrss"], fact_activity["rss"])))
    columns = {
        "activity_date": dates,
        "schedule_period": schedule_period_of(dates),
        "runs": by_day(is_run),
        "distance_m": by_day(is_run * _or_zero(fact_activity["distance_m"])),
        "moving_time_s": by_day(is_run * _or_zero(fact_activity["moving_time_s"])),
        "load": load,
        **wellness_of(dates),
        "metric_version": pa.repeat(METRIC_VERSION, len(dates)),
    }
    efforts = _efforts(fact_best_effort, int(day.min()), len(dates))
    metrics = load_metrics(load) | effort_metrics(efforts, len(dates))
    columns |= {name: pa.array(values, from_pandas=True) for name, values in metrics.items()}
    return FACT_DAY.conform(pa.table(columns))


def dim_date(first: date, last: date) -> pa.Table:
    """`gold.dim_date`: every date of the whole years from that of `first` to that of `last`."""
    dates = pa.array(np.arange(f"{first.year:04}-01-01", f"{last.year + 1:04}-01-01", dtype="datetime64[D]"))
    iso_year, iso_week, iso_weekday = pc.iso_calendar(dates).flatten()
    columns = {
        "date": dates,
        "year": pc.year(dates),
        "quarter": pc.quarter(dates),
        "month": pc.month(dates),
        "month_start": pc.floor_temporal(dates, unit="month"),
        "iso_year": iso_year,
        "iso_week": iso_week,
        "iso_weekday": iso_weekday,
        "is_weekend": pc.greater_equal(iso_weekday, 6),
    }
    return DIM_DATE.conform(pa.table(columns))


def dim_shift(shifts: pa.Table) -> pa.Table:
    """`gold.dim_shift`: the roster's shifts, a table of `ROSTER_SHIFTS`, by the local date they began on."""
    return shifts.append_column("start_date", shifts["start_time_local"].cast(pa.date32(), safe=False))


def _efforts(fact_best_effort: pa.Table, first_day: int, days: int) -> Efforts:
    day = fact_best_effort["activity_date"].cast(pa.int32()).to_numpy().astype(np.int64) - first_day
    inside = (day >= 0) & (day < days)
    names = ("distance_m", "time_s", "is_near_maximal")
    distance_m, time_s, is_near_maximal = (fact_best_effort[name].to_numpy()[inside] for name in names)
    return Efforts(day[inside], distance_m, time_s, is_near_maximal)


def _or_zero(column: pa.ChunkedArray) -> FloatArray:
    zeros: FloatArray = pc.fill_null(column, 0.0).to_numpy()
    return zeros
