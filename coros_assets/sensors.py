"""What starts runs without anyone touching anything.

Belongs here: the job over the whole graph and the sensor that requests it. Does not: reading files
(the run does that), or what a queue says (`storage/arrivals.py`).
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import dagster as dg
from dagster import DagsterRunStatus, RunsFilter

from coros_assets.errors import CorosError
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
    """Starts one load for everything that waits, once it looked the same at two ticks in a row.

    Where a queue tells of arrivals, a tick looks if it did, or if nobody looked for ten minutes.
    """
    asked = _ask(stores) if not context.cursor else _Asked()
    if not asked.is_reason_to_look:
        return dg.SkipReason("Nothing arrived; landing is listed all the same every ten minutes.")
    work = waiting(stores)
    if not work:
        context.update_cursor("")
        return dg.SkipReason(f"Everything landed is loaded.{asked.doubt or _settle(stores)}")
    if context.cursor != work.fingerprint:
        context.update_cursor(work.fingerprint)
        return dg.SkipReason(f"Files are arriving; waiting until they stay the same for a tick.{asked.doubt}")
    end_abandoned(context.instance, LOAD)
    if context.instance.get_runs_count(RunsFilter(job_name=LOAD, statuses=_UNFINISHED)):
        return dg.SkipReason("A load is running.")
    attempt = int(datetime.now(UTC).timestamp() // (60 * RETRY_EVERY_MINUTES))
    return dg.RunRequest(run_key=f"{work.fingerprint}-{attempt}", partition_key=today())


@dataclass(frozen=True)
class _Asked:
    """Whether to look at landing, and what is to be said of a queue that did not answer."""

    is_reason_to_look: bool = True
    doubt: str = ""


def _ask(stores: Stores) -> _Asked:
    """What the queue of arrivals says; without one, or without an answer, there is always reason to look."""
    if stores.arrivals is None:
        return _Asked()
    try:
        return _Asked(stores.arrivals.tell())
    except CorosError as error:
        return _Asked(doubt=f" {error} Landing was listed instead.")


def _settle(stores: Stores) -> str:
    """Lets the queue forget what it told of, now that it is loaded; what is to be said if it cannot."""
    try:
        if stores.arrivals is not None:
            stores.arrivals.settle()
    except CorosError as error:
        return f" {error}"
    return ""
