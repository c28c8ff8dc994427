"""Least squares with errors that are a process in time: form that drifts from day to day, plus noise.

Belongs here: the model of errors and its likelihood. Does not: robust covariances around ordinary
least squares (`regression.py`), or which columns a question needs (`design.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.linalg import cho_solve_banded, cholesky_banded

from coros_assets.answers.regression import Fit, FloatArray

SHORTEST_MEMORY_D: Final = 1.0
MEMORIES: Final = 8
"""How many memories, in equal ratios from the shortest to the whole span, are weighed."""

VARIANCE_RATIOS: Final = np.geomspace(0.05, 50, 7)
"""Variances of form over variances of noise that are weighed."""

SHORTEST_STEP_D: Final = 1 / 24


@dataclass(frozen=True)
class _Candidate:
    log_likelihood: float
    coefficients: FloatArray
    covariance: FloatArray


def with_drifting_form(x: FloatArray, y: FloatArray, days: FloatArray) -> Fit:
    """Generalised least squares with error = form + noise.

    Form is a stationary Ornstein-Uhlenbeck process (an AR(1) at unequal steps) whose memory may be as
    short as a day or as long as the record, so slow wandering of fitness widens the interval of a trend.
    Memory and variance are not estimated and then taken for known: each pair on a grid is weighed by its
    restricted likelihood (Patterson and Thompson 1971), and the covariance includes how the coefficients
    differ between pairs.

    Args:
        x: shape (n, p), of full rank, n > p.
        y: shape (n).
        days: shape (n), times in days, in order.
    """
    memories = np.geomspace(SHORTEST_MEMORY_D, max(float(np.ptp(days)), 2 * SHORTEST_MEMORY_D), MEMORIES)
    candidates = [
        _fit(x, y, *precision, float(ratio))
        for precision in (_precision(days, float(memory)) for memory in memories)
        for ratio in VARIANCE_RATIOS
    ]
    likelihood = np.array([candidate.log_likelihood for candidate in candidates])
    weight = np.exp(likelihood - likelihood.max())
    weight /= weight.sum()
    each = np.array([candidate.coefficients for candidate in candidates])
    mean = weight @ each
    within = np.tensordot(weight, np.array([candidate.covariance for candidate in candidates]), axes=1)
    between = (each - mean).T @ ((each - mean) * weight[:, None])
    return Fit(mean, within + between, len(y) - x.shape[1])


def _precision(days: FloatArray, memory_d: float) -> tuple[FloatArray, float]:
    """Inverse correlation of form at these times, as upper bands (2, n), and its log determinant."""
    step = np.maximum(np.diff(days), SHORTEST_STEP_D)
    correlation = np.exp(-step / memory_d)
    fresh = -np.expm1(-2 * step / memory_d)
    bands = np.zeros((2, len(days)))
    bands[1] = 1
    bands[1, 1:] = 1 / fresh
    bands[1, :-1] += correlation**2 / fresh
    bands[0, 1:] = -correlation / fresh
    return bands, -float(np.log(fresh).sum())


def _fit(
    x: FloatArray, y: FloatArray, precision: FloatArray, log_determinant: float, ratio: float
) -> _Candidate:
    """Least squares for a known memory and ratio of variances; noise has variance 1 up to a scale.

    With A the correlation of form and Q its inverse, (ratio·A + I)⁻¹ = I - ratio·(Q + ratio·I)⁻¹,
    so everything is solved on bands.
    """
    n, p = x.shape
    shifted = precision.copy()
    shifted[1] += ratio
    factor = cholesky_banded(shifted, check_finite=False)
    both = np.column_stack([x, y])
    whitened = both - ratio * cho_solve_banded((factor, False), both, check_finite=False)
    moments = both.T @ whitened
    inverse = np.linalg.inv(moments[:p, :p])
    coefficients = inverse @ moments[:p, p]
    variance = float(moments[p, p] - moments[:p, p] @ coefficients) / (n - p)
    variance = max(variance, np.finfo(np.float64).tiny)
    log_determinants = (
        2 * float(np.log(factor[1]).sum()) - log_determinant + np.linalg.slogdet(moments[:p, :p])[1]
    )
    log_likelihood = -0.5 * ((n - p) * np.log(variance) + log_determinants)
    return _Candidate(float(log_likelihood), coefficients, variance * inverse)
