"""What is compared of mornings and runs: readings with the shift state that makes them each other's like.

Belongs here: from tables to `anomalies.Readings`. Does not: the comparison (`anomalies.py`), or body days
(`wellness/mornings.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from coros_assets.answers.design import HOURS_PER_DAY, NIGHT
from coros_assets.answers.regression import FloatArray
from coros_assets.forecast.anomalies import Readings
from coros_assets.forecast.history import History, IntArray
from coros_assets.forecast.targets import effects_as_known
from coros_assets.roster.labels import label_dates

AFTER_NIGHT, BEFORE_WORK, FREE, UNKNOWN, OTHER_TIMES = range(5)
STATES: Final = ("after a night shift", "before work", "free", "unknown", "other times")
LIKE: Final = (
    "after a night shift",
    "before an early or day shift",
    "without such a shift",
    "on which the roster is not known",
    "at other times",
)
"""Shift states by their numbers, as in `gold.recovery_anomaly` and in a sentence on mornings or runs."""

AFTER_NIGHT_H: Final = 36.0
_ALARM_CLOCK: Final = ("early", "day")
_EVEN_STEPS: Final = 1 / np.sqrt(12)
"""Standard deviation that rounding to whole numbers makes."""


@dataclass(frozen=True)
class Outcome:
    """Something measured in the morning, or of a run.

    Attributes:
        name: as in `gold.recovery_anomaly`.
        unit, decimals: of its values as shown.
        worse: 1 if more of it is worse, else -1.
        resolution: of a value as it is compared.
        compared: from values to those compared, and back.
    """

    name: str
    unit: str
    decimals: int
    worse: int
    resolution: float
    compared: Callable[[FloatArray], FloatArray]
    shown: Callable[[FloatArray], FloatArray]


def _same(values: FloatArray) -> FloatArray:
    return values


def _log(values: FloatArray) -> FloatArray:
    return np.log(np.where(values > 0, values, np.nan))


HEART_RATE: Final = Outcome("resting heart rate", "bpm", 0, 1, _EVEN_STEPS, _same, _same)
VARIABILITY: Final = Outcome("heart-rate variability", "ms", 0, -1, 0.01, _log, np.exp)
SLEEP: Final = Outcome("sleep", "h", 1, -1, 0.1, _same, _same)
EFFICIENCY: Final = Outcome("efficiency", "m/beat", 2, -1, 0.001, _log, np.exp)
MORNING_COLUMNS: Final = {
    "resting_heart_rate_bpm": HEART_RATE,
    "hrv_rmssd_ms": VARIABILITY,
    "sleep_h": SLEEP,
}


def morning_readings(daily: pa.Table, dim_shift: pa.Table, column: str) -> Readings:
    """A reading for each date from the first with a value in `column` of `WELLNESS_DAILY` to the last.

    Dates between them without a value are missing readings.
    """
    outcome = MORNING_COLUMNS[column]
    known = daily.filter(pc.is_valid(daily[column]))
    at = known["date"].cast(pa.int32()).to_numpy().astype(np.int64)
    days = np.arange(at.min(), at.max() + 1) if len(at) else at
    value, by_day = np.full(len(days), np.nan), np.zeros(len(days), dtype=np.bool_)
    value[at - days[:1]] = outcome.compared(known[column].to_numpy())
    by_day[at - days[:1]] = pc.fill_null(known["main_sleep_is_day"], False).to_numpy()
    state = np.where(by_day, AFTER_NIGHT, _states(days, dim_shift))
    none = np.zeros((len(days), 0))
    return Readings(days, value, state, outcome.worse, none, none, np.isfinite(value), outcome.resolution)


def _states(days: IntArray, dim_shift: pa.Table) -> IntArray:
    """What kind of morning each date has by the roster."""
    dates = pa.array(days.astype(np.int32)).cast(pa.date32())
    is_night = pc.equal(dim_shift["kind"], NIGHT)
    nights = dim_shift.filter(is_night)["end_time_local"].cast(pa.date32())
    alarms = dim_shift.filter(pc.is_in(dim_shift["kind"], pa.array(_ALARM_CLOCK)))
    choices = [
        pc.is_in(dates, nights.combine_chunks()).to_numpy(zero_copy_only=False),
        pc.equal(label_dates(dates, dim_shift), "unknown").to_numpy(zero_copy_only=False),
        pc.is_in(dates, alarms["start_time_local"].cast(pa.date32()).combine_chunks()).to_numpy(
            zero_copy_only=False
        ),
    ]
    return np.select(choices, [AFTER_NIGHT, UNKNOWN, BEFORE_WORK], FREE)


def run_readings(history: History) -> Readings:
    """Each run's log efficiency, to be compared at equal effort, climb, distance and roof."""
    since = history.nights.hours_since(HOURS_PER_DAY * history.day + history.hour)
    state = np.where(since <= AFTER_NIGHT_H, AFTER_NIGHT, OTHER_TIMES)
    effects = effects_as_known(history)
    return Readings(
        history.day,
        history.log_efficiency,
        state,
        EFFICIENCY.worse,
        history.covariates,
        np.nan_to_num(effects),
        np.isfinite(effects[:, 0]),
        EFFICIENCY.resolution,
    )
