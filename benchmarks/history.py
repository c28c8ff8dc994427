"""Ten years of runs from landing to gold, all of it verified, and one more run after them.

Belongs here: the whole line under Dagster, in a process of its own. Does not: its parts.
"""

from __future__ import annotations

import hashlib
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Final

import psycopg
from tcxreader.tcxreader import TCXReader

from benchmarks.measure import show, watched
from coros_assets.commands.instance import open_instance
from coros_assets.commands.verify import verify
from coros_assets.sample.files import sample_files
from coros_assets.sample.runner import DEFAULT_END
from coros_assets.settings import Settings
from coros_assets.storage.embedded import DAGSTER_DATABASE, embedded_url
from coros_assets.stores import Stores
from coros_assets.tables import DATE_STATE, GOLD_TABLES, LEDGER_TABLES

YEARS: Final = 10
RUNS_A_YEAR: Final = 250
PEER_FILES: Final = 20
REPEATS: Final = 3
PARTITIONED: Final = ("bronze__activity_files", "silver_tables")
_AFTER_GOLD: Final = ("gold__answer", "gold_forecast", "gold__recovery_anomaly", "report")
_LAKE: Final = ("bronze", "silver", "report")
_SIZES: Final = """
    SELECT
        relnamespace::regnamespace::text AS schema,
        sum(pg_total_relation_size(oid))::bigint AS bytes,
        sum(reltuples)::bigint AS rows
    FROM pg_class
    WHERE relkind = 'r' AND relnamespace IN ('gold'::regnamespace, 'ledger'::regnamespace)
    GROUP BY relnamespace
    ORDER BY schema
"""
_LOAD: Final = """
from coros_assets.commands.load import load
from coros_assets.settings import Settings
load(Settings())
"""


def history() -> None:
    """Prints where the time of a history goes, its ratio to tcxreader, and the cost of one more run."""
    with tempfile.TemporaryDirectory() as folder:
        long, short = Path(folder, "long"), Path(folder, "short")
        files = _land(long, sample_files(years=YEARS, runs_per_year=RUNS_A_YEAR))
        _show_history(long, files)
        _show_verify(long)
        _show_footprint(long)
        _land(short, [])
        _load(short)
        _show_one_more(long, short)


def _land(home: Path, files: Iterable[tuple[str, bytes]]) -> list[Path]:
    landing = home / "landing"
    landing.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, data in files:
        paths.append(landing / name)
        paths[-1].write_bytes(data)
    return paths


def _load(home: Path) -> tuple[float, dict[str, tuple[float, float]]]:
    """Loads everything landed; when it was started, and start and end of each step, in seconds since 1970."""
    settings = {"COROS_HOME": str(home), "COROS_HOME_TIMEZONE": "Europe/Vienna"}
    started = time.time()
    subprocess.run([sys.executable, "-W", "ignore", "-c", _LOAD], env=os.environ | settings, check=True)
    with open_instance(Settings(home=home)) as instance:
        [run] = instance.get_runs(limit=1)
        steps = {
            step.step_key: (step.start_time, step.end_time)
            for step in instance.get_run_step_stats(run.run_id)
            if step.start_time and step.end_time
        }
    return started, steps


