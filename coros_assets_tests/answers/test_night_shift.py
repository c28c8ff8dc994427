"""Question 1 on simulated runs: what is found, what is refused, and in which words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from coros_assets.answers.design import Runs, covariates, design, differences_carried, fitness_over_time
from coros_assets.answers.night_shift import answer_night_shift
from coros_assets.answers.regression import ordinary
from coros_assets.tables import ANSWER_NIGHT_SHIFT
from coros_assets_tests.answers.simulator import Planted, night_shifts, replaced, simulate


def answer(runs: pa.Table) -> list[dict[str, Any]]:
    table = answer_night_shift(runs, night_shifts(Planted(), 0))
    assert table.schema == ANSWER_NIGHT_SHIFT.arrow_schema
    return list(table.to_pylist())


@pytest.fixture(scope="module")
def two_years() -> pa.Table:
    """Runs that are 3 % less efficient after nights."""
    return simulate(Planted(days=730, night=-0.03), seed=1)


def test_a_planted_effect_is_found_and_said(two_years: pa.Table) -> None:
    primary = answer(two_years)[0]
    assert primary["is_primary"]
    assert primary["verdict"] == "effect"
    assert primary["ci_low_pct"] < -3 < primary["ci_high_pct"] < 0
    arms = two_years["night_arm"].to_pylist()
    counts = (primary["n"], primary["n_exposed"], primary["n_control"])
    assert counts == (two_years.num_rows, arms.count("night"), arms.count("day"))
    assert primary["clusters"] == len(set(two_years["roster_cycle"].to_pylist()))
    for words in (
        f"{-primary['effect_pct']:.1f} % fewer metres",
        f"{counts[1]} runs against {counts[2]}",
        "slower",
    ):
        assert words in primary["sentence"]


def test_a_night_effect_of_nothing_is_no_evidence_and_names_what_the_data_allow() -> None:
    primary = answer(simulate(Planted(night=0.0), seed=4))[0]
    assert primary["verdict"] == "no_evidence"
    assert "compatible with" in primary["sentence"]


def test_one_row_is_primary_and_the_keys_differ(two_years: pa.Table) -> None:
    rows = answer(two_years)
    assert [row["family"] for row in rows] == ["primary", "naive"] + ["sensitivity"] * 6 + ["secondary"] * 6
    assert [row["is_primary"] for row in rows] == [True] + [False] * 13
    assert len({tuple(row[name] for name in ANSWER_NIGHT_SHIFT.key) for row in rows}) == len(rows)


def test_the_naive_row_is_the_plain_difference_and_names_what_it_also_carries() -> None:
    runs = simulate(Planted(days=460, nights_from_day=182, change_per_year=0.05), seed=2)
    rows = answer(runs)
    means = {
        arm: pc.mean(runs.filter(pc.equal(runs["night_arm"], arm))["log_efficiency"]).as_py()
        for arm in ("night", "day")
    }
    naive = rows[1]
    assert naive["method"].startswith("naive")
    assert naive["effect_pct"] == pytest.approx(100 * np.expm1(means["night"] - means["day"]))
    assert "fitness over time (+" in naive["sentence"]


def test_what_the_naive_row_carries_adds_up_to_the_gap() -> None:
    """Holds for least squares only because the runs between the arms have a column of their own."""
    runs = Runs.of(simulate(Planted(), seed=3))
    arms = np.column_stack([runs.night_arm == "night", runs.night_arm == "between"]).astype(float)
    plan = design(runs, [*covariates(runs), fitness_over_time(runs)], arms)
    coefficients = ordinary(plan.x, plan.y).coefficients
    night, day = (plan.runs.night_arm == arm for arm in ("night", "day"))
    gap = plan.y[night].mean() - plan.y[day].mean() - coefficients[plan.exposures]
    assert sum(differences_carried(plan, coefficients, night | day).values()) == pytest.approx(gap)


@pytest.mark.parametrize(
    ("days", "missing"),
    [
        (0, "20 more runs within 36 hours of a night shift"),
        (5, "20 more runs within 36 hours of a night shift"),
        (60, "more roster cycles with a run after a night"),
        (150, "of 20"),
    ],
)
def test_below_the_least_numbers_one_row_says_what_is_missing(days: int, missing: str) -> None:
    runs = simulate(Planted(days=365), seed=1)
    (row,) = answer(runs.filter(pc.less(runs["day_number"], days)))
    assert row["is_primary"]
    assert row["verdict"] == "not_enough_data"
    assert [row[name] for name in ("effect_pct", "ci_low_pct", "ci_high_pct", "p_value")] == [None] * 4
    assert missing in row["sentence"]


def test_without_a_roster_it_is_the_roster_that_is_missing(two_years: pa.Table) -> None:
    blank = replaced(two_years, night_arm=pa.nulls(two_years.num_rows, pa.string()))
    (row,) = answer(replaced(blank, roster_cycle=pa.nulls(two_years.num_rows, pa.int32())))
    assert (row["verdict"], row["n"]) == ("not_enough_data", 0)
    assert "roster is missing" in row["sentence"]
    assert f"{two_years.num_rows} runs" in row["sentence"]


def test_runs_that_are_all_after_nights_have_nothing_to_be_compared_with(two_years: pa.Table) -> None:
    (row,) = answer(replaced(two_years, night_arm=["night"] * two_years.num_rows))
    assert row["verdict"] == "not_enough_data"
    assert "20 more runs at least 72 hours from any night" in row["sentence"]
    assert "fewer than six days between nights" in row["sentence"]


def test_nights_that_always_come_at_one_hour_cannot_be_told_apart_from_it(two_years: pa.Table) -> None:
    night = np.array(two_years["night_arm"].to_pylist()) == "night"
    (row,) = answer(replaced(two_years, hour_of_day=np.where(night, 16.0, 8.0)))
    assert row["verdict"] == "not_enough_data"
    assert "cannot be told apart from time of day" in row["sentence"]


def test_what_too_few_runs_have_is_not_adjusted_for_and_named(two_years: pa.Table) -> None:
    half = [None if i % 2 else 70.0 + i % 5 for i in range(two_years.num_rows)]
    primary = answer(replaced(two_years, heart_rate_reserve_pct=half))[0]
    assert primary["n"] == two_years.num_rows
    assert "(not for effort, known of too few runs)" in primary["method"]


def test_what_few_runs_lack_leaves_those_runs_out(two_years: pa.Table) -> None:
    some = [None if i % 10 == 0 else float(i % 7) for i in range(two_years.num_rows)]
    primary = answer(replaced(two_years, climb_m_per_km=some))[0]
    assert primary["n"] == two_years.num_rows - some.count(None)
    assert "hills" in primary["method"]
