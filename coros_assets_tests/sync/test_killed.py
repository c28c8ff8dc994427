"""A sync that ends anywhere leaves nothing that the next one does not put right."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from coros_assets.storage.lake import ObjectStore
from coros_assets_tests.sync.actions import HASTY_SYNC, environment_of, log_in, synced
from coros_assets_tests.sync.conftest import opened, own_settings
from coros_assets_tests.sync.test_pull import counting, kept

WRITES = ("put", "put_new")
SIDES = ("before", "after")
SOME = ((1, "after"), (7, "before"), (27, "after"), (32, "before"))
"""At 7, before it, a sync whose cursor went ahead of its days would lose a week."""


class Killed(BaseException):
    """Stands for the end of the process: nothing that the sync catches."""


@pytest.fixture
def ending(monkeypatch):
    """Makes the n-th write of a process its last deed; returns how many writes there were."""
    writes = {"count": 0, "at": None, "side": None}

    def wrapped(usual: Any) -> Any:
        def write(store: ObjectStore, key: str, data: bytes) -> Any:
            at_end = writes["count"] == writes["at"]
            writes["count"] += 1
            if at_end and writes["side"] == "before":
                raise Killed
            result = usual(store, key, data)
            if at_end:
                raise Killed
            return result

        return write

    for name in WRITES:
        monkeypatch.setattr(ObjectStore, name, wrapped(getattr(ObjectStore, name)))

    def choose(at: int | None, side: str = "") -> dict[str, Any]:
        writes.update(count=0, at=at, side=side)
        return writes

    return choose


def check(session_home, warehouse, coros, folder: Path, ending, at: int, side: str, expected) -> None:
    stores = opened(own_settings(session_home, folder, coros), warehouse)
    log_in(stores, coros)
    ending(at, side)
    with pytest.raises((Killed, BaseExceptionGroup)):
        synced(stores)
    ending(None)
    coros.files_given = 0
    done = synced(stores)
    assert done.problems == []
    assert done.remarks == []
    assert kept(stores) == expected


@pytest.fixture
def expected(session_home, warehouse, coros, memory, tmp_path, ending):
    """What a sync that nobody disturbs leaves, and how often it writes."""
    stores = opened(own_settings(session_home, tmp_path / "whole", coros), warehouse)
    log_in(stores, coros)
    writes = ending(None)
    synced(stores)
    return kept(stores), writes["count"]


def test_a_sync_killed_at_some_writes_ends_in_the_same_state(
    session_home, warehouse, coros, tmp_path, ending, expected
):
    state, count = expected
    assert count > max(SOME)[0]
    for at, side in SOME:
        check(session_home, warehouse, coros, tmp_path / f"{at}", ending, at, side, state)


@pytest.mark.slow
def test_a_sync_killed_at_any_write_ends_in_the_same_state(
    session_home, warehouse, coros, tmp_path, ending, expected
):
    state, count = expected
    for at in range(count):
        for side in SIDES:
            check(session_home, warehouse, coros, tmp_path / f"{at}{side}", ending, at, side, state)


def test_a_process_that_is_killed_while_files_come_is_gone_on_with(stores, memory, coros, has):
    log_in(stores, coros)
    token = next(iter(coros.accounts.access))
    process = subprocess.Popen(
        [sys.executable, "-c", HASTY_SYNC],
        env=os.environ | environment_of(stores.settings) | {"COROS_SYNC_TOKEN": token},
        stderr=subprocess.DEVNULL,
    )
    coros.instead["downloadActivityFitFiles"] = [
        lambda: None,
        lambda: os.kill(process.pid, signal.SIGKILL),
    ]
    assert process.wait(60) == -signal.SIGKILL
    assert len(list(stores.landing.list())) == 1
    done = synced(stores)
    assert (done.files, done.files_waiting, done.problems) == (2, 0, [])
    assert len(counting(stores)) == len(has.nights)
    first, *later = [call["labelId"] for call in coros.calls("downloadActivityFitFiles")]
    assert first not in later
