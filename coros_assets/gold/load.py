"""The gold rows of all dates that are out of date, as one batch.

Belongs here: reading silver of the due dates, labelling, and stacking the rows. Does not: metrics
(`metrics/`), labels (`roster/labels.py`) or writing (`storage/warehouse.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Any, Final

import pyarrow as pa

from coros_assets.athlete import Athlete, AthleteHistory
from coros_assets.gold.facts import facts_of_date
from coros_assets.gold.plan import gold_digests
from coros_assets.parallel import in_groups, mapped
from coros_assets.progress import tracked
from coros_assets.roster.labels import label_activities
from coros_assets.storage.parquet import LakeTable
from coros_assets.storage.warehouse import DateBatch
from coros_assets.tables import GOLD_DATE_TABLES

DATES_PER_JOB: Final = 8  # to another process and back costs as much as a short run
JOBS_PER_BATCH: Final = 25


@dataclass(frozen=True)
class SilverTables:
    """Handles to the silver tables."""

    records: LakeTable
    laps: LakeTable
    activities: LakeTable


@dataclass(frozen=True)
class _Job:
    days: Sequence[date]
    silver_digests: Mapping[date, str]
    silver: SilverTables
    shifts: pa.Table
    athletes: Mapping[date, Athlete]


def due_batches(
    states: Mapping[date, Mapping[str, Any]], silver: SilverTables, shifts: pa.Table, athlete: AthleteHistory
) -> Iterator[DateBatch]:
    """The rows of every date whose gold was made from other inputs than it would be now.

    A date whose silver files do not carry the digest that the ledger has for them is left for a later
    run: another run is writing it.
    """
    wanted = gold_digests(states, shifts, athlete)
    due = [day for day, digest in wanted.items() if digest != states[day]["gold_digest"]]
    jobs = [
        _Job(
            days,
            {day: states[day]["silver_digest"] for day in days},
            silver,
            shifts,
            {day: athlete.on(day) for day in days},
        )
        for days in in_groups(due, DATES_PER_JOB)
    ]
    made = tracked(mapped(_facts, jobs), len(jobs), "Computing metrics")
    for group in in_groups(made, JOBS_PER_BATCH):
        days = [day for facts in group for day in facts.days]
        yield DateBatch(
            {day: states[day]["silver_digest"] for day in days},
            {day: wanted[day] for day in days},
            {
                table: pa.concat_tables([facts.tables[table.name] for facts in group])
                for table in GOLD_DATE_TABLES
            },
        )


@dataclass(frozen=True)
class _Facts:
    days: Sequence[date]
    tables: Mapping[str, pa.Table]


def _facts(job: _Job) -> _Facts:
    """The gold rows of those dates of a job whose silver is what the ledger says."""
    read = {day: job.silver.activities.read(day) for day in job.days}
    activities = {
        day: rows for day, rows in read.items() if LakeTable.digest(rows) == job.silver_digests[day]
    }
    contexts = _contexts(activities, job.shifts)
    parts: dict[str, list[pa.Table]] = {table.name: [table.empty()] for table in GOLD_DATE_TABLES}
    for day, context in contexts.items():
        records, laps = job.silver.records.read(day), job.silver.laps.read(day)
        facts = facts_of_date(records, laps, activities[day], job.athletes[day], context)
        for name, rows in facts.items():
            parts[name].append(rows)
    return _Facts(list(activities), {name: pa.concat_tables(rows) for name, rows in parts.items()})


def _contexts(activities: Mapping[date, pa.Table], shifts: pa.Table) -> dict[date, pa.Table]:
    """The shift columns of each date's chosen activities in order of `activity_id`, labelled in one go."""
    winners = {day: rows.filter(rows["is_winner"]).sort_by("activity_id") for day, rows in activities.items()}
    if not winners:
        return {}
    labels = label_activities(pa.concat_tables(winners.values()), shifts)
    first = accumulate((len(rows) for rows in winners.values()), initial=0)
    return {day: labels.slice(at, len(rows)) for at, (day, rows) in zip(first, winners.items(), strict=False)}
