"""The command `ingest` under a tracer that ends it, or fills or breaks its disk, at a call of the system."""

from __future__ import annotations

import shutil
import signal

import psutil
import pytest

from coros_assets_tests.servers import missing, wait_until
from coros_assets_tests.torture.invariants import between
from coros_assets_tests.torture.sweep import Home, Recorded, Sweep

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

FIRST, MANY = 1, 8
PUTS = "rename,renameat,renameat2,link,linkat"


@pytest.fixture(scope="module")
def sweep(server, tmp_path_factory):
    """A history whose first load is one of several processes."""
    return Sweep(server, tmp_path_factory.mktemp("syscalls"), seed=0, more_files=MANY)


def tracer(calls: str, what: str, *only: str) -> list[str]:
    """A command that does `what` to some system calls of the command after it, or to those on a path only."""
    program = shutil.which("strace")
    if program is None:
        missing("The tracer strace")
    quiet = [program, "-f", "-qqq", "--seccomp-bpf", "-o", "/dev/null"]
    return [
        *quiet,
        *(f"--trace-path={path}" for path in only),
        "-e",
        f"trace={calls}",
        "-e",
        f"inject={calls}:{what}",
    ]


def unfinished(at: Recorded, home: Home, key: str) -> str:
    """The file that a put writes before it gets the name of its object: the first one whose key begins so."""
    place = next(found for found in at.after.lake if found.startswith(key))
    return f"{home.lake / place}#1"


def one_sentence(text: str) -> str:
    """The last line that a command says when it fails, and that it says no more than that."""
    assert "Traceback" not in text
    lines = [line for line in text.splitlines() if line.startswith("Error: ")]
    assert len(lines) == 1, text
    return lines[0]


def left_and_mended(sweep: Sweep, at: Recorded, home: Home) -> list[str]:
    return between(home.seen(), at.before, at.after) + sweep.mended(at, home)


@pytest.mark.parametrize(("calls", "error"), [("openat", "ENOSPC"), ("write", "ENOSPC"), (PUTS, "EIO")])
@pytest.mark.parametrize("key", ["bronze/files", "bronze/catalogue", "silver/records", "report/report.html"])
def test_a_disk_that_is_full_or_broken_is_one_sentence_and_loses_nothing(sweep, key, calls, error):
    at = sweep.steps[FIRST]
    with sweep.copy(at) as home:
        program = sweep.ingested(at, home, *tracer(calls, f"error={error}", unfinished(at, home, key)))
        _, said = program.communicate(timeout=250)
        assert program.returncode == 1, said
        expected = {"ENOSPC": "No space left on device", "EIO": "Input/output error"}[error]
        assert expected in one_sentence(said)
        assert left_and_mended(sweep, at, home) == []


def test_a_load_killed_within_a_put_is_done_by_the_next(sweep):
    at = sweep.steps[FIRST]
    with sweep.copy(at) as home:
        program = sweep.ingested(at, home, *tracer(PUTS, "signal=SIGKILL:when=1"))
        program.communicate(timeout=250)
        assert program.returncode in (-signal.SIGKILL, 1)  # the command itself, or one of its processes
        assert left_and_mended(sweep, at, home) == []


def test_a_process_of_a_load_that_is_killed_is_one_sentence_and_the_next_load_does_the_rest(sweep):
    at = sweep.steps[FIRST]
    with sweep.copy(at) as home:
        program = sweep.ingested(at, home)
        workers(program.pid)[0].kill()
        _, said = program.communicate(timeout=250)
        assert program.returncode == 1
        assert "was ended from outside" in one_sentence(said)
        assert left_and_mended(sweep, at, home) == []


def test_a_load_of_several_processes_that_is_killed_leaves_none_of_them_and_is_done_by_the_next(sweep):
    at = sweep.steps[FIRST]
    with sweep.copy(at) as home:
        program = sweep.ingested(at, home)
        left = workers(program.pid)
        program.kill()
        program.communicate()
        wait_until(lambda: not any(map(is_at_work, left)), "The end of the processes", 30)
        assert left_and_mended(sweep, at, home) == []


def workers(pid: int) -> list[psutil.Process]:
    """The processes that a command shares its work out to, once there are some."""
    found: list[psutil.Process] = []

    def are_there() -> bool:
        found[:] = [child for child in psutil.Process(pid).children() if "spawn_main" in str(child.cmdline())]
        return bool(found)

    wait_until(are_there, "A process of the load", 120)
    return found


def is_at_work(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
