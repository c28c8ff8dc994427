"""Wellness as CSV: a header row, then a row a morning or a sleep.

Belongs here: lines and cells. Does not: what cells may hold (`rows.py`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from coros_assets.errors import WellnessError
from coros_assets.wellness.rows import Row, column_name


def read_csv(name: str, text: str) -> Iterator[Row]:
    """The rows of a CSV file, with commas or semicolons; empty rows are passed over, the header is row 1.

    Raises:
        WellnessError: not CSV; a column unknown or twice; a row of another length than the header.
    """
    first_line = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = ";" if ";" in first_line else ","
    records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] = []
    try:
        for line, cells in enumerate(records, start=1):
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = _header(name, cells)
                continue
            if len(cells) != len(header):
                raise WellnessError(
                    f"{name}: row {line} has {len(cells)} cells, the header {len(header)}: correct the row."
                )
            filled = {column: cell.strip() for column, cell in zip(header, cells, strict=True)}
            yield Row(f"row {line}", {column: cell for column, cell in filled.items() if cell})
    except csv.Error as error:
        raise WellnessError(
            f"{name}: row {records.line_num} is not CSV ({error}): correct the row."
        ) from error


def _header(name: str, cells: list[str]) -> list[str]:
    header = [column_name(name, cell) for cell in cells]
    for column in header:
        if header.count(column) > 1:
            raise WellnessError(f"{name}: there are two columns for {column}: keep one of them.")
    return header
