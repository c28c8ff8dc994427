"""Question 3 on simulated runs: what is found, what is refused, in which words; the level for the chart."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from coros_assets.answers.fitness_trend import LEVEL_SCHEMA, answer_fitness_trend, fitness_level
from coros_assets.tables import ANSWER_FITNESS_TREND
from coros_assets_tests.answers.simulator import Planted, replaced, simulate


def answer(runs: pa.Table) -> list[dict[str, Any]]:
    table = answer_fitness_trend(runs)
    assert table.schema == ANSWER_FITNESS_TREND.arrow_schema
    return list(table.to_pylist())


@pytest.fixture(scope="module")
def two_years() -> pa.Table:
    return simulate(Planted(days=730, change_per_year=0.04), seed=1)


def test_a_planted_change_is_found_and_said_over_the_whole_record(two_years: pa.Table) -> None:
    primary = answer(two_years)[0]
    assert primary["is_primary"]
    assert primary["verdict"] == "effect"
    assert primary["ci_low_pct"] < 100 * np.expm1(0.08) < primary["ci_high_pct"]
    assert primary["n"] == two_years.num_rows
    assert "Over the 24 months recorded" in primary["sentence"]
    assert f"{primary['effect_pct']:.1f} % higher" in primary["sentence"]
    assert "season" in primary["method"]


def test_a_falling_fitness_is_said_to_be_lower() -> None:
    primary = answer(simulate(Planted(days=730, change_per_year=-0.04), seed=2))[0]
    assert primary["verdict"] == "effect"
    assert "% lower" in primary["sentence"]


def test_within_a_year_season_and_fitness_are_not_told_apart_and_that_is_said() -> None:
    primary = answer(simulate(Planted(days=300), seed=1))[0]
    assert "season cannot be told apart" in primary["sentence"]
    assert "season" not in primary["method"]


def test_the_naive_row_is_a_plain_line_with_a_narrower_interval(two_years: pa.Table) -> None:
    primary, naive, *_ = answer(two_years)
    width = [row["ci_high_pct"] - row["ci_low_pct"] for row in (primary, naive)]
    assert not naive["is_primary"]
    assert width[1] < width[0]
    assert "too narrow" in naive["sentence"]


@pytest.mark.parametrize(
    ("runs", "missing"), [(0, "40 more runs"), (39, "1 more run "), (3, "days of record")]
)
def test_below_the_least_numbers_one_row_says_what_is_missing(
    two_years: pa.Table, runs: int, missing: str
) -> None:
    (row,) = answer(two_years.slice(0, runs))
    assert (row["verdict"], row["n"], row["effect_pct"]) == ("not_enough_data", runs, None)
    assert missing in row["sentence"]


def test_the_level_follows_the_planted_fitness_week_by_week(two_years: pa.Table) -> None:
    level = fitness_level(two_years)
    assert level.schema == LEVEL_SCHEMA
    dates = level["date"].to_pylist()
    assert {later - earlier for earlier, later in pairwise(dates[:-1])} == {timedelta(days=7)}
    low, middle, high = (np.log(level[name].to_numpy()) for name in ("low", "level_m_per_beat", "high"))
    assert (low < middle).all()
    assert (middle < high).all()
    day = 7 * np.arange(len(dates)) + 3
    truth = 0.04 * day / 365.25 + 0.012 * np.cos(2 * np.pi * (day - 15) / 365.25)
    inside = np.abs(middle - middle.mean() - truth + truth.mean()) < (high - low) / 2
    assert inside.mean() > 0.85


def test_the_level_is_that_of_an_average_run(two_years: pa.Table) -> None:
    average = pc.mean(two_years["log_efficiency"]).as_py()
    assert np.log(fitness_level(two_years)["level_m_per_beat"].to_numpy()).mean() == pytest.approx(
        average, abs=0.005
    )


@pytest.mark.parametrize("runs", [0, 3, 19])
def test_few_runs_have_no_level(two_years: pa.Table, runs: int) -> None:
    assert fitness_level(two_years.slice(0, runs)).equals(LEVEL_SCHEMA.empty_table())


def test_many_runs_in_few_weeks_have_no_level(two_years: pa.Table) -> None:
    crowded = replaced(two_years.slice(0, 60), day_number=[i % 20 for i in range(60)])
    assert fitness_level(crowded).num_rows == 0


def test_a_month_without_runs_widens_the_band_and_stays_in_the_level(two_years: pa.Table) -> None:
    day = two_years["day_number"].to_numpy()
    level = fitness_level(two_years.filter(pa.array((day < 300) | (day > 380))))
    width = np.log(level["high"].to_numpy()) - np.log(level["low"].to_numpy())
    assert level.num_rows == fitness_level(two_years).num_rows
    assert width[48] > 1.3 * width[20]
