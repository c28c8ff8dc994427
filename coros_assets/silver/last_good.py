"""What silver still holds of a file whose bytes in bronze are damaged.

Belongs here: taking a file's recordings out of a date's silver. Does not: making silver (`load.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from coros_assets.errors import DamagedError
from coros_assets.silver.plan import DatePlan, Member
from coros_assets.silver.recordings import FACTS, Recordings
from coros_assets.storage.lake import ObjectStore
from coros_assets.storage.parquet import LakeTable
from coros_assets.tables import SILVER_TABLES

_NAMED: Final = "activity_id"


def last_good(sha256: str, plan: DatePlan, lake: ObjectStore) -> Recordings | None:
    """The recordings of a file as the plan needs them, from the silver that its date has.

    None if silver is damaged too, or does not hold them: of a file that was not chosen it has the facts only.
    """
    try:
        records, laps, activities = (LakeTable(lake, table).read(plan.day) for table in SILVER_TABLES)
    except DamagedError:
        return None
    facts = activities.filter(pc.equal(activities["source_sha256"], sha256))
    members = [member for member in plan.members if member.entry.sha256 == sha256]
    if not all(_is_held(member, facts) for member in members):
        return None
    names = facts[_NAMED].to_pylist()
    return Recordings(facts.select(FACTS.names), _of_each(names, records), _of_each(names, laps))


def _is_held(member: Member, facts: pa.Table) -> bool:
    held = dict(zip(facts["source_index"].to_pylist(), facts["is_winner"].to_pylist(), strict=True))
    index = member.recording.source_index
    return index in held and (held[index] or not member.choice.is_winner)


def _of_each(names: Sequence[str], rows: pa.Table) -> tuple[pa.Table, ...]:
    """The rows of each activity, without its name."""
    return tuple(rows.filter(pc.equal(rows[_NAMED], name)).drop_columns([_NAMED]) for name in names)
