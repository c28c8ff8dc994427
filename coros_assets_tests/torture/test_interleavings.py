"""A load that read something old and comes late must never win over the one that read something newer.

Each test stops a load at one place between its reading and its writing, lets another load do everything in
the meantime, and compares the end with that of one undisturbed load.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from coros_assets.answers import assets as answers
from coros_assets.bronze import intake
from coros_assets.bronze.store import BronzeStore
from coros_assets.gold import assets as gold
from coros_assets.gold import load as gold_load
from coros_assets.report import assets as report
from coros_assets.roster import assets as roster
from coros_assets.settings import Settings
from coros_assets.silver import load as silver_load
from coros_assets.storage import warehouse
from coros_assets.storage.ledger import Ledger
from coros_assets.storage.parquet import LakeTable
from coros_assets.storage.statements import statement
from coros_assets.storage.warehouse import Warehouse
from coros_assets.stores import Stores
from coros_assets.waiting import waiting
from coros_assets_tests.conftest import emptied
from coros_assets_tests.tcx_text import START, run_file
from coros_assets_tests.torture.loads import differences, end_state, land, load, torn_dates, wire
from coros_assets_tests.torture.overtaking import overtaken

WRITTEN = START.timestamp() + 86400
RUN = run_file(START, 60)
FIRST = {"a.tcx": RUN, "b.tcx": run_file(START + timedelta(days=3), 60)}
NEW_FILES = {"late.tcx": run_file(START + timedelta(minutes=30), 70), "z_again.tcx": RUN}
SHIFTS = "start,end\n2024-05-31 19:00,2024-06-01 07:00\n"
OTHER_SHIFTS = "start,end\n2024-05-31 20:00,2024-06-01 09:00\n"
ATHLETE = "[[athlete]]\nvalid_from = 2024-01-01\nhome_timezone = 'Asia/Tokyo'\nmax_heart_rate_bpm = 180\n"


def new_files(settings: Settings) -> None:
    land(Path(settings.landing_uri), NEW_FILES, WRITTEN + 60)


def new_roster(settings: Settings) -> None:
    settings.roster_path.mkdir(exist_ok=True)
    (settings.roster_path / "r.csv").write_text(OTHER_SHIFTS)


def new_home(settings: Settings) -> None:
    settings.athlete_path.write_text(ATHLETE)


def begin(settings: Settings, folder: Path) -> Settings:
    """A runner's folders before anything was loaded, and a lake of their own."""
    settings = settings.model_copy(
        update={
            "landing_uri": str(folder / "landing"),
            "lake_uri": str(folder / "lake"),
            "roster": str(folder / "roster"),
            "athlete": str(folder / "athlete.toml"),
        }
    )
    land(folder / "landing", FIRST, WRITTEN)
    settings.roster_path.mkdir()
    (settings.roster_path / "r.csv").write_text(SHIFTS)
    return settings


@cache
def undisturbed(change: Callable[[Settings], None]) -> dict[str, object]:
    """The end of the same history with one load after the other; whoever asks first has made it."""
    return {}


class Race:
    """A loaded home in which something changes, and the end that one load after the other comes to."""

    def __init__(self, settings: Settings, folder: Path, change: Callable[[Settings], None]) -> None:
        self.change, self.expected = change, undisturbed(change)
        if not self.expected:
            apart = begin(settings, folder / "apart")
            stores = emptied(Stores(apart))
            assert load(apart) is None
            change(apart)
            assert load(apart) is None
            self.expected.update(end_state(stores))
        self.settings = begin(settings, folder / "race")
        self.stores = emptied(Stores(self.settings))
        assert load(self.settings) is None
        self.failed: list[str | None] = []

    def newer(self) -> None:
        """The change, and the load that is started because of it."""
        self.change(self.settings)
        self.failed.append(load(self.settings))

    def run(self, owner: Any, name: str) -> list[str]:
        """Lets a load be overtaken at a place by a newer one; how the end differs from what it should be."""
        with overtaken(owner, name, self.newer, self.stores):
            self.failed.append(load(self.settings))
        waits = [f"waiting: {waiting(self.stores)}"] if waiting(self.stores) else []
        return differences(end_state(self.stores), self.expected) + waits


@pytest.fixture
def race(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Race]:
    wire(monkeypatch)
    return lambda change: Race(settings, tmp_path, change)


def everything_again(race: Race) -> None:
    """Gives the next load something to do, so that it comes by every place."""
    with race.stores.warehouse.connection() as connection:
        connection.execute("UPDATE ledger.date_state SET silver_digest = NULL, gold_digest = NULL")


