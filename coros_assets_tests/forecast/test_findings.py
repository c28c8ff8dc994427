"""Each anomaly is a sentence with what was measured, what was expected and what it was compared with."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pytest

from coros_assets.forecast.findings import recovery_anomalies
from coros_assets.home_timezone import HomeTimezone
from coros_assets.sample.files import sample_wellness
from coros_assets.sample.roster import HOME_TIMEZONE
from coros_assets.tables import DIM_SHIFT, FACT_DAY, RECOVERY_ANOMALY, WELLNESS_DAILY
from coros_assets.wellness.read import read_wellness
from coros_assets_tests.answers.simulator import replaced
from coros_assets_tests.forecast.histories import Gold, sample_gold

GOLD: Final = sample_gold(2, 0)
DAILY: Final = read_wellness("w.csv", sample_wellness(2, 0), HomeTimezone.parse(HOME_TIMEZONE)).daily
PULSE: Final = "resting_heart_rate_bpm"


def rows_of(daily: pa.Table, gold: Gold = GOLD) -> list[dict[str, Any]]:
    found = recovery_anomalies(gold.runs, gold.days, gold.shifts, daily)
    assert found.schema == RECOVERY_ANOMALY.arrow_schema
    keys = [tuple(row[name] for name in RECOVERY_ANOMALY.key) for row in found.to_pylist()]
    assert len(set(keys)) == len(keys)
    for row in found.to_pylist():
        assert row["sentence"].endswith(".")
        assert "nan" not in row["sentence"]
        if row["kind"] in {"spike", "drift"}:
            assert np.isfinite([row["value"], row["expected"], row["deviation_sd"]]).all()
            assert row["compared_from"] <= row["compared_until"] < row["anomaly_date"]
    return found.to_pylist()


def of(rows: list[dict[str, Any]], outcome: str, kind: str) -> list[dict[str, Any]]:
    return [row for row in rows if (row["outcome"], row["kind"]) == (outcome, kind)]


def with_pulse(change: np.ndarray) -> pa.Table:
    return replaced(DAILY, **{PULSE: DAILY[PULSE].to_numpy() + change})


@pytest.mark.parametrize("by_day", [True, False])
def test_a_morning_far_off_is_told_with_what_it_was_compared_with(by_day: bool) -> None:
    at = np.flatnonzero(np.asarray(DAILY["main_sleep_is_day"]) == by_day)[-5]
    rows = rows_of(with_pulse(np.where(np.arange(DAILY.num_rows) == at, 9.0, 0.0)))
    day = DAILY["date"][int(at)].as_py()
    [found] = [row for row in of(rows, "resting heart rate", "spike") if row["anomaly_date"] == day]
    assert found["shift_state"] == ("after a night shift" if by_day else "free")
    assert found["expected"] == pytest.approx(53 if by_day else 50, abs=1)
    assert found["high"] < found["value"]
    assert found["low"] is None
    words = "mornings after a night shift" if by_day else "mornings without such a shift"
    assert (
        f"On {day.day} {day:%B %Y} your resting heart rate was {found['value']:.0f} bpm" in found["sentence"]
    )
    assert f"It was compared with {found['compared_n']} {words}" in found["sentence"]


def test_nights_themselves_are_no_anomalies() -> None:
    rows = rows_of(DAILY)
    after = [row for row in rows if row["shift_state"] == "after a night shift" and row["kind"] == "spike"]
    nights = int(np.asarray(DAILY["main_sleep_is_day"]).sum())
    assert len(after) < 0.03 * nights


def test_three_weeks_of_a_higher_pulse_are_a_drift() -> None:
    late = np.arange(DAILY.num_rows) >= DAILY.num_rows - 21
    [found] = of(rows_of(with_pulse(np.where(late, 3.0, 0.0))), "resting heart rate", "drift")
    begins = DAILY["date"][DAILY.num_rows - 21].as_py()
    assert abs(found["begins_on"] - begins) < timedelta(days=5)
    assert found["value"] - found["expected"] == pytest.approx(3, abs=0.7)
    assert "higher for a while" in found["sentence"]


def test_a_run_far_off_is_told_at_its_own_effort() -> None:
    values = GOLD.runs["log_efficiency"].to_numpy().copy()
    values[-5] += np.log(0.85)
    gold = Gold(replaced(GOLD.runs, log_efficiency=values), GOLD.days, GOLD.shifts)
    day = GOLD.runs["activity_date"][-5].as_py()
    [found] = [row for row in of(rows_of(DAILY, gold), "efficiency", "spike") if row["anomaly_date"] == day]
    assert found["value"] / found["expected"] == pytest.approx(0.85, abs=0.06)
    assert "at its effort, hills and distance" in found["sentence"]


def test_a_hard_run_is_no_anomaly_for_being_hard() -> None:
    """Effort changes efficiency by some percent; the comparison allows for it."""
    effort = GOLD.runs["heart_rate_reserve_pct"].to_numpy()
    values = GOLD.runs["log_efficiency"].to_numpy() - 0.02 * (effort - effort.mean())
    gold = Gold(replaced(GOLD.runs, log_efficiency=values), GOLD.days, GOLD.shifts)
    assert len(of(rows_of(DAILY, gold), "efficiency", "spike")) <= 1


def test_readings_missing_after_nights_are_told_and_readings_missing_anywhere_are_not() -> None:
    by_day = np.asarray(DAILY["main_sleep_is_day"])
    random = np.random.default_rng(0).random(DAILY.num_rows)
    off_after_nights = DAILY.filter(pa.array(~(by_day & (random < 0.5))))
    [found] = of(rows_of(off_after_nights), "resting heart rate", "missing")
    assert "is missing on" in found["sentence"]
    assert found["compared_missing"] > 10
    anywhere = DAILY.filter(pa.array(random > 0.3))
    assert of(rows_of(anywhere), "resting heart rate", "missing") == []


def _year_off() -> pa.Table:
    days = DAILY["date"].cast(pa.int32()).to_numpy()
    late = np.arange(len(days)) >= len(days) - 6
    return replaced(DAILY, date=pa.array((days + 365 * late).astype(np.int32)).cast(pa.date32()))


SITUATIONS: Final = {
    "no wellness": (WELLNESS_DAILY.empty(), "15 more mornings with resting heart rate"),
    "eight mornings": (DAILY.slice(0, 8), "more mornings with resting heart rate"),
    "no pulse": (
        replaced(DAILY, **{PULSE: pa.nulls(DAILY.num_rows, pa.float64())}),
        "15 more mornings with resting heart rate",
    ),
    "a year off": (_year_off(), "more mornings with resting heart rate"),
}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_in_a_hard_situation_a_row_says_what_is_missing(situation: str) -> None:
    daily, words = SITUATIONS[situation]
    [row] = of(rows_of(daily), "resting heart rate", "not_enough_data")
    assert words in row["sentence"]
    assert [row[name] for name in ("value", "expected", "low", "high")] == [None] * 4


@pytest.mark.parametrize("runs", [0, 1, 20])
def test_with_few_runs_efficiency_says_what_is_missing(runs: int) -> None:
    gold = Gold(GOLD.runs.slice(0, runs), GOLD.days, GOLD.shifts)
    [row] = of(rows_of(DAILY, gold), "efficiency", "not_enough_data")
    assert f"{45 - runs} more runs with heart rate (so far {runs} of 45)" in row["sentence"]


def test_without_a_roster_day_sleeps_still_make_their_own_comparison() -> None:
    gold = Gold(GOLD.runs, GOLD.days, DIM_SHIFT.empty())
    rows = rows_of(DAILY, gold)
    assert of(rows, "resting heart rate", "not_enough_data") == []
    assert len(of(rows, "resting heart rate", "spike")) <= 2


def test_before_the_first_activity_there_are_no_rows() -> None:
    none = recovery_anomalies(GOLD.runs.slice(0, 0), FACT_DAY.empty(), DIM_SHIFT.empty(), DAILY)
    assert none.num_rows == 0


def test_the_night_the_clocks_go_forward_is_an_hour_short_and_found() -> None:
    short = of(rows_of(DAILY), "sleep", "spike")
    assert {row["anomaly_date"] for row in short} & {date(2024, 3, 31), date(2025, 3, 30)}
