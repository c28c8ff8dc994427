"""The same pure function over many inputs on all cores, in order, with bounded memory.

Belongs here: processes. Does not: what is computed; functions and inputs must be picklable.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from itertools import chain, islice
from multiprocessing.process import BaseProcess
from threading import Thread
from typing import Final, TypeVar

from coros_assets.errors import CorosError

Input = TypeVar("Input")
Output = TypeVar("Output")

FEW: Final = 6  # starting a process costs about a second, a file of an hour's run a fiftieth
AHEAD_PER_PROCESS: Final = 3


def mapped(function: Callable[[Input], Output], items: Iterable[Input]) -> Iterator[Output]:
    """`function` of each item in order; few items are done here, more of them by a process a core.

    At most a few items a process are in memory at once, however many there are.

    Raises:
        CorosError: a process was ended from outside.
    """
    rest = iter(items)
    few = list(islice(rest, FEW + 1))
    if len(few) <= FEW:
        yield from map(function, few)
        return
    try:
        yield from _shared_out(function, chain(few, rest))
    except BrokenProcessPool as error:
        _processes.cache_clear()
        raise CorosError(
            "A process of the load was ended from outside, most likely because memory ran short. Nothing is "
            "lost: run it again, with fewer other programs open."
        ) from error


def _shared_out(function: Callable[[Input], Output], items: Iterable[Input]) -> Iterator[Output]:
    waiting: deque[Future[Output]] = deque()
    for item in items:
        waiting.append(_processes().submit(function, item))
        if len(waiting) >= AHEAD_PER_PROCESS * (os.cpu_count() or 1):
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def in_groups(items: Iterable[Input], size: int) -> Iterator[Sequence[Input]]:
    """The items in lists of `size`, the last one shorter."""
    rest = iter(items)
    while group := list(islice(rest, size)):
        yield group


@cache
def _processes() -> ProcessPoolExecutor:
    """One pool for the whole run: its processes import the package once, not once a layer."""
    spawning = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(os.cpu_count() or 1, mp_context=spawning, initializer=_end_with_parent)


def _end_with_parent() -> None:
    """Lets a process of the pool end when the run's process is killed; by itself it would wait for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
