"""The sums that must add up between the layers.

Belongs here: counting and comparing. Does not: repairing, or how the result is shown (`checks.py`,
`status.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from coros_assets.bronze.intake import OUTCOMES
from coros_assets.storage.statements import statement
from coros_assets.storage.warehouse import Warehouse

_SQL: Final = "coros_assets.storage"


@dataclass(frozen=True)
class Sum:
    """One equation between counts, with the counts."""

    equation: str
    holds: bool
    counts: dict[str, Any]


def landing_sum(warehouse: Warehouse) -> Sum:
    """Landed files are in bronze, duplicates, quarantined, or refused as erased."""
    counts = _counts(warehouse, "reconcile_landing")
    fates = sum(counts[outcome] for outcome in OUTCOMES)
    return Sum("landed = " + " + ".join(OUTCOMES), counts["landed"] == fates, counts)


def silver_sum(warehouse: Warehouse) -> Sum:
    """Points parsed are kept or dropped with a reason; activities parsed are in silver.

    Dates whose silver waits to be made are counted and left out: another load may be making it.
    """
    counts = _counts(warehouse, "reconcile_silver")
    holds = (
        counts["points_parsed"] == counts["points_kept"] + counts["points_dropped"]
        and counts["activities_parsed"] == counts["activities_silver"]
    )
    return Sum("points parsed = points in silver + points dropped", holds, counts)


def gold_sum(warehouse: Warehouse) -> Sum:
    """Silver activities are in gold, as themselves or as linked duplicates.

    Dates whose gold waits to be made from their silver are counted and left out, as in `silver_sum`.
    """
    counts = _counts(warehouse, "reconcile_gold")
    holds = (
        counts["activities_silver"] == counts["activities_gold"] + counts["duplicates_linked"]
        and counts["laps_without_activity"] == 0
    )
    return Sum("silver activities = gold activities + linked duplicates", holds, counts)


def _counts(warehouse: Warehouse, name: str) -> dict[str, Any]:
    counts: dict[str, Any] = warehouse.read(statement(_SQL, name)).to_pylist()[0]
    return counts
