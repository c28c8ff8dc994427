"""`gold.recovery_anomaly`: mornings and runs that were not as their like before, each in a sentence.

Belongs here: rows and words. Does not: the comparison (`anomalies.py`), or what is compared (`mornings.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import pyarrow as pa
from scipy.special import bdtrc

from coros_assets.answers import wording
from coros_assets.answers.wording import Need, count
from coros_assets.forecast import anomalies
from coros_assets.forecast.anomalies import FEWEST, SPIKE_SD, WINDOW_D, Compared, Drift, Readings
from coros_assets.forecast.history import History
from coros_assets.forecast.mornings import (
    AFTER_NIGHT,
    EFFICIENCY,
    LIKE,
    MORNING_COLUMNS,
    STATES,
    Outcome,
    morning_readings,
    run_readings,
)
from coros_assets.forecast.pairs import FEWEST_RUNS
from coros_assets.forecast.targets import FEWEST_LEARNT
from coros_assets.tables import RECOVERY_ANOMALY

SPIKE, DRIFT, MISSING, NOT_ENOUGH = "spike", "drift", "missing", "not_enough_data"

STILL_JUDGED_D: Final = 28
"""If nothing could be compared for so many days up to the last reading, that is said."""

MISSED_D: Final = 180
MISSED_SHARE: Final = 0.25
MISSED_CHANCE: Final = 0.01
"""Readings are told to be missing after nights if at least so many are, in so many days, and chance alone
would seldom leave out as many."""

MOST_DECIMALS: Final = 2
_EPOCH: Final = date(1970, 1, 1)


def recovery_anomalies(
    analysis_run: pa.Table, fact_day: pa.Table, dim_shift: pa.Table, wellness_daily: pa.Table
) -> pa.Table:
    """`gold.recovery_anomaly` from gold's tables and `WELLNESS_DAILY`; empty before the first activity."""
    if not fact_day.num_rows:
        return RECOVERY_ANOMALY.empty()
    history = History.of(analysis_run, fact_day, dim_shift)
    last = _EPOCH + timedelta(history.loads.last)
    rows = [
        row
        for column, outcome in MORNING_COLUMNS.items()
        for row in _of_outcome(outcome, morning_readings(wellness_daily, dim_shift, column), last, "morning")
    ]
    rows += _of_outcome(EFFICIENCY, run_readings(history), last, "run")
    return RECOVERY_ANOMALY.conform(pa.Table.from_pylist(rows, schema=RECOVERY_ANOMALY.arrow_schema))


def _of_outcome(outcome: Outcome, readings: Readings, last: date, what: str) -> Iterator[dict[str, Any]]:
    """The rows of one outcome; of several runs on a date the worst."""
    seen: dict[date, Compared] = {}
    for found in anomalies.spikes(readings):
        day = _date(int(readings.day[found.at]))
        if day not in seen or found.off(readings) > seen[day].off(readings):
            seen[day] = found
    for found in seen.values():
        yield _spike(outcome, readings, found, what)
    for drift in anomalies.drifts(readings):
        yield _drift(outcome, readings, drift, what)
    yield from _missing(outcome, readings)
    yield from _not_enough(outcome, readings, last, what)


def _spike(outcome: Outcome, readings: Readings, found: Compared, what: str) -> dict[str, Any]:
    value = _shown(outcome, float(readings.value[found.at]))
    expected = _shown(outcome, found.expected)
    limit = _shown(outcome, found.limit + readings.worse * SPIKE_SD * found.scale)
    day, state = _date(int(readings.day[found.at])), int(readings.state[found.at])
    measured, usual, limit_said = _numbers(outcome, value, expected, limit)
    as_far_as = "up to" if outcome.worse > 0 else "down to"
    sentence = (
        f"On {wording.day(day)} {_of(outcome, what)} {measured} {_words(outcome)}; {usual} was to be"
        f" expected, and {as_far_as} {limit_said} would not have been unusual."
        f" {_compared_with(found, state, what)}"
    )
    return _row(outcome, SPIKE, day, sentence) | {
        "shift_state": STATES[state],
        "value": value,
        "expected": expected,
        "low" if outcome.worse < 0 else "high": limit,
        "deviation_sd": found.off(readings),
        **_comparison(found),
    }


