"""`gold.forecast` and `gold.forecast_evaluation`: what to expect after the record, and how far to trust it.

Belongs here: rows and their sentences. Does not: how anything is forecast (`targets.py`, `fatigue.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import pyarrow as pa

from coros_assets.answers import wording as common
from coros_assets.answers.design import HOURS_PER_DAY
from coros_assets.answers.wording import Need
from coros_assets.contract import Table
from coros_assets.forecast import fatigue, targets, wording
from coros_assets.forecast.conformal import NOMINAL
from coros_assets.forecast.evaluation import LEARNING_D, Evaluation
from coros_assets.forecast.history import History
from coros_assets.forecast.targets import AHEAD_D, Target
from coros_assets.roster.labels import label_dates
from coros_assets.tables import FORECAST, FORECAST_EVALUATION

NEXT_RUN, COMING_RUN, RACE, FATIGUE = "next run", "run on a coming day", "race of an hour", "fatigue"
EFFICIENCY_UNIT, PACE_UNIT, LOAD_UNIT = "m/beat", "s/km", "points a day"

_BLOCK_ENDS_H: Final = 60.0
"""A night shift that ends without another ending within so many hours ends its block."""

UNKNOWN: Final = "unknown"
_EPOCH: Final = date(1970, 1, 1)

TRACK_SCHEMA: Final = pa.schema(
    [("date", pa.date32())] + [(name, pa.float64()) for name in ("expected", "low", "high", "came")]
)

Found = tuple[list[dict[str, Any]], Evaluation | None]


@dataclass(frozen=True)
class Days:
    """The days after the record: its last date, theirs, and what the roster says of them.

    `after_nights` is the first after a block of nights; None where the roster has no end of one among them.
    """

    record_until: date
    dates: tuple[date, ...]
    periods: tuple[str, ...]
    after_nights: date | None

    @classmethod
    def of(cls, history: History, dim_shift: pa.Table) -> Days:
        """The `AHEAD_D` days after the record of a history."""
        last = _EPOCH + timedelta(history.loads.last)
        dates = tuple(last + timedelta(days) for days in range(1, AHEAD_D + 1))
        periods = label_dates(pa.array(dates, pa.date32()), dim_shift).to_pylist()
        ends = history.nights.end_h
        block_ends = ends[np.diff(ends, append=np.inf) > _BLOCK_ENDS_H]
        after = [_EPOCH + timedelta(int(end // HOURS_PER_DAY) + 1) for end in block_ends]
        return cls(last, dates, tuple(periods), next((day for day in after if day in dates), None))

    def row(self, ahead: int, target: str, unit: str, sentence: str) -> dict[str, Any]:
        """A row of `gold.forecast` without numbers, `ahead` days after the record."""
        return {
            "target": target,
            "forecast_date": self.dates[ahead - 1],
            "record_until": self.record_until,
            "days_ahead": ahead,
            "schedule_period": self.periods[ahead - 1],
            "unit": unit,
            "is_model": False,
            "sentence": sentence,
        }


def forecast_tables(
    analysis_run: pa.Table, fact_day: pa.Table, dim_shift: pa.Table
) -> tuple[pa.Table, pa.Table]:
    """`gold.forecast` and `gold.forecast_evaluation` from gold's tables; both empty without a day."""
    if not fact_day.num_rows:
        return FORECAST.empty(), FORECAST_EVALUATION.empty()
    history = History.of(analysis_run, fact_day, dim_shift)
    days = Days.of(history, dim_shift)
    found = {
        NEXT_RUN: _next_run(history, days),
        COMING_RUN: _coming_run(history, days),
        RACE: _race(history, days),
        FATIGUE: _fatigue(history, days, dim_shift),
    }
    rows = [row for rows, _ in found.values() for row in rows]
    tried = [
        row for target, (_, past) in found.items() if past is not None for row in _evaluation(target, past)
    ]
    return _table(FORECAST, rows), _table(FORECAST_EVALUATION, tried)