def _show_history(home: Path, files: list[Path]) -> None:
    before = _cpu_seconds()
    with watched() as seen:
        started, steps = _load(home)
    cpu = _cpu_seconds() - before
    points = _points(home)
    gold = max(end for name, (_, end) in steps.items() if not name.startswith(_AFTER_GOLD)) - started
    peer = _tcxreader_s_per_point(files[:: len(files) // PEER_FILES]) * points
    rows: list[list[object]] = [["start of Python, Dagster and PostgreSQL", min(steps.values())[0] - started]]
    rows += [[name, end - start] for name, (start, end) in sorted(steps.items(), key=lambda step: step[1])]
    show("Where the time goes", ["step", "seconds"], rows)
    show(
        "A history from landing to gold, on all cores",
        ["what", "value"],
        [
            ["runs", len(files)],
            ["points", points],
            ["XML, GB", sum(path.stat().st_size for path in files) / 1e9],
            ["seconds to gold", gold],
            ["points/s", round(points / gold)],
            ["÷ tcxreader's parse alone", gold / peer],
            ["share of all cores busy", seen.busy_share],
            ["CPU seconds of the load, without PostgreSQL", cpu],
            ["peak memory, all processes, MiB", round(seen.peak_bytes / 2**20)],
        ],
    )


def _cpu_seconds() -> float:
    """Of every process that was started here and has ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _show_verify(home: Path) -> None:
    """What verifying everything costs, against hashing the same bytes one after the other."""
    stores = Stores(Settings(home=home))
    stores.warehouse.analyze([DATE_STATE])  # the server is up then
    files = [path for path in Path(home, "lake").rglob("*") if path.is_file()]
    times: dict[str, list[float]] = {"verify": [], "SHA-256 alone": []}
    for _ in range(REPEATS):
        for name, work in (("verify", lambda: verify(stores)), ("SHA-256 alone", lambda: _hash_all(files))):
            before = time.perf_counter()
            work()
            times[name].append(time.perf_counter() - before)
    took, floor = (statistics.median(each) for each in times.values())
    size_gb = sum(path.stat().st_size for path in files) / 1e9
    show(
        "Everything verified, on all cores",
        ["files", "GB", "seconds", "GB/s", "÷ SHA-256 on one core"],
        [[len(files), size_gb, took, size_gb / took, took / floor]],
    )


def _show_footprint(home: Path) -> None:
    """What a history takes up in every store, and what Dagster writes down of one load."""
    lake = {name: [path for path in Path(home, "lake", name).rglob("*") if path.is_file()] for name in _LAKE}
    rows: list[list[object]] = [
        [f"lake, {name}", len(files), _megabytes(sum(path.stat().st_size for path in files))]
        for name, files in lake.items()
    ]
    warehouse = Stores(Settings(home=home)).warehouse
    warehouse.analyze([*GOLD_TABLES, *LEDGER_TABLES])
    found = warehouse.read(_SIZES).to_pylist()
    rows += [[f"PostgreSQL, {each['schema']}", each["rows"], _megabytes(each["bytes"])] for each in found]
    with psycopg.connect(embedded_url(home, DAGSTER_DATABASE)) as connection:
        events = connection.execute("SELECT count(*), pg_total_relation_size('event_logs') FROM event_logs")
        (count, size) = events.fetchone() or (0, 0)
    rows.append(["Dagster, events of one load", count, _megabytes(size)])
    show("What it takes up", ["where", "objects or rows", "MB"], rows)


def _megabytes(size_bytes: int) -> float:
    return size_bytes / 1e6


def _hash_all(files: Iterable[Path]) -> None:
    for path in files:
        hashlib.sha256(path.read_bytes()).digest()


def _points(home: Path) -> int:
    stores = Stores(Settings(home=home))
    [row] = stores.warehouse.read("SELECT sum(bronze_points)::bigint AS n FROM ledger.date_state").to_pylist()
    return int(row["n"])


def _tcxreader_s_per_point(files: Iterable[Path]) -> float:
    seconds, points = 0.0, 0
    for path in files:
        before = time.process_time()
        points += len(TCXReader().read(str(path)).trackpoints)
        seconds += time.process_time() - before
    return seconds / points


def _show_one_more(long: Path, short: Path) -> None:
    """Step times of one more run, after ten years and after none, in turns."""
    taken: dict[str, dict[Path, list[float]]] = {name: {long: [], short: []} for name in PARTITIONED}
    later = sample_files(years=1, seed=1, end=DEFAULT_END + timedelta(days=400))
    for _ in range(REPEATS):
        name, data = next(later)
        for home in (long, short):
            _land(home, [(name, data)])
            _, steps = _load(home)
            for step in PARTITIONED:
                start, end = steps[step]
                taken[step][home].append(end - start)
    rows = []
    for step, times in taken.items():
        after_long, after_none = statistics.median(times[long]), statistics.median(times[short])
        rows.append([step, after_long, after_none, after_long / after_none])
    show("One more run", ["step", "s after ten years", "s after none", "ratio"], rows)
