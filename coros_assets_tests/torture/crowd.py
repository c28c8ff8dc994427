"""Warm processes that load the same places at the same moment, again and again.

Belongs here: processes and their common start. Does not: what they load (the tests).
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from threading import Barrier
from types import TracebackType
from typing import Any, Self

import pytest

from coros_assets.settings import Settings
from coros_assets_tests.torture.loads import load, quick_load, wire

STUCK_S = 240


class Crowd:
    """So many processes, which have imported everything and wait."""

    def __init__(self, size: int) -> None:
        # Not forked from the test's process: the object store's threads would be missing in the copy.
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["coros_assets_tests.torture.loads"])
        self._start = context.Barrier(size)
        self._pipes: list[Connection] = []
        self._processes = []
        for _ in range(size):
            ours, theirs = context.Pipe()
            # The server that forks them lives on from test to test, with the environment of the first.
            process = context.Process(target=_serve, args=(theirs, self._start, dict(os.environ)))
            process.start()
            self._pipes.append(ours)
            self._processes.append(process)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self._processes:
            process.kill()
            process.join()

    @contextmanager
    def loading(self, settings: Settings, *, whole: bool) -> Iterator[None]:
        """All of them load at once, with Dagster, answers and report if `whole`; in the end all have ended.

        What one says of a failure fails the test, and so does one that does not come to an end.
        """
        for pipe in self._pipes:
            pipe.send((settings, whole))
        yield
        said = [pipe.recv() if pipe.poll(STUCK_S) else "it is stuck" for pipe in self._pipes]
        assert said == [None] * len(said), said


def _serve(pipe: Connection, start: Barrier, environment: dict[str, str]) -> None:
    os.environ.update(environment)
    with pytest.MonkeyPatch.context() as patch:
        wire(patch)
        while True:
            settings, whole = pipe.recv()
            start.wait(STUCK_S)
            pipe.send(_loaded(settings, whole=whole))


def _loaded(settings: Settings, *, whole: bool) -> str | None:
    try:
        return load(settings) if whole else quick_load(settings)
    except Exception as error:  # noqa: BLE001  # whatever it is, the test must show it
        return f"{type(error).__name__}: {error}"


def chosen(source: Any, names: Sequence[str], most: int) -> list[str]:
    """Some of the names, at least two, in order."""
    return sorted(source.sample(list(names), source.randint(2, most)))
