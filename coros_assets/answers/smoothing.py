"""A smooth level through weekly means, with its interval.

Belongs here: the smoother on plain arrays. Does not: what the means are of (`fitness_trend.py`).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.linalg import cho_solve_banded, cholesky_banded

from coros_assets.answers.regression import Fit, FloatArray

SECOND_DIFFERENCE: Final = (1.0, -2.0, 1.0)
SMOOTHNESSES: Final = np.geomspace(1, 1e6, 13)
"""Penalties on bending that are weighed, in runs: from following single weeks to a line over years."""


def smooth_level(means: FloatArray, counts: FloatArray) -> Fit:
    """Level at each equal step of time as coefficients, and their covariance.

    Whittaker-Henderson smoothing (Whittaker 1923; Eilers 2003), which is the state-space model of a level
    whose slope is a random walk. Penalties are weighed by their restricted likelihood, not one chosen.

    Args:
        means: shape (steps); any number where `counts` is 0.
        counts: shape (steps), the runs in each mean; at least four are not 0, as are the first and last.
    """
    steps, freedom = len(means), int((counts > 0).sum()) - len(SECOND_DIFFERENCE) + 1
    identity, penalty = np.eye(steps), _penalty(steps)
    levels, covariances, likelihoods = [], [], []
    for smoothness in SMOOTHNESSES:
        bands = smoothness * penalty
        bands[-1] += counts
        factor = cholesky_banded(bands)
        inverse = cho_solve_banded((factor, False), identity)
        level = inverse @ (counts * means)
        misfit = float(counts @ (means - level) ** 2 + smoothness * (np.diff(level, 2) ** 2).sum())
        scale = max(misfit / freedom, np.finfo(np.float64).tiny)
        log_determinants = 2 * np.log(factor[-1]).sum() - (steps - 2) * np.log(smoothness)
        likelihoods.append(-0.5 * (freedom * np.log(scale) + log_determinants))
        levels.append(level)
        covariances.append(scale * inverse)
    weight = np.exp(np.array(likelihoods) - max(likelihoods))
    weight /= weight.sum()
    each = np.array(levels)
    mean = weight @ each
    within = np.tensordot(weight, np.array(covariances), axes=1)
    return Fit(mean, within + (each - mean).T @ ((each - mean) * weight[:, None]), freedom)


def _penalty(steps: int) -> FloatArray:
    """Sum of squared second differences as a banded matrix: upper bands, shape (3, steps)."""
    bands = np.zeros((len(SECOND_DIFFERENCE), steps))
    for row, left in enumerate(SECOND_DIFFERENCE):
        for column in range(row, len(SECOND_DIFFERENCE)):
            offset = column - row
            bands[-1 - offset, column : steps - 2 + column] += left * SECOND_DIFFERENCE[column]
    return bands
