"""Forecasts and anomalies as the runner of `synthetic.py` might get them, for tests of the report.

Belongs here: rows of the forecast tables and their sentences, written out. Does not: how anything is forecast
(`coros_assets/forecast/`).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import pyarrow as pa

from coros_assets import tables as contract
from coros_assets.forecast.outlook import COMING_RUN, FATIGUE, NEXT_RUN, RACE, TRACK_SCHEMA
from coros_assets.forecast.wording import AFTER_NIGHTS

AHEAD: Final = 14
PAST_RUNS: Final = 60
MISSING: Final = "Not enough data yet: still needed are 51 more runs with heart rate (so far 14 of 65)."
TRIED: Final = "Tried on 282 runs of the past, a forecast was 10 % closer than the mean of the last 15 runs."
NIGHTS: Final = (4, 5, 6, 7)


def forecasts(until: date) -> dict[str, pa.Table]:
    """`forecast`, `forecast_evaluation` and `past_next_runs` of a record until a date."""
    rows = [_row(NEXT_RUN, until, 1, 1.25, 0.05), _row(RACE, until, 1, 270.0, 9.0)]
    for ahead in range(1, AHEAD + 1):
        rows.append(_row(COMING_RUN, until, ahead, 1.25 - 0.03 * (ahead in NIGHTS), 0.05))
        rows.append(_row(FATIGUE, until, ahead, 42.0, 3.0 + ahead))
    tried = [_tried(target, method) for target in (COMING_RUN, FATIGUE) for method in ("last value", "model")]
    return {
        "forecast": pa.Table.from_pylist(rows, contract.FORECAST.arrow_schema),
        "forecast_evaluation": pa.Table.from_pylist(tried, contract.FORECAST_EVALUATION.arrow_schema),
        "past_next_runs": _past(until),
    }


def no_forecasts(until: date) -> dict[str, pa.Table]:
    """The same of a runner with too few runs."""
    rows = [_row(target, until, 1, None, None, MISSING) for target in (NEXT_RUN, COMING_RUN, RACE, FATIGUE)]
    return {
        "forecast": pa.Table.from_pylist(rows, contract.FORECAST.arrow_schema),
        "forecast_evaluation": contract.FORECAST_EVALUATION.empty(),
        "past_next_runs": TRACK_SCHEMA.empty_table(),
        "recovery_anomaly": contract.RECOVERY_ANOMALY.empty(),
    }


def anomalies(until: date) -> pa.Table:
    """A morning, a run and a drift of the last weeks, one of long ago, and what is missing."""
    found = [
        ("resting heart rate", "spike", 3, 58.0, 50.0, "bpm", "your resting heart rate was 58 bpm"),
        ("efficiency", "spike", 3, 1.05, 1.21, "m/beat", "your efficiency was 1.05 metres per heartbeat"),
        ("heart-rate variability", "drift", 20, 52.0, 61.0, "ms", "your variability was lower for a while"),
        ("sleep", "spike", 300, 3.1, 8.0, "h", "your sleep was 3.1 h"),
        ("sleep", "not_enough_data", 0, None, None, "h", "not enough data yet"),
    ]
    rows = [
        {
            "outcome": outcome,
            "kind": kind,
            "anomaly_date": until - timedelta(days),
            "unit": unit,
            "value": value,
            "expected": expected,
            "sentence": f"On that day {words}.",
        }
        for outcome, kind, days, value, expected, unit, words in found
    ]
    return pa.Table.from_pylist(rows, contract.RECOVERY_ANOMALY.arrow_schema)


def _row(
    target: str, until: date, ahead: int, expected: float | None, half: float | None, sentence: str = ""
) -> dict[str, Any]:
    day = until + timedelta(ahead)
    after_nights = AFTER_NIGHTS if ahead == max(NIGHTS) + 1 else "On"
    return {
        "target": target,
        "forecast_date": day,
        "record_until": until,
        "days_ahead": ahead,
        "schedule_period": "night" if ahead in NIGHTS else "off",
        "unit": "x",
        "expected": expected,
        "low": None if expected is None or half is None else expected - half,
        "high": None if expected is None or half is None else expected + half,
        "is_model": expected is not None,
        "sentence": sentence or f"{after_nights} {day} expect {expected} of the {target}.",
    }


def _tried(target: str, method: str) -> dict[str, Any]:
    is_model = method == "model"
    return {
        "target": target,
        "method": method,
        "is_model": is_model,
        "is_shipped": is_model,
        "n": 282,
        "folds": 20,
        "first_date": date(2024, 5, 1),
        "last_date": date(2025, 12, 1),
        "unit": "%",
        "mean_absolute_error": 2.5 if is_model else 2.8,
        "nominal_coverage_pct": 80.0,
        "n_intervals": 262,
        "coverage_pct": 80.4,
        "mean_width": 8.2,
        "skill_pct": 10.0 if is_model else None,
        "skill_low_pct": 5.8 if is_model else None,
        "skill_high_pct": 13.6 if is_model else None,
        "sentence": TRIED,
    }


def _past(until: date) -> pa.Table:
    random = np.random.default_rng(5)
    dates = [until - timedelta(2 * run) for run in reversed(range(PAST_RUNS))]
    expected = 1.24 + random.normal(0, 0.01, PAST_RUNS)
    came = expected + random.normal(0, 0.04, PAST_RUNS)
    return pa.table([dates, expected, expected - 0.05, expected + 0.05, came], schema=TRACK_SCHEMA)
