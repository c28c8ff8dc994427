"""The last weeks' shifts and runs.

Belongs here: reading them. Does not: drawing (`gold/calendar_view.py`).
"""

from __future__ import annotations

from rich.console import RenderableType

from coros_assets.errors import CorosError
from coros_assets.gold.calendar_view import training_calendar
from coros_assets.storage.statements import statement
from coros_assets.stores import Stores
from coros_assets.tables import DIM_SHIFT


def last_weeks(stores: Stores, weeks: int) -> RenderableType:
    """The calendar of that many weeks up to the one of the last activity.

    Raises:
        CorosError: nothing was loaded yet.
    """
    days = stores.warehouse.read(statement(__package__, "calendar_days"), {"weeks": weeks})
    if not days.num_rows:
        raise CorosError(
            "There are no runs yet; bring files in with `coros-assets ingest FOLDER`, "
            "or run `coros-assets demo`."
        )
    return training_calendar(days, stores.warehouse.read_table(DIM_SHIFT.name))
