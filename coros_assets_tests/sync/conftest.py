"""A scripted COROS, a keyring in memory, and a home of the test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

from coros_assets.settings import Settings
from coros_assets.storage.embedded import WAREHOUSE_DATABASE, embedded_url
from coros_assets.storage.warehouse import Warehouse
from coros_assets.stores import Stores
from coros_assets.sync.transport import Pace
from coros_assets_tests.conftest import home_settings
from coros_assets_tests.sync.coros_server import CorosServer, coros_server
from coros_assets_tests.sync.runner import Runner, runner

FAST = Pace(gap=0.0, waits=(0.02, 0.02), longest_wait=2.0, patience=5.0, login=5.0)


class MemoryKeyring(KeyringBackend):
    """A keyring that forgets everything with the test."""

    priority: ClassVar[float] = 1

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError(username)


@pytest.fixture
def memory() -> Iterator[MemoryKeyring]:
    """The keyring of this process, in memory."""
    before = keyring.get_keyring()
    keyring.set_keyring(found := MemoryKeyring())
    yield found
    keyring.set_keyring(before)


@pytest.fixture
def has() -> Runner:
    """What the runner has at COROS."""
    return runner()


@pytest.fixture(scope="session")
def running_coros() -> Iterator[CorosServer]:
    """The server of all tests."""
    with coros_server() as server:
        yield server


@pytest.fixture
def coros(running_coros: CorosServer, has: Runner) -> CorosServer:
    """COROS, which knows nobody yet."""
    running_coros.begin(has)
    return running_coros


def own_settings(session_home: Path, folder: Path, coros: CorosServer) -> Settings:
    """Settings of a home whose folders lie in `folder`, and whose warehouse is the session's."""
    common = home_settings(session_home, folder)
    return Settings(
        **{name: getattr(common, name) for name in common.model_fields_set - {"home"}},
        home=folder / "home",
        warehouse_url=embedded_url(session_home, WAREHOUSE_DATABASE),
        sync_url=coros.url,
    )


@pytest.fixture
def settings(session_home: Path, tmp_path: Path, coros: CorosServer) -> Settings:
    """Settings of a home of the test's own."""
    return own_settings(session_home, tmp_path, coros)


@pytest.fixture(scope="session")
def warehouse(session_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The session's warehouse, which a sync only locks."""
    return Stores(home_settings(session_home, tmp_path_factory.mktemp("other"))).warehouse


@pytest.fixture
def stores(settings: Settings, warehouse: Warehouse) -> Stores:
    """Stores of an empty home."""
    return opened(settings, warehouse)


def opened(settings: Settings, warehouse: Warehouse) -> Stores:
    """Stores as they are when the warehouse has been opened."""
    found = Stores(settings)
    vars(found)["warehouse"] = warehouse
    return found
