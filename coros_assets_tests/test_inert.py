"""Text from elsewhere: whatever it holds, it is shown as text."""

import csv
import io
import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from coros_assets.inert import inert_cell, printable

HOSTILE = (
    "\x1b[31mred\x1b[0m",
    "\x1b]8;;http://evil.example\x07link\x1b]8;;\x07",
    "\x9b2J\x90q\x9c",
    "bell\x07 back\x08 null\x00 delete\x7f",
    "gpj\u202exct\u2066.\u2069exe",
    "zero\u200bwidth\u200d\ufeff\u00ad\u2060",
    "line\r\nnew\u2028line\u2029paragraph\x85next\ttab\x0b\x0c",
    "\udcff lone surrogate \ue000 private \U000e0001 tag \uffff none",
    "\u3164\u115f\u1160\uffa0\u034f",
)
ANY_TEXT = st.text(st.characters(), max_size=60) | st.sampled_from(HOSTILE)
WIDE_EQUALS = "\N{FULLWIDTH EQUALS SIGN}"
FORMULA_SIGNS = "=+-@\uff0b\uff0d\uff20" + WIDE_EQUALS


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Night 19:00-07:00", "Night 19:00-07:00"),
        ("Nachtdienst Ärztin 夜勤 🌙 [bold] <b> :skull:", "Nachtdienst Ärztin 夜勤 🌙 [bold] <b> :skull:"),
        ("two  blanks stay", "two  blanks stay"),
        (HOSTILE[0], "�[31mred�[0m"),
        (HOSTILE[1], "�]8;;http://evil.example�link�]8;;�"),
        (HOSTILE[2], "�2J�q�"),
        (HOSTILE[4], "gpjxct.exe"),
        (HOSTILE[5], "zerowidth"),
        (HOSTILE[6], "line new line paragraph next tab "),
        (HOSTILE[7], "� lone surrogate � private  tag � none"),
        (HOSTILE[8], ""),
    ],
)
def test_what_steers_a_terminal_is_replaced_and_what_cannot_be_seen_is_left_out(text, shown):
    assert printable(text) == shown


def test_a_text_is_shortened_only_where_it_is_too_long():
    assert printable("abcd", 4) == "abcd"
    assert printable("abcde", 4) == "abc…"
    assert len(printable("x" * 500)) == 120


@given(ANY_TEXT, st.none() | st.integers(1, 40))
def test_printable_text_is_visible_short_and_stays_as_it_is_the_second_time(text, limit):
    shown = printable(text, limit)
    assert shown.isprintable()
    assert not any(unicodedata.category(character)[0] == "C" for character in shown)
    assert limit is None or len(shown) <= limit
    assert printable(shown, limit) == shown


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E)))
def test_plain_text_is_shown_as_it_is(text):
    assert printable(text, None) == text


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1", "'+1"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "' =1"),
        ("\r\n=1", "' =1"),
        ("\u200b=1", "'=1"),
        (f"{WIDE_EQUALS}1", f"'{WIDE_EQUALS}1"),
        ("run;=1|@x", "run;'=1|'@x"),
        ("a-b=c@d.e", "a-b=c@d.e"),
        ("2024-06-01_1.tcx", "2024-06-01_1.tcx"),
    ],
)
def test_a_spreadsheet_takes_no_text_for_a_formula(text, cell):
    assert inert_cell(text) == cell


@given(ANY_TEXT | st.text(FORMULA_SIGNS + ";| \t\r\n\"',x1"))
@example('";=1')
@example('|"=')
def test_no_cell_of_a_csv_file_begins_a_formula_however_the_file_is_split(text):
    file = io.StringIO()
    csv.writer(file).writerow(["first", inert_cell(text)])
    for delimiter in (",", ";", "\t", "|"):
        for row in csv.reader(io.StringIO(file.getvalue()), delimiter=delimiter):
            assert not any(cell.lstrip().startswith(tuple(FORMULA_SIGNS)) for cell in row)


def test_splitting_finds_the_formula_in_a_text_that_was_not_treated():
    assert any(cell.startswith("=") for cell in next(csv.reader(["first,run;=1"], delimiter=";")))


@pytest.mark.parametrize(
    "text", [" " * 10**6 + "x", "\n" * 10**6, ";" * 10**6, "\u200b" * 10**6, "; " * 10**6]
)
def test_a_million_characters_take_no_longer_than_they_must(text):
    begun = time.monotonic()
    inert_cell(text)
    assert time.monotonic() - begun < 5
