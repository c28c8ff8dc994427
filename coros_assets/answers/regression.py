"""Least squares with intervals that do not take neighbouring runs for independent ones.

Belongs here: linear algebra on plain arrays. Does not: which columns a question needs (`design.py`),
or errors modelled as a process in time (`autocorrelation.py`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from coros_assets.answers.estimate import CONFIDENCE, Interval

FloatArray = NDArray[np.float64]

SMALLEST_OWN_SHARE: Final = 1e-4
"""A column of whose variance the columns before it leave less than this adds nothing but rounding."""

SMALLEST_RIDGE: Final = 1e-9
"""Keeps correlations of columns that are mixtures of one another invertible; far below what counts."""

SMALLEST_STANDARD_ERROR: Final = 1e-9
"""In log units; anything smaller is rounding in data without noise, not precision."""

SMALLEST_BENT_SPLINE: Final = 3
"""Knots below which a natural spline is a line."""


@dataclass(frozen=True)
class Fit:
    """Coefficients (p), their covariance (p, p) and the degrees of freedom of their t quantiles."""

    coefficients: FloatArray
    covariance: FloatArray
    degrees_of_freedom: float

    def standard_error(self, weights: FloatArray) -> float:
        """Of a weighted sum (p weights) of coefficients."""
        return math.sqrt(max(float(weights @ self.covariance @ weights), 0.0))

    @property
    def half_widths(self) -> FloatArray:
        """Of the 95 % intervals of the coefficients, each by itself, shape (p)."""
        quantile = float(stdtrit(self.degrees_of_freedom, (1 + CONFIDENCE) / 2))
        return np.asarray(quantile * np.sqrt(np.diag(self.covariance)))

    def interval(self, weights: FloatArray) -> Interval | None:
        """The interval of a weighted sum (p weights) of coefficients; None where the data have no noise."""
        standard_error = self.standard_error(weights)
        if not standard_error > SMALLEST_STANDARD_ERROR:
            return None
        return Interval.from_t(float(weights @ self.coefficients), standard_error, self.degrees_of_freedom)


def cluster_robust(x: FloatArray, y: FloatArray, clusters: NDArray[Any]) -> Fit:
    """Least squares whose covariance allows for any likeness within clusters (Liang and Zeger 1986).

    With the usual factor G/(G-1) · (n-1)/(n-p) for G clusters and G-1 degrees of freedom
    (Cameron and Miller 2015, section VI.C).

    Args:
        x: shape (n, p), of full rank, n > p.
        y: shape (n).
        clusters: shape (n), at least two different values.
    """
    n, p = x.shape
    coefficients, scores, bread = _scores(x, y)
    names, cluster = np.unique(clusters, return_inverse=True)
    count = len(names)
    sums = np.zeros((count, p))
    np.add.at(sums, cluster, scores)
    correction = count / (count - 1) * (n - 1) / (n - p)
    return Fit(coefficients, correction * bread @ (sums.T @ sums) @ bread, count - 1)


def newey_west(x: FloatArray, y: FloatArray) -> Fit:
    """Least squares whose covariance allows for likeness of runs near in order (Newey and West 1987).

    Bartlett weights, lag ⌊4(n/100)^(2/9)⌋, factor n/(n-p). Rows are in order of time; x is (n, p), n > p.
    """
    n, p = x.shape
    coefficients, scores, bread = _scores(x, y)
    lags = int(4 * (n / 100) ** (2 / 9))
    meat = scores.T @ scores
    for lag in range(1, lags + 1):
        shifted = scores[lag:].T @ scores[:-lag]
        meat += (1 - lag / (lags + 1)) * (shifted + shifted.T)
    return Fit(coefficients, n / (n - p) * bread @ meat @ bread, n - p)


def ordinary(x: FloatArray, y: FloatArray) -> Fit:
    """Least squares that takes runs for independent: the naive comparison, never an answer."""
    n, p = x.shape
    coefficients, _, bread = _scores(x, y)
    residuals = y - x @ coefficients
    return Fit(coefficients, float(residuals @ residuals) / (n - p) * bread, n - p)


def _scores(x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Coefficients, each row's share in the normal equations, and the inverse of x'x."""
    q, r = np.linalg.qr(x)
    inverse = np.linalg.inv(r)
    coefficients = inverse @ (q.T @ y)
    return coefficients, x * (y - x @ coefficients)[:, None], inverse @ inverse.T


