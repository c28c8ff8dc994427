"""The usual cycles, against what their descriptions say of them."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from itertools import groupby
from pathlib import Path

import pytest

from coros_assets.roster import cycles
from coros_assets.roster.codes import read_codes
from coros_assets.roster.cycles import find_cycle, named_cycles
from coros_assets.roster.hours import Hours

WEEK = timedelta(days=7)


@pytest.mark.parametrize(
    ("name", "runs", "hours_a_week"),
    [
        ("2-2-4", "2D 2N 4O", 42),
        ("4-on-4-off", "4D 4O 4N 4O", 42),
        (
            "Panama",
            "2D 2O 3D 2O 2D 3O 2D 2O 3D 2O 2D 3O 2N 2O 3N 2O 2N 3O 2N 2O 3N 2O 2N 3O",
            42,
        ),
        ("Continental", "2M 3A 2N 2O 3M 2A 2N 3O 2M 2A 3N 2O", 42),
        ("DuPont", "4N 3O 3D 1O 3N 3O 4D 7O", 42),
        ("6-2x3", "6M 2O 6A 2O 6N 2O", 42),
        ("24/48", "1W 2O", 56),
        ("48/96", "2W 4O", 56),
        ("Kelly", "1W 1O 1W 1O 1W 4O", 56),
    ],
)
def test_a_cycle_has_the_sequence_and_the_weekly_hours_it_is_described_with(
    name: str, runs: str, hours_a_week: int
) -> None:
    cycle = named_cycles()[name]
    assert " ".join(f"{len(list(run))}{letter}" for letter, run in groupby(cycle.letters)) == runs
    codes = read_codes("codes.toml", None).over_shipped(cycle.hours)
    meanings = [codes.meaning(letter) for letter in cycle.letters]
    worked = sum((each.end - each.start for each in meanings if isinstance(each, Hours)), timedelta())
    assert worked * (WEEK / timedelta(days=len(cycle.letters))) == timedelta(hours=hours_a_week)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("dupont", "DuPont"),
        ("4 on 4 off", "4-on-4-off"),
        ("panama 2-2-3", "Panama"),
        ("24 / 48", "24/48"),
        ("DD NN OOOO", "2-2-4"),
    ],
)
def test_a_name_is_found_however_it_is_spelled(text: str, name: str) -> None:
    assert find_cycle(text) == named_cycles()[name]


def test_other_letters_are_a_cycle_of_their_own_and_nothing_else_is() -> None:
    cycle = find_cycle("D N -".replace("-", "O"))
    assert cycle is not None
    assert (cycle.letters, cycle.hours) == ("DNO", {})
    assert [find_cycle(text) for text in ("", "5-2", "D,N", "7")] == [None] * 4


def test_every_cycle_names_where_it_is_described() -> None:
    entries = tomllib.loads(Path(cycles.__file__).with_suffix(".toml").read_text(encoding="utf-8"))["cycle"]
    assert all(len(entry["source"]) > 20 for entry in entries)
    names = [name for entry in entries for name in entry["names"]]
    assert len(set(names)) == len(names)
