"""What waits to be loaded, in any layer.

Belongs here: comparing what there is with what was made from it. Does not: loading it (the assets)
or deciding when (`sensors.py`, `cli.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from coros_assets.bronze.intake import pending_files
from coros_assets.gold.plan import OwnInputs, gold_digests
from coros_assets.roster.load import roster_digest
from coros_assets.silver.plan import due_dates
from coros_assets.storage.parquet import LakeTable
from coros_assets.stores import Stores
from coros_assets.tables import ROSTER_SHIFTS, WELLNESS_DAILY, WELLNESS_TABLES
from coros_assets.wellness.load import wellness_digest, wellness_file, wellness_in

MADE_FROM_KEY: Final = "report/made_from.txt"
_OWN_TABLES: Final = (ROSTER_SHIFTS, WELLNESS_DAILY)  # tables of fact_day that are not gold's own


@dataclass(frozen=True)
class Waiting:
    """Landed files, dates of silver and gold, and whether roster, wellness or products are out of date."""

    files: tuple[str, ...]
    silver_dates: tuple[date, ...]
    gold_dates: tuple[date, ...]
    roster: bool
    wellness: bool
    products: bool

    def __bool__(self) -> bool:
        """True if anything waits."""
        return any(vars(self).values())

    @property
    def fingerprint(self) -> str:
        """The same for the same waiting work."""
        return hashlib.sha256(repr(self).encode()).hexdigest()


def waiting(stores: Stores) -> Waiting:
    """What a load would do now."""
    settings = stores.settings
    states = stores.ledger.date_states()
    shifts = LakeTable(stores.lake, ROSTER_SHIFTS).read()
    own = OwnInputs(shifts, wellness_in(stores.lake).sleep, stores.athlete())
    wanted = gold_digests(states, own)
    return Waiting(
        tuple(f"{found.key} {found.version}" for found in pending_files(stores.landing, stores.ledger)),
        tuple(sorted(due_dates(states, settings.home_timezone))),
        tuple(day for day, digest in wanted.items() if digest != states[day]["gold_digest"]),
        roster_digest(settings) != LakeTable.digest(shifts),
        {wellness_digest(wellness_file(settings.wellness_path), settings.home_timezone)}
        != {LakeTable.digest(LakeTable(stores.lake, table).read()) for table in WELLNESS_TABLES},
        products_made_from(stores) != products_digest(stores, states),
    )


def products_digest(stores: Stores, states: Mapping[date, Mapping[str, Any]]) -> str:
    """The identity of what answers and report are made from: all of gold, the roster, and wellness."""
    own = [LakeTable.digest(LakeTable(stores.lake, table).read()) for table in _OWN_TABLES]
    parts = [*own, *(f"{day} {state['gold_digest']}" for day, state in sorted(states.items()))]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def products_made_from(stores: Stores) -> str:
    """What the last answers and report were made from; empty before the first."""
    try:
        return stores.lake.get(MADE_FROM_KEY).decode()
    except KeyError:
        return ""
