"""Recovery after nights: how far off runs are, by the hours since the last night shift ended.

Belongs here: the course of the effect of question 1 over hours, for the chart. Does not: the answer itself
(`night_shift.py`), whose model and reference this takes, or plain averages by hours (`sql/`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from coros_assets.answers.design import DAY, Design, Runs, confounder, design
from coros_assets.answers.estimate import Interval
from coros_assets.answers.night_contrast import (
    ROSTER_CYCLES,
    RUNS_PER_ARM,
    adjustments,
    count,
    cycle_count,
    cycles,
    on_known_roster,
)
from coros_assets.answers.regression import Fit, FloatArray, cluster_robust

HOUR_EDGES: Final = (0, 12, 24, 36, 48, 72)
"""Ends of the stretches, in hours; the lower one belongs to a stretch."""

RECOVERY_SCHEMA: Final = pa.schema(
    [
        ("from_h", pa.float64()),
        ("to_h", pa.float64()),
        ("n", pa.int64()),
        ("clusters", pa.int64()),
        ("effect_pct", pa.float64()),
        ("ci_low_pct", pa.float64()),
        ("ci_high_pct", pa.float64()),
    ]
)


@dataclass(frozen=True)
class Stretch:
    """Efficiency of the runs in a stretch of hours against runs at least 72 h from any night."""

    from_h: int
    to_h: int
    runs: Runs
    interval: Interval | None

    @property
    def row(self) -> dict[str, float | None]:
        """As in `RECOVERY_SCHEMA`."""
        effect = self.interval.percent if self.interval else None
        return {
            "from_h": self.from_h,
            "to_h": self.to_h,
            "n": len(self.runs),
            "clusters": cycle_count(self.runs),
            "effect_pct": effect.estimate if effect else None,
            "ci_low_pct": effect.low if effect else None,
            "ci_high_pct": effect.high if effect else None,
        }


def recovery_after_nights(runs: pa.Table) -> pa.Table:
    """Efficiency in each stretch of hours after a night shift against runs at least 72 h from any night.

    Args:
        runs: `gold.analysis_run`.

    Returns:
        A row for each of `stretches` that has runs, with its runs and the roster cycles they come from.
    """
    rows = [stretch.row for stretch in stretches(on_known_roster(Runs.of(runs)))]
    return pa.Table.from_pylist(rows, schema=RECOVERY_SCHEMA)


def stretches(known: Runs) -> list[Stretch]:
    """The stretches of hours after nights that have runs, from the runs whose arm is known.

    One regression as in `night_shift.estimates`, with a column for each stretch in place of the one
    for all nights; runs during a night shift, and those that a coming night keeps out of the reference, have
    a column of their own and no stretch. Intervals are by roster cycle and each for itself; there is none
    below 20 runs or 10 cycles. No stretches with fewer than 20 runs in the reference or 10 cycles in all, or
    where one cannot be told apart from what else is allowed for.
    """
    if _too_few(known):
        return []
    found = [each for each in range(len(HOUR_EDGES) + 1) if (_stretch(known) == each).any()]
    exposures = (_stretch(known)[:, None] == found).astype(np.float64)
    plan = design(known, adjustments(known), exposures)
    if _too_few(plan.runs) or confounder(plan):
        return []
    fit = cluster_robust(plan.x, plan.y, cycles(plan.runs))
    last = len(HOUR_EDGES) - 1
    return [_found(plan, fit, column, each) for column, each in enumerate(found) if 1 <= each <= last]


def _too_few(runs: Runs) -> bool:
    return count(runs, DAY) < RUNS_PER_ARM or cycle_count(runs) < ROSTER_CYCLES


def _stretch(runs: Runs) -> NDArray[np.intp]:
    """Of each run 0 during a night shift, 1, 2, … from each edge on, -1 in the reference."""
    hours = np.searchsorted(HOUR_EDGES, _hours(runs), side="right")
    hours[runs.number("during_night_shift") == 1] = 0
    hours[runs.night_arm == DAY] = -1
    return hours


def _hours(runs: Runs) -> FloatArray:
    """Since the last night shift's end; infinite where there was none."""
    hours = runs.number("hours_since_night_end")
    return np.where(np.isfinite(hours), hours, np.inf)


def _found(plan: Design, fit: Fit, column: int, stretch: int) -> Stretch:
    inside = plan.runs.where(_stretch(plan.runs) == stretch)
    interval = None
    if len(inside) >= RUNS_PER_ARM and cycle_count(inside) >= ROSTER_CYCLES:
        interval = fit.interval(plan.weights(*np.eye(column + 1)[column]))
    return Stretch(HOUR_EDGES[stretch - 1], HOUR_EDGES[stretch], inside, interval)
