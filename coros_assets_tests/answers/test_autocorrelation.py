"""Drifting form: the banded likelihood against dense matrices, and what drift does to intervals."""

from __future__ import annotations

import numpy as np
import pytest

from coros_assets.answers import autocorrelation
from coros_assets.answers.autocorrelation import with_drifting_form
from coros_assets.answers.regression import ordinary

FloatArray = np.ndarray


@pytest.fixture
def days() -> FloatArray:
    return np.cumsum(0.1 + np.random.default_rng(5).exponential(1.8, 90)) + 20


def dense(
    x: FloatArray, y: FloatArray, days: FloatArray, memory: float, ratio: float
) -> tuple[float, FloatArray, FloatArray]:
    """Restricted log likelihood without its constant, coefficients and covariance, by the textbook."""
    n, p = x.shape
    v = np.eye(n) + ratio * np.exp(-np.abs(days[:, None] - days) / memory)
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
    weights = np.exp([likelihood for likelihood, _, _ in fits] - max(likelihood for likelihood, _, _ in fits))
    weights /= weights.sum()
    mean = sum(w * b for w, (_, b, _) in zip(weights, fits, strict=True))
    covariance = sum(
        w * (v + np.outer(b - mean, b - mean)) for w, (_, b, v) in zip(weights, fits, strict=True)
    )
    fit = with_drifting_form(x, y, days)
    assert fit.coefficients == pytest.approx(mean)
    assert fit.covariance == pytest.approx(covariance)
    assert fit.degrees_of_freedom == 87


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
