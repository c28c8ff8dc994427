"""The door of a landed file as a program of its own: what became of each file, its memory and its time.

Run as `python -m coros_assets_tests.judge LANDING LAKE`; it prints one JSON object a landed file. Linux only:
the kernel is asked to forget the highest memory use before each file.
"""

from __future__ import annotations

import json
import re
import sys
import time
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

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
    """What became of a landed file: reasons by name for what was quarantined, sums over what was read."""

    case: str
    reasons: dict[str, str] = field(default_factory=dict)
    activities: int = 0
    points: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    growth_mb: float = 0
    cpu_s: float = 0


def door(found: StoredObject, landing: ObjectStore, bronze: BronzeStore) -> list[Taken]:
    """Takes a landed file in; all that is asked here of the project's inside."""
    return take(Landed(found, landing, bronze, NOW, ZONE, judge_young_files=True))


def measured(found: StoredObject, landing: ObjectStore, bronze: BronzeStore) -> Verdict:
    """The verdict on a landed file, with what it took."""
    Path("/proc/self/clear_refs").write_text("5")  # the highest use of memory is from now on
    before, began = memory_mb("VmRSS"), time.process_time()
    taken = door(found, landing, bronze)
    verdict = Verdict(found.key, cpu_s=time.process_time() - began, growth_mb=memory_mb("VmHWM") - before)
    for file in taken:
        if file.reason:
            verdict.reasons[file.name] = file.reason
        elif parsed := bronze.parsed(file.sha256):
            _add(verdict, parsed)
    return verdict


def _add(verdict: Verdict, parsed: bytes) -> None:
    """Adds the sums over what cleaning says of a file's activities."""
    recordings = unpacked(parsed, ZONE)
    if recordings is None:
        return
    facts = recordings.facts
    verdict.activities += len(facts)
    verdict.points += pc.sum(facts["points"]).as_py()
    for name in facts.schema.names:
        if name.startswith(("points_", "heart_rate_points_")):
            verdict.counts[name] = verdict.counts.get(name, 0) + pc.sum(facts[name]).as_py()
    for flag in pc.list_flatten(facts["quality_flags"]).to_pylist():
        verdict.counts[flag] = verdict.counts.get(flag, 0) + 1
    for records in recordings.records:
        for name in ("latitude_deg", "distance_m", "altitude_m"):
            found = len(records) - records[name].null_count
            verdict.counts[name] = verdict.counts.get(name, 0) + found


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
