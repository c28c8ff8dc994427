"""Runs after nights beside runs that are like them.

Belongs here: which runs match and what each then weighs. Does not: comparing them (`night_checks.py`).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from coros_assets.answers.regression import FloatArray

LIKE_DISTANCE: Final = 0.1
LIKE_CLIMB: Final = 0.1
LIKE_CLIMB_M_PER_KM: Final = 2.0
"""Matching runs differ by at most this share in distance and climb; in climb also by this much, for on flat
ground 10 % is a metre, and 2 m/km move efficiency by about 0.2 %."""

LIKE_DATE_D: Final = 21


def matched_weights(
    exposed: NDArray[np.bool_],
    control: NDArray[np.bool_],
    day: FloatArray,
    log_distance: FloatArray,
    climb_m_per_km: FloatArray,
) -> FloatArray:
    """The weight of each run, shape (n): 0 for runs without a match.

    An exposed run weighs 1, shared equally by its matches among the controls, so that both arms weigh the
    same and lie alike in time, distance and climb (Ho, Imai, King and Stuart 2007). A missing value
    matches nothing.
    """
    left, right = np.flatnonzero(exposed), np.flatnonzero(control)

    def apart(values: FloatArray) -> FloatArray:
        return np.abs(values[left][:, None] - values[right])

    like = (apart(day) <= LIKE_DATE_D) & (apart(log_distance) <= np.log1p(LIKE_DISTANCE))
    climb = np.maximum(LIKE_CLIMB * climb_m_per_km[left], LIKE_CLIMB_M_PER_KM)
    like &= apart(climb_m_per_km) <= climb[:, None]
    matches = like.sum(axis=1)
    weights = np.zeros(len(day))
    weights[left] = matches > 0
    weights[right] = (like / np.maximum(matches, 1)[:, None]).sum(axis=0)
    return weights
