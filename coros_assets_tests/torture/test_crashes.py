"""Loads that are killed at their writes: what is seen of them, and what the next load makes of it."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from coros_assets_tests.torture.sweep import Recorded, Server, Sweep

Case = tuple[Recorded, tuple[int, ...]]
pytestmark = pytest.mark.timeout(900)  # 30 s where nothing else runs

NOTHING, FIRST, CHANGE, MOVE, POISON = range(5)


@pytest.fixture(scope="module")
def sweep(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Sweep:
    """The history of the default suite, played once undisturbed."""
    return Sweep(server, tmp_path_factory.mktemp("sweep"), seed=0)


def found(sweep: Sweep, cases: Sequence[Case], *, again: bool = True) -> dict[str, list[str]]:
    """What was wrong in each case that was not right, by its place; as many at once as there are cores.

    Roles are the whole server's: loads that make the tables are done one after the other.
    """

    def one(case: Case) -> list[str]:
        at, points = case
        return sweep.crashed(at, *points, again=again)

    alone = [case for case in cases if case[0] is sweep.steps[NOTHING]]
    together = [case for case in cases if case[0] is not sweep.steps[NOTHING]]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        wrong = [
            *zip(alone, map(one, alone), strict=True),
            *zip(together, pool.map(one, together), strict=True),
        ]
    return {f"{_place(*case)}, seed {sweep.seed}": sentences for case, sentences in wrong if sentences}


def _place(at: Recorded, points: tuple[int, ...]) -> str:
    labels = [at.boundaries[min(point, len(at.boundaries) - 1)] for point in points]
    return f"{at.step.name}: killed at {', then '.join(labels)}"


def some(sweep: Sweep, count: int, kills: int = 1) -> Iterator[Case]:
    """Cases at random boundaries, few of them at Dagster's own writes, which are the most."""
    source = random.Random(sweep.seed)
    for number in range(count):
        at = sweep.steps[source.choice([FIRST, CHANGE, CHANGE, MOVE, POISON])]
        is_event = number % 8 == 0
        points = [n for n in range(len(at.boundaries)) if _is_event(at, n) == is_event]
        yield at, tuple(source.choice(points) for _ in range(kills))


def every(sweep: Sweep) -> Iterator[Case]:
    """Every write of every load; every other one is killed again while it is mended.

    Dagster's events leave nothing behind here. What follows one is as it was before it, and is left out.
    """
    source = random.Random(sweep.seed)
    for at in sweep.steps:
        writes = [n for n in range(len(at.boundaries)) if not n or not _is_event(at, n - 1)]
        for number, point in enumerate(writes):
            later = [source.choice(writes) for _ in range(number % 2)]
            yield at, (point, *later)


def most(sweep: Sweep) -> Iterator[Case]:
    """Those of them at which a load that has files to take in writes anything but Dagster's own events."""
    for at, points in every(sweep):
        if at is not sweep.steps[NOTHING] and not _is_event(at, points[0]):
            yield at, points


def _is_event(at: Recorded, point: int) -> bool:
    return at.boundaries[point].startswith("event")


def test_a_load_killed_at_a_write_shows_whole_dates_and_the_next_load_ends_it(sweep):
    assert found(sweep, list(some(sweep, 12)), again=False) == {}


def test_a_load_killed_again_and_again_while_it_is_mended_ends_the_same(sweep):
    assert found(sweep, list(some(sweep, 2, kills=3))) == {}


def test_a_load_of_older_files_that_was_overtaken_writes_nothing(sweep):
    lock = "sql SELECT activity_date"
    assert sweep.overtaken(sweep.steps[FIRST], sweep.steps[CHANGE], lock) == []


@pytest.mark.parametrize(
    ("fault", "killed_at", "seen"),
    [
        ("catalogue_before_bytes", "lake put_new bronze/files", "the catalogue names"),
        ("no_transaction", 'sql COPY "gold"."fact_lap"', "neither as it was nor as it will be"),
        ("no_primary_key", "sql UPDATE ledger.date_state SET gold_digest", "fact_lap holds a row twice"),
    ],
)
def test_a_planted_fault_is_found(sweep, fault, killed_at, seen):
    assert seen in " ".join(sweep.crashed(sweep.steps[FIRST], killed_at, fault=fault))


def test_a_planted_look_before_the_lock_is_found(sweep):
    point, fault = 'sql DELETE FROM "gold"."fact_activity"', "snapshot_before_lock"
    wrong = sweep.overtaken(sweep.steps[FIRST], sweep.steps[CHANGE], point, fault)
    assert "neither as it was nor as it will be" in " ".join(wrong)


@pytest.mark.torture
@pytest.mark.timeout(7200)
def test_every_write_of_a_history_that_outlives_a_load(server, tmp_path):
    sweep = Sweep(server, tmp_path, seed=1)
    assert found(sweep, list(most(sweep)), again=False) == {}


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", [2, 3])
def test_some_writes_of_other_histories(seed, server, tmp_path):
    sweep = Sweep(server, tmp_path, seed)
    assert found(sweep, list(some(sweep, 20))) == {}


@pytest.mark.torture
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("seed", range(20))
def test_every_write_of_twenty_histories(seed, server, tmp_path):
    sweep = Sweep(server, tmp_path, seed)
    assert found(sweep, list(every(sweep)), again=False) == {}
