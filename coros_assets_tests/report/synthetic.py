"""A shift worker's finished tables, drawn from a seeded generator, for tests of the report.

Belongs here: tables as gold and the answers' views hand them to the report.
Does not: activity files (`coros_assets/sample/`), shifts and records (`synthetic_training.py`), forecasts
(`synthetic_forecast.py`), the answers' words (`written_answers.py`), or any expectation about the page.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Final

import numpy as np
import pyarrow as pa

from coros_assets import tables as contract
from coros_assets.contract import Table, Type
from coros_assets_tests.report.synthetic_forecast import anomalies, forecasts, no_forecasts
from coros_assets_tests.report.synthetic_training import RECOVERY, night_shifts, records
from coros_assets_tests.report.written_answers import (
    ANSWERS,
    FITNESS_ROWS,
    LOAD_ROWS,
    NIGHT_ROWS,
    NOT_ENOUGH_YET,
    answer_rows,
)

GENERATED_AT: Final = datetime(2026, 1, 5, 6, 30, tzinfo=UTC)
FIRST_DATE: Final = np.datetime64("2024-01-08")
RUN_PROBABILITY: Final = 0.55
ROSTER_DAYS: Final = 14
NIGHT_ENDS: Final = (4, 5, 6, 7)
"""Days of the roster cycle on which a night shift ends, at 07:00."""
FILLERS: Final[dict[Type, Any]] = {
    Type.TEXT: "x",
    Type.TEXT_LIST: [],
    Type.BOOL: False,
    Type.INT: 0,
    Type.BIGINT: 0,
    Type.FLOAT: 0.0,
    Type.DATE: date(2024, 1, 8),
    Type.INSTANT: GENERATED_AT,
    Type.LOCAL_TIME: np.datetime64("2024-01-08T07:00:00.000000"),
}

QUARANTINED: Final = {
    "sha256": ["0" * 64, "1" * 64],
    "name": ["2024/broken.tcx", "old/empty.gpx"],
    "reason": ["It ends in the middle of a lap: export it again.", "It holds no point with a time."],
}

ENTRY: Final = {"valid_from": date(2024, 1, 1), "max_heart_rate_bpm": 190.0, "resting_heart_rate_bpm": 50.0}

SUSPECTED: Final = {
    "activity_date": [date(2024, 3, 2)],
    "copy_activity_date": [date(2024, 3, 2)],
    "offset_h": [2.0],
}


def finished(runs: int = 350, seed: int = 7) -> dict[str, pa.Table]:
    """Every table that the report takes, of a runner with about `runs` runs and all three answers."""
    rng = np.random.default_rng(seed)
    day = _days(round(runs / RUN_PROBABILITY), rng)
    run = _runs(day, rng)
    last = day["activity_date"][-1].astype(object)
    return {
        "fact_activity": fill(contract.FACT_ACTIVITY, _activity_columns(run)),
        "fact_day": fill(contract.FACT_DAY, day),
        "activity_source": fill(contract.ACTIVITY_SOURCE, _source_columns(run)),
        "quarantined_file": fill(contract.QUARANTINED_FILE, QUARANTINED),
        "answer_night_shift": answer_rows(contract.ANSWER_NIGHT_SHIFT, *NIGHT_ROWS),
        "answer_next_day": answer_rows(contract.ANSWER_NEXT_DAY, *LOAD_ROWS),
        "answer_fitness_trend": answer_rows(contract.ANSWER_FITNESS_TREND, *FITNESS_ROWS),
        "athlete_settings": pa.Table.from_pylist([ENTRY], contract.ATHLETE_SETTINGS.arrow_schema),
        "suspected_copy": pa.table(SUSPECTED),
        "analysis_run": pa.table(run),
        "dim_shift": fill(
            contract.DIM_SHIFT, night_shifts(FIRST_DATE, len(day["load"]), ROSTER_DAYS, NIGHT_ENDS)
        ),
        "recovery": pa.table(RECOVERY),
        "recovery_anomaly": anomalies(last),
        **forecasts(last),
        **records(run["activity_date"]),
        **views(run),
    }


def beginner() -> dict[str, pa.Table]:
    """The tables of a runner who has only begun: no answer has enough data."""
    tables = finished(runs=14)
    tables["recovery"] = tables["recovery"].slice(0, 0)
    tables |= no_forecasts(tables["fact_day"]["activity_date"][-1].as_py())
    for name, table in ANSWERS.items():
        tables[name] = answer_rows(table, (True, "least squares", None, NOT_ENOUGH_YET))
    return tables


def nothing() -> dict[str, pa.Table]:
    """The tables before the first file."""
    return {name: table.slice(0, 0) for name, table in finished(runs=14).items()}


def fill(table: Table, columns: dict[str, Any]) -> pa.Table:
    """`columns` as the contract's table: what is missing gets one harmless value in every row."""
    rows = len(next(iter(columns.values())))
    data = {c.name: columns.get(c.name, [FILLERS[c.type]] * rows) for c in table.columns}
    return pa.table({name: pa.array(values) for name, values in data.items()}).cast(table.arrow_schema)


