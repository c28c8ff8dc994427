"""Least squares with errors that are processes in time: form that drifts, a level of fitness, and noise.

Belongs here: the models of errors and their likelihood. Does not: robust covariances around ordinary
least squares (`regression.py`), or which columns a question needs (`design.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np
from scipy.linalg import cho_solve_banded, cholesky_banded, solve_banded

from coros_assets.answers.regression import Fit, FloatArray

SHORTEST_MEMORY_D: Final = 1.0
MEMORIES: Final = 8
"""How many memories, in equal ratios from the shortest to the whole span, are weighed."""

VARIANCE_RATIOS: Final = np.geomspace(0.05, 50, 7)
"""Variances of form over variances of noise that are weighed."""

LEVEL_RATIOS: Final = np.geomspace(1e-5, 0.05, 4)
"""Variances of a day's step of the level over variances of noise that are weighed: with noise of 2 %, a
level that wanders by 0.1 to 9 % in a year."""

FORM_MEMORIES_D: Final = np.array([1.0, 3.0, 10.0])
FORM_RATIOS: Final = np.array([0.05, 0.25, 1.0, 4.0])
"""Memories and variance ratios of form that are weighed beside a level, which takes what lasts longer."""

SHORTEST_STEP_D: Final = 1 / 24


@dataclass(frozen=True)
class Process:
    """A Gauss-Markov process at the runs' times.

    Attributes:
        precision: inverse of its correlation, or of its covariance at a step variance of 1 a day, as upper
            bands, shape (2, n).
        log_determinant: that of the precision.
    """

    precision: FloatArray
    log_determinant: float


Parts = Sequence[tuple[Process, float]]
"""What errors consist of beside noise of variance 1: each process and its variance."""


@dataclass(frozen=True)
class _Candidate:
    """A model of errors fitted: `variance` is that of the noise, to which those of the parts are ratios."""

    parts: Parts
    log_likelihood: float
    coefficients: FloatArray
    variance: float
    inverse: FloatArray
    degrees_of_freedom: int


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
    return _mean([_fit(x, y, parts) for parts in _drifting(days)])


def drifting_errors(x: FloatArray, y: FloatArray, days: FloatArray, histories: int, seed: int) -> FloatArray:
    """Errors (n, histories) such as those of `with_drifting_form`, each drawn from one of its models.

    A model is drawn as often as its restricted likelihood says, so histories differ in memory and variance
    as much as the data leave these unknown.
    """
    random = np.random.default_rng(seed)
    candidates = [_fit(x, y, parts) for parts in _drifting(days)]
    drawn = random.multinomial(histories, _weights(candidates))
    noise, fresh = random.normal(size=(2, len(y), histories))
    ends = np.cumsum(drawn)
    for candidate, start, end in zip(candidates, ends - drawn, ends, strict=True):
        if end > start:
            [(part, ratio)] = candidate.parts
            root = cholesky_banded(part.precision, check_finite=False)
            noise[:, start:end] += np.sqrt(ratio) * solve_banded((0, 1), root, fresh[:, start:end])
            noise[:, start:end] *= np.sqrt(candidate.variance)
    return np.asarray(noise)


def _drifting(days: FloatArray) -> list[Parts]:
    """Form of each memory and variance that is weighed."""
    memories = np.geomspace(SHORTEST_MEMORY_D, max(float(np.ptp(days)), 2 * SHORTEST_MEMORY_D), MEMORIES)
    forms = [form(days, float(memory)) for memory in memories]
    return [[(each, float(ratio))] for each, ratio in product(forms, VARIANCE_RATIOS)]


def with_level_and_form(x: FloatArray, y: FloatArray, days: FloatArray) -> Fit:
    """The local-level state-space model: error = level + form + noise (Harvey 1989; Durbin and Koopman 2012).

    The level is a random walk that starts at the intercept, form an Ornstein-Uhlenbeck process of a few
    days. Their variances and the memory are weighed as in `with_drifting_form`, whose arguments these are.
    """
    walk = level(days)
    forms = [form(days, float(memory)) for memory in FORM_MEMORIES_D]
    grid = product(LEVEL_RATIOS, forms, FORM_RATIOS)
    return _mean([_fit(x, y, [(walk, float(step)), (each, float(ratio))]) for step, each, ratio in grid])


def form(days: FloatArray, memory_d: float) -> Process:
    """An Ornstein-Uhlenbeck process of variance 1 at these times."""
    step = np.maximum(np.diff(days), SHORTEST_STEP_D)
    return _markov(np.exp(-step / memory_d), -np.expm1(-2 * step / memory_d))


def level(days: FloatArray) -> Process:
    """A random walk of variance 1 a day at these times, a day old at the first."""
    step = np.maximum(np.diff(days), SHORTEST_STEP_D)
    return _markov(np.ones_like(step), step)


def _markov(carried: FloatArray, fresh: FloatArray) -> Process:
    """The process that starts with variance 1, carries a share over each step and adds a fresh variance."""
    bands = np.zeros((2, len(fresh) + 1))
    bands[1] = 1
    bands[1, 1:] = 1 / fresh
    bands[1, :-1] += carried**2 / fresh
    bands[0, 1:] = -carried / fresh
    return Process(bands, -float(np.log(fresh).sum()))


def _weights(candidates: Sequence[_Candidate]) -> FloatArray:
    """Shares of the models' restricted likelihoods."""
    likelihood = np.array([candidate.log_likelihood for candidate in candidates])
    weight = np.exp(likelihood - likelihood.max())
    return np.asarray(weight / weight.sum())


