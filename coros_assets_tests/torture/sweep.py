"""Crashes of one history: a load is killed at a boundary, looked at, done again, and compared.

Belongs here: homes that cost milliseconds, processes that are warm, and the order of a case. Does not: what
is a violation (`invariants.py`), which cases there are (the tests).
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing.connection import wait
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from coros_assets_tests.torture import child, warm
from coros_assets_tests.torture.boundaries import passed
from coros_assets_tests.torture.history import Step, history, written
from coros_assets_tests.torture.invariants import between, differences, half_dates
from coros_assets_tests.torture.state import Seen, look

_FORK = multiprocessing.get_context("forkserver")
LONGEST_LOAD_S = 120
_TURN = threading.Lock()  # starting a process asks after all others, and an exit code can be read once

Point = int | str  # the number of a boundary, or how its label begins


class Server:
    """A PostgreSQL server on which databases are made and dropped by the dozen.

    It need not survive the machine, only the processes that use it, and does not wait for the disk.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._do(sql.SQL("ALTER SYSTEM SET fsync = off"))
        self._do(sql.SQL("SELECT pg_reload_conf()"))

    def url(self, name: str) -> str:
        return self._url.replace("/postgres?", f"/{name}?", 1)

    def create(self, name: str, template: str = "template0") -> str:
        how = "CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY"
        self._do(sql.SQL(how).format(sql.Identifier(name), sql.Identifier(template)))
        return self.url(name)

    def drop(self, name: str) -> None:
        self._do(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _do(self, command: sql.Composed) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(command)


@dataclass(frozen=True)
class Home:
    """A lake and a database of a case."""

    folder: Path
    database: str
    url: str

    @property
    def lake(self) -> Path:
        return self.folder / "lake"

    def said(self, name: str) -> str:
        """The sentence with which a load failed; empty if it did not."""
        said = (self.folder / name).with_suffix(".said")
        return said.read_text() if said.exists() else ""

    def seen(self, *, views: bool = False) -> Seen:
        return look(self.lake, self.url, views=views)


@dataclass(frozen=True)
class Recorded:
    """An undisturbed load of a step: how things were, how they are then, and what it wrote."""

    step: Step
    inputs: Path
    start: Home
    before: Seen
    after: Seen
    boundaries: Sequence[str]


class Sweep:
    """The undisturbed history of a seed, and any number of disturbed ones."""

    def __init__(self, server: Server, folder: Path, seed: int, more_files: int = 0) -> None:
        self._server, self._folder, self.seed = server, folder, seed
        steps = history(seed, more_files)
        self.steps: list[Recorded] = []
        self._left: set[tuple[str, str]] = set()
        start = self._home("template0", None)
        for step, inputs in zip(steps, written(steps, folder), strict=True):
            start = self._recorded(step, inputs, start)

    def _recorded(self, step: Step, inputs: Path, start: Home) -> Home:
        """Does a step's load in a copy of the home before it, which the next step starts from."""
        home = self._home(start.database, start.lake)
        before = home.seen(views=True)
        at = Recorded(step, inputs, start, before, before, [])
        if self.load(at, home) or home.said("load"):
            raise RuntimeError(f"an undisturbed load failed: {home.said('load')}")
        self.steps.append(replace(at, after=home.seen(views=True), boundaries=passed(home.folder / "load")))
        return home

    def crashed(
        self, at: Recorded, *points: Point, fault: str | None = None, again: bool = True
    ) -> list[str]:
        """What is wrong after a load was killed at each of these boundaries in turn and then left alone.

        Unless `again`, a home that is what another case left to be mended is not mended once more.
        """
        with self.copy(at) as home:
            for number, point in enumerate(points):
                code = self.load(at, home, f"killed{number}", point=point, fault=fault)
                if code not in (0, -signal.SIGKILL):
                    return [f"a load ended with {code}"]
                left = home.seen()
                if found := between(left, at.before, at.after):
                    return found
            if not again and self._was_mended(at, left):
                return []
            return self.mended(at, home, fault)

    def overtaken(
        self, older: Recorded, newer: Recorded, point: Point, fault: str | None = None
    ) -> list[str]:
        """What is wrong after a load was held at a boundary until one of newer files had come and gone."""
        with self.copy(older) as home:
            job = self._job(older, home, "older", point, signal.SIGSTOP, fault)
            process = started(job)
            stopped(process.pid)
            self.load(newer, home, "newer")
            os.kill(process.pid, signal.SIGCONT)
            ended(process)
            if found := half_dates(home.seen(), newer.after, newer.after):
                return found
            return self.mended(newer, home)

    def ingested(self, at: Recorded, home: Home, *under: str) -> subprocess.Popen[str]:
        """The command `ingest` as a program of its own, under another one such as a tracer."""
        job = [at.inputs, home.lake, home.url, at.step.now.isoformat(), home.folder / "ingest"]
        command = [*under, sys.executable, "-W", "ignore", "-m", child.__name__, *map(str, job)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def mended(self, at: Recorded, home: Home, fault: str | None = None) -> list[str]:
        """What is still wrong after one more load."""
        code = self.load(at, home, "recovery", fault=fault)
        if code or home.said("recovery"):
            return [f"the next load ended with {code}: {home.said('recovery')}"]
        seen = home.seen(views=True)
        return between(seen, at.before, at.after) + differences(seen, at.after)

    def _was_mended(self, at: Recorded, left: Seen) -> bool:
        known = len(self._left)
        self._left.add((at.step.name, left.fingerprint))
        return len(self._left) == known

    @contextmanager
    def copy(self, at: Recorded) -> Iterator[Home]:
        """A home as it was before a step."""
        home = self._home(at.start.database, at.start.lake)
        try:
            yield home
        finally:
            self._server.drop(home.database)
            shutil.rmtree(home.folder)

    def load(
        self,
        at: Recorded,
        home: Home,
        name: str = "load",
        *,
        point: Point | None = None,
        fault: str | None = None,
    ) -> int:
        """The exit code of a step's load in a process of its own."""
        return ended(started(self._job(at, home, name, point, signal.SIGKILL, fault)))

    @staticmethod
    def _job(
        at: Recorded, home: Home, name: str, point: Point | None, sent: int, fault: str | None
    ) -> child.Job:
        record = home.folder / name
        return child.Job(at.inputs, home.lake, home.url, at.step.now, record, point, sent, fault)

    def _home(self, database: str, lake: Path | None) -> Home:
        """A new home; the lake's objects are shared by links, since none is ever changed in its place."""
        name = f"c{uuid.uuid4().hex}"
        home = Home(self._folder / name, name, self._server.create(name, database))
        home.lake.mkdir(parents=True)
        if lake is not None:
            shutil.copytree(lake, home.lake, copy_function=os.link, dirs_exist_ok=True)
        return home


def warm_up(server: Server) -> None:
    """Starts the process that loads are forked from; the first load is a second slower without it."""
    os.environ[warm.URL] = server.create(f"w{uuid.uuid4().hex}")
    _FORK.set_forkserver_preload([warm.__name__])
    ended(_started(_FORK.Process(target=int)))
    del os.environ[warm.URL]


def started(job: child.Job) -> multiprocessing.process.BaseProcess:
    """A load in a process forked from the warm one."""
    return _started(_FORK.Process(target=child.run, args=(job,)))


def _started(process: multiprocessing.process.BaseProcess) -> multiprocessing.process.BaseProcess:
    with _TURN:
        process.start()
    return process


def ended(process: multiprocessing.process.BaseProcess) -> int:
    if not wait([process.sentinel], LONGEST_LOAD_S):
        process.kill()
        raise TimeoutError(f"a load was stuck for {LONGEST_LOAD_S} s")
    with _TURN:
        return int(process.exitcode or 0)


def stopped(pid: int) -> None:
    """Waits until a process holds still."""
    end = time.monotonic() + LONGEST_LOAD_S
    while psutil.Process(pid).status() != psutil.STATUS_STOPPED:
        if time.monotonic() > end:
            raise TimeoutError("a load never came to the boundary at which it was to be held")
        time.sleep(0.01)
