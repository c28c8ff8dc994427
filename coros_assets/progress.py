"""How far long work has come, shown by whoever is watching.

Belongs here: the one seam between work that counts its steps and a display. Does not: how progress
looks (`cli.py`); without a watcher nothing is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeAlias, TypeVar

T = TypeVar("T")
Watcher: TypeAlias = Callable[[str, int, int], None]  # what is done, steps done, steps in all

_watcher: ContextVar[Watcher | None] = ContextVar("watcher", default=None)


@contextmanager
def watched_by(watcher: Watcher) -> Iterator[None]:
    """Inside, every tracked step is reported to `watcher`."""
    token = _watcher.set(watcher)
    try:
        yield
    finally:
        _watcher.reset(token)


def tracked(items: Iterable[T], total: int, description: str) -> Iterator[T]:
    """The items, each reported when the next one is asked for."""
    watcher = _watcher.get()
    for done, item in enumerate(items, start=1):
        yield item
        if watcher:
            watcher(description, done, total)
