"""The server and the warm process that all crashes share."""

from __future__ import annotations

from pathlib import Path

import pytest

from coros_assets.storage.embedded import embedded_url
from coros_assets_tests.torture.sweep import Server, warm_up


@pytest.fixture(scope="session")
def server(session_home: Path) -> Server:
    server = Server(embedded_url(session_home, "postgres"))
    warm_up(server)
    return server
