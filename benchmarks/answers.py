"""The three answers, every row of them, on ten years of daily data.

Belongs here: the time from gold's tables to answer tables. Does not: whether they are right
(`coros_assets_tests/answers/test_proof.py`).
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from benchmarks.measure import show
from benchmarks.views import DAYS, YEARS, fill
from coros_assets.answers.fitness_trend import answer_fitness_trend, fitness_level
from coros_assets.answers.next_day import answer_next_day
from coros_assets.answers.night_shift import answer_night_shift
from coros_assets.answers.recovery import recovery_after_nights
from coros_assets.settings import Settings
from coros_assets.stores import Stores

REPEATS: Final = 3
LIMIT_S: Final = 10
"""What all answers together may take, in seconds."""


def answers() -> None:
    """Prints rows and seconds of reading and of each answer, and their sum."""
    with tempfile.TemporaryDirectory() as folder:
        stores = Stores(Settings(home=Path(folder)))
        fill(stores.warehouse)
        runs, shifts = (stores.warehouse.read_table(name) for name in ("analysis_run", "dim_shift"))
        work: dict[str, Callable[[], Any]] = {
            "reading gold.analysis_run": partial(stores.warehouse.read_table, "analysis_run"),
            "night shifts": partial(answer_night_shift, runs, shifts),
            "next day": partial(answer_next_day, runs),
            "fitness trend": partial(answer_fitness_trend, runs),
            "level of fitness, for the chart": partial(fitness_level, runs),
            "recovery after nights, for the chart": partial(recovery_after_nights, runs),
        }
        rows = [[name, *_measured(function)] for name, function in work.items()]
    rows.append(["in all", "", sum(row[2] for row in rows)])
    title = f"Answers on {YEARS} years with {DAYS:,} runs, at most {LIMIT_S} s in all"
    show(title, ["what", "rows", "median s"], rows)


def _measured(function: Callable[[], Any]) -> tuple[int, float]:
    taken, found = [], function()
    for _ in range(REPEATS):
        before = time.perf_counter()
        found = function()
        taken.append(time.perf_counter() - before)
    return found.num_rows, statistics.median(taken)
