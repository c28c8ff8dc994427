"""One load that is overtaken by another at a place in its code that the test names.

Belongs here: stopping a thread at a function, and what runs meanwhile. Does not: loads (`loads.py`).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from coros_assets.stores import Stores

_WAITING = """
    SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


@contextmanager
def overtaken(owner: Any, name: str, meanwhile: Callable[[], object], stores: Stores) -> Iterator[None]:
    """Inside, the first call of `owner.name` in this thread returns late.

    `meanwhile` is done in another thread first, or comes to where it waits for a lock that this thread
    holds; in the end it is done.
    """
    original, here, others = getattr(owner, name), threading.get_ident(), []

    def late(*arguments: Any, **named: Any) -> Any:
        result = original(*arguments, **named)
        if threading.get_ident() == here and not others:
            thread = threading.Thread(target=meanwhile)
            others.append(thread)
            thread.start()
            _until_done_or_waiting(thread, stores)
        return result

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, name, late)
        yield
        assert others, f"{name} was not called: the test tests nothing"
        others[0].join(60)
        assert not others[0].is_alive(), "the other load is stuck"


def _until_done_or_waiting(thread: threading.Thread, stores: Stores) -> None:
    end = time.monotonic() + 60
    while thread.is_alive():
        if stores.warehouse.read(_WAITING)["n"].to_pylist() != [0]:
            return
        assert time.monotonic() < end, "the other load is stuck"
        time.sleep(0.02)
