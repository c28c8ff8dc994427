"""Intervals from how far earlier forecasts were off, whatever made them.

Belongs here: conformal prediction one forecast after the other. Does not: the forecasts (`evaluation.py`).
"""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from typing import Final

import numpy as np

from coros_assets.answers.regression import FloatArray
from coros_assets.forecast.history import IntArray

NOMINAL: Final = 0.8
"""Four of five: a reader can count that, and twenty forecasts are enough to begin."""

FEWEST_SCORES: Final = 20
MOST_SCORES: Final = 250
"""The last so many count: how far forecasts are off changes with the years."""

STEP: Final = 0.01
"""How fast the share that intervals aim at follows the share of outcomes outside them."""

LOWEST_AIM: Final = 0.5
HIGHEST_AIM: Final = 0.99


def half_widths(
    scores: FloatArray, made_on: IntArray, known_on: IntArray, group: IntArray
) -> tuple[FloatArray, dict[int, float]]:
    """Of each forecast's interval, from those of its group whose outcome was known when it was made.

    Args:
        scores: how far each forecast was off, in order of `known_on`, shape (n).
        made_on: date of each forecast.
        known_on: date of each outcome, in order.
        group: forecasts of one group are off alike.

    Returns:
        Half the width of each interval, NaN from too few forecasts; and that of the next one of each group.
    """
    widths, following = np.full(len(scores), np.nan), {}
    for each in np.unique(group):
        own = np.flatnonzero(group == each)
        found = _of_group(scores[own], made_on[own], known_on[own])
        widths[own], following[int(each)] = found[:-1], float(found[-1])
    return widths, following


def _of_group(scores: FloatArray, made_on: IntArray, known_on: IntArray) -> FloatArray:
    """Half widths, and that of a forecast made after all outcomes.

    The ⌈(n + 1)·aim⌉th smallest of n earlier scores covers the share `aim` if errors are exchangeable (Vovk,
    Gammerman and Shafer 2005). Since they are not, what was covered moves the aim (Gibbs and Candès 2021).
    """
    order = np.argsort(made_on, kind="stable").tolist()
    known = np.searchsorted(known_on, made_on[order], side="right").tolist()
    off, found = scores.tolist(), [math.nan] * (len(scores) + 1)
    recent: list[float] = []
    aim, judged = NOMINAL, 0
    for forecast, end in zip([*order, len(off)], [*known, len(off)], strict=True):
        for outcome in range(judged, end):
            if not math.isnan(found[outcome]):
                aim += STEP * ((off[outcome] > found[outcome]) - (1 - NOMINAL))
                aim = min(max(aim, LOWEST_AIM), HIGHEST_AIM)
            insort(recent, off[outcome])
            if len(recent) > MOST_SCORES:
                del recent[bisect_left(recent, off[outcome - MOST_SCORES])]
        judged = max(judged, end)
        if len(recent) >= FEWEST_SCORES:
            rank = min(math.ceil((len(recent) + 1) * aim), len(recent))
            found[forecast] = recent[rank - 1]
    return np.array(found)
