"""The simulated nurse's history as gold would hold it, without files: seconds for many years.

Belongs here: `gold.analysis_run`, `gold.fact_day`, `gold.dim_shift` of `coros_assets/sample/`. Does not:
anything planted beside what the sample plants.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa

from coros_assets.gold.metrics.training import fatigue, fitness, form
from coros_assets.home_timezone import HomeTimezone
from coros_assets.roster.codes import Codes
from coros_assets.roster.labels import label_dates
from coros_assets.roster.read import read_roster
from coros_assets.sample.roster import HOME_TIMEZONE, roster_ics
from coros_assets.sample.runner import PLANTED, Planted, Simulation, simulate


@dataclass(frozen=True)
class Gold:
    """Three tables of gold, as far as forecasts read them."""

    runs: pa.Table
    days: pa.Table
    shifts: pa.Table


@cache
def sample_gold(years: float, seed: int, planted: Planted = PLANTED) -> Gold:
    """The tables of a simulated history."""
    history = simulate(years, seed, planted=planted)
    shifts = read_roster(
        "roster.ics", roster_ics(history.shifts), HomeTimezone.parse(HOME_TIMEZONE), Codes("", ())
    )
    plans = [run.plan for run in history.runs]
    day = np.array([plan.date for plan in plans], dtype="datetime64[D]").astype(np.int64)
    days = _days(day, _loads(history), shifts)
    reserve = np.array([plan.heart_rate_reserve for plan in plans])
    log_efficiency = np.log([run.efficiency_m_per_beat for run in history.runs])
    heart_rate = np.array([run.heart_rate_bpm for run in history.runs])
    speed = np.exp(log_efficiency) * heart_rate / 60
    seconds = np.array([plan.timer_time_s for plan in plans])
    runs = pa.table(
        {
            "activity_id": [f"{number:06d}" for number in range(len(plans))],
            "activity_date": pa.array(day.astype(np.int32)).cast(pa.date32()),
            "day_number": (day - day[0]).astype(np.int32),
            "hour_of_day": np.array([plan.start_s for plan in plans]) / 3600,
            "is_indoor": np.array([plan.place is None for plan in plans]),
            "log_efficiency": log_efficiency,
            "heart_rate_reserve_pct": 100 * reserve,
            "average_heart_rate_bpm": heart_rate,
            "climb_m_per_km": np.array([plan.climb_m_per_km for plan in plans]),
            "log_distance": np.log(speed * seconds),
        }
    )
    return Gold(runs, days, shifts)


def _loads(history: Simulation) -> np.ndarray:
    """hrss of each run: 100 is one hour at threshold."""
    reserve = np.array([run.plan.heart_rate_reserve for run in history.runs])
    minutes = np.array([run.plan.timer_time_s for run in history.runs]) / 60
    return 100 * minutes / 60 * reserve / 0.85 * np.exp(1.67 * (reserve - 0.85))


def _days(day: np.ndarray, load: np.ndarray, shifts: pa.Table) -> pa.Table:
    daily = np.bincount(day - day[0], load)
    dates = pa.array(np.arange(day[0], day[-1] + 1, dtype=np.int32)).cast(pa.date32())
    return pa.table(
        {
            "activity_date": dates,
            "schedule_period": label_dates(dates, shifts),
            "runs": np.bincount(day - day[0]),
            "load": daily,
            "ctl": fitness(daily),
            "atl": fatigue(daily),
            "tsb": form(daily),
        }
    )
