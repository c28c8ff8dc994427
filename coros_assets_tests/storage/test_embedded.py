"""The embedded server after processes and machines that ended without a word."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

OPEN = """
import sys, os, signal, psycopg
from pathlib import Path
from coros_assets.storage.embedded import embedded_url
with psycopg.connect(embedded_url(Path(sys.argv[1]), "coros")) as connection:
    print(connection.execute("SELECT 'here'").fetchone()[0], flush=True)
if sys.argv[2] == "killed":
    os.kill(os.getpid(), signal.SIGKILL)
"""
AS_WRITTEN = "{pid}\n{folder}\n1700000000\n5432\n{folder}\n\n  6291459         9\nready   \n"


def opened(home: Path, how: str = "well") -> str:
    """What a process gets from the server; the one that was killed leaves the server running."""
    command = [sys.executable, "-W", "ignore", "-c", OPEN, home, how]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=120, check=how != "killed")
    return done.stdout


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    assert opened(home) == "here\n"
    return home


@pytest.mark.parametrize("mark", [AS_WRITTEN, "{pid}\n", "", "no number\n"])
def test_the_mark_of_a_dead_server_that_names_another_process_stops_nothing(home, mark):
    folder = home / "postgres"
    assert not (folder / "postmaster.pid").exists()
    (folder / "postmaster.pid").write_text(mark.format(pid=os.getpid(), folder=folder))
    assert opened(home) == "here\n"


def test_a_server_that_a_killed_process_left_running_serves_the_next_one(home):
    opened(home, "killed")
    assert (home / "postgres" / "postmaster.pid").exists()
    assert opened(home) == "here\n"
    number = int((home / "postgres" / "postmaster.pid").read_text().split()[0])
    os.kill(number, 15)
