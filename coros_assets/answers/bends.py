"""When a straight line changes its slope: segmented regression with bootstrapped dates.

Belongs here: finding bends on plain arrays. Does not: the model of errors (`autocorrelation.py`), or what a
bend is called (`fitness_changes.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from coros_assets.answers.autocorrelation import drifting_errors
from coros_assets.answers.estimate import SIGNIFICANT, Interval
from coros_assets.answers.regression import SMALLEST_OWN_SHARE, FloatArray

MOST_BENDS: Final = 3
DAYS_ASIDE: Final = 56
RUNS_ASIDE: Final = 20
"""Least days and runs before the first bend, after the last and, of days, between two."""

STEP_D: Final = 7
HISTORIES: Final = 199
SEED: Final = 5


@dataclass(frozen=True)
class Bend:
    """A change of slope.

    Attributes:
        day: its time.
        first: where 95 % of the bootstrapped times begin.
        last: where they end.
        change: slope per day after less slope before.
    """

    day: float
    first: float
    last: float
    change: Interval


@dataclass(frozen=True)
class _Places:
    """All places (k) for one more bend, and their columns (n, k) freed of an orthonormal basis (n, q)."""

    days: FloatArray
    basis: FloatArray
    hinges: FloatArray

    @cached_property
    def squares(self) -> FloatArray:
        """Sum of squares of each place's column, shape (k, 1)."""
        return np.asarray((self.hinges**2).sum(axis=0)[:, None])

    def moments(self, outcomes: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Of m outcomes (n, m) freed of the basis: products with each column (k, m), sums of squares (m)."""
        left = _apart(self.basis, outcomes)
        return self.hinges.T @ left, (left**2).sum(axis=0)

    def ratios(self, products: FloatArray, total: FloatArray) -> FloatArray:
        """Changes of slope over their plain standard errors, shape (k, m), from such moments."""
        freedom = len(self.hinges) - self.basis.shape[1] - 1
        variance = (total - products**2 / self.squares) / freedom
        variance = np.maximum(variance, np.finfo(np.float64).tiny)
        return np.asarray(products / np.sqrt(self.squares * variance))


def find_bends(x: FloatArray, y: FloatArray, days: FloatArray) -> list[Bend]:
    """The bends that chance does not explain, or the likeliest one if there is none, in order of time.

    One bend after another is added where the line gains most, as long as the largest ratio of change to
    plain standard error exceeds 95 % of those in histories without it (Bai and Perron 1998), whose errors
    drift as the record's do. The interval of a change is as wide as those ratios say, so it allows for the
    choice of its time, and excludes zero exactly if the p-value is at most 5 %. Each time is then found anew
    with the others given; its range is that of the times found in histories with it (Efron 1979).

    Args:
        x: shape (n, p), of full rank: the straight line and all else that is allowed for.
        y: shape (n).
        days: shape (n), in order.
    """
    found: list[Bend] = []
    while len(found) < MOST_BENDS:
        likeliest = _likeliest(x, y, days, [bend.day for bend in found])
        if likeliest is None or likeliest.change.p_value > SIGNIFICANT:
            break
        found.append(likeliest)
    if not found:
        return [likeliest] if likeliest else []
    if len(found) > 1:
        others = [[other.day for other in found if other is not bend] for bend in found]
        found = [bend for bend in (_likeliest(x, y, days, given) for given in others) if bend]
    return sorted(found, key=lambda bend: bend.day)


def _likeliest(x: FloatArray, y: FloatArray, days: FloatArray, others: Sequence[float]) -> Bend | None:
    """The bend with the largest ratio beside others; None where there is no place or no noise."""
    x = np.column_stack([x, _hinges(days, np.array(others))])
    places = _places(x, days, others)
    if places is None:
        return None
    products, total = places.moments(y[:, None])
    ratios = places.ratios(products, total)[:, 0]
    best = int(np.argmax(np.abs(ratios)))
    slope = float(products[best, 0] / places.squares[best, 0])
    if not slope or not np.isfinite(ratios[best]):
        return None
    bent = np.column_stack([x, _hinges(days, places.days[best : best + 1])])
    products, total = places.moments(drifting_errors(bent, y, days, HISTORIES, SEED))
    by_chance = np.abs(places.ratios(products, total)).max(axis=0)
    bent_total = total + 2 * slope * products[best] + slope**2 * places.squares[best]
    bent_products = products + slope * (places.hinges.T @ places.hinges[:, best])[:, None]
    again = places.days[np.abs(places.ratios(bent_products, bent_total)).argmax(axis=0)]
    first, last = np.quantile(again, [SIGNIFICANT / 2, 1 - SIGNIFICANT / 2])
    change = Interval.from_ratios(slope, abs(slope / float(ratios[best])), by_chance)
    return Bend(float(places.days[best]), float(first), float(last), change)


def _places(x: FloatArray, days: FloatArray, others: Sequence[float]) -> _Places | None:
    """Where a bend can be told from the ends of the record, from others and from x; None if nowhere."""
    first = max(days[0] + DAYS_ASIDE, days[min(RUNS_ASIDE, len(days)) - 1])
    last = min(days[-1] - DAYS_ASIDE, days[-min(RUNS_ASIDE, len(days))])
    at = np.arange(first, last, STEP_D)
    for other in others:
        at = at[np.abs(at - other) >= DAYS_ASIDE]
    basis, _ = np.linalg.qr(x)
    hinges = _hinges(days, at)
    left = _apart(basis, hinges)
    own = (left**2).sum(axis=0) > SMALLEST_OWN_SHARE * ((hinges - hinges.mean(axis=0)) ** 2).sum(axis=0)
    return _Places(at[own], basis, left[:, own]) if own.any() else None


def _hinges(days: FloatArray, at: FloatArray) -> FloatArray:
    """Columns that are 0 up to each place and rise by 1 a day after it."""
    return np.maximum(days[:, None] - at, 0.0)


def _apart(basis: FloatArray, columns: FloatArray) -> FloatArray:
    """What of the columns an orthonormal basis does not explain."""
    return columns - basis @ (basis.T @ columns)
