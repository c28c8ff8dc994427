"""One daily partition per activity date, and how sparse dates are reported to Dagster.

Belongs here: the partitions and their bookkeeping. Does not: deciding which dates have work
(`silver/plan.py`).
"""

import logging
import time
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import dagster as dg
from dagster._core.events import StepMaterializationData

from coros_assets.silver.clean import EARLIEST

# Local dates run ahead of UTC by up to 14 hours, and a watch's clock by a day.
ACTIVITY_DATES: Final = dg.DailyPartitionsDefinition(
    start_date=EARLIEST.replace(tzinfo=None), timezone="UTC", end_offset=3
)


def chosen_dates(context: dg.AssetExecutionContext) -> set[date]:
    """The dates that the run was asked for by its partition or range."""
    return {date.fromisoformat(key) for key in context.partition_keys}


def report_dates(
    instance: dg.DagsterInstance,
    run: dg.DagsterRun,
    step_key: str,
    asset_key: dg.AssetKey,
    metadata: Mapping[date, Mapping[str, Any]],
) -> None:
    """Marks dates beyond the run's own partitions as materialized by a step of the run.

    One contiguous range is all that a run can be started for, and Dagster writes two events for each
    day of it; a load touches few dates, far apart. Their events go to the event log in one batch.
    """
    events = []
    for day, values in sorted(metadata.items()):
        materialization = dg.AssetMaterialization(asset_key, partition=day.isoformat(), metadata=dict(values))
        event = dg.DagsterEvent(
            event_type_value=dg.DagsterEventType.ASSET_MATERIALIZATION.value,
            job_name=run.job_name,
            step_key=step_key,
            event_specific_data=StepMaterializationData(materialization),
        )
        events.append(
            dg.EventLogEntry(  # type: ignore[no-untyped-call]  # Dagster's record class has no types
                error_info=None,
                level=logging.INFO,
                user_message="",
                run_id=run.run_id,
                timestamp=time.time(),
                step_key=step_key,
                job_name=run.job_name,
                dagster_event=event,
            )
        )
    if events:
        instance.event_log_storage.store_event_batch(events)
