"""Forecasts and anomalies on ten years of daily data.

Belongs here: the time from gold's tables to the forecast tables. Does not: how good they are
(`coros_assets_tests/forecast/`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from benchmarks.measure import cpu_medians, show
from benchmarks.views import DAYS, YEARS, fill
from coros_assets.forecast.findings import recovery_anomalies
from coros_assets.forecast.outlook import forecast_tables, past_next_runs
from coros_assets.home_timezone import HomeTimezone
from coros_assets.sample.files import sample_wellness
from coros_assets.sample.roster import HOME_TIMEZONE
from coros_assets.settings import Settings
from coros_assets.stores import Stores
from coros_assets.wellness.read import read_wellness

REPEATS: Final = 3
LIMIT_S: Final = 30
"""What learning, trying and forecasting may take in all, in seconds."""


def forecast() -> None:
    """Prints CPU seconds of each part, and their sum."""
    daily = read_wellness("w.csv", sample_wellness(YEARS), HomeTimezone.parse(HOME_TIMEZONE)).daily
    with tempfile.TemporaryDirectory() as folder:
        stores = Stores(Settings(home=Path(folder)))
        fill(stores.warehouse)
        tables = [stores.warehouse.read_table(name) for name in ("analysis_run", "fact_day", "dim_shift")]
    work: dict[str, Callable[[], Any]] = {
        "forecasts and their evaluation": partial(forecast_tables, *tables),
        "anomalies": partial(recovery_anomalies, *tables, daily),
        "past forecasts, for the chart": partial(past_next_runs, *tables),
    }
    taken = cpu_medians(work, REPEATS)
    title = f"Forecasts on {YEARS} years with {DAYS:,} runs, at most {LIMIT_S} s in all"
    show(title, ["what", "median CPU s"], [*taken.items(), ("in all", sum(taken.values()))])
