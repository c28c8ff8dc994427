"""The same pure function over many inputs on all cores, in order, with bounded memory.

Belongs here: processes. Does not: what is computed; functions and inputs must be picklable.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from functools import cache
from itertools import chain, islice
from typing import Final, TypeVar

Input = TypeVar("Input")
Output = TypeVar("Output")

FEW: Final = 6  # starting a process costs about a second, a file of an hour's run a fiftieth
AHEAD_PER_PROCESS: Final = 3


def mapped(function: Callable[[Input], Output], items: Iterable[Input]) -> Iterator[Output]:
    """`function` of each item in order; few items are done here, more of them by a process a core.

    At most a few items a process are in memory at once, however many there are.
    """
    rest = iter(items)
    few = list(islice(rest, FEW + 1))
    if len(few) <= FEW:
        yield from map(function, few)
        return
    waiting: deque[Future[Output]] = deque()
    for item in chain(few, rest):
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
    return ProcessPoolExecutor(os.cpu_count() or 1, mp_context=multiprocessing.get_context("spawn"))
