"""Loads that start at the same moment over the same places end as one undisturbed load does."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr

from coros_assets.reconcile import gold_sum, landing_sum, silver_sum
from coros_assets.settings import Settings
from coros_assets.stores import Stores
from coros_assets.waiting import waiting
from coros_assets_tests.conftest import emptied
from coros_assets_tests.fit_bytes import activity, file_id, fit, laps, records, sessions
from coros_assets_tests.tcx_text import START, run_file
from coros_assets_tests.torture.crowd import Crowd, chosen
from coros_assets_tests.torture.loads import (
    differences,
    end_state,
    land,
    load,
    quick_load,
    torn_dates,
    wire,
)

WRITTEN = START.timestamp() + 86400
RUN = run_file(START, 40)
FILES: Mapping[str, bytes] = {
    "a.tcx": RUN,
    "again.tcx": RUN,
    "bad.tcx": RUN[:300],
    "better.fit": fit(
        file_id(),
        records(*((s, 140) for s in range(41))),
        laps((0, 40)),
        sessions((0, 1, 0)),
        activity(7200),
    ),
    "deep/next.tcx": run_file(START.replace(day=2, hour=22, minute=30), 50),
    "deep/other.tcx": run_file(START.replace(minute=40), 60),
    "long_ago.tcx": run_file(START.replace(year=2019), 45),
    "third.tcx": run_file(START.replace(day=3), 30),
}
MOST = 6  # of more files a load makes processes of its own


class Reader(threading.Thread):
    """Looks again and again; what it must never see is in `seen`."""

    def __init__(self, stores: Stores) -> None:
        super().__init__()
        self.stores, self.seen, self.looks, self._end = stores, list[str](), 0, threading.Event()

    def run(self) -> None:
        while not self._end.is_set():
            self.seen += torn_dates(self.stores)
            for sum_of in (landing_sum, silver_sum, gold_sum):
                found = sum_of(self.stores.warehouse)
                self.seen += [] if found.holds else [f"{found.equation}: {found.counts}"]
            self.looks += 1

    @contextmanager
    def looking(self) -> Iterator[None]:
        self.start()
        try:
            yield
        finally:
            self._end.set()
            self.join()


class Rounds:
    """Rounds of loads on one PostgreSQL, each with other files and places."""

    def __init__(self, settings: Settings, url: str, folder: Path, lake: str) -> None:
        self.settings = settings.model_copy(update={"warehouse_url": SecretStr(url)})
        self.folder, self.lake, self.looks = folder, lake, 0

    def places(self, name: str) -> Settings:
        folder = self.folder / name
        uri = self.lake.format(folder=folder, name=f"{self.folder.name}-{name}")
        return self.settings.model_copy(update={"landing_uri": str(folder / "landing"), "lake_uri": uri})

    def run(self, crowd: Crowd, seed: int, *, whole: bool = False) -> None:
        """One round; by odd seeds some of the files arrive while the loads are running."""
        source = random.Random(seed)
        files = {name: FILES[name] for name in chosen(source, list(FILES), MOST)}
        first = dict(list(files.items())[: len(files) // 2]) if seed % 2 else files
        one = load if whole else quick_load
        apart, here = self.places(f"apart{seed}"), self.places(f"round{seed}")
        land(self.folder / f"apart{seed}" / "landing", files, WRITTEN)
        stores = emptied(Stores(apart))
        assert one(apart) is None
        expected = end_state(stores)
        land(self.folder / f"round{seed}" / "landing", first, WRITTEN)
        stores, reader = emptied(Stores(here)), Reader(Stores(here))
        with reader.looking(), crowd.loading(here, whole=whole):
            time.sleep(source.random() * 0.3)
            land(self.folder / f"round{seed}" / "landing", files, WRITTEN)
        assert reader.seen == [], seed
        self.looks += reader.looks
        if first != files:
            assert one(here) is None
        assert differences(end_state(stores), expected) == [], seed
        work = waiting(stores)
        assert [*work.files, *work.silver_dates, *work.gold_dates] == [], seed
        assert not (whole and work.products)


@pytest.fixture
def on_folder(
    settings: Settings, postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Rounds:
    wire(monkeypatch)
    return Rounds(settings, postgres_url, tmp_path, "{folder}/lake")


@pytest.fixture
def on_s3(
    settings: Settings,
    s3_environment: dict[str, str],
    postgres_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Rounds:
    wire(monkeypatch)
    for name, value in s3_environment.items():
        monkeypatch.setenv(name, value)
    return Rounds(settings, postgres_url, tmp_path, "s3://runs/{name}")


def run_rounds(rounds: Rounds, size: int, seeds: range, *, whole: bool = False) -> None:
    began = time.monotonic()
    with Crowd(size) as crowd:
        for seed in seeds:
            rounds.run(crowd, seed, whole=whole)
    logging.getLogger(__name__).info(
        "%d rounds of %d loads in %.0f s, %d looks of a reader between",
        len(seeds),
        size,
        time.monotonic() - began,
        rounds.looks,
    )


def test_four_loads_at_once_end_as_one_does(on_folder):
    run_rounds(on_folder, 4, range(2))


@pytest.mark.slow
def test_eight_whole_loads_at_once_end_as_one_does(on_folder):
    run_rounds(on_folder, 8, range(2), whole=True)


@pytest.mark.slow
@pytest.mark.parametrize("rounds", ["on_folder", "on_s3"])
def test_eight_loads_at_once_end_as_one_does(rounds, request):
    run_rounds(request.getfixturevalue(rounds), 8, range(10, 16))


@pytest.mark.torture
@pytest.mark.timeout(7200)
@pytest.mark.parametrize(
    ("rounds", "number", "whole"),
    [("on_folder", 200, False), ("on_folder", 20, True), ("on_s3", 50, False)],
)
def test_eight_loads_at_once_end_as_one_does_again_and_again(rounds, number, whole, request):
    run_rounds(request.getfixturevalue(rounds), 8, range(100, 100 + number), whole=whole)
