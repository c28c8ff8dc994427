"""Workbooks: the text of their cells, and what is refused before or while they are opened."""

from __future__ import annotations

import zipfile
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from openpyxl import Workbook
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from coros_assets.errors import RosterError
from coros_assets.roster.xlsx_cells import xlsx_cells

from .builders import VIENNA, read, workbook_bytes

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


at = datetime.fromisoformat


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    into = BytesIO()
    with zipfile.ZipFile(into, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return into.getvalue()


GOOD = workbook_bytes(["date", "code"], [date(2026, 5, 4), "N"])


def with_sheet(rows: str, after: str = "", before: str = "") -> bytes:
    """A workbook whose sheet holds exactly this XML."""
    sheet = f'{before}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'
    return packed(parts_of(GOOD) | {"xl/worksheets/sheet1.xml": sheet.encode()})


@pytest.mark.parametrize("epoch", [WINDOWS_EPOCH, MAC_EPOCH])
@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(2026, 3, 28), "2026-03-28"),
        (at("2026-03-28 00:00"), "2026-03-28 00:00:00"),
        (at("2026-03-28 19:20"), "2026-03-28 19:20:00"),
        (time(19, 20), "19:20:00"),
        (time(19, 19, 59, 999_600), "19:20:00"),
        (at("2026-03-28 19:19:59.999600"), "2026-03-28 19:20:00"),
        (timedelta(hours=24), "24:00:00"),
        ("2026-03-28 19:00", "2026-03-28 19:00"),
        ("Frühdienst", "Frühdienst"),
        (19, "19"),
        (19.0, "19"),
        (0.5, "0.5"),
    ],
)
def test_a_cell_becomes_the_text_that_csv_has(epoch: datetime, value: object, text: str) -> None:
    assert xlsx_cells("r.xlsx", workbook_bytes(["x"], [value], epoch=epoch))[1] == (2, [text])


@pytest.mark.parametrize(
    "rows",
    [
        (["date", "code"], [date(2026, 5, 4), "N"]),
        (["date", "start", "end"], [date(2026, 5, 4), time(19), time(7)]),
        (["date", "start", "end"], ["2026-05-04", 19, 7]),
        (["start", "end"], [at("2026-05-04 19:00"), at("2026-05-05 07:00")]),
        ([None], ["start", "end", None], [], ["2026-05-04 19:00", "2026-05-05 07:00", None]),
    ],
)
def test_a_workbook_is_read_as_the_table_it_holds(rows: tuple[list[object], ...]) -> None:
    (shift,) = read("r.xlsx", workbook_bytes(*rows)).to_pylist()
    assert (shift["shift_id"], shift["timezone"]) == ("20260504T170000Z", VIENNA)
    assert shift["end_time"] == datetime(2026, 5, 5, 5, tzinfo=UTC)
    assert shift["source"] == f"r.xlsx row {len(rows)}"


def test_of_a_formula_the_saved_value_counts() -> None:
    rows = (
        '<row r="1"><c r="A1" t="str"><v>code</v></c><c r="B1" t="str"><v>date</v></c></row>'
        '<row r="7"><c r="A7" t="str"><f>Z9</f><v>N</v></c><c r="B7" t="str"><v>2026-05-04</v></c></row>'
    )
    assert read("r.xlsx", with_sheet(rows))["source"].to_pylist() == ["r.xlsx row 7"]


def test_a_formula_without_a_saved_value_is_an_empty_cell() -> None:
    rows = '<row r="2"><c r="A2"><f>1+1</f></c><c r="B2"><v>7</v></c></row>'
    assert xlsx_cells("r.xlsx", with_sheet(rows)) == [(2, ["", "7"])]


def test_sheets_that_are_hidden_or_empty_do_not_count() -> None:
    book = Workbook()
    book.create_sheet("Empty", 0)
    book.create_sheet("Legend").append(["N", "Night"])
    book["Legend"].sheet_state = "hidden"
    book["Sheet"].append(["date"])
    assert xlsx_cells("r.xlsx", saved(book)) == [(1, ["date"])]


def saved(book: Workbook) -> bytes:
    into = BytesIO()
    book.save(into)
    return into.getvalue()


