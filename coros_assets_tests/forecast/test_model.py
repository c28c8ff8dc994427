"""The regression is a ridge, tells what was planted, and gives no weight to what does not vary."""

from __future__ import annotations

import numpy as np
import pytest

from coros_assets.forecast.history import COVARIATES, History
from coros_assets.forecast.model import METHODS, PENALTIES, Line, Model, _ridges, adjustment
from coros_assets.forecast.pairs import next_runs
from coros_assets.sample.runner import PLANTED
from coros_assets_tests.forecast.histories import sample_gold


@pytest.fixture(scope="module")
def history() -> History:
    gold = sample_gold(4, 1)
    return History.of(gold.runs, gold.days, gold.shifts)


def test_the_coefficients_are_those_of_the_textbook() -> None:
    random = np.random.default_rng(0)
    x, y = random.normal(size=(80, 5)), random.normal(size=80)
    squares, products = x.T @ x, x.T @ y
    for penalty, found in zip(PENALTIES, _ridges(squares, products).T, strict=True):
        size = np.diag(squares).max()
        expected = np.linalg.solve(squares + penalty * size * np.eye(5), products)
        assert found == pytest.approx(expected)


def test_noise_is_shrunk_and_a_signal_is_not() -> None:
    random = np.random.default_rng(1)
    shrunk, free = [], []
    for _ in range(40):
        x, noise = random.normal(size=(400, 3)), random.normal(size=400)
        shrunk.append(np.abs(Line.fitted(x, noise).coefficients).mean())
        free.append(np.abs(np.linalg.lstsq(x, noise, rcond=None)[0]).mean())
    assert np.mean(shrunk) < 0.6 * np.mean(free)
    assert Line.fitted(x, 3 * x[:, 0] + noise).coefficients[0] == pytest.approx(3, abs=0.2)


def test_a_column_that_does_not_vary_gets_no_weight_even_where_it_varies_later() -> None:
    random = np.random.default_rng(2)
    x = np.column_stack([random.normal(size=60), np.ones(60)])
    line = Line.fitted(x, x[:, 0])
    assert line.at(np.array([[0.0, 1.0]])) == pytest.approx(line.at(np.array([[0.0, 1e6]])))


def test_what_effort_does_is_told_from_how_runs_differ(history: History) -> None:
    effects = dict(zip(COVARIATES, adjustment(next_runs(history)), strict=True))
    assert 100 * effects["heart_rate_reserve_pct"] == pytest.approx(PLANTED.efficiency_per_reserve, rel=0.15)
    assert abs(effects["climb_m_per_km"]) < 0.002


@pytest.mark.parametrize("effort_is_known", [False, True])
def test_baselines_are_plain_means(history: History, effort_is_known: bool) -> None:
    pairs = next_runs(history)
    model = Model.fitted(pairs, effort_is_known=effort_is_known)
    made = model.forecasts(pairs)
    assert made.shape == (len(pairs), len(METHODS))
    values = history.log_efficiency
    if effort_is_known:
        values = values - history.covariates @ model.adjustment
    own = 0.0 if not effort_is_known else history.covariates[100] @ model.adjustment
    row = np.flatnonzero(pairs.log_efficiency == history.log_efficiency[100])[0]
    means = [values[99], values[95:100].mean(), values[85:100].mean()]
    assert made[row, :3] - own == pytest.approx(means)
