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
LAKE_SAYS = r"s3://runs/\S+ cannot be (opened|listed|read|written): .+ run the command again\."
WAREHOUSE_SAYS = (
    r"The warehouse at 127\.0\.0\.1:\d+/runs (does not answer: .+|broke off: .+ run the command again)\. "
    r"Check COROS_WAREHOUSE_URL and that the server is running\."
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
    lake: str = "{folder}/lake"
    seconds: list[float] = field(default_factory=list)
    failures: int = 0

    def cut(self, cut: Cut, folder: Path) -> None:
        """A first load that is cut, and another one: whatever is wrong then fails the test."""
        home, through = (placed(settings, folder, self.lake) for settings in (self.home, self.through))
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


def placed(settings: Settings, folder: Path, lake: str) -> Settings:
    """Settings with folders of their own, and a lake named after them."""
    uri = lake.format(folder=folder, name="-".join(folder.parts[-2:]))
    return settings.model_copy(update={"landing_uri": str(folder / "landing"), "lake_uri": uri})


def to_port(url: str, port: int) -> str:
    return url.replace(f":{urlsplit(url).port}", f":{port}")


def undisturbed(home: Settings, through: Settings, proxy: Proxy, folder: Path, *line: str) -> Line:
    """One load through the proxy without a cut, and what it ends in."""
    lake = line[1] if line[1:] else Line.lake
    land(folder / "landing", FILES, WRITTEN)
    stores = emptied(Stores(placed(home, folder, lake)))
    proxy.set(None)
    assert quick_load(placed(through, folder, lake)) is None
    passed = Counter(proxy.passed)
    return Line(home, through, proxy, end_state(stores), passed, *line)


@pytest.fixture
def postgres_line(settings: Settings, postgres_url: str, tmp_path: Path) -> Iterator[Line]:
    """The connection to PostgreSQL."""
    with proxied(urlsplit(postgres_url).port) as proxy:
        home, through = (
            settings.model_copy(update={"warehouse_url": SecretStr(url)})
            for url in (postgres_url, to_port(postgres_url, proxy.port))
        )
        yield undisturbed(home, through, proxy, tmp_path / "apart", WAREHOUSE_SAYS)


@pytest.fixture
def s3_line(
    settings: Settings, s3_environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Line]:
    """The connection to the S3 server that has the lake."""
    for name, value in s3_environment.items():
        monkeypatch.setenv(name, value)
    with proxied(urlsplit(s3_environment["AWS_ENDPOINT_URL"]).port) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{proxy.port}")
        yield undisturbed(settings, settings, proxy, tmp_path / "apart", LAKE_SAYS, "s3://runs/{name}")


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


def test_a_load_whose_connection_to_postgresql_is_cut_ends_right_when_run_again(postgres_line, tmp_path):
    cut_often(postgres_line, tmp_path, range(3))


def test_a_load_whose_connection_to_s3_is_cut_ends_right(s3_line, tmp_path):
    cut_often(s3_line, tmp_path, range(2))


@pytest.mark.slow
@pytest.mark.parametrize("line", ["postgres_line", "s3_line"])
def test_a_load_cut_at_more_bytes_ends_right_when_run_again(line, request, tmp_path):
    cut_often(request.getfixturevalue(line), tmp_path, range(3, 18))


@pytest.mark.torture
@pytest.mark.timeout(7200)
@pytest.mark.parametrize(("line", "cuts"), [("postgres_line", 500), ("s3_line", 200)])
def test_a_load_cut_at_hundreds_of_bytes_ends_right_when_run_again(line, cuts, request, tmp_path):
    cut_often(request.getfixturevalue(line), tmp_path, range(100, 100 + cuts))


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