def _days(count: int, rng: np.random.Generator) -> dict[str, Any]:
    number = np.arange(count)
    ran = rng.random(count) < RUN_PROBABILITY
    load = np.where(ran, rng.gamma(9, 6, count) * (1 + 0.2 * np.sin(number / 50)), 0.0)
    ctl, atl = (_average(load, constant) for constant in (42, 7))
    return {
        "activity_date": FIRST_DATE + number,
        "schedule_period": np.where(np.isin(number % ROSTER_DAYS, NIGHT_ENDS), "night", "day"),
        "runs": ran.astype(int),
        "load": load,
        "distance_m": load * 190,
        "moving_time_s": load * 62,
        "ctl": ctl,
        "atl": atl,
        "tsb": np.concatenate([[0.0], (ctl - atl)[:-1]]),
    }


def _average(load: np.ndarray, days: int) -> np.ndarray:
    alpha, level, levels = 1 - np.exp(-1 / days), 0.0, []
    for value in load:
        level += alpha * (value - level)
        levels.append(level)
    return np.array(levels)


def _runs(day: dict[str, Any], rng: np.random.Generator) -> dict[str, Any]:
    number = np.flatnonzero(day["runs"])
    hour = rng.choice([9.0, 17.5], number.size) + rng.normal(0, 1, number.size)
    since_night = _hours_since_night(number, hour)
    level = np.log(1.20) + 0.05 * number / len(day["load"]) + 0.012 * np.sin(number / 70)
    night = since_night <= 36
    log_efficiency = level - 0.024 * night + rng.normal(0, 0.025, number.size)
    reserve = rng.normal(68, 5, number.size)
    return {
        "activity_id": [f"{n:08d}" for n in number],
        "activity_date": day["activity_date"][number],
        "day_number": number,
        "start_time_local": day["activity_date"][number].astype("datetime64[us]")
        + (hour * 3600e6).astype("timedelta64[us]"),
        "hour_of_day": hour,
        "schedule_period": day["schedule_period"][number],
        "hours_since_night_end": since_night,
        "during_night_shift": np.zeros(number.size, bool),
        "night_arm": np.where(night, "night", np.where(since_night >= 72, "day", "between")),
        "roster_cycle": number // ROSTER_DAYS,
        "efficiency_factor_m_per_beat": np.exp(log_efficiency),
        "log_efficiency": log_efficiency,
        "heart_rate_reserve_pct": reserve,
        "distance_m": day["distance_m"][number],
        "climb_m_per_km": rng.gamma(2, 5, number.size),
        "moving_time_s": day["moving_time_s"][number],
        "average_heart_rate_bpm": 50 + 1.3 * reserve,
        "average_pace_s_per_km": 1000 * 60 / (np.exp(log_efficiency) * (50 + 1.3 * reserve)),
        "load_day_before": np.where(number > 0, day["load"][number - 1], np.nan),
        "tsb": day["tsb"][number],
        "ctl": day["ctl"][number],
        "level": np.exp(level),
    }


def _hours_since_night(number: np.ndarray, hour: np.ndarray) -> np.ndarray:
    ends = np.array([cycle * ROSTER_DAYS + day for cycle in range(-1, 200) for day in NIGHT_ENDS]) * 24 + 7
    start = number * 24 + hour
    return start - ends[np.searchsorted(ends, start) - 1]


