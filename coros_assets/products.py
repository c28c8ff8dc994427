"""What the tables that are replaced whole, and the report, are made from, and whether they still are.

Belongs here: the identity of their inputs. Does not: making them (`gold/`, `answers/`, `report/`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Final

from coros_assets.storage.parquet import LakeTable
from coros_assets.stores import Stores
from coros_assets.tables import (
    ANSWER_TABLES,
    ATHLETE_SETTINGS,
    DIM_DATE,
    DIM_SHIFT,
    FACT_DAY,
    FORECAST_TABLES,
    QUARANTINED_FILE,
    RECOVERY_ANOMALY,
    ROSTER_SHIFTS,
    WELLNESS_DAILY,
)

REPORT: Final = "report"
MADE_FROM_KEY: Final = "report/made_from.txt"
_GOLD: Final = "gold of all dates"
_QUARANTINE: Final = QUARANTINED_FILE.name
_OWN_TABLES: Final = (ATHLETE_SETTINGS, ROSTER_SHIFTS, WELLNESS_DAILY)
_CONCLUSIONS: Final = tuple(table.name for table in (*ANSWER_TABLES, *FORECAST_TABLES))
_MADE_FROM: Final[Mapping[str, tuple[str, ...]]] = {
    FACT_DAY.name: (_GOLD, ROSTER_SHIFTS.name, WELLNESS_DAILY.name),
    DIM_SHIFT.name: (ROSTER_SHIFTS.name,),
    DIM_DATE.name: (_GOLD, ROSTER_SHIFTS.name),
    **dict.fromkeys(_CONCLUSIONS, (_GOLD, FACT_DAY.name, DIM_SHIFT.name)),
    RECOVERY_ANOMALY.name: (_GOLD, FACT_DAY.name, DIM_SHIFT.name, WELLNESS_DAILY.name),
    REPORT: (_GOLD, _QUARANTINE, ATHLETE_SETTINGS.name, FACT_DAY.name, DIM_SHIFT.name, *_CONCLUSIONS),
}


def made_from_now(stores: Stores, product: str) -> str:
    """The digest of what a table, by its name, or the report would be made from now.

    It is taken before the inputs are read, and again before what was made of them is written.
    """
    return _digests(stores)[product]


def are_current(stores: Stores) -> bool:
    """True if every table and the report were made from what they would be made from now."""
    try:
        report = stores.lake.get(MADE_FROM_KEY).decode()
    except KeyError:
        return False
    return stores.ledger.table_states() | {REPORT: report} == _digests(stores)


def _digests(stores: Stores) -> dict[str, str]:
    own = {
        table.name: LakeTable.digest(LakeTable(stores.lake, table).read_if_whole()) for table in _OWN_TABLES
    }
    gold, quarantine = stores.ledger.made_from()
    present = own | stores.ledger.table_states() | {_GOLD: gold, _QUARANTINE: quarantine}
    return {
        product: _hashed(*(f"{name} {present.get(name)}" for name in inputs))
        for product, inputs in _MADE_FROM.items()
    }


def _hashed(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