def natural_spline(x: FloatArray, degrees_of_freedom: int) -> FloatArray:
    """Columns (n, df) of a natural cubic spline without intercept; one degree of freedom is a line.

    Knots at equal quantiles of the distinct values, so that a gap in the data holds none. Each column is
    the natural spline that is 1 at one knot and 0 at the others (Wood 2017, section 5.3.1), which, unlike
    truncated powers, keeps many columns well apart. That of the first knot is left out.
    """
    scaled: FloatArray = (x - x.min()) / (float(np.ptp(x)) or 1.0)
    knots = np.unique(np.quantile(np.unique(scaled), np.linspace(0, 1, degrees_of_freedom + 1)))
    if len(knots) < SMALLEST_BENT_SPLINE:
        return scaled[:, None]
    width = np.diff(knots)
    left = np.clip(np.searchsorted(knots, scaled, side="right") - 1, 0, len(width) - 1)
    to_left, to_right = scaled - knots[left], knots[left + 1] - scaled
    step, values, bends = width[left], np.eye(len(knots)), _bends_at_knots(width)
    columns: FloatArray = (
        (to_right / step)[:, None] * values[left]
        + (to_left / step)[:, None] * values[left + 1]
        + ((to_right**3 / step - step * to_right) / 6)[:, None] * bends[left]
        + ((to_left**3 / step - step * to_left) / 6)[:, None] * bends[left + 1]
    )
    return columns[:, 1:]


def _bends_at_knots(width: FloatArray) -> FloatArray:
    """Second derivatives at the k knots (rows) of the k unit splines (columns); none at either end."""
    inner = len(width) - 1
    row = np.arange(inner)
    slopes = np.zeros((inner, inner + 2))
    slopes[row, row], slopes[row, row + 2] = 1 / width[:-1], 1 / width[1:]
    slopes[row, row + 1] = -1 / width[:-1] - 1 / width[1:]
    smooth = np.diag((width[:-1] + width[1:]) / 3)
    smooth += np.diag(width[1:-1] / 6, 1) + np.diag(width[1:-1] / 6, -1)
    return np.pad(np.linalg.solve(smooth, slopes), ((1, 1), (0, 0)))


def own_shares(x: FloatArray) -> FloatArray:
    """Share, 0 to 1, of the variance of each column of x (n, p) that no line in its others explains."""
    centred = x - x.mean(axis=0)
    scale = np.sqrt((centred**2).sum(axis=0))
    varies = scale**2 > np.finfo(np.float64).eps * (x**2).sum(axis=0)
    unit = centred[:, varies] / scale[varies]
    shares = np.zeros(x.shape[1])
    shares[varies] = 1 / np.diag(np.linalg.inv(unit.T @ unit + SMALLEST_RIDGE * np.eye(unit.shape[1])))
    return shares


def own_share(column: FloatArray, others: FloatArray) -> float:
    """Share, 0 to 1, of a column's variance that no line in the other columns (n, p) explains."""
    centred = column - column.mean()
    around = others - others.mean(axis=0)
    left = centred - around @ np.linalg.lstsq(around, centred, rcond=None)[0]
    return _share(left, column)


def independent_columns(x: FloatArray) -> NDArray[np.intp]:
    """Indices of the columns of x (n, p) that vary and are no mixture of the columns kept before them."""
    kept: list[int] = []
    directions = np.full((x.shape[0], 1), x.shape[0] ** -0.5)
    for index in range(x.shape[1]):
        left = x[:, index]
        for _ in range(2):  # once more, for what rounding leaves (Daniel et al. 1976)
            left = left - directions @ (directions.T @ left)
        if _share(left, x[:, index]) > SMALLEST_OWN_SHARE:
            kept.append(index)
            directions = np.column_stack([directions, left / np.linalg.norm(left)])
    return np.array(kept, dtype=np.intp)


def _share(left: FloatArray, column: FloatArray) -> float:
    """Variance left over the column's own; 0 for a column that varies by rounding alone."""
    centred = column - column.mean()
    total = float(centred @ centred)
    rounding = np.finfo(np.float64).eps * float(column @ column)
    return float(left @ left) / total if total > rounding else 0.0
