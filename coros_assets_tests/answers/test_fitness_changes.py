"""Question 3's other rows on simulated runs: bends with their dates, the smoothed level, best efforts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from coros_assets.answers.fitness_trend import answer_fitness_trend
from coros_assets_tests.answers.simulator import Planted, replaced, simulate

BENT = Planted(days=730, change_per_year=0.06, bend_per_year=-0.12, bend_day=400)


def rows(runs: pa.Table, words: str) -> list[dict[str, Any]]:
    found = answer_fitness_trend(runs).to_pylist()
    return [row for row in found if words in f"{row['method']} {row['outcome']}"]


@pytest.fixture(scope="module")
def bent() -> pa.Table:
    return simulate(BENT, seed=1)


def test_a_change_of_direction_names_its_date_its_range_and_its_size(bent: pa.Table) -> None:
    (row,) = rows(bent, "segmented")
    assert (row["family"], row["verdict"]) == ("secondary", "effect")
    assert row["ci_low_pct"] < 100 * np.expm1(-0.12) < row["ci_high_pct"]
    at = date.fromisoformat(row["contrast"].split("before ")[1])
    planted = bent["activity_date"][0].as_py() + timedelta(400)
    assert abs(at - planted) < timedelta(75)
    assert f"around {at.day} {at:%B %Y} (95 % range " in row["sentence"]
    assert "per year after than before" in row["sentence"]


def test_the_date_does_not_depend_on_which_run_is_the_first_that_can_be_used(bent: pa.Table) -> None:
    climb = bent["climb_m_per_km"].to_pylist()
    (whole,) = rows(bent, "segmented")
    (later,) = rows(replaced(bent, climb_m_per_km=[None] * 20 + climb[20:]), "segmented")
    first, second = (date.fromisoformat(row["contrast"].split("before ")[1]) for row in (whole, later))
    assert abs(first - second) < timedelta(30)


def test_a_straight_line_has_one_row_that_says_so_with_its_interval() -> None:
    (row,) = rows(simulate(Planted(days=730), seed=2), "segmented")
    assert row["verdict"] == "no_evidence"
    assert row["ci_low_pct"] < 0 < row["ci_high_pct"]
    assert "No evidence that fitness changed direction" in row["sentence"]


def test_the_smoothed_level_follows_a_bend_that_the_straight_line_cuts_off(bent: pa.Table) -> None:
    (level,) = rows(bent, "smooth trend")
    truth = 100 * np.expm1(0.06 * 2 - 0.12 * (730 - 400) / 365.25)
    assert level["ci_low_pct"] < truth < level["ci_high_pct"]
    assert level["ci_high_pct"] - level["ci_low_pct"] < 8


def test_best_efforts_rise_with_fitness_and_need_more_than_a_year() -> None:
    runs = simulate(Planted(days=1100, change_per_year=0.05), seed=1)
    (row,) = rows(runs, "VDOT")
    assert row["ci_low_pct"] < 100 * np.expm1(0.15) < row["ci_high_pct"]
    assert "how hard you tried" in row["sentence"]
    (short,) = rows(runs.filter(pc.less(runs["day_number"], 400)), "VDOT")
    assert short["verdict"] != "not_enough_data"
    (short,) = rows(runs.filter(pc.less(runs["day_number"], 330)), "VDOT")
    assert short["verdict"] == "not_enough_data"
    assert "2 more blocks of eight weeks" in short["sentence"]


def test_a_short_record_has_no_place_for_a_change_of_direction() -> None:
    runs = simulate(Planted(days=100), seed=1)
    (row,) = rows(runs, "segmented")
    assert row["verdict"] == "not_enough_data"
    assert "56 days and 20 runs on either side" in row["sentence"]
