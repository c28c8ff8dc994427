"""What every roster reader hands on: intervals of time with their zone, title and place in the file.

Belongs here: that table, and the limits that all formats share.
Does not: reading a format (`ics.py`, `table.py`), or making shifts of intervals (`read.py`).
"""

from __future__ import annotations

from datetime import date
from typing import Final

import pyarrow as pa

from coros_assets.errors import RosterError

INTERVALS: Final = pa.schema(
    [
        pa.field("start_time", pa.timestamp("us", tz="UTC"), nullable=False),
        pa.field("end_time", pa.timestamp("us", tz="UTC"), nullable=False),
        pa.field("timezone", pa.string(), nullable=False),
        pa.field("title", pa.string()),
        pa.field("entry", pa.string(), nullable=False),
    ]
)
"""One row per interval as the file has them; `entry` is its place, such as `row 4` or `event 12`."""

MAX_SHIFTS: Final = 40_000
"""Shifts in one roster: a shift a day for a hundred years. More is not one runner's roster."""

OLD_WORKBOOK_MARK: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How the container of old and of encrypted workbooks begins; others are zip archives."""

FIRST_YEAR: Final = 1970
LAST_YEAR: Final = 2099
"""Years a shift may lie in: before and after, a date is a typing error."""


def check_year(name: str, entry: str, at: date) -> None:
    """Refuse a date in a year that no roster is for.

    Raises:
        RosterError: the year lies outside 1970 to 2099.
    """
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise RosterError(
            f"{name}: {entry} is dated {at.year}, outside {FIRST_YEAR} to {LAST_YEAR}: correct its date."
        )


def too_many(name: str) -> RosterError:
    """The refusal of a file with more shifts than one person works."""
    return RosterError(
        f"{name}: there are more than {MAX_SHIFTS:,} shifts in it: export only the years you have runs from."
    )
