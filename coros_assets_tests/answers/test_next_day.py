"""Question 2 on simulated runs: what is found, what is refused, and in which words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from coros_assets.answers.next_day import answer_next_day
from coros_assets.tables import ANSWER_NEXT_DAY
from coros_assets_tests.answers.simulator import LAGS, LEADS, Planted, replaced, simulate


def answer(runs: pa.Table) -> list[dict[str, Any]]:
    table = answer_next_day(runs)
    assert table.schema == ANSWER_NEXT_DAY.arrow_schema
    return list(table.to_pylist())


@pytest.fixture(scope="module")
def two_years() -> pa.Table:
    """Runs that are less efficient after a hard day, of someone who trains more when fresh."""
    return simulate(Planted(days=730, load_before=(-0.03, 0, 0), freshness=0.5), seed=1)


def test_a_planted_effect_is_found_and_said_in_load_and_minutes(two_years: pa.Table) -> None:
    primary = answer(two_years)[0]
    assert primary["is_primary"]
    assert primary["verdict"] == "effect"
    assert primary["ci_high_pct"] < 0
    usable = two_years.filter(pc.and_(pc.is_valid(two_years[LAGS[2]]), pc.is_valid(two_years[LEADS[2]])))
    assert primary["n"] == usable.num_rows
    load = np.std(usable[LAGS[0]].to_numpy())
    assert (
        f"{load:.0f} points more load (one standard deviation; about {load * 0.6:.0f} min"
        in primary["sentence"]
    )


def test_runs_without_three_recorded_days_around_them_are_left_out(two_years: pa.Table) -> None:
    without = two_years.filter(pc.and_(pc.is_valid(two_years[LAGS[2]]), pc.is_valid(two_years[LEADS[2]])))
    assert without.num_rows < two_years.num_rows
    assert answer(without)[0]["n"] == answer(two_years)[0]["n"] == without.num_rows


def test_the_primary_interval_holds_those_of_both_regressions(two_years: pa.Table) -> None:
    primary, association, excess, *_ = answer(two_years)
    assert primary["ci_low_pct"] == min(association["ci_low_pct"], excess["ci_low_pct"])
    assert primary["ci_high_pct"] == max(association["ci_high_pct"], excess["ci_high_pct"])
    assert excess["effect_pct"] < primary["effect_pct"] < association["effect_pct"]


def test_one_row_is_primary_and_the_keys_differ(two_years: pa.Table) -> None:
    rows = answer(two_years)
    families = ["primary", "sensitivity", "sensitivity", "naive", *["secondary"] * 3, "sensitivity"]
    assert [row["family"] for row in rows] == families
    assert [row["is_primary"] for row in rows] == [True] + [False] * 7
    assert len({tuple(row[name] for name in ANSWER_NEXT_DAY.key) for row in rows}) == len(rows)


def test_the_naive_row_is_the_slope_of_a_plain_line(two_years: pa.Table) -> None:
    naive = answer(two_years)[3]
    usable = two_years.filter(pc.and_(pc.is_valid(two_years[LAGS[2]]), pc.is_valid(two_years[LEADS[2]])))
    load = usable[LAGS[0]].to_numpy()
    slope = np.polyfit(load / load.std(), usable["log_efficiency"].to_numpy(), 1)[0]
    assert naive["method"] == "naive: plain line"
    assert naive["effect_pct"] == pytest.approx(100 * np.expm1(slope))


def test_below_the_least_number_one_row_says_how_many_more_runs(two_years: pa.Table) -> None:
    (row,) = answer(two_years.slice(0, 33))
    assert (row["verdict"], row["effect_pct"]) == ("not_enough_data", None)
    assert f"{40 - row['n']} more runs with three recorded days" in row["sentence"]


@pytest.mark.parametrize("load", [0.0, 50.0])
def test_load_that_is_the_same_every_day_cannot_answer(two_years: pa.Table, load: float) -> None:
    same = {name: [load] * two_years.num_rows for name in (*LAGS, *LEADS)}
    (row,) = answer(replaced(two_years, **same))
    assert row["verdict"] == "not_enough_data"


def test_an_effect_planted_two_days_later_is_found_at_that_lag_alone() -> None:
    rows = answer(simulate(Planted(days=730, load_before=(0, -0.03, 0)), seed=2))
    found = {row["contrast"]: row["verdict"] for row in rows if row["family"] == "secondary"}
    assert [verdict == "effect" for verdict in found.values()] == [True, True, False]
    assert [contrast for contrast, verdict in found.items() if verdict == "effect"][1].endswith(
        "two days before, the days beside it alike"
    )


def test_the_sum_over_three_days_is_that_of_its_lags() -> None:
    rows = answer(simulate(Planted(days=730, load_before=(-0.01, -0.01, -0.01)), seed=2))
    logs = [np.log1p(row["effect_pct"] / 100) for row in rows if "between the association" in row["method"]]
    assert logs[1] == pytest.approx(logs[0] + logs[2] + logs[3])


def test_a_state_space_model_lies_beside_the_association_it_is_like(two_years: pa.Table) -> None:
    rows = answer(two_years)
    (model,) = (row for row in rows if row["method"].startswith("state space"))
    assert model["family"] == "sensitivity"
    assert model["contrast"] == rows[0]["contrast"]
    assert model["effect_pct"] == pytest.approx(rows[1]["effect_pct"], abs=0.5)
