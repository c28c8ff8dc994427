"""Which Dagster runs are at work, and the end of those whose process is gone.

Belongs here: the lock that a run holds as long as its process lives. Does not: starting runs (`sensors.py`,
`commands/load.py`).

A process that is killed says nothing more, so its run would count as started for ever, and the queue and the
sensor, which let one load in at a time, would wait for it. Where runs are launched elsewhere than on this
machine, Dagster's own run monitoring asks the launcher instead.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import dagster as dg
from dagster import DagsterRunStatus, RunsFilter
from dagster_postgres.run_storage import PostgresRunStorage
from sqlalchemy import text

_BEGINS_WITHIN_S: Final = 60  # a run is started some moments before it can hold its lock
# Shared by the resources of the run, each of which is made for itself.
_HOLD: Final = text("SELECT pg_advisory_lock_shared(hashtextextended(:run_id, 0))")
_IS_FREE: Final = text("SELECT pg_try_advisory_lock(hashtextextended(:run_id, 0))")
_AT_WORK: Final = [DagsterRunStatus.STARTED, DagsterRunStatus.CANCELING]
_SAID: Final = "The run's process was ended from outside; the next load does what it left undone."


@contextmanager
def alive(instance: dg.DagsterInstance, run_id: str) -> Iterator[None]:
    """Inside, the run is at work; its lock goes with its process, whatever ends that."""
    storage = instance.run_storage
    if not isinstance(storage, PostgresRunStorage):
        yield
        return
    with storage.connect() as connection:
        connection.detach()  # a pool would keep it open, and the lock with it
        connection.execute(_HOLD, {"run_id": run_id})
        yield


def end_abandoned(instance: dg.DagsterInstance, job_name: str) -> None:
    """Marks the job's runs as failed that count as started and that no process is at work on."""
    storage = instance.run_storage
    if not isinstance(storage, PostgresRunStorage):
        return
    for record in instance.get_run_records(RunsFilter(job_name=job_name, statuses=_AT_WORK)):
        if record.start_time is None or time.time() - record.start_time < _BEGINS_WITHIN_S:
            continue
        with storage.connect() as connection:
            connection.detach()
            if connection.execute(_IS_FREE, {"run_id": record.dagster_run.run_id}).scalar():
                instance.report_run_failed(record.dagster_run, _SAID)
