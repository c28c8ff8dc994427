"""One load in a process of its own, which may be ended at a boundary or have a fault planted.

Belongs here: what happens inside that process. Does not: when it is ended (`boundaries.py`), nor what is
expected afterwards (`sweep.py`). As a program it is the command `ingest`.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dagster as dg

from coros_assets import cli, resources, sensors
from coros_assets.bronze import assets as bronze_assets
from coros_assets.bronze.catalogue import content_hash
from coros_assets.commands import load as load_command
from coros_assets.errors import CorosError
from coros_assets.report import assets as report_assets
from coros_assets.report.charts import svg
from coros_assets.settings import load_settings
from coros_assets.stores import Stores
from coros_assets.waiting import waiting
from coros_assets_tests.torture.boundaries import END, Boundaries
from coros_assets_tests.torture.faults import FAULTS
from coros_assets_tests.torture.history import ATHLETE, LANDING, ROSTER, WELLNESS


@dataclass(frozen=True)
class Job:
    """A load of `inputs` into a lake and a database at a frozen time; all that another process needs.

    `record` takes the boundaries that were passed; at the one that `at` names the process is sent `signal`.
    """

    inputs: Path
    lake: Path
    url: str
    now: datetime
    record: Path
    at: int | str | None = None
    signal: int = signal.SIGKILL
    fault: str | None = None

    @property
    def said(self) -> Path:
        """Where a load that failed left its sentence."""
        return self.record.with_suffix(".said")


def run(job: Job, *, watched: bool = True) -> None:
    """Does the load as the commands do it: only if something waits."""
    prepare(job)
    if job.fault:
        FAULTS[job.fault]()
    boundaries = Boundaries(job.record, job.at, job.signal)
    if watched:
        boundaries.watch()
    settings = load_settings()
    try:
        if waiting(Stores(settings)):
            load_command.load(settings)
    except CorosError as error:
        job.said.write_text(str(error))
    boundaries.reached(END)
    if watched:
        os._exit(0)  # as `multiprocessing` would end it first waits for the processes of a pool


def prepare(job: Job) -> None:
    """Makes the job's places and time those of this process, and leaves out what costs more than it shows."""
    os.environ.update(
        {
            "COROS_HOME": str(job.record.parent),
            "COROS_LANDING_URI": str(job.inputs / LANDING),
            "COROS_LAKE_URI": str(job.lake),
            "COROS_WAREHOUSE_URL": job.url,
            "COROS_HOME_TIMEZONE": "Europe/Vienna",
            "COROS_ROSTER": str(job.inputs / ROSTER),
            "COROS_ROSTER_CODES": str(job.inputs / "none.toml"),
            "COROS_WELLNESS": str(job.inputs / WELLNESS),
            "COROS_ATHLETE": str(job.inputs / ATHLETE),
        }
    )
    resources._stores.cache_clear()
    freeze(job.now)
    lighten()


def lighten() -> None:
    """Leaves out what takes half of a load's time and writes nothing that outlives a crash of it: Dagster's
    own storage, and the drawing of charts, whose descriptions stand in the report instead."""
    load_command.open_instance = lambda settings: dg.DagsterInstance.ephemeral()
    svg.vl_convert = SimpleNamespace(vegalite_to_svg=_undrawn)


def _undrawn(spec: dict[str, Any], **_: Any) -> str:
    described = content_hash(json.dumps(spec, sort_keys=True, default=str).encode())
    return f'<svg xmlns="http://www.w3.org/2000/svg"><path d="{described}"/></svg>'


def freeze(now: datetime) -> None:
    """Stops the platform's clock, so that the same load leaves the same bytes whenever it is done."""

    class Frozen(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return now.astimezone(tz)

    for module in (bronze_assets, report_assets, sensors):
        module.datetime = Frozen


if __name__ == "__main__":
    inputs, lake, url, now, record = sys.argv[1:]
    prepare(Job(Path(inputs), Path(lake), url, datetime.fromisoformat(now), Path(record)))
    cli.main(["ingest", os.environ["COROS_LANDING_URI"]])
