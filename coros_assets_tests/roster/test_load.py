"""The roster of the settings: which file counts, what it is identified by, and what a bad one does."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from coros_assets.roster.load import RosterLoad, load_roster, roster_digest
from coros_assets.settings import Settings
from coros_assets.storage.lake import ObjectStore
from coros_assets.storage.parquet import LakeTable, encoded
from coros_assets.tables import ROSTER_SHIFTS

NIGHT = "date,code\n2026-05-04,N\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "roster").mkdir()
    return Settings(home=tmp_path, home_timezone="Europe/Vienna")


def loaded(settings: Settings) -> RosterLoad:
    """Loads as the asset does: what is loaded becomes the last good roster."""
    lake = ObjectStore(settings.lake)
    roster = load_roster(settings, lake, settings.home_timezone)
    LakeTable(lake, ROSTER_SHIFTS).write(encoded(roster.shifts))
    return roster


def digest(settings: Settings) -> str:
    return roster_digest(settings, settings.home_timezone)


def starts(roster: RosterLoad) -> list[str]:
    return [f"{start:%m-%d %H:%M}" for start in roster.shifts["start_time_local"].to_pylist()]


def test_the_newest_roster_of_the_folder_counts(settings: Settings) -> None:
    for age, name in enumerate(("b.csv", "a.csv", "notes.txt")):
        path = settings.roster_path / name
        path.write_text(f"date,code\n2026-05-0{age + 1},N\n")
        os.utime(path, (1_000_000 + age,) * 2)
    assert starts(loaded(settings)) == ["05-02 19:00"]


def test_without_a_roster_there_are_no_shifts_and_no_digest(settings: Settings) -> None:
    assert loaded(settings).shifts.num_rows == 0
    assert digest(settings) == ""


def test_codes_of_the_runner_count_and_change_the_identity_of_the_roster(settings: Settings) -> None:
    (settings.roster_path / "r.csv").write_text(NIGHT)
    before = digest(settings)
    assert starts(loaded(settings)) == ["05-04 19:00"]
    settings.roster_codes_path.write_text('N = "20:30-06:30"')
    assert digest(settings) != before
    assert starts(loaded(settings)) == ["05-04 20:30"]


def test_a_home_that_moves_changes_the_identity_of_the_roster(settings: Settings) -> None:
    (settings.roster_path / "r.csv").write_text(NIGHT)
    moved = Settings(home=settings.home, home_timezone="Europe/Vienna; 2023-09-01 Asia/Tokyo")
    assert digest(settings) != digest(moved)


@pytest.mark.parametrize(
    ("file", "text", "problem"),
    [
        ("roster/r.csv", "date,code\n2026-05-04,Z9\n", 'r.csv: it is not known what "Z9" (1) means'),
        ("roster/r.csv", "", "r.csv: there are no shifts in it"),
        ("roster_codes.toml", "N = 7", 'roster_codes.toml: "N" is neither hours nor off'),
    ],
)
def test_a_bad_roster_or_mapping_never_replaces_the_good_roster(
    settings: Settings, file: str, text: str, problem: str
) -> None:
    (settings.roster_path / "r.csv").write_text(NIGHT)
    good = loaded(settings)
    (settings.home / file).write_text(text)
    bad = loaded(settings)
    assert problem in str(bad.problem)
    assert starts(bad) == starts(good)
    assert LakeTable.digest(bad.shifts) == digest(settings)


def test_roster_and_codes_are_kept_as_they_were(settings: Settings) -> None:
    (settings.roster_path / "r.csv").write_text(NIGHT)
    settings.roster_codes_path.write_text('N = "20:30-06:30"')
    loaded(settings)
    lake = ObjectStore(settings.lake)
    kept = {lake.get(found.key) for found in lake.list() if found.key.startswith("bronze/roster/")}
    assert kept == {NIGHT.encode(), b'N = "20:30-06:30"'}