PLACES = [
    (new_files, intake, "date_plans"),
    (new_files, silver_load, "_made"),
    (new_files, gold, "fact_day"),
    (new_roster, gold_load, "_facts"),
]
MORE_PLACES = [
    (new_files, intake, "pending_files"),
    (new_files, LakeTable, "write"),
    (new_files, gold_load, "_facts"),
    (new_files, report, "render_report"),
    (new_roster, roster, "load_roster"),
    (new_roster, answers, "answer_fitness_trend"),
    (new_home, silver_load, "_made"),
    (new_home, gold_load, "_facts"),
]


def named(part: Any) -> str:
    return getattr(part, "__name__", part)


@pytest.mark.parametrize(
    ("change", "owner", "name"),
    [*PLACES, *(pytest.param(*place, marks=pytest.mark.slow) for place in MORE_PLACES)],
    ids=named,
)
def test_a_load_that_is_overtaken_never_wins(race, change, owner, name):
    found = race(change)
    everything_again(found)
    assert found.run(owner, name) == []
    assert found.failed == [None, None]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("owner", "name"), [(intake, "pending_files"), (BronzeStore, "enter"), (Ledger, "record_dates")]
)
def test_of_two_loads_that_take_in_the_same_files_each_file_has_one_fate(race, owner, name):
    found = race(new_files)
    new_files(found.settings)
    assert found.run(owner, name) == []
    fates = found.stores.warehouse.read("SELECT path, outcome FROM ledger.landing_file").to_pylist()
    assert {row["path"]: row["outcome"] for row in fates} == {
        "a.tcx": "bronze",
        "b.tcx": "bronze",
        "late.tcx": "bronze",
        "z_again.tcx": "duplicate",
    }


def looks_before_the_lock(patch: pytest.MonkeyPatch) -> None:
    locked = Ledger.record_dates

    def record_dates(self: Ledger, found: Callable[[], Sequence[Mapping[str, Any]]]) -> None:
        states = found()
        locked(self, lambda: states)

    patch.setattr(Ledger, "record_dates", record_dates)


def writes_silver_whatever_changed(patch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def making_silver(
        self: Ledger, marks: Sequence[Mapping[str, Any]], wanted: object
    ) -> Iterator[set[date]]:
        yield {mark["activity_date"] for mark in marks}
        with self._warehouse.connection() as connection:
            connection.cursor().executemany(statement("coros_assets.storage", "mark_silver"), marks)

    patch.setattr(Ledger, "making_silver", making_silver)


def replaces_whatever_changed(patch: pytest.MonkeyPatch) -> None:
    compared = Warehouse.replace

    def replace(self: Warehouse, table: Any, rows: Any, made_from: str, present: object) -> bool:
        return compared(self, table, rows, made_from, lambda: made_from)

    patch.setattr(Warehouse, "replace", replace)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("mistake", "owner", "name"),
    [
        (looks_before_the_lock, intake, "date_plans"),
        (writes_silver_whatever_changed, silver_load, "_made"),
        (replaces_whatever_changed, gold, "fact_day"),
    ],
    ids=named,
)
def test_the_tests_notice_a_load_that(race, mistake, owner, name, monkeypatch):
    found = race(new_files)
    mistake(monkeypatch)
    everything_again(found)
    assert found.run(owner, name) != []


def reader_between_tables(race: Race) -> list[str]:
    """What a reader sees while a load has written some of the tables of a date and not yet the others."""
    seen: list[list[str]] = []
    new_files(race.settings)
    with overtaken(warehouse, "copy_in", lambda: seen.append(torn_dates(race.stores)), race.stores):
        load(race.settings, products=False)
    return seen[0]


def test_a_reader_between_two_tables_of_a_date_sees_the_date_whole(race):
    assert reader_between_tables(race(new_files)) == []


@pytest.mark.slow
def test_the_reader_notices_a_load_without_a_transaction(race, monkeypatch):
    found, whole = race(new_files), Warehouse.connection

    @contextmanager
    def connection(self: Warehouse) -> Iterator[Any]:
        with whole(self) as opened:
            opened.autocommit = True
            yield opened

    monkeypatch.setattr(Warehouse, "connection", connection)
    assert reader_between_tables(found) != []


@pytest.mark.slow
def test_silver_that_a_writer_who_lost_his_lock_left_behind_is_made_again(race):
    found = race(new_roster)
    key, other = (f"silver/laps/activity_date=2024-06-0{day}/part-0.parquet" for day in (1, 4))
    right = found.stores.lake.get(key)
    found.stores.lake.put(key, found.stores.lake.get(other))
    new_roster(found.settings)
    load(found.settings)
    assert waiting(found.stores).silver_dates == (date(2024, 6, 1),)
    assert load(found.settings) is None
    assert found.stores.lake.get(key) == right
    assert differences(end_state(found.stores), found.expected) == []