def two_sheets() -> bytes:
    book = Workbook()
    book["Sheet"].append(["date"])
    book.create_sheet("Feb\x7fruary").append(["date"])
    return saved(book)


def merged(cells: str) -> bytes:
    book = Workbook()
    book["Sheet"].append(["date", "code"])
    book["Sheet"].merge_cells(cells)
    return saved(book)


def zip_bomb() -> bytes:
    return packed(parts_of(GOOD) | {"xl/worksheets/sheet1.xml": b" " * (40 * 2**20)})


CORNERS = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"PK\x03\x04 no workbook", "not a workbook that can be read (The zip archive is cut short"),
        (packed({"notes.txt": b"hello"}), "not a workbook that can be read (damaged)"),
        (GOOD[: len(GOOD) // 2], "not a workbook that can be read (The zip archive is cut short"),
        (OLD, "the workbook is of the format before .xlsx: save it as .xlsx without a password"),
        (OLD + "EncryptedPackage".encode("utf-16-le"), "the workbook is protected by a password"),
        (zip_bomb(), "bytes, which no roster does"),
        (with_sheet("<row/>" * 900_000), "it has more than 900,000 tags"),
        (with_sheet("", before='<!DOCTYPE w [<!ENTITY a "b">]>'), "declares a document type or entities"),
        (with_sheet("<row>"), "not a workbook that can be read (damaged)"),
        (with_sheet('<row r="1"><c r="A1" t="s"><v>7</v></c></row>'), "(damaged)"),
        (with_sheet('<row r="1"><c r="?"><v>7</v></c></row>'), "(damaged)"),
        (packed(parts_of(GOOD), zipfile.ZIP_BZIP2), "packed by a method that is not read"),
        (two_sheets(), "there are cells on 2 sheets ('Sheet', 'Feb�ruary'): hide all but one"),
        (merged("A2:A4"), "cells of the rows 2 to 4 are merged: unmerge them and fill each row"),
        (workbook_bytes(*[[1]] * 40_010), "more than 40,000 shifts"),
        (workbook_bytes(), "there are no shifts in it"),
        (workbook_bytes(["date", "code"], ["2026-02-30", "N"]), "row 2 has '2026-02-30', which is no date"),
        (workbook_bytes(["date", "code"], [46000, "N"]), "row 2 has '46000', which is no date"),
        (workbook_bytes(["date", "code"], [date(2026, 5, 4), "Z9"]), 'it is not known what "Z9" (1) means'),
        (workbook_bytes(["date", "colour"]), "the column 'colour' is unknown"),
    ],
)
def test_a_workbook_that_cannot_be_right_is_refused_in_one_sentence(data: bytes, message: str) -> None:
    with pytest.raises(RosterError) as refusal:
        read("mine.xlsx", data)
    sentence = str(refusal.value)
    assert message in sentence
    assert sentence.startswith("mine.xlsx: ")
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_cells_merged_within_a_row_do_no_harm() -> None:
    assert xlsx_cells("r.xlsx", merged("C1:D1")) == [(1, ["date", "code"])]


@pytest.mark.parametrize("rows", [CORNERS, '<row r="99999999999"><c r="A1"><v>1</v></c></row>'])
def test_cells_far_away_cost_nothing(rows: str) -> None:
    assert len(xlsx_cells("r.xlsx", with_sheet(rows))) <= 1


@settings(max_examples=150)
@given(st.data())
def test_any_change_of_a_part_gives_cells_or_a_refusal(data: st.DataObject) -> None:
    parts = parts_of(GOOD)
    name = data.draw(st.sampled_from(sorted(parts)))
    content = parts[name]
    first = data.draw(st.integers(0, len(content)))
    length = data.draw(st.integers(0, 40))
    parts[name] = content[:first] + data.draw(st.binary(max_size=20)) + content[first + length :]
    if data.draw(st.booleans()):
        del parts[data.draw(st.sampled_from(sorted(parts)))]
    try:
        rows = xlsx_cells("r.xlsx", packed(parts, zipfile.ZIP_STORED))
    except RosterError:
        return
    assert all(isinstance(cell, str) for row in rows for cell in row.cells)