def _activity_columns(run: dict[str, Any]) -> dict[str, Any]:
    """Every run of `analysis_run`, and one each of the three kinds that it leaves out."""
    count = len(run["activity_id"])
    shared = {name: run[name] for name in run if name in contract.FACT_ACTIVITY.arrow_schema.names}
    shared |= {
        "sport": ["running"] * count,
        "source_format": ["fit" if index % 3 == 0 else "tcx" for index in range(count)],
        "quality_flags": [["distance_jitter"] if index % 40 == 0 else [] for index in range(count)],
        "metric_version": ["1"] * count,
    }
    left_out = {
        "activity_id": ["ride", "strapless", "short"],
        "sport": ["cycling", "running", "running"],
        "efficiency_factor_m_per_beat": [None, None, 1.2],
        "moving_time_s": [3000.0, 3000.0, 600.0],
    }
    columns = {name: pa.array(values).to_pylist() for name, values in shared.items()}
    return {name: [*values, *left_out.get(name, values[:1] * 3)] for name, values in columns.items()}


def _source_columns(run: dict[str, Any]) -> dict[str, Any]:
    count = len(run["activity_id"])
    used = {
        "activity_id": run["activity_id"],
        "source_sha256": [f"{index:064x}" for index in range(count)],
        "source_name": [f"run-{index}.tcx" for index in range(count)],
        "source_format": ["fit" if index % 3 == 0 else "tcx" for index in range(count)],
        "is_winner": [True] * count,
        "choice_reason": ["the only file"] * count,
    }
    again = {name: values[::25] for name, values in used.items()}
    copies = len(again["is_winner"])
    again |= {"source_sha256": [f"c{index:063d}" for index in range(copies)], "is_winner": [False] * copies}
    again |= {"source_format": ["gpx"] * copies, "choice_reason": ["a FIT or TCX file holds more"] * copies}
    return {name: [*used[name], *again[name]] for name in used}


def views(run: dict[str, Any]) -> dict[str, pa.Table]:
    """The views of `answers/sql/` and the level, from `analysis_run`'s columns."""
    load = np.nan_to_num(run["load_day_before"])
    edges = np.quantile(load[load > 0], [1 / 3, 2 / 3])
    tercile = np.where(load > 0, 1 + np.searchsorted(edges, load), 0)
    since = np.searchsorted((0, 12, 24, 36, 48, 72), run["hours_since_night_end"], side="right")
    period, month = run["schedule_period"], run["activity_date"].astype("datetime64[M]")
    day_before = np.array(["rest day", "lightest third", "middle third", "hardest third"])
    hours = np.array(["", "0-12 h", "12-24 h", "24-36 h", "36-48 h", "48-72 h", "72 h or more"])
    loads = [(load[tercile == row].min(), load[tercile == row].max()) for row in np.unique(tercile)]
    monthly = _averages(run, month, "month_start")
    return {
        "efficiency_by_hours_since_night": _averages(run, since, "bin").append_column(
            "hours_since_night", pa.array(hours[np.unique(since)])
        ),
        "efficiency_by_schedule_period": _averages(run, period, "schedule_period"),
        "next_day_by_load_tercile": _averages(run, tercile, "tercile")
        .append_column("day_before", pa.array(day_before[np.unique(tercile)]))
        .append_column("load_from", pa.array([low for low, _ in loads]))
        .append_column("load_to", pa.array([high for _, high in loads])),
        "fitness_by_month": monthly.set_column(0, "month_start", monthly["month_start"].cast(pa.date32())),
        "fitness_level": _level(run),
    }


def _averages(run: dict[str, Any], group: np.ndarray, name: str) -> pa.Table:
    measured = ("average_pace_s_per_km", "average_heart_rate_bpm", "efficiency_factor_m_per_beat")
    groups = np.unique(group)
    means = {column: [float(run[column][group == each].mean()) for each in groups] for column in measured}
    dates = groups.astype("datetime64[D]") if groups.dtype.kind == "M" else groups
    return pa.table({name: dates, "n": [int((group == each).sum()) for each in groups], **means})


def _level(run: dict[str, Any]) -> pa.Table:
    dates, level = run["activity_date"][::3], run["level"][::3]
    columns = {"date": dates, "level_m_per_beat": level, "low": level * 0.985, "high": level * 1.015}
    return pa.table(columns)
