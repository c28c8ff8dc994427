"""The commands that take data out and away, as a user runs them; and an erasure killed at any moment."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psycopg
import pytest

from coros_assets.bronze.catalogue import content_hash
from coros_assets.storage.embedded import WAREHOUSE_DATABASE, embedded_url
from coros_assets_tests import canary
from coros_assets_tests.byte_search import files_of, found_in
from coros_assets_tests.commands.test_cli import PROGRAM, run
from coros_assets_tests.commands.test_erase import NEEDLES, OTHERS

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
KILLS = 8


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """A home with the canary in several forms among runs that stay; its server is not running."""
    home = tmp_path_factory.mktemp("own") / "home"
    for name, data in (canary.forms() | canary.STAY).items():
        path = home / "landing" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    run(home, "ingest", home / "landing")
    return home


def copied(home: Path, folder: Path) -> Path:
    """The home in another place, its files owned by whom they were."""
    subprocess.run(["/bin/cp", "--archive", home, folder / "home"], check=True)
    return folder / "home"


def left(home: Path) -> set[tuple[str, str]]:
    with psycopg.connect(embedded_url(home, WAREHOUSE_DATABASE), autocommit=True) as connection:
        connection.execute("CHECKPOINT")  # what is in memory only would not be found
    return found_in(files_of(home), NEEDLES)


def activities(home: Path) -> list[str]:
    query = "SELECT activity_id FROM gold.fact_activity ORDER BY 1"
    return [row["activity_id"] for row in json.loads(run(home, "sql", query, "--format", "json").stdout)]


def test_an_export_ends_with_its_manifest_and_fills_no_folder_twice(home, tmp_path):
    done = run(home, "export", tmp_path / "mine", "--format", "csv")
    manifest = Path(done.stdout.strip())
    files = json.loads(manifest.read_text())["files"]
    assert f"{len(files) + 1} files; those in raw and own hold exact" in done.stderr.replace("\n", " ")
    for each in files:
        assert content_hash((tmp_path / "mine" / each["path"]).read_bytes()) == each["sha256"]
    assert "not empty" in run(home, "export", tmp_path / "mine", code=1).stderr.replace("\n", " ")


def test_an_erasure_lists_what_goes_asks_first_and_leaves_nothing(home, tmp_path):
    own = copied(home, tmp_path)
    asked = run(own, "erase", canary.ACTIVITY, code=1)
    assert f"activity that goes: {canary.ACTIVITY}" in asked.stderr
    assert {canary.ACTIVITY, *OTHERS} <= set(activities(own))
    assert run(own, "erase", canary.ACTIVITY, "--yes").stderr.endswith("Erased.\n")
    assert activities(own) == OTHERS
    assert left(own) == set()
    assert "It was erased before" in run(own, "erase", canary.ACTIVITY, "--yes").stderr


def test_an_erasure_killed_at_any_moment_is_ended_by_the_same_command_or_by_the_next_load(home, tmp_path):
    began = time.monotonic()
    run(copied(home, tmp_path), "erase", canary.ACTIVITY, "--yes")
    whole_s = time.monotonic() - began
    outcomes = {killed_after(whole_s * (n + 0.5) / KILLS, home, tmp_path / str(n), n) for n in range(KILLS)}
    assert outcomes >= {"killed before", "killed within"}


def killed_after(seconds: float, home: Path, folder: Path, number: int) -> str:
    """Kills an erasure, has it ended by one command or the other, and looks; says where it was killed."""
    folder.mkdir()
    own = copied(home, folder)
    environment = os.environ | {"COROS_HOME": str(own), "COROS_HOME_TIMEZONE": "Europe/Vienna"}
    process = subprocess.Popen(
        [PROGRAM, "erase", canary.ACTIVITY, "--yes"], env=environment, stderr=subprocess.DEVNULL
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    was_killed = process.wait() == -signal.SIGKILL
    unfinished = json.loads(run(own, "status", "--json").stdout)["erasures"]["unfinished"]
    if unfinished and number % 2:
        run(own, "ingest", own / "landing")
    else:
        run(own, "erase", canary.ACTIVITY, "--yes")
    assert left(own) == set(), f"killed after {seconds:.1f} s"
    assert activities(own) == OTHERS
    assert json.loads(run(own, "status", "--json").stdout)["erasures"] == {"refused": [], "unfinished": 0}
    shutil.rmtree(own / "landing")
    return ("killed within" if unfinished else "killed before") if was_killed else "not killed"
