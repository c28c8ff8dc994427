"""Drifting form: the banded likelihood against dense matrices, and what drift does to intervals."""

from __future__ import annotations

import numpy as np
import pytest

from coros_assets.answers import autocorrelation
from coros_assets.answers.autocorrelation import drifting_errors, with_drifting_form, with_level_and_form
from coros_assets.answers.regression import ordinary

FloatArray = np.ndarray


@pytest.fixture
def days() -> FloatArray:
    return np.cumsum(0.1 + np.random.default_rng(5).exponential(1.8, 90)) + 20


def dense(
    x: FloatArray, y: FloatArray, days: FloatArray, memory: float, ratio: float
) -> tuple[float, FloatArray, FloatArray]:
    """Restricted log likelihood without its constant, coefficients and covariance, by the textbook."""
    return dense_fit(x, y, np.eye(len(y)) + ratio * np.exp(-np.abs(days[:, None] - days) / memory))


def dense_fit(x: FloatArray, y: FloatArray, v: FloatArray) -> tuple[float, FloatArray, FloatArray]:
    n, p = x.shape
    inverse = np.linalg.inv(v)
    information = x.T @ inverse @ x
    coefficients = np.linalg.solve(information, x.T @ inverse @ y)
    left = y - x @ coefficients
    variance = left @ inverse @ left / (n - p)
    likelihood = -0.5 * (
        (n - p) * np.log(variance) + np.linalg.slogdet(v)[1] + np.linalg.slogdet(information)[1]
    )
    return likelihood, coefficients, variance * np.linalg.inv(information)


def test_the_fit_is_the_likelihood_weighted_mean_of_textbook_fits(days: FloatArray) -> None:
    rng = np.random.default_rng(6)
    x = np.column_stack([np.ones(90), days / 100, rng.normal(size=90)])
    y = x @ [1, 2, 3] + np.cumsum(rng.normal(size=90)) / 5 + rng.normal(size=90)
    memories = np.geomspace(1, np.ptp(days), autocorrelation.MEMORIES)
    fits = [dense(x, y, days, m, r) for m in memories for r in autocorrelation.VARIANCE_RATIOS]
    mean, covariance = weighed(fits)
    fit = with_drifting_form(x, y, days)
    assert fit.coefficients == pytest.approx(mean)
    assert fit.covariance == pytest.approx(covariance)
    assert fit.degrees_of_freedom == 87


def weighed(fits: list[tuple[float, FloatArray, FloatArray]]) -> tuple[FloatArray, FloatArray]:
    """Mean and covariance of fits weighed by their likelihoods."""
    weights = np.exp([likelihood for likelihood, _, _ in fits] - max(likelihood for likelihood, _, _ in fits))
    weights /= weights.sum()
    mean = np.array(sum(w * b for w, (_, b, _) in zip(weights, fits, strict=True)))
    spread = (w * (v + np.outer(b - mean, b - mean)) for w, (_, b, v) in zip(weights, fits, strict=True))
    return mean, np.array(sum(spread))


def test_the_state_space_fit_is_the_weighted_mean_of_textbook_fits(days: FloatArray) -> None:
    """A random walk's covariance is the time since the start that two runs share."""
    rng = np.random.default_rng(7)
    x = np.column_stack([np.ones(90), rng.normal(size=90)])
    y = x @ [1, 2] + np.cumsum(rng.normal(size=90)) / 5 + rng.normal(size=90)
    walk = 1 + np.minimum(days[:, None], days) - days[0]
    fits = [
        dense_fit(x, y, np.eye(90) + step * walk + ratio * np.exp(-np.abs(days[:, None] - days) / memory))
        for step in autocorrelation.LEVEL_RATIOS
        for memory in autocorrelation.FORM_MEMORIES_D
        for ratio in autocorrelation.FORM_RATIOS
    ]
    mean, covariance = weighed(fits)
    fit = with_level_and_form(x, y, days)
    assert fit.coefficients == pytest.approx(mean)
    assert fit.covariance == pytest.approx(covariance)


def test_drawn_errors_vary_and_last_as_those_they_are_drawn_after() -> None:
    days, rng = np.arange(600.0), np.random.default_rng(1)
    form = np.zeros(600)
    for i in range(1, 600):
        form[i] = 0.8 * form[i - 1] + rng.normal(0, 0.6)
    y = 5 + form + rng.normal(0, 0.5, 600)
    drawn = drifting_errors(np.ones((600, 1)), y, days, 300, seed=2)
    assert drawn.shape == (600, 300)
    assert drawn.std() == pytest.approx(np.std(y), rel=0.15)
    for apart in (1, 3):
        correlation = (drawn[apart:] * drawn[:-apart]).mean() / drawn.var()
        own = np.corrcoef(y[apart:], y[:-apart])[0, 1]
        assert correlation == pytest.approx(own, abs=0.1)


def test_drift_widens_the_interval_of_a_trend_and_noise_alone_hardly_does(days: FloatArray) -> None:
    rng = np.random.default_rng(8)
    x = np.column_stack([np.ones(90), days / 100])
    noise, drift = rng.normal(size=90), np.cumsum(rng.normal(size=90))
    wider = [
        np.sqrt(with_drifting_form(x, y, days).covariance[1, 1] / ordinary(x, y).covariance[1, 1])
        for y in (noise, drift)
    ]
    assert wider[0] < 2
    assert wider[1] > 3


def test_runs_at_the_same_moment_are_allowed(days: FloatArray) -> None:
    days = np.repeat(days[:45], 2)
    x, y = np.column_stack([np.ones(90), days]), np.random.default_rng(9).normal(size=90)
    assert np.isfinite(with_drifting_form(x, y, days).covariance).all()
