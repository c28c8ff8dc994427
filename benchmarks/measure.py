"""How things are timed and shown.

Belongs here: fair conditions, medians, tables. Does not: what is measured.
"""

from __future__ import annotations

import gc
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import psutil
from rich.console import Console
from rich.table import Table

REPEATS: Final = 9
_SAMPLE_EVERY_S: Final = 0.25


def cpu_medians(work: Mapping[str, Callable[[], Any]], repeats: int = REPEATS) -> dict[str, float]:
    """Median CPU seconds of each piece of work.

    Each has a block of its own, after one call that is not counted and a collection of garbage: in turns,
    one would pay for tidying up the memory that another freed.
    """
    medians = {}
    for name, function in work.items():
        function()
        gc.collect()
        medians[name] = statistics.median(_cpu_seconds(function) for _ in range(repeats))
    return medians


def _cpu_seconds(function: Callable[[], Any]) -> float:
    before = time.process_time()
    function()
    return time.process_time() - before


@dataclass
class Watched:
    """What the machine did meanwhile: seconds, share of its cores busy, most memory of all processes."""

    wall_s: float = 0.0
    busy_share: float = 0.0
    peak_bytes: int = 0


@contextmanager
def watched() -> Iterator[Watched]:
    """Watches this process, its children and the embedded server while the block runs."""
    seen, done = Watched(), threading.Event()
    sampler = threading.Thread(target=_sample_memory, args=(seen, done))
    before, started = psutil.cpu_times(), time.perf_counter()
    sampler.start()
    try:
        yield seen
    finally:
        seen.wall_s = time.perf_counter() - started
        after = psutil.cpu_times()
        idle = after.idle - before.idle
        seen.busy_share = 1 - idle / (sum(after) - sum(before))
        done.set()
        sampler.join()


def _sample_memory(seen: Watched, done: threading.Event) -> None:
    while not done.wait(_SAMPLE_EVERY_S):
        seen.peak_bytes = max(seen.peak_bytes, _memory(psutil.Process()))


def _memory(process: psutil.Process) -> int:
    """Bytes of a process and all below it, what they share counted once."""
    total = 0
    for each in [process, *process.children(recursive=True)]:
        try:
            total += each.memory_full_info().pss
        except psutil.Error:
            continue  # it ended meanwhile
    return total


def show(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Prints a table."""
    table = Table(title=title, title_justify="left")
    for position, column in enumerate(columns):
        table.add_column(column, justify="left" if position == 0 else "right")
    for row in rows:
        table.add_row(*(f"{cell:,.3g}" if isinstance(cell, float) else str(cell) for cell in row))
    Console().print(table)
