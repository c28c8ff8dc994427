"""The silver tables of one activity date from the recordings of its files.

Belongs here: putting the recordings that belong to a date under their activities' names. Does not:
cleaning (`clean.py`), or choosing between files (`duplicates.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from coros_assets.contract import Table
from coros_assets.silver.plan import DatePlan, Member
from coros_assets.silver.recordings import Recordings
from coros_assets.tables import SILVER_ACTIVITIES, SILVER_LAPS, SILVER_RECORDS


def build_date(plan: DatePlan, files: Mapping[str, Recordings]) -> dict[str, pa.Table]:
    """The tables `records`, `laps` and `activities` of a date, as their contracts say.

    `files` holds the recordings of every file that the plan names, by hash.
    """
    records, laps, activities = [], [], []
    for member in plan.members:
        file = files[member.entry.sha256]
        at = file.facts["source_index"].to_pylist().index(member.recording.source_index)
        activities.append(_activity(member, file.facts.slice(at, 1)))
        if member.choice.is_winner:
            records.append(_named(member, file.records[at]))
            laps.append(_named(member, file.laps[at]))
    return {
        SILVER_RECORDS.name: _stacked(SILVER_RECORDS, records),
        SILVER_LAPS.name: _stacked(SILVER_LAPS, laps),
        SILVER_ACTIVITIES.name: _stacked(SILVER_ACTIVITIES, activities),
    }


def _activity(member: Member, facts: pa.Table) -> pa.Table:
    """The facts of a file with the columns that its choice and its landing decide."""
    entry, choice = member.entry, member.choice
    values = {name: facts[name] for name in facts.column_names} | {
        "activity_id": [choice.activity_id],
        "activity_date": [choice.activity_date],
        "source_sha256": [entry.sha256],
        "source_name": [entry.name],
        "landed_at": [entry.landed_at],
        "is_winner": [choice.is_winner],
        "choice_reason": [choice.reason],
    }
    return pa.table(values, schema=SILVER_ACTIVITIES.arrow_schema)


def _named(member: Member, rows: pa.Table) -> pa.Table:
    return rows.append_column("activity_id", pa.repeat(pa.scalar(member.choice.activity_id), len(rows)))


def _stacked(table: Table, parts: Sequence[pa.Table]) -> pa.Table:
    """The parts below each other, whose columns may stand in another order."""
    return table.conform(pa.concat_tables(parts, promote_options="default")) if parts else table.empty()
