"""A sync against a scripted COROS."""

from __future__ import annotations

import asyncio
import json
import threading

import httpx
import pytest

from coros_assets.sync.login import log_in
from coros_assets.sync.pull import sync
from coros_assets.sync.vault import Vault
from coros_assets_tests.sync.conftest import FAST


def browser(address: str) -> None:
    threading.Thread(target=httpx.get, args=[address], kwargs={"follow_redirects": True}).start()


def logged_in(settings, coros):
    asyncio.run(log_in(settings.sync_url, Vault(str(settings.home)), FAST, browser, lambda _: None))


def test_first(stores, memory, coros):
    logged_in(stores.settings, coros)
    print(memory.kept)
    done = sync(stores, None, FAST)
    print(done)
    print(coros.asked)
    print((stores.settings.wellness_path / "coros_sync.json").read_text()[:600])
    assert 0