def past_next_runs(analysis_run: pa.Table, fact_day: pa.Table, dim_shift: pa.Table) -> pa.Table:
    """What was expected of each run before it, and what came, for the chart: in order of time."""
    history = History.of(analysis_run, fact_day, dim_shift)
    if targets.missing(history):
        return TRACK_SCHEMA.empty_table()
    past = targets.next_run(history).past
    judged = past.has_interval()
    middle, half = past.forecast[judged, past.shipped], past.half_width[judged, past.shipped]
    dates = pa.array(past.day[judged].astype(np.int32)).cast(pa.date32())
    values = (np.exp(each) for each in (middle, middle - half, middle + half, past.outcome[judged]))
    return pa.table([dates, *values], schema=TRACK_SCHEMA)


def _table(table: Table, rows: Sequence[dict[str, Any]]) -> pa.Table:
    return table.conform(pa.Table.from_pylist(list(rows), schema=table.arrow_schema))


def _next_run(history: History, days: Days) -> Found:
    return _of_runs(NEXT_RUN, targets.next_run, history, days, "If you run on {}, expect")


def _coming_run(history: History, days: Days) -> Found:
    return _of_runs(COMING_RUN, targets.coming_run, history, days, "On a run on {} expect")


def _of_runs(
    name: str, forecast: Callable[[History], Target], history: History, days: Days, words: str
) -> Found:
    missing, target = targets.missing(history), None
    if not missing:
        target = forecast(history)
        missing = targets.without_interval(target)
    if target is None or missing:
        return [days.row(1, name, EFFICIENCY_UNIT, missing)], None
    return list(_efficiency(name, target, days, words)), target.past


def _efficiency(name: str, target: Target, days: Days, words: str) -> Iterator[dict[str, Any]]:
    """A row for each day that the target has a forecast for."""
    past = target.past
    is_model = past.skill.is_beyond_chance
    for ahead, log in enumerate(target.to_come, start=1):
        expected, low, high = (float(np.exp(log + shift * target.half_width)) for shift in (0, -1, 1))
        change = 100 * float(np.expm1(log - target.usual))
        day, period = days.dates[ahead - 1], days.periods[ahead - 1]
        begins = words.format(common.day(day))
        if day == days.after_nights and name == COMING_RUN:
            begins = f"{wording.AFTER_NIGHTS} {common.day(day)}, expect"
        sentence = (
            f"{begins} {expected:.2f} metres per heartbeat ({low:.2f} to {high:.2f};"
            f" {wording.FOUR_OF_FIVE}), {wording.change(change)} your last 15 runs."
        )
        if period == UNKNOWN:
            sentence += wording.NO_ROSTER
        if not is_model and day == days.after_nights:
            sentence += wording.NIGHTS_NOT_IN_IT
        numbers = {"expected": expected, "low": low, "high": high, "change_pct": change}
        made = {"method": past.methods[past.shipped], "is_model": is_model}
        yield days.row(ahead, name, EFFICIENCY_UNIT, sentence) | numbers | made


def _race(history: History, days: Days) -> Found:
    missing, target = targets.missing(history) or targets.missing_for_race(history), None
    if not missing:
        target = targets.hour_race(history)
        missing = targets.without_interval(target)
    if target is None or missing:
        return [days.row(1, RACE, PACE_UNIT, missing)], None
    heart_rate, past = targets.race_heart_rate(history), target.past
    log = target.to_come[0] + target.half_width * np.array([0.0, 1.0, -1.0])
    expected, fast, slow = (float(pace) for pace in targets.race_pace(log, heart_rate))
    sentence = (
        f"A flat race of about an hour, at {targets.RACE_EFFORT_PCT:.0f} % of your heart-rate reserve"
        f" ({heart_rate:.0f} bpm), would be run at about {wording.pace(expected)} per km"
        f" ({wording.pace(fast)} to {wording.pace(slow)}; {wording.FOUR_OF_FIVE}). A race often lifts a"
        " runner beyond what training shows."
    )
    numbers = {"expected": expected, "low": fast, "high": slow}
    made = {"method": past.methods[past.shipped], "is_model": past.skill.is_beyond_chance}
    return [days.row(1, RACE, PACE_UNIT, sentence) | numbers | made], past


