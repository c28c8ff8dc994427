"""Everything made again from bronze alone, which needs neither landing nor the warehouse.

Belongs here: what must be forgotten or mended first. Does not: making it (`load.py`).
"""

from __future__ import annotations

from coros_assets.bronze.intake import refresh_dates
from coros_assets.bronze.mend import mend_catalogue, mend_quarantine, recollect, uncatalogued
from coros_assets.commands.load import load
from coros_assets.products import MADE_FROM_KEY
from coros_assets.stores import Stores


def rebuild(stores: Stores) -> None:
    """Mends catalogue and ledger and makes silver, gold, answers and report of every date again.

    A date that can no longer be made whole, because bytes in bronze are damaged, keeps its rows in gold.

    Raises:
        CorosError: the load failed.
    """
    bronze, ledger = stores.bronze, stores.ledger
    recollect(bronze, ledger)
    mend_quarantine(bronze, ledger)
    mend_catalogue(uncatalogued(bronze), bronze, ledger, home_timezone=stores.home_timezone)
    bronze.suspects = set()
    refresh_dates(bronze.dates() | ledger.date_states().keys(), bronze, ledger)
    ledger.forget_made()
    stores.lake.delete(MADE_FROM_KEY)
    load(stores.settings)