def _mean(candidates: Sequence[_Candidate]) -> Fit:
    """The mean of the fits of all models by their restricted likelihood, and the covariance around it."""
    weight = _weights(candidates)
    each = np.array([candidate.coefficients for candidate in candidates])
    mean = weight @ each
    covariances = np.array([candidate.variance * candidate.inverse for candidate in candidates])
    between = (each - mean).T @ ((each - mean) * weight[:, None])
    return Fit(mean, np.tensordot(weight, covariances, axes=1) + between, candidates[0].degrees_of_freedom)


def _fit(x: FloatArray, y: FloatArray, parts: Parts) -> _Candidate:
    """Least squares for known variances; noise has variance 1 up to a scale.

    With P the precision of all states, run by run, and H what sums a run's, the inverse of
    H P⁻¹ H' + I is I - H (P + H'H)⁻¹ H', so everything is solved on as many bands as there are processes.
    """
    n, p = x.shape
    factor = cholesky_banded(_states(parts), check_finite=False)
    both = np.column_stack([x, y])
    states = cho_solve_banded((factor, False), np.repeat(both, len(parts), axis=0), check_finite=False)
    whitened = both - states.reshape(n, len(parts), p + 1).sum(axis=1)
    moments = both.T @ whitened
    inverse = np.linalg.inv(moments[:p, :p])
    coefficients = inverse @ moments[:p, p]
    variance = float(moments[p, p] - moments[:p, p] @ coefficients) / (n - p)
    variance = max(variance, np.finfo(np.float64).tiny)
    log_determinants = (
        2 * float(np.log(factor[-1]).sum())
        - sum(part.log_determinant - n * np.log(ratio) for part, ratio in parts)
        + np.linalg.slogdet(moments[:p, :p])[1]
    )
    log_likelihood = -0.5 * ((n - p) * np.log(variance) + log_determinants)
    return _Candidate(parts, float(log_likelihood), coefficients, variance, inverse, n - p)


def _states(parts: Parts) -> FloatArray:
    """P + H'H of `_fit` as upper bands: the states of a run stand together."""
    count, n = len(parts), parts[0][0].precision.shape[1]
    bands = np.zeros((count + 1, n, count))
    for k, (part, ratio) in enumerate(parts):
        bands[-1, :, k] = part.precision[1] / ratio + 1
        bands[0, :, k] += part.precision[0] / ratio
        for apart in range(1, k + 1):
            bands[-1 - apart, :, k] += 1
    return bands.reshape(count + 1, n * count)
