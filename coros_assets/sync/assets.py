"""The sync in the asset graph, where the runner switched it on.

Belongs here: the asset, its job and its schedule. Does not: the sync itself (`pull.py`), which is imported
only when it runs, as it needs the extra `coros-assets[sync]`.
"""

from datetime import UTC, datetime
from typing import Final

import dagster as dg

from coros_assets.bronze.assets import LANDING
from coros_assets.errors import SyncError
from coros_assets.extras import require_extra
from coros_assets.home_timezone import HomeTimezone
from coros_assets.stores import Stores

SYNC: Final = dg.AssetKey(["sync", "coros"])
GROUP: Final = "sync"
FILLED: Final = (LANDING, dg.AssetKey(["wellness", "daily"]), dg.AssetKey(["wellness", "sleep"]))
"""What takes in the files that the sync brings."""

EVERY_AFTERNOON: Final = "0 16 * * *"
"""By then who came home from a night shift has slept."""


@dg.asset(key=SYNC, group_name=GROUP, kinds={"file"})
def coros_sync(stores: dg.ResourceParam[Stores]) -> dg.MaterializeResult[None]:
    """Sleep, heart-rate variability, resting heart rate and FIT files, fetched from COROS into landing."""
    require_extra("sync", "mcp", "keyring")
    from coros_assets.sync.pull import sync  # noqa: PLC0415  only a run needs the extra
    from coros_assets.sync.transport import POLITE  # noqa: PLC0415  only a run needs the extra

    synced = sync(stores, None, POLITE)
    if synced.problems:
        raise SyncError(" ".join(synced.problems))
    return dg.MaterializeResult(
        metadata={
            "days": dg.MetadataValue.json(dict(synced.days)),
            "activities_new": synced.activities_new,
            "files_landed": synced.files,
            "files_waiting": synced.files_waiting,
            "remarks": dg.MetadataValue.json(synced.remarks),
        }
    )


def synced_first(spec: dg.AssetSpec) -> dg.AssetSpec:
    """`spec` with the sync upstream of it, where it takes in what the sync brings."""
    return spec.merge_attributes(deps=[SYNC]) if spec.key in FILLED else spec


sync_job: Final = dg.define_asset_job(
    "sync", selection=dg.AssetSelection.assets(SYNC), description="Fetches from COROS what is new there."
)


def sync_schedule(home: HomeTimezone) -> dg.ScheduleDefinition:
    """The sync once a day, for those who start the schedule; the sensor then loads what came."""
    return dg.ScheduleDefinition(
        name="sync_every_afternoon",
        job=sync_job,
        cron_schedule=EVERY_AFTERNOON,
        execution_timezone=home.at(datetime.now(UTC)),
        default_status=dg.DefaultScheduleStatus.STOPPED,
    )
