"""The gold rows of all dates that are out of date, as batches that memory holds.

Belongs here: reading silver of the due dates, labelling, and stacking the rows. Does not: metrics
(`metrics/`), labels (`roster/labels.py`) or writing (`storage/warehouse.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pyarrow as pa

from coros_assets.gold.facts import RECORD_COLUMNS, facts_of_dates
from coros_assets.gold.plan import OwnInputs, gold_digests
from coros_assets.parallel import in_groups, mapped
from coros_assets.progress import tracked
from coros_assets.roster.labels import label_activities
from coros_assets.storage.parquet import LakeTable
from coros_assets.storage.warehouse import DateBatch
from coros_assets.tables import GOLD_DATE_TABLES
from coros_assets.wellness.before_runs import sleep_before

DATES_PER_JOB: Final = 20  # the tables of one date are too small to be handled one by one
JOBS_PER_BATCH: Final = 10


@dataclass(frozen=True)
class SilverTables:
    """Handles to the silver tables."""

    records: LakeTable
    laps: LakeTable
    activities: LakeTable


def due_batches(
    states: Mapping[date, Mapping[str, Any]],
    silver: SilverTables,
    own: OwnInputs,
    is_current: Callable[[], bool],
) -> Iterator[DateBatch]:
    """The rows of every date whose gold was made from other inputs than it would be now.

    A date whose silver files do not all carry the digest that the ledger has for them has no rows: another
    run is writing it, or was interrupted while it did. `is_current` says whether `own` is what there is.
    """
    wanted = gold_digests(states, own)
    due = [day for day, digest in wanted.items() if digest != states[day]["gold_digest"]]
    jobs = [
        _Job({day: states[day]["silver_digest"] for day in days}, silver, own)
        for days in in_groups(due, DATES_PER_JOB)
    ]
    made = tracked(mapped(_facts, jobs), len(jobs), "Computing metrics")
    for group in in_groups(made, JOBS_PER_BATCH):
        yield DateBatch(
            {day: digest for facts in group for day, digest in facts.silver_digests.items()},
            {day: wanted[day] for facts in group for day in facts.days},
            {
                table: pa.concat_tables([facts.tables[table.name] for facts in group])
                for table in GOLD_DATE_TABLES
            },
            is_current,
        )


@dataclass(frozen=True)
class _Job:
    silver_digests: Mapping[date, str]
    silver: SilverTables
    own: OwnInputs


@dataclass(frozen=True)
class _Facts:
    silver_digests: Mapping[date, str]
    days: Sequence[date]
    tables: Mapping[str, pa.Table]


def _facts(job: _Job) -> _Facts:
    """The gold rows of those dates of a job whose silver is what the ledger says, in all its tables."""
    silver = job.silver
    read = {
        day: [table.read(day) for table in (silver.records, silver.laps, silver.activities)]
        for day in job.silver_digests
    }
    as_marked = {
        day: tables
        for day, tables in read.items()
        if {LakeTable.digest(rows) for rows in tables} == {job.silver_digests[day]}
    }
    records = [rows.select(RECORD_COLUMNS) for rows, _, _ in as_marked.values()]
    activities = _stacked(silver.activities, [rows for _, _, rows in as_marked.values()])
    winners = activities.filter(activities["is_winner"]).sort_by("activity_id")
    tables = facts_of_dates(
        pa.concat_tables(records) if records else silver.records.table.empty(),
        _stacked(silver.laps, [rows for _, rows, _ in as_marked.values()]),
        activities,
        job.own.athlete,
        _context(winners, job.own),
    )
    return _Facts(job.silver_digests, list(as_marked), tables)


def _context(winners: pa.Table, own: OwnInputs) -> pa.Table:
    """Where each activity stood between shifts and sleeps."""
    shifts, sleep = label_activities(winners, own.shifts), sleep_before(winners, own.sleeps)
    return pa.table([*shifts.columns, *sleep.columns], names=shifts.column_names + sleep.column_names)


def _stacked(table: LakeTable, parts: Sequence[pa.Table]) -> pa.Table:
    return pa.concat_tables([table.table.empty(), *parts])
