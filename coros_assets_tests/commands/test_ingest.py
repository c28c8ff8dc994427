"""The roster that counts, as `ingest --roster` replaces it."""

from __future__ import annotations

from pathlib import Path

import pytest

from coros_assets.commands.ingest import copy_to_landing, keep_roster
from coros_assets.errors import CorosError, RosterError
from coros_assets.roster.load import load_roster
from coros_assets.settings import Settings
from coros_assets.storage.lake import ObjectStore
from coros_assets.stores import Stores
from coros_assets_tests.roster.builders import calendar_bytes, csv_bytes, workbook_bytes

PATTERN = (
    b"[[pattern]]\ncycle = 'O'\nanchor = 2026-05-01\nuntil = 2026-05-31\n[exceptions]\n2026-05-04 = 'Nacht 2'"
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "roster_codes.toml").write_text('"Nacht 2" = "20:15-06:45"')
    return Settings(home=tmp_path, home_timezone="Europe/Vienna")


def given(settings: Settings, name: str, data: bytes) -> Path:
    file = settings.home / name
    file.write_bytes(data)
    return file


def counted(settings: Settings) -> list[str]:
    shifts = load_roster(settings, Stores(settings).lake, settings.home_timezone).shifts
    return [f"{start:%m-%d %H:%M}" for start in shifts["start_time_local"].to_pylist()]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("r.ics", calendar_bytes("DTSTART;VALUE=DATE:20260504|SUMMARY:Nacht 2")),
        ("r.csv", csv_bytes("date,code", "2026-05-04,Nacht 2")),
        ("R.XLSX", workbook_bytes(["date", "code"], ["2026-05-04", "Nacht 2"])),
        ("r.toml", PATTERN),
    ],
)
def test_a_roster_of_every_format_replaces_the_one_before(settings: Settings, name: str, data: bytes) -> None:
    keep_roster(given(settings, "old.csv", csv_bytes("date,code", "2025-05-04,N")), Stores(settings))
    assert counted(settings) == ["05-04 19:00"]
    keep_roster(given(settings, name, data), Stores(settings))
    assert counted(settings) == ["05-04 20:15"]
    assert [path.name for path in settings.roster_path.iterdir()] == [f"roster.{name[2:].lower()}"]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("r.csv", b"", "r.csv: there are no shifts in it"),
        ("r.txt", b"date,code\n2026-05-04,N", "must be a file named .ics, .csv, .xlsx, .toml"),
        ("codes.toml", b'N = "20:15-06:45"', "what codes mean belongs in"),
        ("r.xlsx", b"PK\x03\x04", "not a workbook that can be read"),
    ],
)
def test_a_roster_that_is_refused_leaves_the_one_before(
    settings: Settings, name: str, data: bytes, message: str
) -> None:
    keep_roster(given(settings, "old.toml", PATTERN), Stores(settings))
    with pytest.raises(RosterError) as refusal:
        keep_roster(given(settings, name, data), Stores(settings))
    assert message in str(refusal.value)
    assert counted(settings) == ["05-04 20:15"]


@pytest.mark.parametrize(
    ("step", "begins"), [("replace", "05-04 20:15"), ("unlink", "05-04 19:00")], ids=["before", "after"]
)
def test_a_replacement_that_is_killed_leaves_the_old_roster_or_the_new_one(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, step: str, begins: str
) -> None:
    keep_roster(given(settings, "old.toml", PATTERN), Stores(settings))
    new = given(settings, "new.csv", b"start,end\n2026-05-04 19:00,2026-05-05 07:00\n")
    with monkeypatch.context() as patch:
        patch.setattr(Path, step, killed)
        with pytest.raises(KeyboardInterrupt):
            keep_roster(new, Stores(settings))
    assert counted(settings) == [begins]
    keep_roster(new, Stores(settings))
    assert counted(settings) == ["05-04 19:00"]
    assert [file.name for file in settings.roster_path.iterdir()] == ["roster.csv"]


def killed(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_a_roster_named_in_the_settings_is_not_replaced(settings: Settings) -> None:
    file = given(settings, "r.toml", PATTERN)
    named = Settings(home=settings.home, home_timezone="Europe/Vienna", roster=str(file))
    with pytest.raises(CorosError, match="COROS_ROSTER names"):
        keep_roster(file, Stores(named))


def test_of_two_files_that_get_the_same_name_at_once_none_is_written_over(tmp_path, monkeypatch):
    landing = ObjectStore(str(tmp_path / "landing"))
    for folder in ("one", "two"):
        (tmp_path / folder / "export").mkdir(parents=True)
        (tmp_path / folder / "export" / "run.tcx").write_text(folder)
    put_new = ObjectStore.put_new

    def late(self: ObjectStore, key: str, data: bytes) -> bool:
        monkeypatch.setattr(ObjectStore, "put_new", put_new)
        copy_to_landing([tmp_path / "two" / "export"], landing)
        return put_new(self, key, data)

    monkeypatch.setattr(ObjectStore, "put_new", late)
    assert copy_to_landing([tmp_path / "one" / "export"], landing).copied == 1
    assert sorted(landing.get(found.key) for found in landing.list()) == [b"one", b"two"]
