"""What tests of the sync do: log in as the runner would, sync, look at the state."""

from __future__ import annotations

import asyncio
import json
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from typing import Any

from pydantic import SecretStr

from coros_assets.settings import Settings
from coros_assets.stores import Stores
from coros_assets.sync import login
from coros_assets.sync.pull import Synced, sync
from coros_assets.sync.vault import Vault
from coros_assets_tests.sync.conftest import FAST
from coros_assets_tests.sync.coros_server import CorosServer

HASTY_SYNC = (
    "from coros_assets.sync import transport; transport.POLITE = transport.Pace(gap=0); "
    "from coros_assets.cli import main; main(['sync'])"
)
"""The command, for a process of its own, without its pauses."""


def environment_of(settings: Settings) -> dict[str, str]:
    """The variables that make another process have the same settings."""
    values = {name: getattr(settings, name) for name in settings.model_fields_set}
    return {
        f"COROS_{name.upper()}": value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        for name, value in values.items()
    }


def browser(address: str) -> None:
    """The runner's browser, which goes where COROS sends it."""
    threading.Thread(target=_visit, args=[address]).start()


def _visit(address: str) -> None:
    with suppress(OSError), urllib.request.urlopen(address, timeout=10):
        pass


def log_in(stores: Stores, coros: CorosServer) -> list[str]:
    """Logs in; returns what was said."""
    said: list[str] = []
    asyncio.run(login.log_in(coros.url, vault(stores), FAST, browser, said.append))
    return said


def vault(stores: Stores) -> Vault:
    return Vault(str(stores.settings.home))


def synced(stores: Stores, since: date | None = None) -> Synced:
    """A sync, in a hurry."""
    return sync(stores, since, FAST)


@contextmanager
def state_of(stores: Stores) -> Iterator[dict[str, Any]]:
    """The state file, written back at the end."""
    file = stores.settings.home / "sync" / "coros.json"
    state = json.loads(file.read_text())
    yield state
    file.write_text(json.dumps(state))