def _fatigue(history: History, days: Days, dim_shift: pa.Table) -> Found:
    loads = history.loads
    recorded = len(loads.load)
    needs = [Need("day", "of record", recorded, LEARNING_D + 2 * AHEAD_D)]
    missing = common.not_enough_yet(needs) or ("" if loads.load[-LEARNING_D:].any() else wording.NO_LOAD)
    if missing:
        return [days.row(1, FATIGUE, LOAD_UNIT, missing)], None
    kind = fatigue.kinds(loads.first + np.arange(recorded + AHEAD_D), dim_shift)
    past = fatigue.evaluate(loads, kind)
    shares = fatigue.load_shares(loads, kind, recorded)
    made = fatigue.forecasts(loads, kind, shares, np.array([recorded - 1]))[0, :, past.shipped]
    widths = past.next_half_width[past.shipped]
    if not all(widths.get(ahead, 0.0) > 0 for ahead in range(1, AHEAD_D + 1)):
        return [days.row(1, FATIGUE, LOAD_UNIT, wording.NO_LOAD)], None
    return [
        _tired(past, days, ahead, float(value), widths[ahead], float(loads.fatigue[-1]))
        for ahead, value in enumerate(made, start=1)
    ], past


def _tired(
    past: Evaluation, days: Days, ahead: int, expected: float, half_width: float, now: float
) -> dict[str, Any]:
    low, high = max(0.0, expected - half_width), expected + half_width
    day = days.dates[ahead - 1]
    after = wording.AFTER_NIGHTS if day == days.after_nights else "On"
    sentence = (
        f"{after} {common.day(day)} expect a fatigue of {expected:.0f} points a day ({low:.0f} to {high:.0f};"
        f" {wording.FOUR_OF_FIVE}) if you train as you usually do; it was {now:.0f} at the end of the record."
    )
    change = 100 * (expected / now - 1) if now > 0 else None
    return days.row(ahead, FATIGUE, LOAD_UNIT, sentence) | {
        "expected": expected,
        "low": low,
        "high": high,
        "change_pct": change,
        "method": past.methods[past.shipped],
        "is_model": past.skill.is_beyond_chance,
    }


def _evaluation(target: str, past: Evaluation) -> Iterator[dict[str, Any]]:
    """A row of `gold.forecast_evaluation` for each method."""
    is_load = target == FATIGUE
    scale = 1.0 if is_load else 100.0
    sentence = wording.track_record(past, "run" if target in (NEXT_RUN, RACE) else "forecast")
    errors, intervals = past.errors.mean(axis=0), int(past.has_interval().sum())
    for position, method in enumerate(past.methods):
        is_model = position == len(past.methods) - 1
        saved = past.skill if is_model else None
        yield {
            "target": target,
            "method": method,
            "is_model": is_model,
            "is_shipped": position == past.shipped,
            "n": len(past),
            "folds": past.folds,
            "first_date": _EPOCH + timedelta(int(past.day[0])),
            "last_date": _EPOCH + timedelta(int(past.day[-1])),
            "unit": LOAD_UNIT if is_load else "%",
            "mean_absolute_error": scale * errors[position],
            "nominal_coverage_pct": 100 * NOMINAL,
            "n_intervals": intervals,
            "coverage_pct": 100 * past.coverage(position) if intervals else None,
            "mean_width": scale * past.width(position) if intervals else None,
            "skill_pct": saved and 100 * saved.share,
            "skill_low_pct": saved and 100 * saved.low,
            "skill_high_pct": saved and 100 * saved.high,
            "sentence": sentence,
        }
