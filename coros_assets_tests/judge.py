"""The door of a landed file as a program of its own: what became of each file, its memory and its time.

Belongs here: a process that judges a folder of landed files. Does not: the files (`formats/hostile_*.py`).
Linux only: the kernel is asked to forget the highest memory use before each file.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from coros_assets.bronze.store import BronzeStore
from coros_assets.bronze.take import Landed, Taken, take
from coros_assets.home_timezone import HomeTimezone
from coros_assets.silver.recordings import unpacked
from coros_assets.storage.lake import ObjectStore, StoredObject
from coros_assets_tests.tcx_text import run_file

ZONE = HomeTimezone.parse("Europe/Vienna")
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Verdict:
    """What became of a landed file: reasons by name for what was quarantined, counts of what was read.

    The counts are activities, the whole numbers of `silver.activities`, quality flags, and the values of
    each column of `silver.records`, over all activities that the file holds.
    """

    case: str
    reasons: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=lambda: {"activities": 0})
    growth_mb: float = 0
    cpu_s: float = 0


def judged(landing: Path) -> dict[str, Verdict]:
    """The verdicts of a new process on the files of a folder, by name; beside it a lake is made."""
    command = [sys.executable, "-m", __name__, str(landing), str(landing.with_name("lake"))]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1])
    return {verdict.case: verdict for verdict in (Verdict(**json.loads(x)) for x in done.stdout.splitlines())}


def door(found: StoredObject, landing: ObjectStore, bronze: BronzeStore) -> list[Taken]:
    """Takes a landed file in; all that is asked here of the project's inside."""
    return take(Landed(found, landing, bronze, NOW, ZONE, judge_young_files=True))


def measured(found: StoredObject, landing: ObjectStore, bronze: BronzeStore) -> Verdict:
    """The verdict on a landed file, with what it took."""
    Path("/proc/self/clear_refs").write_text("5")  # the highest use of memory is from now on
    before, began = memory_mb("VmRSS"), time.process_time()
    taken = door(found, landing, bronze)
    verdict = Verdict(found.key, cpu_s=time.process_time() - began, growth_mb=memory_mb("VmHWM") - before)
    counts: Counter[str] = Counter(verdict.counts)
    for file in taken:
        if file.reason:
            verdict.reasons[file.name] = file.reason
        elif parsed := bronze.parsed(file.sha256):
            counts.update(counted(parsed))
    verdict.counts = dict(counts)
    return verdict


def counted(parsed: bytes) -> Counter[str]:
    """The counts of what the reader and cleaning made of a file."""
    recordings = unpacked(parsed, ZONE)
    if recordings is None:
        return Counter()
    facts = recordings.facts
    counts = Counter(pc.list_flatten(facts["quality_flags"]).to_pylist())
    counts["activities"] = len(facts)
    for column in facts.schema:
        if pa.types.is_integer(column.type) and column.name != "source_index":
            counts[column.name] = pc.sum(facts[column.name]).as_py()
    for records in recordings.records:
        counts.update({name: len(records) - records[name].null_count for name in records.column_names})
    return counts


def memory_mb(what: str) -> float:
    """A line of the process's status, in millions of bytes."""
    kibibytes = re.search(rf"^{what}:\s+(\d+) kB$", Path("/proc/self/status").read_text(), re.MULTILINE)
    return int(kibibytes[1]) * 1024 / 1e6 if kibibytes else 0.0


def main(landing_folder: Path, lake: str) -> None:
    """Warms up on a good file, so that what libraries load once is no file's growth; then judges each."""
    warm = landing_folder.with_name("warm")
    warm.mkdir()
    (warm / "good.tcx").write_bytes(run_file())
    for folder in (warm, landing_folder):
        landing, bronze = ObjectStore(str(folder)), BronzeStore(ObjectStore(lake))
        for found in sorted(landing.list(), key=lambda found: found.key):
            print(json.dumps(asdict(measured(found, landing, bronze))), flush=True)  # noqa: T201  printing is its purpose


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
