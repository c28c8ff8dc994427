"""Values as the reader sees them."""

from __future__ import annotations

from datetime import date

import pytest

from coros_assets.report import text

M = text.MINUS


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (text.number(1234.5), "1,234"),
        (text.number(1234.56, 1), "1,234.6"),
        (text.number(-2.0), f"{M}2"),
        (text.number(-0.04, 1), "0.0"),
        (text.number(None), text.MISSING),
        (text.number(float("nan")), text.MISSING),
        (text.signed_percent(-2.34), f"{M}2.3 %"),
        (text.signed_percent(0.8), "+0.8 %"),
        (text.signed_percent(0.04), "0.0 %"),
        (text.signed_percent(None), text.MISSING),
        (text.interval_percent(-3.4, 1.2), f"{M}3.4 to +1.2 %"),
        (text.interval_percent(None, 1.2), text.MISSING),
        (text.effect(-2.4, -3.4, -1.2), f"{M}2.4 % ({M}3.4 to {M}1.2 %)"),
        (text.pace(342.4), "5:42 /km"),
        (text.pace(359.6), "6:00 /km"),
        (text.pace(0), text.MISSING),
        (text.pace(None), text.MISSING),
        (text.duration(251.6), "4:12"),
        (text.duration(3599.7), "1:00:00"),
        (text.duration(5717.5), "1:35:18"),
        (text.duration(None), text.MISSING),
        (text.seconds(12.34), "12.3 s"),
        (text.seconds(None), text.MISSING),
        (text.heart_rate(148.3), "148 bpm"),
        (text.heart_rate(None), text.MISSING),
        (text.two_decimals(1.2345), "1.23"),
        (text.kilometres(12345.0), "12 km"),
        (text.day(date(2025, 3, 9)), "9 March 2025"),
        (text.day(None), text.MISSING),
        (text.short_day(date(2025, 3, 9)), "9 Mar 2025"),
        (text.short_day(None), text.MISSING),
        (text.month(date(2025, 3, 1)), "Mar 2025"),
        (text.month(None), text.MISSING),
        (text.count(1, "run"), "1 run"),
        (text.count(1204, "run"), "1,204 runs"),
        (text.count(0, "activity", "activities"), "0 activities"),
    ],
)
def test_a_value_is_written_as_a_reader_expects(written: str, expected: str) -> None:
    assert written.replace(text.THIN, " ") == expected


def test_what_stands_in_brackets_is_set_apart_and_nothing_is_lost() -> None:
    pieces = text.with_asides("A drop (1 to 3 %, 40 runs) after nights. (So far.)")
    assert [piece for piece, is_aside in pieces if is_aside] == [
        f"(1 to 3{text.THIN}%, 40 runs)",
        "(So far.)",
    ]
    assert "".join(piece for piece, _ in pieces).replace(text.THIN, " ") == (
        "A drop (1 to 3 %, 40 runs) after nights. (So far.)"
    )


def test_a_number_keeps_its_percent_sign_on_the_line() -> None:
    assert text.unbroken("by 2.4 % of 100 % or 5 km") == f"by 2.4{text.THIN}% of 100{text.THIN}% or 5 km"
