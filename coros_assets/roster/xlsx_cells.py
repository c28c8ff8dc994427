"""The cells of an Excel workbook (`.xlsx`), as the text that a CSV file would have.

Belongs here: opening workbooks that may be hostile, and the text of a cell. Does not: what the cells say
(`table.py`), or the layout of zip and the refusal of markup (`formats/`).
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.cell.read_only import EMPTY_CELL
from openpyxl.styles.numbers import is_datetime

from coros_assets.errors import RosterError, UnreadableFileError
from coros_assets.formats import zip_members
from coros_assets.formats.xml_guard import guarded
from coros_assets.inert import printable
from coros_assets.roster.intervals import MAX_SHIFTS, OLD_WORKBOOK_MARK, too_many
from coros_assets.roster.table import CellRow

MAX_PARTS_BYTES: Final = 32 * 2**20  # 40,000 rows of five cells are 12 MB
MAX_TAGS: Final = 900_000  # those rows have 880,000; a tag costs the parser about 300 bytes
MAX_COLUMNS: Final = 32  # a roster has six; further right nothing is looked for
_MAX_ROWS: Final = 2**20  # of a sheet

_PART = re.compile(r"\[Content_Types\]\.xml|_rels/\.rels|xl/.*\.(?:xml|rels)", re.IGNORECASE)
_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\s[^>]*?ref\s*=\s*["'][A-Z]+(\d+):[A-Z]+(\d+)["']""")
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_BROKEN: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    BadZipFile,
    LookupError,
    NotImplementedError,  # of a zip archive: packed by a method that it does not know
    OSError,
    RecursionError,
    SyntaxError,
    TypeError,
    ValueError,
)
"""What the library raises for a part that is missing or says what it cannot; `SyntaxError` is the XML's."""


def xlsx_cells(name: str, data: bytes) -> list[CellRow]:
    """The rows of the only visible sheet that has cells, all of one width, numbered as in the sheet.

    Dates and times become `2026-03-28`, `2026-03-28 19:00:00` or `19:00:00`, whichever epoch the workbook
    counts from; of a formula the value counts that was saved with it.

    Only parts that were looked through are given to the library, in an archive made anew: within 32 MiB and
    900,000 tags, without document types and entities.

    Raises:
        RosterError: no workbook, protected by a password, of the old format, too large, broken; with cells
            on several visible sheets or merged over several rows; with more than 40,000 rows.
    """
    if data.startswith(OLD_WORKBOOK_MARK):
        why = "protected by a password" if _ENCRYPTED in data else "of the format before .xlsx"
        raise RosterError(f"{name}: the workbook is {why}: save it as .xlsx without a password.")
    try:
        parts = _parts(data)
        _refuse_merged(name, parts)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            sheets = dict(_sheets(name, _packed(parts)))
    except (UnreadableFileError, *_BROKEN) as error:
        reason = printable(str(error)).rstrip(".") if isinstance(error, UnreadableFileError) else "damaged"
        raise RosterError(
            f"{name}: not a workbook that can be read ({reason}): save it again as .xlsx, or as CSV UTF-8."
        ) from error
    if len(sheets) > 1:
        titles = ", ".join(f"'{printable(title)}'" for title in sheets)
        raise RosterError(f"{name}: there are cells on {len(sheets)} sheets ({titles}): hide all but one.")
    return next(iter(sheets.values()), [])


def _parts(data: bytes) -> dict[str, bytes]:
    """The parts of the workbook that say what is in its cells, safe to parse."""
    found = {member.name: member for member in zip_members.members(data) if _PART.fullmatch(member.name)}
    size = sum(member.size_bytes for member in found.values())
    if size > MAX_PARTS_BYTES:
        raise UnreadableFileError(f"it expands to {size:,} bytes, which no roster does")
    parts = {
        name: guarded(zip_members.content(member, MAX_PARTS_BYTES))
        for name, member in found.items()
        if member.size_bytes
    }
    if sum(part.count(b"<") for part in parts.values()) > MAX_TAGS:
        raise UnreadableFileError(f"it has more than {MAX_TAGS:,} tags, which no roster does")
    return parts


def _refuse_merged(name: str, parts: Mapping[str, bytes]) -> None:
    """Of merged cells only the first holds what all seem to show."""
    for part, content in parts.items():
        rows = (found for found in _MERGED.finditer(content) if found[1] != found[2])
        if part.startswith("xl/worksheets/") and (merged := next(rows, None)):
            first, last = (row.decode() for row in merged.groups())
            raise RosterError(
                f"{name}: cells of the rows {first} to {last} are merged: unmerge them and fill each row."
            )


def _packed(parts: Mapping[str, bytes]) -> BytesIO:
    into = BytesIO()
    with ZipFile(into, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return into


def _sheets(name: str, archive: BytesIO) -> Iterator[tuple[str, list[CellRow]]]:
    """The visible sheets that have cells."""
    workbook = load_workbook(archive, read_only=True, data_only=True, keep_links=False)
    for sheet in workbook.worksheets:
        if sheet.sheet_state == "visible" and (rows := _rows(name, sheet)):
            yield sheet.title, _trimmed(rows)


def _rows(name: str, sheet: Any) -> list[CellRow]:
    """The rows of a sheet that have content, whatever size it states."""
    sheet.reset_dimensions()
    rows: list[CellRow] = []
    for number, cells in enumerate(sheet.iter_rows(max_row=_MAX_ROWS, max_col=MAX_COLUMNS), start=1):
        if all(cell is EMPTY_CELL for cell in cells):
            continue
        texts = [_text(cell) for cell in cells]
        if any(texts):
            rows.append(CellRow(number, texts))
        if len(rows) > MAX_SHIFTS + 1:
            raise too_many(name)
    return rows


def _trimmed(rows: list[CellRow]) -> list[CellRow]:
    """The rows without the columns at the right that are empty in all of them."""
    width = max(column for _, cells in rows for column, cell in enumerate(cells, start=1) if cell)
    return [CellRow(number, cells[:width]) for number, cells in rows]


def _text(cell: Any) -> str:
    value = cell.value
    match value:
        case None:
            return ""
        case datetime():
            at = _to_the_second(value)
            dated = at.time() == time.min and is_datetime(cell.number_format) == "date"
            return f"{at:%Y-%m-%d}" if dated else f"{at:%Y-%m-%d %H:%M:%S}"
        case time():
            return f"{_to_the_second(datetime.combine(date.min, value)):%H:%M:%S}"
        case timedelta():
            minutes, seconds = divmod(round(value.total_seconds()), 60)
            return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"
        case float():
            return f"{value:.15g}"
    return str(value)


def _to_the_second(at: datetime) -> datetime:
    """A time as it was meant, which fractions of a day only come near to."""
    return (at + timedelta(milliseconds=500)).replace(microsecond=0)
