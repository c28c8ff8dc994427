"""What a forecast is made by: four simple ways, and a ridge regression that has to beat them.

Belongs here: learning from some pairs and forecasting others. Does not: which pairs those are
(`evaluation.py`), or intervals (`conformal.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from coros_assets.answers.regression import FloatArray
from coros_assets.forecast.pairs import Pairs

LAST, ROLLING_5, ROLLING_15, BANISTER, RIDGE = (
    "last value",
    "mean of the last 5",
    "mean of the last 15",
    "Banister",
    "ridge regression",
)
METHODS: Final = (LAST, ROLLING_5, ROLLING_15, BANISTER, RIDGE)

PENALTIES: Final = np.geomspace(1e-2, 100, 9)
"""Penalties that are tried, as shares of what columns of variance 1 add up to."""

STRETCHES: Final = 5
"""Into how many stretches of time the pairs are cut to choose a penalty."""

FAR_OUT: Final = 4.0
"""Deviations beyond so many robust standard deviations are learnt from as if they were no larger."""

MAD_TO_SD: Final = 1.4826
_TINY: Final = 1e-9


@dataclass(frozen=True)
class Line:
    """A ridge regression on standardised columns."""

    centre: FloatArray
    scale: FloatArray
    coefficients: FloatArray
    intercept: float

    @classmethod
    def fitted(cls, x: FloatArray, y: FloatArray) -> Line:
        """With the penalty that forecasts stretches of time left out best (Bergmeir and Benítez 2012).

        Left out are whole stretches, not single runs, whose neighbours would tell them.

        Args:
            x: shape (n, p), in order of time, n at least `STRETCHES`; columns that do not vary get no weight.
            y: shape (n).
        """
        centre, scale = x.mean(axis=0), x.std(axis=0)
        scale = np.where(scale > _TINY, scale, np.inf)
        standard, middle = (x - centre) / scale, float(y.mean())
        left = y - middle
        stretches = np.array_split(np.arange(len(y)), STRETCHES)
        squares = np.array([standard[each].T @ standard[each] for each in stretches])
        products = np.array([standard[each].T @ left[each] for each in stretches])
        losses = np.zeros(len(PENALTIES))
        for number, each in enumerate(stretches):
            tried = _ridges(squares.sum(axis=0) - squares[number], products.sum(axis=0) - products[number])
            losses += np.abs(left[each, None] - standard[each] @ tried).mean(axis=0)
        best = _ridges(squares.sum(axis=0), products.sum(axis=0))[:, int(np.argmin(losses))]
        return cls(centre, scale, best, middle)

    def at(self, x: FloatArray) -> FloatArray:
        """Its value at rows (m, p)."""
        return np.asarray((x - self.centre) / self.scale @ self.coefficients + self.intercept)


@dataclass(frozen=True)
class Model:
    """All methods, learnt from the same pairs.

    Attributes:
        effort_is_known: whether covariates of the run itself may be used: what is forecast is then efficiency
            at a given effort, climb and distance.
        adjustment: what covariates do to log efficiency, (k).
    """

    effort_is_known: bool
    adjustment: FloatArray
    banister: Line
    ridge: Line

    @classmethod
    def fitted(cls, pairs: Pairs, *, effort_is_known: bool) -> Model:
        """Learns from pairs whose runs were run."""
        effects = adjustment(pairs)
        known = pairs.covariates @ effects if effort_is_known else np.zeros(len(pairs))
        return cls(
            effort_is_known,
            effects,
            Line.fitted(pairs.loads, pairs.log_efficiency - known),
            Line.fitted(_columns(pairs, effects, effort_is_known), _deviation(pairs)),
        )

    def forecasts(self, pairs: Pairs) -> FloatArray:
        """Log efficiency of each pair's run by each of `METHODS`, shape (m, methods)."""
        of_run, of_means = np.zeros(len(pairs)), np.zeros(pairs.means.shape)
        if self.effort_is_known:
            of_run, of_means = pairs.covariates @ self.adjustment, pairs.covariate_means @ self.adjustment
        ridge = self.ridge.at(_columns(pairs, self.adjustment, self.effort_is_known))
        return np.column_stack(
            [
                pairs.means - of_means + of_run[:, None],
                self.banister.at(pairs.loads) + of_run,
                pairs.means[:, -1] + ridge,
            ]
        )


def adjustment(pairs: Pairs) -> FloatArray:
    """What covariates do to log efficiency, (k), from how both differ from the mean of the last 15 runs."""
    line = Line.fitted(pairs.covariates - pairs.covariate_means[:, -1], _deviation(pairs))
    return line.coefficients / line.scale


def _ridges(squares: FloatArray, products: FloatArray) -> FloatArray:
    """Coefficients for each penalty, (p, penalties), from x'x (p, p) and x'y (p)."""
    size = max(float(np.diag(squares).max(initial=0.0)), _TINY)
    eigenvalues, vectors = np.linalg.eigh(squares / size)
    shrunk = np.maximum(eigenvalues, 0)[:, None] + PENALTIES
    return np.asarray(vectors @ ((vectors.T @ products / size)[:, None] / shrunk))


def _columns(pairs: Pairs, adjustment: FloatArray, effort_is_known: bool) -> FloatArray:
    recent = pairs.recent - pairs.covariate_recent @ adjustment
    columns = [recent, pairs.circumstances]
    if effort_is_known:
        columns.append(pairs.covariates - pairs.covariate_means[:, -1])
    return np.column_stack(columns)


def _deviation(pairs: Pairs) -> FloatArray:
    """Log efficiency against the mean of the last 15 runs, what is far out drawn in."""
    values = pairs.log_efficiency - pairs.means[:, -1]
    middle = np.median(values)
    reach = FAR_OUT * MAD_TO_SD * float(np.median(np.abs(values - middle)))
    return np.clip(values, middle - reach, middle + reach)