def _drift(outcome: Outcome, readings: Readings, drift: Drift, what: str) -> dict[str, Any]:
    value = _shown(outcome, float(np.mean([readings.value[each.at] for each in drift.readings])))
    expected = _shown(outcome, float(np.mean([each.expected for each in drift.readings])))
    begins, day = (_date(int(readings.day[drift.readings[row].at])) for row in (0, -1))
    way = "higher" if outcome.worse > 0 else "lower"
    alike = "of its own kind" if what == "morning" else "at equal effort, hills and distance"
    mean, usual = _numbers(outcome, value, expected)
    sentence = (
        f"From about {wording.day(begins)} {_of(outcome, what)} {way} for a while, which was plain on"
        f" {wording.day(day)}: {mean} {_words(outcome)} on average, where {usual} was to be expected."
        f" Each {what} was compared with those {alike} one to five months before."
    )
    return _row(outcome, DRIFT, day, sentence) | {
        "begins_on": begins,
        "value": value,
        "expected": expected,
        "deviation_sd": float(np.mean([each.off(readings) for each in drift.readings])),
        **_comparison(drift.plain),
    }


def _missing(outcome: Outcome, readings: Readings) -> Iterator[dict[str, Any]]:
    """That readings are missing after nights more often than chance would have it."""
    recent = readings.day > (readings.day[-1] if len(readings.day) else 0) - MISSED_D
    is_missing, after = ~np.isfinite(readings.value[recent]), readings.state[recent] == AFTER_NIGHT
    nights, others = int(after.sum()), int((~after).sum())
    missed, missed_else = int((is_missing & after).sum()), int((is_missing & ~after).sum())
    if outcome is EFFICIENCY or not nights or missed < MISSED_SHARE * nights:
        return
    if bdtrc(missed - 1, nights, (missed_else + 1) / (others + 2)) > MISSED_CHANCE:
        return
    sentence = (
        f"In the last {MISSED_D} days {outcome.name} is missing on {missed} of {count(nights, 'morning')}"
        f" after a night shift, on {missed_else} of {others} other ones. Nobody knows what it was then:"
        " missing readings are counted as bad ones before another is called unusual."
    )
    yield _row(outcome, MISSING, _date(int(readings.day[-1])), sentence) | {
        "shift_state": STATES[AFTER_NIGHT],
        "compared_n": nights - missed,
        "compared_missing": missed,
    }


def _not_enough(outcome: Outcome, readings: Readings, last: date, what: str) -> Iterator[dict[str, Any]]:
    """That the last readings cannot be compared, and what is missing."""
    known = np.flatnonzero(np.isfinite(readings.value))
    until = int(readings.day[known[-1]]) if len(known) else 0
    late = replace(readings, is_judged=readings.is_judged & (readings.day > until - STILL_JUDGED_D))
    if any(True for _ in anomalies.compared(late, 0)):
        return
    if what == "run" and not readings.is_judged.any():
        need = Need(what, "with heart rate", len(known), FEWEST_RUNS + FEWEST_LEARNT)
    else:
        recent = known[readings.day[known] > until - WINDOW_D]
        most = int(np.bincount(readings.state[recent]).max()) if len(recent) else 0
        words = f"with {outcome.name} and of one kind within {WINDOW_D} days"
        need = Need(what, words, min(most, FEWEST), FEWEST + 1)
    sentence = wording.not_enough_yet([need])
    yield _row(outcome, NOT_ENOUGH, _date(until) if len(known) else last, sentence)


def _row(outcome: Outcome, kind: str, day: date, sentence: str) -> dict[str, Any]:
    return {
        "outcome": outcome.name,
        "kind": kind,
        "anomaly_date": day,
        "unit": outcome.unit,
        "sentence": sentence,
    }


def _comparison(found: Compared) -> dict[str, Any]:
    return {
        "compared_n": found.n,
        "compared_missing": found.missing,
        "compared_from": _date(found.first),
        "compared_until": _date(found.last),
    }


def _compared_with(found: Compared, state: int, what: str) -> str:
    first, last = wording.day(_date(found.first)), wording.day(_date(found.last))
    said = f"It was compared with {count(found.n, what)} {LIKE[state]}, {first} to {last}"
    if what == "run":
        said += ", at its effort, hills and distance"
    if not found.missing:
        return f"{said}."
    have = "has" if found.missing == 1 else "have"
    return f"{said}; {found.missing} more {have} no reading and counted as bad."


def _of(outcome: Outcome, what: str) -> str:
    return "your efficiency was" if what == "run" else f"your {outcome.name} was"


def _shown(outcome: Outcome, compared: float) -> float:
    return float(outcome.shown(np.array([compared]))[0])


def _numbers(outcome: Outcome, *values: float) -> list[str]:
    """With as many decimals as it takes to tell them apart, up to two more than usual."""
    written = [
        [f"{value:.{outcome.decimals + more}f}" for value in values] for more in range(MOST_DECIMALS + 1)
    ]
    return next((texts for texts in written if len(set(texts)) == len(texts)), written[-1])


def _words(outcome: Outcome) -> str:
    return "metres per heartbeat" if outcome is EFFICIENCY else outcome.unit


def _date(day: int) -> date:
    return _EPOCH + timedelta(day)
