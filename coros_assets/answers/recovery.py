"""Recovery after nights: how far off runs are, by the hours since the last night shift ended.

Belongs here: the course of the effect of question 1 over hours, for the chart. Does not: the answer itself
(`night_shift.py`), whose model and reference this takes, or plain averages by hours (`sql/`).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from coros_assets.answers.design import (
    BETWEEN,
    DAY,
    NIGHT,
    Design,
    Runs,
    confounder,
    covariates,
    design,
    fitness_over_time,
)
from coros_assets.answers.night_shift import ROSTER_CYCLES, RUNS_PER_ARM
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


def recovery_after_nights(runs: pa.Table) -> pa.Table:
    """Efficiency in each stretch of hours after a night shift against runs at least 72 h from any night.

    One regression as in `night_shift.answer_night_shift`, with a column for each stretch in place of the one
    for all nights; runs during a night shift, and those that a coming night keeps out of the reference, have
    a column of their own and no row. Intervals are by roster cycle and each for itself.

    Args:
        runs: `gold.analysis_run`.

    Returns:
        A row for each stretch that has runs, with its runs and the roster cycles they come from; effect and
        95 % interval are empty below 20 runs or 10 cycles. No rows with fewer than 20 runs in the reference
        or 10 cycles in all, or where a stretch cannot be told apart from what else is allowed for.
    """
    recorded = Runs.of(runs)
    known = recorded.where(np.isin(recorded.night_arm, [NIGHT, DAY, BETWEEN]))
    if _too_few(known):
        return RECOVERY_SCHEMA.empty_table()
    stretches = [each for each in range(len(HOUR_EDGES) + 1) if (_stretch(known) == each).any()]
    exposures = (_stretch(known)[:, None] == stretches).astype(np.float64)
    plan = design(known, [*covariates(known), fitness_over_time(known)], exposures)
    if _too_few(plan.runs) or confounder(plan):
        return RECOVERY_SCHEMA.empty_table()
    fit = cluster_robust(plan.x, plan.y, plan.runs.number("roster_cycle"))
    last = len(HOUR_EDGES) - 1
    rows = [_row(plan, fit, column, each) for column, each in enumerate(stretches) if 1 <= each <= last]
    return pa.Table.from_pylist(rows, schema=RECOVERY_SCHEMA)


def _too_few(runs: Runs) -> bool:
    return int((runs.night_arm == DAY).sum()) < RUNS_PER_ARM or _cycles(runs) < ROSTER_CYCLES


def _cycles(runs: Runs) -> int:
    return len(np.unique(runs.number("roster_cycle")))


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


def _row(plan: Design, fit: Fit, column: int, stretch: int) -> dict[str, float | None]:
    inside = plan.runs.where(_stretch(plan.runs) == stretch)
    interval = None
    if len(inside) >= RUNS_PER_ARM and _cycles(inside) >= ROSTER_CYCLES:
        interval = fit.interval(plan.weights(*np.eye(column + 1)[column]))
    effect = interval.percent if interval else None
    return {
        "from_h": HOUR_EDGES[stretch - 1],
        "to_h": HOUR_EDGES[stretch],
        "n": len(inside),
        "clusters": _cycles(inside),
        "effect_pct": effect.estimate if effect else None,
        "ci_low_pct": effect.low if effect else None,
        "ci_high_pct": effect.high if effect else None,
    }
