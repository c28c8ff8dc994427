"""What is said of the days to come: the model where it won, a baseline where not, and what is missing."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pytest

from coros_assets.forecast.findings import recovery_anomalies
from coros_assets.forecast.model import RIDGE
from coros_assets.forecast.outlook import COMING_RUN, FATIGUE, NEXT_RUN, RACE, forecast_tables, past_next_runs
from coros_assets.sample.runner import PLANTED, Planted
from coros_assets.tables import DIM_SHIFT, FACT_DAY, FORECAST, FORECAST_EVALUATION
from coros_assets_tests.answers.simulator import replaced
from coros_assets_tests.forecast.histories import Gold, sample_gold

TARGETS: Final = (NEXT_RUN, COMING_RUN, RACE, FATIGUE)
UNFORECASTABLE: Final = replace(
    PLANTED,
    night_effect_pct=0.0,
    next_day_effect_pct_per_sd=0.0,
    fitness_change_pct_per_year=0.0,
    season_amplitude_pct=0.0,
    efficiency_per_reserve=0.0,
    autocorrelated_sd=0.0,
)
"""Nothing but noise around a constant."""

_LOG: Final = logging.getLogger(__name__)

Rows = dict[str, list[dict[str, Any]]]


def tables_of(gold: Gold) -> tuple[Rows, Rows]:
    """The rows of both tables by target, having kept what every table promises."""
    found = forecast_tables(gold.runs, gold.days, gold.shifts)
    for table, contract in zip(found, (FORECAST, FORECAST_EVALUATION), strict=True):
        assert table.schema == contract.arrow_schema
    rows = [
        {name: [row for row in t.to_pylist() if row["target"] == name] for name in TARGETS} for t in found
    ]
    for row in (row for target in rows[0].values() for row in target):
        numbers = [row[name] for name in ("expected", "low", "high")]
        assert row["sentence"].endswith(".")
        assert "nan" not in row["sentence"]
        if "Not enough data yet" in row["sentence"]:
            assert numbers == [None] * 3
            assert row["method"] is None
        else:
            assert np.isfinite(numbers).all()
            assert numbers[1] <= numbers[0] <= numbers[2]
            assert numbers[1] < numbers[2]
    return rows[0], rows[1]


@pytest.fixture(scope="module")
def told() -> tuple[Rows, Rows]:
    return tables_of(sample_gold(4, 0))


def test_each_target_has_a_row_for_each_day_it_speaks_of(told: tuple[Rows, Rows]) -> None:
    days = {target: [row["days_ahead"] for row in rows] for target, rows in told[0].items()}
    fortnight = list(range(1, 15))
    assert days == {NEXT_RUN: [1], COMING_RUN: fortnight, RACE: [1], FATIGUE: fortnight}
    for rows in told[0].values():
        assert all(row["forecast_date"] - row["record_until"] == timedelta(row["days_ahead"]) for row in rows)


def test_the_model_speaks_where_it_beat_every_baseline(told: tuple[Rows, Rows]) -> None:
    forecast, evaluation = told
    for target in (NEXT_RUN, COMING_RUN, RACE):
        [shipped] = [row for row in evaluation[target] if row["is_shipped"]]
        assert shipped["method"] == RIDGE
        assert shipped["skill_low_pct"] > 0
        assert min(row["mean_absolute_error"] for row in evaluation[target]) == shipped["mean_absolute_error"]
        assert all(row["method"] == RIDGE and row["is_model"] for row in forecast[target])
        assert "% closer" in shipped["sentence"]


def test_intervals_held_four_of_five_outcomes_by_every_method(told: tuple[Rows, Rows]) -> None:
    for rows in told[1].values():
        assert len(rows) == 5
        for row in rows:
            assert row["coverage_pct"] == pytest.approx(row["nominal_coverage_pct"], abs=3)
            assert row["n"] >= row["n_intervals"] > 500


def test_runs_after_the_next_block_of_nights_are_expected_to_be_worse(told: tuple[Rows, Rows]) -> None:
    """The nights end in the mornings of 9 to 11 January; each sentence says how that run will be."""
    rows = {row["forecast_date"]: row for row in told[0][COMING_RUN]}
    nights = [rows[date(2026, 1, day)]["change_pct"] for day in (9, 10, 11)]
    before = [rows[date(2026, 1, day)]["change_pct"] for day in (5, 6, 7)]
    assert np.mean(nights) - np.mean(before) == pytest.approx(PLANTED.night_effect_pct, abs=1.0)
    assert (
        "After your next block of nights, on 12 January 2026, expect" in rows[date(2026, 1, 12)]["sentence"]
    )
    assert "The roster does not reach this day" in rows[date(2026, 1, 14)]["sentence"]


def test_a_race_is_faster_than_training_and_about_as_fast_as_her_races(told: tuple[Rows, Rows]) -> None:
    [race] = told[0][RACE]
    gold = sample_gold(4, 0)
    hard = gold.runs.filter(pa.array(gold.runs["heart_rate_reserve_pct"].to_numpy() > 85))
    speed = np.exp(hard["log_efficiency"].to_numpy()) * hard["average_heart_rate_bpm"].to_numpy() / 60
    assert race["low"] < np.median(1000 / speed[-8:]) < 1.05 * race["high"]
    assert "(167 bpm)" in race["sentence"]


def test_where_nothing_can_be_forecast_a_baseline_speaks_and_says_so() -> None:
    forecast, evaluation = tables_of(sample_gold(2, 3, UNFORECASTABLE))
    for target in (NEXT_RUN, COMING_RUN):
        assert not any(row["is_model"] for row in forecast[target])
        [model] = [row for row in evaluation[target] if row["is_model"]]
        assert model["skill_low_pct"] <= 0
        assert not model["is_shipped"]
        assert "not closer beyond chance, so the simple way stands here" in model["sentence"]
    after_nights = [row for row in forecast[COMING_RUN] if "After your next block" in row["sentence"]]
    assert all("a simple way did no worse" in row["sentence"] for row in after_nights[:1])


def test_what_was_expected_and_what_came_is_kept_for_the_chart() -> None:
    gold = sample_gold(4, 0)
    past = past_next_runs(gold.runs, gold.days, gold.shifts)
    low, high, came = (past[name].to_numpy() for name in ("low", "high", "came"))
    assert ((low <= came) & (came <= high)).mean() == pytest.approx(0.8, abs=0.03)
    assert past["date"][-1] == gold.runs["activity_date"][-1]


def _first(gold: Gold, runs: int) -> Gold:
    some = gold.runs.slice(0, runs)
    days = int(some["day_number"][-1].as_py()) + 1
    return Gold(some, gold.days.slice(0, days), gold.shifts)


def _without_heart_rate(gold: Gold) -> Gold:
    return Gold(gold.runs.slice(0, 0), gold.days, gold.shifts)


def _without_load(gold: Gold) -> Gold:
    zeros = np.zeros(gold.days.num_rows)
    return Gold(gold.runs.slice(0, 0), replaced(gold.days, load=zeros, ctl=zeros, atl=zeros), gold.shifts)


def _without_roster(gold: Gold) -> Gold:
    return Gold(gold.runs, gold.days, DIM_SHIFT.empty())


def _after_a_year_off(gold: Gold, runs_since: int) -> Gold:
    """A year without a run, but for the last few runs."""
    count = gold.runs.num_rows
    later = np.where(np.arange(count) >= count - runs_since, 365, 0)
    date32 = gold.runs["activity_date"].cast(pa.int32()).to_numpy() + later
    runs = replaced(
        gold.runs,
        activity_date=pa.array(date32.astype(np.int32)).cast(pa.date32()),
        day_number=(gold.runs["day_number"].to_numpy() + later).astype(np.int32),
    )
    rest = {"load": 0.0, "ctl": 1.0, "atl": 0.5, "tsb": 0.5, "runs": 0, "schedule_period": "unknown"}
    last = gold.days["activity_date"].cast(pa.int32())[-1].as_py()
    off = [rest | {"activity_date": date(1970, 1, 1) + timedelta(last + day)} for day in range(1, 366)]
    days = pa.concat_tables([gold.days, pa.Table.from_pylist(off, gold.days.schema)])
    return Gold(runs, days, gold.shifts)


NO_LOAD: Final = "no training load was recorded"
SITUATIONS: Final[dict[str, tuple[Callable[[Gold], Gold], str, str]]] = {
    "twenty runs": (lambda gold: _first(gold, 20), "45 more runs with heart rate", "more days of record"),
    "no heart rate": (_without_heart_rate, "65 more runs with heart rate", ""),
    "no load": (_without_load, "65 more runs with heart rate", NO_LOAD),
    "no roster": (_without_roster, "", ""),
    "a year off until now": (
        lambda gold: _after_a_year_off(gold, 0),
        "after a break of more than 60 days",
        NO_LOAD,
    ),
    "three runs since": (
        lambda gold: _after_a_year_off(gold, 3),
        "2 more runs with heart rate after",
        NO_LOAD,
    ),
    "ten runs since": (lambda gold: _after_a_year_off(gold, 10), "", NO_LOAD),
}
"""Tables, and what is missing for a run and for fatigue; nothing where there is a forecast."""


@pytest.mark.parametrize("situation", SITUATIONS)
def test_in_a_hard_situation_a_sentence_says_what_is_missing(situation: str) -> None:
    spoil, of_run, of_fatigue = SITUATIONS[situation]
    spoilt = spoil(sample_gold(2, 4))
    forecast, _ = tables_of(spoilt)
    past = past_next_runs(spoilt.runs, spoilt.days, spoilt.shifts)
    assert (past.num_rows == 0) is bool(of_run)
    for target, words in ((NEXT_RUN, of_run), (COMING_RUN, of_run), (FATIGUE, of_fatigue)):
        sentence = forecast[target][0]["sentence"]
        assert ("Not enough data yet" in sentence) is bool(words), sentence
        assert words in sentence


def test_without_a_roster_every_day_says_that_no_shift_is_allowed_for() -> None:
    forecast, _ = tables_of(_without_roster(sample_gold(2, 4)))
    assert all("not allowed for" in row["sentence"] for row in forecast[COMING_RUN])


def test_forecasts_do_without_slow_imports() -> None:
    """pandas, scikit-learn and scipy.stats take longer to import than most histories to forecast."""
    modules = ", ".join(f.__module__ for f in (forecast_tables, recovery_anomalies))
    slow = {"pandas", "sklearn", "mapie", "statsmodels", "scipy.stats", "scipy.optimize"}
    code = f"import sys, {modules}; print({slow} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_before_the_first_activity_there_are_no_rows() -> None:
    gold = sample_gold(1, 3)
    tables = forecast_tables(gold.runs.slice(0, 0), FACT_DAY.empty(), DIM_SHIFT.empty())
    assert [table.num_rows for table in tables] == [0, 0]
    assert past_next_runs(gold.runs.slice(0, 0), FACT_DAY.empty(), DIM_SHIFT.empty()).num_rows == 0


@pytest.mark.parametrize(
    "column",
    ["heart_rate_reserve_pct", "climb_m_per_km", "hour_of_day", "average_heart_rate_bpm", "log_efficiency"],
)
@pytest.mark.parametrize("harm", ["nothing", "constant", "holes", "infinite"])
def test_one_broken_column_breaks_no_forecast(column: str, harm: str) -> None:
    gold = sample_gold(1, 3)
    values = gold.runs[column].to_numpy().astype(float)
    every_ninth = np.arange(len(values)) % 9 == 0
    broken = {
        "nothing": np.full_like(values, np.nan),
        "constant": np.full_like(values, 0.5),
        "holes": np.where(every_ninth, np.nan, values),
        "infinite": np.where(every_ninth, np.inf, values),
    }[harm]
    tables_of(
        Gold(replaced(gold.runs, **{column: pa.array(broken, from_pandas=True)}), gold.days, gold.shifts)
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("planted", "ships"), [(PLANTED, True), (UNFORECASTABLE, False)], ids=["effects", "noise"]
)
def test_over_many_histories_the_model_ships_where_it_should(planted: Planted, ships: bool) -> None:
    """`pytest -m slow -k many_histories --log-cli-level=INFO` shows the figures."""
    skills, covered = [], []
    for seed in range(24):
        gold = sample_gold.__wrapped__(4, 100 + seed, planted)
        rows = forecast_tables(gold.runs, gold.days, gold.shifts)[1].to_pylist()
        models = {row["target"]: row for row in rows if row["is_model"]}
        shipped = {row["target"]: row["coverage_pct"] for row in rows if row["is_shipped"]}
        skills.append([[models[t][name] for name in SKILL] for t in (NEXT_RUN, COMING_RUN, FATIGUE)])
        covered.append([shipped[t] for t in (NEXT_RUN, COMING_RUN, FATIGUE)])
    found = np.array(skills)
    share = (found[:, :, 1] > 0).mean(axis=0)
    _LOG.info(
        "skill %s, shipped %s, coverage %s", found.mean(axis=0).round(1), share, np.mean(covered, axis=0)
    )
    assert np.abs(np.array(covered) - 80).max() < 3
    assert (share[:2] >= 0.9).all() if ships else (share[:2] <= 0.1).all()


SKILL: Final = ("skill_pct", "skill_low_pct", "skill_high_pct")
