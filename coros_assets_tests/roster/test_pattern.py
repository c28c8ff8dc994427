"""Patterns: cycles laid on dates, with what was otherwise, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta

import hypothesis.strategies as st
import pytest
from hypothesis import given

from coros_assets.errors import RosterError

from .builders import VIENNA, read

HEAD = "[[pattern]]\ncycle = 'DDNNOOOO'\nanchor = 2026-01-05\n"
JANUARY = HEAD + "until = 2026-01-31\n"


def letters(text: str, first: str, days: int, codes: str = "") -> str:
    """The kinds of the shifts that start on each date, as D and N; `-` where none does."""
    shifts = read("r.toml", text.encode(), VIENNA, codes).to_pylist()
    kinds = {shift["start_time_local"].date(): shift["kind"][0].upper() for shift in shifts}
    dates = [date.fromisoformat(first) + timedelta(days=number) for number in range(days)]
    return "".join(kinds.get(day, "-") for day in dates)


def hours(text: str, codes: str = "") -> list[str]:
    shifts = read("r.toml", text.encode(), VIENNA, codes).to_pylist()
    return [f"{shift['start_time_local']:%m-%d %H:%M}-{shift['end_time_local']:%H:%M}" for shift in shifts]


def test_a_cycle_is_laid_from_its_anchor_to_the_last_date() -> None:
    assert letters(JANUARY, "2026-01-01", 40) == "----DDNN----DDNN----DDNN----DDN---------"


def test_a_pattern_may_begin_before_or_after_its_anchor() -> None:
    assert letters(JANUARY + "from = 2026-01-03", "2026-01-01", 9) == "----DDNN-"
    assert letters(JANUARY + "from = 2025-12-29", "2025-12-26", 16) == "---DNN----DDNN--"
    assert letters(JANUARY + "from = 2026-01-07", "2026-01-01", 9) == "------NN-"


def test_hours_of_a_letter_are_the_files_then_the_runners_then_the_usual_ones_of_the_cycle() -> None:
    text = "[[pattern]]\ncycle = 'Continental'\nanchor = 2026-01-05\nuntil = 2026-01-10\n"
    assert hours(text)[:3:2] == ["01-05 06:00-14:00", "01-07 14:00-22:00"]
    assert hours(text, 'A = "13:00-21:00"')[:3:2] == ["01-05 06:00-14:00", "01-07 13:00-21:00"]
    own = text + "hours = { A = '12:00-20:00' }"
    assert hours(own, 'A = "13:00-21:00"')[:3:2] == ["01-05 06:00-14:00", "01-07 12:00-20:00"]


def test_exceptions_stand_instead_of_the_cycle() -> None:
    text = (
        JANUARY
        + """
