"""Silver of dates whose files turned out to be damaged, made again at once.

Belongs here: doing without Dagster what the silver assets do under it. Does not: noticing the damage
(`gold/load.py`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from coros_assets.silver.load import SilverLoad, loaded_dates
from coros_assets.storage.parquet import LakeTable
from coros_assets.stores import Stores
from coros_assets.tables import CONTRACTS, SILVER_RECORDS


def remake_silver(days: Collection[date], stores: Stores) -> Mapping[date, Mapping[str, Any]]:
    """Makes silver of the dates from bronze and records that; the ledger's states of all dates afterwards."""
    loaded = loaded_dates(stores.ledger.date_states())
    load = SilverLoad(
        stores.bronze, stores.ledger, sorted(days), lambda: stores.home_timezone, stores.lake, loaded
    )
    for made in load.files():
        for name, file in made.files.items():
            LakeTable(stores.lake, CONTRACTS[SILVER_RECORDS.layer, name]).write(file, made.day)
    return stores.ledger.date_states()
