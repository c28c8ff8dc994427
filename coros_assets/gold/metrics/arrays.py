"""What the metric modules say in common of numpy columns.

Belongs here: the types of columns, means. Does not: anything that knows what a column holds.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float64]
BoolArray: TypeAlias = NDArray[np.bool_]
IntArray: TypeAlias = NDArray[np.int64]


def weighted_mean(values: FloatArray, weights: FloatArray) -> float | None:
    """Mean of the values that are not NaN, each with its weight; None where no weight is left."""
    known = ~np.isnan(values)
    total = float(weights[known].sum())
    return float((values[known] * weights[known]).sum()) / total if total > 0 else None
