from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coros_assets.gold.metrics.training import (
    coupled_ratio,
    exponential_load,
    fatigue,
    fitness,
    form,
    monotony,
    strain,
    uncoupled_ratio,
)

loads = st.lists(st.floats(0, 500), min_size=1, max_size=200).map(lambda v: np.array(v, dtype=float))


@given(loads, st.sampled_from([7.0, 42.0]))
def test_the_filter_is_the_recursion_from_zero(load: np.ndarray, days: float) -> None:
    alpha = 1 - math.exp(-1 / days)
    level, expected = 0.0, []
    for value in load:
        level += alpha * (value - level)
        expected.append(level)
    assert exponential_load(load, days) == pytest.approx(expected)


def test_a_constant_load_is_reached_to_63_percent_after_its_time_constant() -> None:
    level = exponential_load(np.full(42, 100.0), 42)
    assert level[-1] == pytest.approx(100 * (1 - math.exp(-1)))


def test_form_is_yesterdays_fitness_minus_yesterdays_fatigue() -> None:
    load = np.array([50.0, 0.0, 80.0])
    assert form(load).tolist() == [0.0, *(fitness(load) - fatigue(load))[:2]]


def test_monotony_of_the_published_week_is_2_37() -> None:
    week = np.array([5.0, 15, 20, 20, 20, 25, 35])
    assert round(float(monotony(week)[-1]), 2) == 2.37
    assert strain(week)[-1] == pytest.approx(140 * monotony(week)[-1])


@pytest.mark.parametrize("week", [[0.0] * 7, [0.1] * 7, [50.0] * 7])
def test_a_week_of_equal_days_has_no_monotony(week: list[float]) -> None:
    assert np.isnan(monotony(np.array(week))).all()
    assert np.isnan(strain(np.array(week))).all()


def test_monotony_begins_on_the_seventh_day() -> None:
    known = ~np.isnan(monotony(np.arange(10.0)))
    assert known.tolist() == [False] * 6 + [True] * 4
    assert np.isnan(monotony(np.arange(6.0))).all()


@given(loads)
def test_load_ratios_are_ratios_of_means(load: np.ndarray) -> None:
    coupled, uncoupled = coupled_ratio(load), uncoupled_ratio(load)
    for day in range(len(load)):
        acute = load[day - 6 : day + 1].mean() if day >= 27 else np.nan
        for found, chronic in (
            (coupled[day], load[day - 27 : day + 1] if day >= 27 else np.zeros(1)),
            (uncoupled[day], load[day - 27 : day - 6] if day >= 27 else np.zeros(1)),
        ):
            expected = acute / chronic.mean() if chronic.mean() > 0 else np.nan
            assert found == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize("weeks", [[0, 0, 0, 10], [5, 5, 5, 5], [4, 4, 4, 8]])
def test_the_coupled_ratio_can_never_exceed_four(weeks: list[float]) -> None:
    load = np.repeat(np.array(weeks, dtype=float), 7)
    assert coupled_ratio(load)[-1] == pytest.approx(4 * weeks[-1] / sum(weeks))
    before = sum(weeks[:3])
    expected = 3 * weeks[-1] / before if before else np.nan
    assert uncoupled_ratio(load)[-1] == pytest.approx(expected, nan_ok=True)
