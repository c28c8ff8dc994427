"""What every repair of a column hands back.

Belongs here: the shape of a repair. Does not: any repair (`heart_rate.py`, `movement.py`).
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = tuple[str, ...]


class Repaired(NamedTuple):
    """A column with NaN where nothing is known, and what was done to it.

    `counts` are columns of `silver.activities`; `flags` say in short words what was unusual.
    """

    values: Floats
    counts: dict[str, int]
    flags: Flags = ()
