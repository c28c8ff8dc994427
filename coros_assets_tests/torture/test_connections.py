"""A connection that ends at any byte loses nothing, doubles nothing, and leaves nobody waiting."""

from __future__ import annotations

import logging
import os
import random
import re
import socket
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pydantic import SecretStr

from coros_assets.errors import CorosError
from coros_assets.settings import Settings
from coros_assets.storage.warehouse import Warehouse
from coros_assets.stores import Stores
from coros_assets.waiting import waiting
from coros_assets_tests.conftest import emptied
from coros_assets_tests.tcx_text import START, run_file
from coros_assets_tests.torture.loads import differences, end_state, land, quick_load, torn_dates
from coros_assets_tests.torture.proxy import TO_CLIENT, TO_SERVER, Cut, Proxy, proxied

WRITTEN = START.timestamp() + 86400
FILES = {
    "a.tcx": run_file(START, 60),
    "again.tcx": run_file(START, 60),
    "bad.tcx": b"no activity",
    "night.tcx": run_file(START.replace(day=3), 90),
}
STUCK_S = 60
WAREHOUSE_SAYS = (
    r"The warehouse at 127\.0\.0\.1:\d+/runs (does not answer: .+ Check|broke off: .+ again)[^\n]+"
)


@dataclass
class Line:
    """A load whose connections go through a proxy, and how it ends undisturbed; those of `home` do not."""

    home: Settings
    through: Settings
    proxy: Proxy
    expected: Mapping[str, object]
    passed: Counter[str]
    sentence: str
    seconds: list[float] = field(default_factory=list)
    failures: int = 0

    def cut(self, cut: Cut, folder: Path) -> None:
        """A first load that is cut, and another one: whatever is wrong then fails the test."""
        home, through = placed(self.home, folder), placed(self.through, folder)
        land(folder / "landing", FILES, WRITTEN)
        stores = emptied(Stores(home))
        before = self.proxy.cuts
        self.proxy.set(cut)
        said = self._timed(through)
        assert self.proxy.cuts == before + 1, f"{cut} did not happen"
        if said is not None:
            self.failures += 1
            assert re.fullmatch(self.sentence, said), f"{cut}: {said}"
            assert "s3cret" not in said
        assert torn_dates(stores) == []
        assert self._timed(through) is None
        assert differences(end_state(stores), self.expected) == [], cut
        work = waiting(stores)
        assert [*work.files, *work.silver_dates, *work.gold_dates] == []

    def _timed(self, settings: Settings) -> str | None:
        began = time.monotonic()
        said = quick_load(settings)
        self.seconds.append(time.monotonic() - began)
        assert self.seconds[-1] < STUCK_S
        return said


def placed(settings: Settings, folder: Path) -> Settings:
    return settings.model_copy(
        update={"landing_uri": str(folder / "landing"), "lake_uri": str(folder / "lake")}
    )


def to_port(url: str, port: int) -> str:
    return url.replace(f":{urlsplit(url).port}", f":{port}")


@pytest.fixture
def postgres_line(settings: Settings, postgres_url: str, tmp_path: Path) -> Iterator[Line]:
    """The connection to PostgreSQL."""
    with proxied(urlsplit(postgres_url).port) as proxy:
        home, through = (
            settings.model_copy(update={"warehouse_url": SecretStr(url)})
            for url in (postgres_url, to_port(postgres_url, proxy.port))
        )
        land(tmp_path / "apart" / "landing", FILES, WRITTEN)
        stores = emptied(Stores(placed(home, tmp_path / "apart")))
        proxy.set(None)
        assert quick_load(placed(through, tmp_path / "apart")) is None
        passed = Counter(proxy.passed)
        yield Line(home, through, proxy, end_state(stores), passed, WAREHOUSE_SAYS)


def cut_often(line: Line, folder: Path, seeds: range) -> None:
    for seed in seeds:
        line.cut(Cut.drawn(random.Random(seed), line.passed), folder / str(seed))
    logging.getLogger(__name__).info(
        "%d cuts, %d loads failed and said so, the longest took %.1f s; an undisturbed one passes %s bytes",
        len(seeds),
        line.failures,
        max(line.seconds),
        dict(line.passed),
    )


def test_a_load_whose_postgresql_connection_is_cut_ends_right_when_run_again(postgres_line, tmp_path):
    cut_often(postgres_line, tmp_path, range(3))


@pytest.mark.slow
def test_a_load_cut_at_twenty_more_bytes_ends_right_when_run_again(postgres_line, tmp_path):
    cut_often(postgres_line, tmp_path, range(3, 23))


@pytest.mark.torture
@pytest.mark.timeout(3600)
def test_a_load_cut_at_five_hundred_bytes_ends_right_when_run_again(postgres_line, tmp_path):
    cut_often(postgres_line, tmp_path, range(23, 523))


def inserted(postgres_url: str, cut: Cut) -> None:
    """A row is inserted, and the connection cut when it is to be committed."""
    with (
        proxied(urlsplit(postgres_url).port) as proxy,
        Warehouse(to_port(postgres_url, proxy.port)).connection() as connection,
    ):
        connection.execute("INSERT INTO ledger.table_state VALUES ('x', 'y')")
        proxy.set(cut)


@pytest.mark.parametrize("reset", [False, True], ids=["ended", "reset"])
@pytest.mark.parametrize(
    ("direction", "left"), [(TO_SERVER, {}), (TO_CLIENT, {"x": "y"})], ids=["request", "acknowledgement"]
)
def test_of_a_commit_is_lost(postgres_url, settings, direction, left, reset):
    stores = emptied(Stores(settings.model_copy(update={"warehouse_url": SecretStr(postgres_url)})))
    with pytest.raises(CorosError, match=r"broke off: .* run the command again"):
        inserted(postgres_url, Cut(direction, 0, reset))
    assert stores.ledger.table_states() == left


def test_a_connection_to_a_server_that_is_gone_and_a_lock_that_stays_are_given_up(postgres_url):
    with Warehouse(postgres_url).connection() as connection:
        used = socket.socket(fileno=os.dup(connection.fileno()))
        with used:
            assert used.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
            assert used.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 30
            assert used.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 60_000
        for limit in ("lock_timeout", "idle_in_transaction_session_timeout"):
            assert connection.execute("SELECT current_setting(%s)", [limit]).fetchall() == [("10min",)]
