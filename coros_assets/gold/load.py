"""The gold rows of all dates that are out of date, as batches that memory holds.

Belongs here: reading silver of the due dates, labelling, and stacking the rows. Does not: metrics
(`metrics/`), labels (`roster/labels.py`) or writing (`storage/warehouse.py`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeAlias

import pyarrow as pa

from coros_assets.errors import DamagedError
from coros_assets.gold.facts import RECORD_COLUMNS, facts_of_dates
from coros_assets.gold.plan import OwnInputs, gold_digests
from coros_assets.parallel import in_groups, mapped
from coros_assets.progress import tracked
from coros_assets.roster.labels import label_activities
from coros_assets.storage.parquet import LakeTable
from coros_assets.storage.warehouse import DateBatch
from coros_assets.tables import GOLD_DATE_TABLES, SILVER_ACTIVITIES, SILVER_LAPS, SILVER_RECORDS
from coros_assets.wellness.before_runs import sleep_before

DATES_PER_JOB: Final = 20  # the tables of one date are too small to be handled one by one
JOBS_PER_BATCH: Final = 10
_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True)
class SilverTables:
    """Handles to the silver tables."""

    records: LakeTable
    laps: LakeTable
    activities: LakeTable

    def read(self, day: date) -> dict[str, pa.Table]:
        """The date's tables by name.

        Raises:
            DamagedError: one of them is damaged or gone.
        """
        tables = {each.table.name: each.read(day) for each in (self.records, self.laps, self.activities)}
        if not all(map(LakeTable.digest, tables.values())):
            raise DamagedError(f"A silver file of {day} is gone.")
        return tables


States: TypeAlias = Mapping[date, Mapping[str, Any]]


def due_batches(
    states: States,
    silver: SilverTables,
    own: OwnInputs,
    is_current: Callable[[], bool],
    remake: Callable[[Collection[date]], States],
) -> Iterator[DateBatch]:
    """The rows of every date whose gold was made from other inputs than it would be now.

    A date whose silver files do not all carry the digest that the ledger has for them has no rows: another
    run is writing it, or was interrupted while it did. `is_current` says whether `own` is what there is.
    Where a silver file is damaged or gone, `remake` is asked for the dates once.
    """
    lost = yield from _batches(states, silver, own, is_current)
    if lost:
        _log.warning("Silver of %s is damaged or gone; it is made again.", ", ".join(map(str, lost)))
        remade = remake(lost)
        yield from _batches({day: remade[day] for day in lost}, silver, own, is_current)


def _batches(
    states: States, silver: SilverTables, own: OwnInputs, is_current: Callable[[], bool]
) -> Generator[DateBatch, None, list[date]]:
    """Batches of the due dates; at the end the dates whose silver cannot be read."""
    lost: list[date] = []
    wanted = gold_digests(states, own)
    due = [day for day, digest in wanted.items() if digest != states[day]["gold_digest"]]
    jobs = [
        _Job({day: states[day]["silver_digest"] for day in days}, silver, own)
        for days in in_groups(due, DATES_PER_JOB)
    ]
    made = tracked(mapped(_facts, jobs), len(jobs), "Computing metrics")
    for group in in_groups(made, JOBS_PER_BATCH):
        lost += [day for facts in group for day in facts.lost]
        yield DateBatch(
            {day: digest for facts in group for day, digest in facts.silver_digests.items()},
            {day: wanted[day] for facts in group for day in facts.days},
            {
                table: pa.concat_tables([facts.tables[table.name] for facts in group])
                for table in GOLD_DATE_TABLES
            },
            is_current,
        )
    return lost


@dataclass(frozen=True)
class _Job:
    silver_digests: Mapping[date, str]
    silver: SilverTables
    own: OwnInputs


@dataclass(frozen=True)
class _Facts:
    silver_digests: Mapping[date, str]
    days: Sequence[date]
    lost: Sequence[date]
    tables: Mapping[str, pa.Table]


def _facts(job: _Job) -> _Facts:
    """The gold rows of those dates of a job whose silver is what the ledger says, in all its tables."""
    read: dict[date, dict[str, pa.Table]] = {}
    as_marked: dict[date, dict[str, pa.Table]] = {}
    for day, digest in job.silver_digests.items():
        with suppress(DamagedError):
            read[day] = job.silver.read(day)
            if set(map(LakeTable.digest, read[day].values())) == {digest}:
                as_marked[day] = read[day]
    whole = {day: digest for day, digest in job.silver_digests.items() if day in read}
    lost = sorted(job.silver_digests.keys() - whole.keys())
    return _Facts(whole, list(as_marked), lost, _gold_rows(list(as_marked.values()), job))


def _gold_rows(read: Collection[Mapping[str, pa.Table]], job: _Job) -> dict[str, pa.Table]:
    """The gold rows of silver of any number of dates."""
    activities = _stacked(job.silver.activities, [tables[SILVER_ACTIVITIES.name] for tables in read])
    records = [tables[SILVER_RECORDS.name].select(RECORD_COLUMNS) for tables in read]
    winners = activities.filter(activities["is_winner"]).sort_by("activity_id")
    return facts_of_dates(
        pa.concat_tables(records) if records else job.silver.records.table.empty(),
        _stacked(job.silver.laps, [tables[SILVER_LAPS.name] for tables in read]),
        activities,
        job.own.athlete,
        _context(winners, job.own),
    )


def _context(winners: pa.Table, own: OwnInputs) -> pa.Table:
    """Where each activity stood between shifts and sleeps."""
    shifts, sleep = label_activities(winners, own.shifts), sleep_before(winners, own.sleeps)
    return pa.table([*shifts.columns, *sleep.columns], names=shifts.column_names + sleep.column_names)


def _stacked(table: LakeTable, parts: Sequence[pa.Table]) -> pa.Table:
    return pa.concat_tables([table.table.empty(), *parts])
