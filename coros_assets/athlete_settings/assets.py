"""The athlete file in the asset graph.

Belongs here: the asset and its check. Does not: reading the file (`load.py`, `athlete.py`).
"""

from collections.abc import Iterator
from typing import Any, Final

import dagster as dg

from coros_assets.athlete_settings.load import athlete_file, load_athlete
from coros_assets.stores import Stores

ATHLETE: Final = dg.AssetKey(["athlete", "settings"])


@dg.multi_asset(
    outs={
        "settings": dg.AssetOut(
            key=ATHLETE, io_manager_key="lake_io", group_name="athlete", kinds={"parquet"}
        )
    },
    check_specs=[
        dg.AssetCheckSpec(
            "athlete_file_is_readable",
            asset=ATHLETE,
            description="The athlete file was understood; else the last good one still counts.",
        )
    ],
)
def athlete_settings(stores: dg.ResourceParam[Stores]) -> Iterator[Any]:
    """The runner's dated values from the athlete file, whose bytes are kept in bronze."""
    file = athlete_file(stores.settings.athlete_path)
    if file:
        stores.lake.put_content(f"bronze/athlete/{file.bronze_name}", file.data)
    athlete = load_athlete(file, stores.lake)
    yield dg.Output(athlete.entries, "settings")
    yield dg.AssetCheckResult(
        passed=athlete.problem is None,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"problem": athlete.problem or "none"},
    )
