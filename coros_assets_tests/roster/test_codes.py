"""What titles mean: shipped, the runner's own, and what is refused."""

from __future__ import annotations

import tomllib
from datetime import timedelta

import pytest

from coros_assets.errors import RosterError
from coros_assets.roster.codes import OFF, SHIPPED, read_codes
from coros_assets.roster.hours import Hours, read_hours


def test_every_shipped_title_has_one_meaning() -> None:
    written = tomllib.loads(SHIPPED.decode())
    shipped = read_codes("codes.toml", None)
    assert len(shipped.layers[-1]) == len(written)
    for title, value in written.items():
        assert shipped.meaning(title.upper()) == (OFF if value == "off" else read_hours(value))


@pytest.mark.parametrize("code", ["E", "F", "K", "L", "S", "T", "X"])
def test_codes_that_mean_different_things_in_different_places_are_not_shipped(code: str) -> None:
    assert read_codes("codes.toml", None).meaning(code) is None


@pytest.mark.parametrize(
    ("title", "hours"),
    [
        ("N", "20:30-06:30"),
        ("Night", "19:00-07:00"),
        ("Ward 7", "07:00-15:00"),
        ("Ward 7 night", "21:00-07:00"),
        ("Ward", "07:00-15:00"),
        ("08:00-16:00", "08:00-16:00"),
        ("Sick", "off"),
        ("Dentist", "off"),
    ],
)
def test_the_whole_title_counts_before_hours_and_those_before_beginnings(title: str, hours: str) -> None:
    own = b'N = "20:30-06:30"\n"Ward*" = "07:00-15:00"\n"ward 7 n*" = "21:00-07:00"\n"*" = "Off"'
    assert read_codes("codes.toml", own).meaning(title) == (OFF if hours == "off" else read_hours(hours))


def test_a_fold_goes_with_the_hours() -> None:
    codes = read_codes("codes.toml", b'Bar = { hours = "18-2", fold = 1 }')
    assert codes.meaning("bar") == Hours(timedelta(hours=18), timedelta(hours=26), 1)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'N = "nights"', '"N" is neither hours nor off: write "N" = "07:00-15:00", or "N" = "off".'),
        (b"N = 7", '"N" is neither hours nor off'),
        (b'N = { hours = "18-2" }', '"N" is neither hours nor off'),
        (b'N = { hours = "18-2", fold = 2 }', '"N" is neither hours nor off'),
        (b'[shifts]\nN = "18-2"', '"shifts" is neither hours nor off'),
        ("Frühdienst = '6-14'".encode(), "not TOML ("),
        (b"\xff", "not TOML ("),
        (b"N = 1" + b"0" * 5000, "not TOML ("),
        (b"N = " + b"[" * 100_000, "not TOML ("),
    ],
)
def test_a_line_that_says_nothing_is_refused_by_its_title(data: bytes, message: str) -> None:
    with pytest.raises(RosterError) as refusal:
        read_codes("codes.toml", data)
    sentence = str(refusal.value)
    assert sentence.startswith("codes.toml: ")
    assert message in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence
