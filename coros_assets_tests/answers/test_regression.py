"""Least squares against statsmodels and patsy, which the package itself does without."""

from __future__ import annotations

import numpy as np
import patsy
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from coros_assets.answers.regression import (
    Fit,
    cluster_robust,
    independent_columns,
    natural_spline,
    newey_west,
    ordinary,
    own_share,
    own_shares,
)

N, P = 137, 5


@pytest.fixture
def data() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Columns, outcome with errors alike within clusters, and 19 clusters of unequal size."""
    rng = np.random.default_rng(3)
    clusters = np.sort(rng.integers(0, 19, N))
    x = np.column_stack([np.ones(N), rng.normal(size=(N, P - 1))])
    y = x @ np.arange(P) + rng.normal(size=19)[clusters] + rng.normal(size=N) * np.exp(x[:, 1] / 2)
    return x, y, clusters


def same(fit: Fit, oracle: sm.regression.linear_model.RegressionResultsWrapper, freedom: float) -> None:
    assert fit.coefficients == pytest.approx(oracle.params)
    assert fit.covariance == pytest.approx(oracle.cov_params())
    assert fit.degrees_of_freedom == freedom
    interval = fit.interval(np.eye(P)[2])
    assert interval is not None
    assert [interval.low, interval.high] == pytest.approx(oracle.conf_int()[2])
    assert interval.p_value == pytest.approx(oracle.pvalues[2])


def test_ordinary_intervals_are_those_of_statsmodels(data: tuple[np.ndarray, ...]) -> None:
    x, y, _ = data
    same(ordinary(x, y), sm.OLS(y, x).fit(), N - P)


def test_cluster_robust_intervals_are_those_of_statsmodels(data: tuple[np.ndarray, ...]) -> None:
    x, y, clusters = data
    oracle = sm.OLS(y, x).fit(cov_type="cluster", cov_kwds={"groups": clusters}, use_t=True)
    same(cluster_robust(x, y, clusters), oracle, 18)


def test_newey_west_intervals_are_those_of_statsmodels_with_the_lag_of_the_rule(
    data: tuple[np.ndarray, ...],
) -> None:
    x, y, _ = data
    kwargs = {"maxlags": 4, "use_correction": True}  # floor(4 * 1.37 ** (2 / 9)) = 4
    same(newey_west(x, y), sm.OLS(y, x).fit(cov_type="HAC", cov_kwds=kwargs, use_t=True), N - P)


def test_the_spline_is_the_natural_cubic_spline_of_patsy() -> None:
    days = np.sort(np.random.default_rng(1).uniform(0, 700, 250))
    scaled = (days - days.min()) / np.ptp(days)
    inner = np.quantile(scaled, np.linspace(0, 1, 13))[1:-1]
    oracle = patsy.dmatrix("cr(scaled, knots=inner) - 1", {"scaled": scaled, "inner": inner})
    assert natural_spline(days, 12) == pytest.approx(np.asarray(oracle)[:, 1:])


@pytest.mark.parametrize("freedom", [1, 2, 5, 30])
def test_a_spline_holds_every_straight_line_and_keeps_its_columns_apart(freedom: int) -> None:
    days = np.arange(0.0, 900.0, 2.0)
    basis = natural_spline(days, freedom)
    assert basis.shape == (450, freedom)
    assert own_share(days, basis) == pytest.approx(0, abs=1e-12)
    assert independent_columns(basis).size == freedom


def test_a_gap_in_the_days_holds_no_knot() -> None:
    days = np.concatenate([np.arange(0.0, 100.0), np.arange(1000.0, 1100.0)])
    assert independent_columns(natural_spline(days, 6)).size == 6


@pytest.mark.parametrize(("days", "lines"), [(np.zeros(5), 0), (np.array([3.0, 3.0, 4.0]), 1)])
def test_a_spline_of_one_or_two_different_days_bends_nowhere(days: np.ndarray, lines: int) -> None:
    assert independent_columns(natural_spline(days, 4)).size == lines


@given(st.integers(0, 2**32 - 1), st.integers(1, 6))
def test_columns_made_of_others_are_dropped_and_no_others(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    columns = rng.normal(size=(40, count))
    mixtures = columns @ rng.normal(size=(count, 2)) + 5
    constant = np.full((40, 1), 7.3)
    every = np.column_stack([constant, columns, mixtures])
    assert independent_columns(every).tolist() == list(range(1, count + 1))


def test_a_share_of_its_own_is_one_minus_r_squared(data: tuple[np.ndarray, ...]) -> None:
    x, y, _ = data
    assert own_share(y, x) == pytest.approx(1 - sm.OLS(y, x).fit().rsquared)


@pytest.mark.parametrize("fit", [ordinary, newey_west, lambda x, y: cluster_robust(x, y, np.arange(N) // 10)])
def test_data_without_noise_have_no_interval_rather_than_one_of_no_width(
    data: tuple[np.ndarray, ...], fit: object
) -> None:
    x, _, _ = data
    assert callable(fit)
    assert fit(x, x @ np.ones(P)).interval(np.eye(P)[1]) is None


def test_the_shares_of_all_columns_are_those_of_each(data: tuple[np.ndarray, ...]) -> None:
    x = np.column_stack([data[0][:, 1:], data[0][:, 1] + data[0][:, 2] / 50, np.full(N, 3.0)])
    expected = [own_share(x[:, k], np.delete(x, k, axis=1)) for k in range(x.shape[1])]
    assert own_shares(x) == pytest.approx(expected, abs=1e-5)
    assert own_shares(np.column_stack([x[:, 0], x[:, 0]])) == pytest.approx([0, 0], abs=1e-5)
