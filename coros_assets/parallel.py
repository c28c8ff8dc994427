"""The same pure function over many inputs on all cores, in order, with bounded memory.

Belongs here: processes. Does not: what is computed; functions and inputs must be picklable.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain, islice
from typing import Final, TypeVar

Input = TypeVar("Input")
Output = TypeVar("Output")

FEW: Final = 6  # starting a process costs about a second, a file of an hour's run a tenth
AHEAD_PER_PROCESS: Final = 2


def mapped(function: Callable[[Input], Output], items: Iterable[Input]) -> Iterator[Output]:
    """`function` of each item in order; few items are done here, more of them by a process a core.

    At most a few items a process are in memory at once, however many there are.
    """
    rest = iter(items)
    few = list(islice(rest, FEW + 1))
    if len(few) <= FEW:
        yield from map(function, few)
        return
    processes = os.cpu_count() or 1
    waiting: deque[Future[Output]] = deque()
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        for item in chain(few, rest):
            waiting.append(pool.submit(function, item))
            if len(waiting) >= AHEAD_PER_PROCESS * processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
