"""Scripted histories: what a runner's folders hold at each load, by seed.

Belongs here: the files of each step. Does not: loading them (`child.py`).
"""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from coros_assets_tests.fit_bytes import activity, file_id, fit, records, sessions
from coros_assets_tests.tcx_text import START, run_file

LANDING, ROSTER, WELLNESS, ATHLETE = "landing", "roster.csv", "wellness.csv", "athlete.toml"
NOON_IN_JAPAN = datetime(2024, 6, 20, 16, 0, tzinfo=UTC)  # the next date there, an afternoon in Vienna


@dataclass(frozen=True)
class Step:
    """What changed since the step before, by path, before one more load; and the clock of that load."""

    name: str
    now: datetime
    files: Mapping[str, bytes]


def history(seed: int, more_files: int = 0) -> list[Step]:
    """The steps of a history; `more_files` further runs make the first load one of several processes.

    Together they hold new files, byte duplicates, an overwrite of a landed file, a late better copy, poison,
    changes of roster, wellness and athlete, and a move that gives a run another date.
    """
    source = random.Random(seed)
    seconds = source.randint(20, 40)
    days = source.sample(range(2, 15), 3)
    names = source.sample(["a.tcx", "deep/b.tcx", "c.TSX", "z/run.tcx", "0.tcx"], 5)
    run = run_file(START, seconds)
    poison = run[: source.randint(100, 900)]
    others = [run_file(START + timedelta(days=day), seconds + day) for day in days]
    indoors = run_file(NOON_IN_JAPAN, seconds, at=None)
    better = fit(
        file_id(), records(*((s, 140) for s in range(seconds + 1))), sessions((0, 1, 0)), activity(7200)
    )
    extra = {
        f"landing/more/{n}.tcx": run_file(START + timedelta(days=30 + n), seconds) for n in range(more_files)
    }
    first = {
        f"landing/{names[0]}": run,
        f"landing/{names[1]}": others[0],
        f"landing/{names[2]}": indoors,
        "landing/copy.tcx": source.choice([run, others[0]]),
        "landing/poison.tcx": poison,
        ROSTER: b"start,end\n2024-05-31 21:00,2024-06-01 06:00\n",
        WELLNESS: b"date,resting_hr,hrv\n2024-06-01,51,62\n",
        **extra,
    }
    change = {
        f"landing/{names[1]}": run_file(START + timedelta(days=days[0]), seconds + 50),
        f"landing/{names[3]}": others[1],
        "landing/late.fit": better,
        "landing/again.tcx": source.choice([others[0], others[1]]),
        "landing/more_poison.fit": better[:-3],
        ROSTER: b"start,end\n2024-05-31 21:00,2024-06-01 07:00\n2024-06-04 07:00,2024-06-04 19:00\n",
        WELLNESS: b"date,resting_hr,hrv,sleep_start,sleep_end\n"
        b"2024-06-01,52,62,2024-06-01 08:00,2024-06-01 14:00\n",
    }
    move = {
        "landing/poison.tcx": others[2],
        f"landing/{names[4]}": poison + b" ",
        ATHLETE: b"[[athlete]]\nvalid_from = 2024-06-18\nmax_heart_rate_bpm = 188\n"
        b'home_timezone = "Asia/Tokyo"\n',
    }
    began = datetime(2026, 1, 1, 8, tzinfo=UTC)
    return [
        Step("nothing", began, {}),
        Step("first files", began + timedelta(hours=1), first),
        Step("everything changes", began + timedelta(hours=2), change),
        Step("a move", began + timedelta(hours=3), move),
        Step("poison alone", began + timedelta(hours=4), {"landing/last.tcx": poison[:-1]}),
    ]


def written(steps: list[Step], folder: Path) -> list[Path]:
    """The folders of a runner as they are at each step; what stays from one to the next is the same file."""
    places: list[Path] = []
    for number, step in enumerate(steps):
        place = folder / f"inputs{number}"
        (place / LANDING).mkdir(parents=True)
        if places:
            shutil.copytree(places[-1], place, copy_function=os.link, dirs_exist_ok=True)
        for name, data in step.files.items():
            path = place / name
            path.parent.mkdir(exist_ok=True)
            path.unlink(missing_ok=True)
            path.write_bytes(data)
            os.utime(path, (step.now.timestamp(), step.now.timestamp()))
        places.append(place)
    return places
