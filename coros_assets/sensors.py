"""What starts runs without anyone touching anything.

Belongs here: the job over the whole graph and the sensor that requests it. Does not: reading files
(the run does that).
"""

from datetime import UTC, datetime
from typing import Final

import dagster as dg
from dagster import DagsterRunStatus, RunsFilter

from coros_assets.live_runs import end_abandoned
from coros_assets.stores import Stores
from coros_assets.sync.assets import GROUP as SYNC_GROUP
from coros_assets.waiting import waiting

LOAD: Final = "load"
RETRY_EVERY_MINUTES: Final = 10
_UNFINISHED: Final = [
    DagsterRunStatus.QUEUED,
    DagsterRunStatus.NOT_STARTED,
    DagsterRunStatus.STARTING,
    DagsterRunStatus.STARTED,
    DagsterRunStatus.CANCELING,
]

load_job: Final = dg.define_asset_job(
    LOAD,
    selection=dg.AssetSelection.all() - dg.AssetSelection.groups(SYNC_GROUP),
    description="Landing to report: takes in what is new and brings every layer up to date.",
)


def today() -> str:
    """The partition a load is started for: the day it runs. Files of other dates are late arrivals."""
    return datetime.now(UTC).date().isoformat()


@dg.sensor(job_name=LOAD, minimum_interval_seconds=10, default_status=dg.DefaultSensorStatus.RUNNING)
def new_landing_files(
    context: dg.SensorEvaluationContext, stores: dg.ResourceParam[Stores]
) -> dg.RunRequest | dg.SkipReason:
    """Starts one load for everything that waits, once it looked the same at two ticks in a row."""
    work = waiting(stores)
    if not work:
        context.update_cursor("")
        return dg.SkipReason("Everything landed is loaded.")
    if context.cursor != work.fingerprint:
        context.update_cursor(work.fingerprint)
        return dg.SkipReason("Files are arriving; waiting until they stay the same for a tick.")
    end_abandoned(context.instance, LOAD)
    if context.instance.get_runs_count(RunsFilter(job_name=LOAD, statuses=_UNFINISHED)):
        return dg.SkipReason("A load is running.")
    attempt = int(datetime.now(UTC).timestamp() // (60 * RETRY_EVERY_MINUTES))
    return dg.RunRequest(run_key=f"{work.fingerprint}-{attempt}", partition_key=today())
