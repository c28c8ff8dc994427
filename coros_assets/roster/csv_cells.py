"""The cells of a CSV file.

Belongs here: encoding, separators and quotes. Does not: what the cells say (`table.py`).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from coros_assets.errors import RosterError
from coros_assets.roster.table import CellRow

_BINARY = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def csv_cells(name: str, data: bytes) -> Iterator[CellRow]:
    """The rows of text in UTF-8 with commas or semicolons, counted from 1.

    Raises:
        RosterError: not text in UTF-8, or a row that is not CSV.
    """
    text = _text(name, data)
    first_line = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = ";" if ";" in first_line else ","
    records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, cells in enumerate(records, start=1):
            yield CellRow(number, cells)
    except csv.Error as error:
        raise RosterError(f"{name}: row {records.line_num} is not CSV ({error}): correct the row.") from error


def _text(name: str, data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if _BINARY.search(text):
        raise RosterError(
            f"{name}: neither an iCalendar nor CSV text in UTF-8: "
            "export the roster as .ics, or save it as CSV UTF-8."
        )
    return text
