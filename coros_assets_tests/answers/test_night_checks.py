"""Question 1 otherwise: mediators, matched runs, a moved roster, hours since a night, signs of recovery."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from coros_assets.answers.night_shift import answer_night_shift
from coros_assets_tests.answers.simulator import Planted, night_shifts, replaced, simulate

PLANTED = Planted(days=1460, night=-0.03, roster_luck=4)


@pytest.fixture(scope="module")
def runs() -> pa.Table:
    return simulate(PLANTED, seed=1)


def rows(runs: pa.Table) -> list[dict[str, Any]]:
    return list(answer_night_shift(runs, night_shifts(PLANTED, seed=1)).to_pylist())


def named(found: list[dict[str, Any]], words: str) -> dict[str, Any]:
    (row,) = (row for row in found if words in f"{row['method']} {row['contrast']} {row['outcome']}")
    return row


@pytest.fixture(scope="module")
def found(runs: pa.Table) -> list[dict[str, Any]]:
    return rows(runs)


@pytest.mark.parametrize(
    "words",
    [
        "Newey-West",
        "without the time of day",
        "with the load of the days before",
        "state space",
        "matched runs",
        "placebo",
        "runs 0 to 12 h",
        "runs 24 to 36 h",
    ],
)
def test_every_other_way_finds_the_planted_effect(found: list[dict[str, Any]], words: str) -> None:
    row = named(found, words)
    assert row["verdict"] == "effect"
    assert row["ci_low_pct"] < -3 < row["ci_high_pct"]


@pytest.mark.parametrize("words", ["runs 48 to 72 h", "aerobic decoupling"])
def test_where_nothing_was_planted_nothing_is_found(found: list[dict[str, Any]], words: str) -> None:
    row = named(found, words)
    assert row["verdict"] in {"no_evidence", "practically_none"}
    assert row["p_value_holm"] >= row["p_value"]


def test_an_effect_through_the_hour_shows_only_without_the_hour() -> None:
    """Runs after nights start at another hour; who is slow then is slow after nights, but not by them."""
    runs = simulate(Planted(days=730), seed=1)
    angle = 2 * np.pi * (runs["hour_of_day"].to_numpy() - 4) / 24
    slow_then = replaced(runs, log_efficiency=runs["log_efficiency"].to_numpy() + 0.03 * np.cos(angle))
    changes = [
        named(rows(slow_then), words)["effect_pct"] - named(rows(runs), words)["effect_pct"]
        for words in ("with the load of the days before", "without the time of day")
    ]
    assert abs(changes[0]) < 0.05
    assert changes[1] < -1


def test_the_placebo_has_the_primary_effect_and_another_interval(found: list[dict[str, Any]]) -> None:
    placebo = named(found, "placebo")
    assert placebo["effect_pct"] == found[0]["effect_pct"]
    assert placebo["p_value"] == 1 / 200
    assert "199 other places" in placebo["sentence"]


def test_without_the_shifts_themselves_the_roster_cannot_be_moved(runs: pa.Table) -> None:
    empty = night_shifts(PLANTED, seed=1).slice(0, 0)
    row = named(list(answer_night_shift(runs, empty).to_pylist()), "placebo")
    assert row["verdict"] == "not_enough_data"
    assert "night shifts themselves are missing" in row["sentence"]


def test_runs_unlike_any_other_cannot_be_matched_and_that_is_said(runs: pa.Table) -> None:
    night = np.array(runs["night_arm"].to_pylist()) == "night"
    some = np.arange(len(night)) % 10 == 0  # else distance itself could not be told apart from nights
    longer = runs["log_distance"].to_numpy() + 2.0 * (night != some)
    row = named(rows(replaced(runs, log_distance=longer)), "matched runs")
    assert row["verdict"] == "not_enough_data"
    assert "that can be matched with a like one" in row["sentence"]


@pytest.mark.parametrize("column", ["resting_heart_rate_bpm", "heart_rate_drift_pct_per_h"])
def test_a_sign_of_recovery_has_a_row_where_runs_have_it_and_its_effect_is_found(
    runs: pa.Table, found: list[dict[str, Any]], column: str
) -> None:
    night = np.array(runs["night_arm"].to_pylist()) == "night"
    noise = np.random.default_rng(3).normal(0, 0.02, len(night))
    value = 50 * np.exp(0.04 * night + noise)
    if column == "heart_rate_drift_pct_per_h":
        value = 100 * np.expm1(0.04 * night + noise)
    words = {"resting_heart_rate_bpm": "log resting", "heart_rate_drift_pct_per_h": "(drift)"}[column]
    with_sign = rows(replaced(runs, **{column: value}))
    assert len(with_sign) == len(found) + 1
    row = named(with_sign, words)
    assert row["family"] == "secondary"
    assert row["ci_low_pct"] < 100 * np.expm1(0.04) < row["ci_high_pct"]
    few = np.where(np.arange(len(night)) < 30, value, np.nan)
    short = named(rows(replaced(runs, **{column: pa.array(few, from_pandas=True)})), words)
    assert short["verdict"] == "not_enough_data"