[exceptions]
2026-01-05 = "off"
2026-01-06 = "N"
"2026-01-07/2026-01-08" = "Krank"
2026-01-09 = "Nachtdienst"
2026-01-10 = "08:00-12:00"
2026-01-11 = { hours = "10:00-15:00", fold = 0 }
"2026-01-12/2026-01-31" = "Urlaub"
2026-01-20 = "D"
"""
    )
    assert hours(text) == [
        "01-06 19:00-07:00",
        "01-09 19:00-07:00",
        "01-10 08:00-12:00",
        "01-11 10:00-15:00",
        "01-20 07:00-19:00",
    ]
    shifts = read("r.toml", text.encode())
    assert shifts["title"].to_pylist() == ["N", "Nachtdienst", "08:00-12:00", None, "D"]
    assert shifts["source"].to_pylist()[0] == "r.toml 2026-01-06"


def test_a_pattern_without_end_is_laid_for_twenty_years_past_the_latest_date_named() -> None:
    last = read("r.toml", HEAD.encode())["start_time_local"].to_pylist()[-1].date()
    assert date(2046, 1, 1) <= last <= date(2046, 1, 5)
    text = HEAD + "[exceptions]\n2030-01-01 = 'D'"
    last = read("r.toml", text.encode())["start_time_local"].to_pylist()[-1].date()
    assert date(2049, 12, 24) <= last <= date(2050, 1, 1)
    text = HEAD.replace("2026", "2095")
    assert read("r.toml", text.encode())["start_time_local"].to_pylist()[-1].year == 2099


def test_a_pattern_without_end_holds_until_the_next_begins() -> None:
    text = (
        "[[pattern]]\ncycle = 'N'\nanchor = 2026-01-08\nuntil = 2026-01-10\n"
        "[[pattern]]\ncycle = 'D'\nanchor = 2026-01-05\n"
    )
    assert letters(text, "2026-01-04", 9) == "-DDDNNN--"


def test_each_pattern_may_have_its_zone_and_its_hours() -> None:
    text = (
        "[[pattern]]\ncycle = 'N'\nanchor = 2026-01-05\nuntil = 2026-01-05\ntimezone = 'America/New_York'\n"
        "[[pattern]]\ncycle = 'N'\nanchor = 2026-01-07\nuntil = 2026-01-07\nhours.N = '20:30-06:30'\n"
    )
    shifts = read("r.toml", text.encode())
    assert shifts["timezone"].to_pylist() == ["America/New_York", VIENNA]
    assert shifts["shift_id"].to_pylist() == ["20260106T000000Z", "20260107T193000Z"]


def test_two_shifts_of_24_hours_in_a_row_do_not_overlap() -> None:
    text = "[[pattern]]\ncycle = '48/96'\nanchor = 2026-01-05\nuntil = 2026-01-12\n"
    assert letters(text, "2026-01-05", 8) == "NN----NN"


@given(
    st.text(alphabet="DNO", min_size=1, max_size=30),
    st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    st.integers(-800, 800),
    st.integers(0, 400),
)
def test_the_letter_of_a_date_is_its_distance_from_the_anchor(
    cycle: str, anchor: date, offset: int, days: int
) -> None:
    first = anchor + timedelta(days=offset)
    text = (
        f"[[pattern]]\ncycle = '{cycle}'\nanchor = {anchor}\n"
        f"from = {first}\nuntil = {first + timedelta(days=days)}\n"
    )
    expected = "".join(cycle[(offset + number) % len(cycle)] for number in range(days + 1)).replace("O", "-")
    if set(expected) == {"-"}:
        with pytest.raises(RosterError, match="there are no shifts"):
            read("r.toml", text.encode())
    else:
        assert letters(text, str(first), days + 1) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not a pattern: head each with [[pattern]] in double brackets"),
        ('N = "20:30-06:30"', "what codes mean belongs in codes.toml"),
        ("[pattern]\ncycle = 'DN'", "not a pattern"),
        ("pattern = 7", "not a pattern"),
        (HEAD + "[exceptions]\n2026-01-06 = 'N'\n[notes]\na = 1", "not a pattern"),
        ("[[pattern]\n", "not TOML ("),
        (HEAD + "colour = 'red'", "pattern 1 has the unknown key 'colour'; known are cycle, anchor, from"),
        ("[[pattern]]\nanchor = 2026-01-05", "pattern 1 has the cycle 'None', which is neither letters"),
        (
            "[[pattern]]\ncycle = '5-2'",
            "the cycle '5-2', which is neither letters such as DDNNOOOO nor one of",
        ),
        ("[[pattern]]\ncycle = 'DN'", "pattern 1 has no anchor: write it as anchor = 2026-01-05"),
        ("[[pattern]]\ncycle = 'DN'\nanchor = '2026-01-05'", "which is no date: write it as anchor = 2026"),
        ("[[pattern]]\ncycle = 'DN'\nanchor = 2026-02-30", "not TOML ("),
        ("[[pattern]]\ncycle = 'DN'\nanchor = 2026-01-05T07:00:00", "which is no date"),
        ("[[pattern]]\ncycle = 'DN'\nanchor = 1026-01-05", "pattern 1 is dated 1026"),
        (HEAD + "until = 2026-01-04", "pattern 1 ends on 2026-01-04, before it begins on 2026-01-05"),
        (HEAD + "timezone = 'Wien'", "pattern 1 is in the zone 'Wien', which is no IANA zone"),
        (HEAD + "timezone = 7", "pattern 1 is in the zone '7'"),
        (
            HEAD.replace("DDNN", "DEXQ"),
            "pattern 1 has no hours for E, X, Q of its cycle: below [pattern.hours] write "
            'E = "07:00-15:00", or E = "off"',
        ),
        (HEAD + "hours.D = 'days'", '"D" is neither hours nor off'),
        (HEAD + "hours = 'days'", '"hours" is neither hours nor off'),
        (HEAD + HEAD, "the patterns from 2026-01-05 and from 2026-01-05 overlap"),
        (
            JANUARY + HEAD.replace("01-05", "01-31"),
            "the patterns from 2026-01-05 and from 2026-01-31 overlap",
        ),
        (HEAD + "[exceptions]\n2026-02-30 = 'N'", "the exception '2026-02-30' is no date: write it as"),
        (HEAD + "[exceptions]\nmarch = 'N'", "the exception 'march' is no date"),
        (HEAD + "[exceptions]\n'2026-03-04/2026-03-01' = 'N'", "ends before it begins"),
        (HEAD + "[exceptions]\n'2026-03-04/2099-03-01' = 'off'", "or more than a year later"),
        (HEAD + "[exceptions]\n1026-03-04 = 'N'", "the exception 1026-03-04 is dated 1026"),
        (
            JANUARY + "[exceptions]\n2026-02-01 = 'N'\n2026-01-06 = 'off'",
            "the exception of 2026-02-01 lies outside the pattern, which holds from 2026-01-05 to 2026-01-31",
        ),
        (HEAD + "[exceptions]\n2026-01-06 = 7", "the exception of 2026-01-06 is neither a code nor hours"),
        (HEAD + "[exceptions]\n2026-01-06 = 'Z9'\n2026-01-07 = 'Z9'", 'it is not known what "Z9" (2) means'),
        (
            HEAD + "[exceptions]\n2026-01-08 = '19-9'\n2026-01-09 = '8-12'",
            "2026-01-08 (2026-01-08 19:00) and",
        ),
        (
            HEAD + "[exceptions]\n2026-03-28 = '15:00-02:30'",
            "2026-03-28 has the end 2026-03-29 02:30:00, which the clocks skip in Europe/Vienna",
        ),
        (
            HEAD + "[exceptions]\n2026-10-24 = '18:00-02:30'",
            "2026-10-24 has the end 2026-10-25 02:30:00, which happens twice in Europe/Vienna: give its code",
        ),
        ("[[pattern]]\ncycle = 'D'\nanchor = 1970-01-01\nuntil = 2099-12-31", "more than 40,000 shifts"),
        ("[[pattern]]\ncycle = 'O'\nanchor = 2026-01-01", "there are no shifts in it"),
    ],
)
def test_a_pattern_that_cannot_be_right_is_refused_in_one_sentence(text: str, message: str) -> None:
    with pytest.raises(RosterError) as refusal:
        read("mine.toml", text.encode())
    sentence = str(refusal.value)
    assert message in sentence
    assert sentence.startswith("mine.toml: ")
    assert sentence.endswith(".")
    assert "\n" not in sentence


@pytest.mark.parametrize(("fold", "lasts"), [(0, 8.5), (1, 9.5)])
def test_hours_with_a_fold_are_laid_over_the_autumn_night(fold: int, lasts: float) -> None:
    text = (
        "[[pattern]]\ncycle = 'B'\nanchor = 2026-10-24\nuntil = 2026-10-24\n"
        f"hours.B = {{ hours = '18:00-02:30', fold = {fold} }}"
    )
    (shift,) = read("r.toml", text.encode()).to_pylist()
    assert (shift["end_time"] - shift["start_time"]).total_seconds() == lasts * 3600
