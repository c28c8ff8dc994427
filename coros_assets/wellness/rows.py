"""What every wellness reader hands on: rows of text in columns of one set of names.

Belongs here: those columns, and the strict reading of a cell. Does not: formats (`csv_table.py`,
`json_replies.py`, `coros_report.py`), or what rows say together (`episodes.py`, `mornings.py`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Final, NamedTuple

from coros_assets.errors import WellnessError
from coros_assets.inert import printable

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "date": ("day", "wake_date"),
    "resting_heart_rate_bpm": ("resting_heart_rate", "resting_hr", "rhr"),
    "hrv_rmssd_ms": ("hrv_rmssd", "rmssd", "hrv"),
    "sleep_h": ("sleep_hours",),
    "sleep_start": ("asleep_at", "bedtime"),
    "sleep_end": ("awake_at", "wake_time"),
    "asleep_h": ("asleep_hours",),
    "is_nap": ("nap",),
    "timezone": ("time_zone", "tz"),
}
"""The columns of a file and the other names they go by; capitals, spaces and hyphens do not matter."""

MAX_ROWS: Final = 100_000
"""A night and two naps a day for ninety years."""

RANGES: Final[Mapping[str, tuple[float, float]]] = {
    "resting_heart_rate_bpm": (25.0, 120.0),
    "hrv_rmssd_ms": (1.0, 300.0),
    "sleep_h": (0.0, 24.0),
    "asleep_h": (0.0, 24.0),
}
"""What a person can have; outside is a slip of the unit or the pen."""

FIRST_YEAR: Final = 1970
LAST_YEAR: Final = 2099

_KNOWN: Final = {other: column for column, others in COLUMNS.items() for other in (column, *others)}
_NUMBER: Final = re.compile(r"-?\d{1,6}(\.\d{1,20})?", re.ASCII)
_DATE: Final = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})", re.ASCII)
_TIME: Final = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?", re.ASCII)
_FLAGS: Final = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


class Row(NamedTuple):
    """One row: its place in the file, such as `row 4`, and the text of its filled cells by column."""

    entry: str
    cells: Mapping[str, str]


def column_name(name: str, heading: str) -> str:
    """The column that a heading means.

    Raises:
        WellnessError: none that is known.
    """
    column = _KNOWN.get(re.sub(r"[\s-]+", "_", heading.strip().lower()))
    if column is None:
        raise WellnessError(
            f"{name}: the column '{printable(heading)}' is unknown: columns are {', '.join(COLUMNS)}."
        )
    return column


def number(name: str, row: Row, column: str) -> float | None:
    """The number of a cell, in the range of its column; None where the cell is empty.

    Raises:
        WellnessError: no plain number, or one that no person has.
    """
    text = row.cells.get(column)
    if text is None:
        return None
    low, high = RANGES[column]
    value = float(text) if _NUMBER.fullmatch(text) else None
    if value is None or not low <= value <= high:
        raise WellnessError(
            f"{name}: {row.entry} has {column} '{printable(text)}': "
            f"give a number from {low:g} to {high:g}, or nothing where it was not measured."
        )
    return value


def date_of(name: str, entry: str, text: str) -> date:
    """The date that a text such as 2026-03-28 or 20260328 is.

    Raises:
        WellnessError: no date, or one outside 1970 to 2099.
    """
    parts = _DATE.fullmatch(text)
    try:
        found = date(*map(int, parts.groups())) if parts else None
    except ValueError:
        found = None
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise WellnessError(
            f"{name}: {entry} has the date '{printable(text)}': write one such as 2026-03-28."
        )
    return found


def moment(name: str, row: Row, column: str) -> datetime:
    """The time of a cell, with a zone if it is written with an offset.

    Raises:
        WellnessError: the cell is empty or no time, or lies outside 1970 to 2099.
    """
    text = row.cells.get(column, "")
    try:
        found = datetime.fromisoformat(text) if _TIME.fullmatch(text) else None
    except ValueError:
        found = None
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise WellnessError(
            f"{name}: {row.entry} has the {column} '{printable(text)}': write one such as 2026-03-28 22:45."
        )
    return found


def flag(name: str, row: Row, column: str) -> bool | None:
    """True or false; None where the cell is empty.

    Raises:
        WellnessError: something else.
    """
    text = row.cells.get(column)
    if text is None:
        return None
    found = _FLAGS.get(text.lower())
    if found is None:
        raise WellnessError(
            f"{name}: {row.entry} has {column} '{printable(text)}': write true, false or nothing."
        )
    return found
