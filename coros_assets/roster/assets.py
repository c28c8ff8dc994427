"""The roster in the asset graph.

Belongs here: the asset and its check. Does not: reading rosters (`load.py`, `read.py`).
"""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from coros_assets.athlete_settings.assets import ATHLETE
from coros_assets.roster.load import load_roster
from coros_assets.stores import Stores


@dg.multi_asset(
    outs={
        "shifts": dg.AssetOut(
            key=["roster", "shifts"], io_manager_key="lake_io", group_name="roster", kinds={"parquet"}
        )
    },
    deps=[ATHLETE],
    check_specs=[
        dg.AssetCheckSpec(
            "roster_is_readable",
            asset=["roster", "shifts"],
            description="The newest roster file was understood; else the last good one still counts.",
        )
    ],
)
def roster_shifts(stores: dg.ResourceParam[Stores]) -> Iterator[Any]:
    """Shifts from the runner's roster file."""
    roster = load_roster(stores.settings, stores.lake, stores.home_timezone)
    yield dg.Output(roster.shifts, "shifts")
    yield dg.AssetCheckResult(
        passed=roster.problem is None,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"problem": roster.problem or "none"},
    )
