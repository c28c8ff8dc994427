"""The gold rows of all dates that are out of date, as one batch.

Belongs here: reading silver of the due dates, labelling, and stacking the rows. Does not: metrics
(`metrics/`), labels (`roster/labels.py`) or writing (`storage/warehouse.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from coros_assets.athlete import Athlete, AthleteHistory
from coros_assets.gold.facts import facts_of_date
from coros_assets.gold.plan import gold_digests
from coros_assets.parallel import mapped
from coros_assets.progress import tracked
from coros_assets.roster.labels import label_activities
from coros_assets.storage.parquet import LakeTable
from coros_assets.storage.warehouse import DateBatch
from coros_assets.tables import GOLD_DATE_TABLES


@dataclass(frozen=True)
class SilverTables:
    """Handles to the silver tables."""

    records: LakeTable
    laps: LakeTable
    activities: LakeTable


@dataclass(frozen=True)
class _Job:
    records: pa.Table
    laps: pa.Table
    activities: pa.Table
    athlete: Athlete
    context: pa.Table


def due_batch(
    states: Mapping[date, Mapping[str, Any]], silver: SilverTables, shifts: pa.Table, athlete: AthleteHistory
) -> DateBatch:
    """The rows of every date whose gold was made from other inputs than it would be now.

    A date whose silver files do not carry the digest that the ledger has for them is left for a later
    run: another run is writing it.
    """
    wanted = gold_digests(states, shifts, athlete)
    due = [day for day, digest in wanted.items() if digest != states[day]["gold_digest"]]
    activities = {day: silver.activities.read(day) for day in due}
    days = [day for day in due if LakeTable.digest(activities[day]) == states[day]["silver_digest"]]
    jobs = _jobs(days, silver, activities, shifts, athlete)
    parts: dict[str, list[pa.Table]] = defaultdict(list)
    for tables in tracked(mapped(_facts, jobs), len(days), "Computing metrics"):
        for name, rows in tables.items():
            parts[name].append(rows)
    return DateBatch(
        {day: states[day]["silver_digest"] for day in days},
        {day: wanted[day] for day in days},
        {
            table: pa.concat_tables(parts[table.name]) if parts[table.name] else table.empty()
            for table in GOLD_DATE_TABLES
        },
    )


def _jobs(
    days: Sequence[date],
    silver: SilverTables,
    activities: Mapping[date, pa.Table],
    shifts: pa.Table,
    athlete: AthleteHistory,
) -> Iterator[_Job]:
    """One job a date; the labels of all winners are made in one go before the first."""
    if not days:
        return
    winners = [_winners(activities[day]) for day in days]
    labels = label_activities(pa.concat_tables(winners), shifts)
    first = 0
    for day, rows in zip(days, winners, strict=True):
        # A slice would take the labels of the whole history along to another process.
        context = labels.take(pa.array(range(first, first + rows.num_rows)))
        first += rows.num_rows
        yield _Job(silver.records.read(day), silver.laps.read(day), activities[day], athlete.on(day), context)


def _winners(activities: pa.Table) -> pa.Table:
    return activities.filter(activities["is_winner"]).sort_by("activity_id")


def _facts(job: _Job) -> dict[str, pa.Table]:
    return facts_of_date(job.records, job.laps, job.activities, job.athlete, job.context)
