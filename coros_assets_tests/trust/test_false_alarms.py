"""A real runner's history with a roster that nobody worked: how often an effect of it is seen.

Belongs here: FIT files to `gold.analysis_run` once, then the roster in 200 places.
Does not: histories with planted effects (`coros_assets_tests/answers/test_proof.py`).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pytest

from coros_assets.answers.autocorrelation import drifting_errors
from coros_assets.answers.design import Design, Runs
from coros_assets.answers.fitness_trend import answer_fitness_trend
from coros_assets.answers.next_day import answer_next_day
from coros_assets.answers.night_contrast import adjustments, compared, cycles
from coros_assets.answers.night_shift import estimates
from coros_assets.answers.placebo import Nights, hours
from coros_assets.answers.regression import cluster_robust
from coros_assets.settings import Settings
from coros_assets.stores import Stores
from coros_assets_tests.answers.simulator import replaced
from coros_assets_tests.commands.test_cli import run

HISTORY: Final = "StoneRicky+running_page"
BEGINS, DAYS = date(2025, 11, 20), 300
"""The roster reaches around the nine months in which the runner ran every second day."""

PLACES: Final = 200
DRAWN: Final = 100
"""Histories drawn with this runner's dates and hills, and errors that last as this runner's do."""

NIGHTS_IN_A_BLOCK: Final = 3
_LOG: Final = logging.getLogger(__name__)


def night_dates() -> Iterator[date]:
    """Blocks of three nights, 11 to 18 days from one to the next, drawn once."""
    random, day = np.random.default_rng(14), 3
    while day < DAYS - NIGHTS_IN_A_BLOCK:
        yield from (BEGINS + timedelta(day + night) for night in range(NIGHTS_IN_A_BLOCK))
        day += int(random.integers(11, 19))


def roster() -> str:
    """The nights, and a day shift at either end so that the roster reaches from one to the other."""
    ends = [(BEGINS, 7, 19), (BEGINS + timedelta(DAYS), 7, 19)]
    rows = [(day, 19, 7) for day in night_dates()]
    lines = []
    for day, start, end in sorted([*ends, *rows]):
        begin = datetime.combine(day, time(start))
        finish = datetime.combine(day + timedelta(days=end < start), time(end))
        lines.append(f"{begin:%Y-%m-%d %H:%M},{finish:%Y-%m-%d %H:%M}")
    return "start,end\n" + "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def loaded(activity_files: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[pa.Table, pa.Table]:
    """`gold.analysis_run` and `gold.dim_shift` of the history on the invented roster."""
    base = tmp_path_factory.mktemp("history")
    (base / "roster.csv").write_text(roster())
    zone = {"COROS_HOME_TIMEZONE": "Asia/Shanghai"}
    run(base / "home", "ingest", activity_files / HISTORY, "--roster", base / "roster.csv", **zone)
    warehouse = Stores(Settings(home=base / "home")).warehouse
    return warehouse.read_table("analysis_run"), warehouse.read_table("dim_shift")


@pytest.fixture(scope="module")
def nights(loaded: tuple[pa.Table, pa.Table]) -> Nights:
    found = Nights.of(loaded[1])
    assert found is not None
    return found


def on_roster(runs: pa.Table, nights: Nights, days: int) -> pa.Table:
    """The runs within the roster's dates as they would be, had it been worked so many days later."""
    within = Runs(runs).where(np.asarray(runs["night_arm"].is_valid()))
    start, end = hours(within.table["start_time"]), hours(within.table["end_time"])
    night, day, cycle = (found[0] for found in nights.moved(np.array([days]), start, end))
    arm = np.select([night, day], ["night", "day"], "between").astype(object)
    return replaced(within.table, night_arm=arm, roster_cycle=cycle)


def plan_on_roster(runs: pa.Table, nights: Nights, days: int) -> Design:
    moved = Runs.of(on_roster(runs, nights, days))
    plan = compared(moved, adjustments(moved))
    assert isinstance(plan, Design)
    return plan


def evenly_around(nights: Nights, places: int) -> list[int]:
    """By how many days the roster is moved, evenly around the circle of its dates."""
    return sorted({round(nights.span_d * place / places) for place in range(places)})


def _seen(plan: Design, outcome: np.ndarray) -> bool:
    """Whether the primary estimate takes an outcome without an effect for one with it."""
    interval = cluster_robust(plan.x, outcome, cycles(plan.runs)).interval(plan.weights(1.0))
    return interval is not None and interval.percent.low * interval.percent.high > 0


@pytest.mark.slow
def test_moving_the_roster_by_nothing_gives_the_arms_that_the_view_gives(
    loaded: tuple[pa.Table, pa.Table], nights: Nights
) -> None:
    runs = loaded[0]
    known = Runs(runs).where(np.asarray(runs["night_arm"].is_valid()))
    start = hours(known.table["start_time"])
    inside = (start > nights.begins + 24 * 10) & (start < nights.begins + 24 * (DAYS - 10))
    assert inside.sum() > 140
    assert (Runs(on_roster(runs, nights, 0)).night_arm == known.night_arm)[inside].all()


@pytest.mark.slow
def test_a_roster_without_an_effect_seldom_seems_to_have_one_in_200_places(
    loaded: tuple[pa.Table, pa.Table], nights: Nights
) -> None:
    """Places next to one another share most of their nights: 200 of them tell as much as about 60 do.

    Of 60 fair looks, 5 % false ones, more than 7 are seen one time in fifty.
    """
    places = evenly_around(nights, PLACES)
    found = [next(estimates(on_roster(loaded[0], nights, days), loaded[1])).interval for days in places]
    effects = np.array([[i.percent.estimate, i.percent.low, i.percent.high] for i in found if i])
    alarms = float(((effects[:, 1] > 0) | (effects[:, 2] < 0)).mean())
    _LOG.info("%d places, false alarms %.3f, mean effect %.2f %%", len(effects), alarms, effects[:, 0].mean())
    assert len(effects) > 0.9 * PLACES
    assert alarms <= 7 / 60
    assert abs(effects[:, 0].mean()) < 0.5


@pytest.mark.slow
def test_histories_drawn_like_the_real_one_give_as_many_false_alarms_as_they_should(
    loaded: tuple[pa.Table, pa.Table], nights: Nights
) -> None:
    """One history in many places is one draw: its own share may be anything from none to a sixth."""
    plans = [plan_on_roster(loaded[0], nights, days) for days in evenly_around(nights, PLACES // 4)]
    like = plans[0]
    histories = drifting_errors(like.x, like.y, like.runs.time_d, DRAWN, seed=14)
    shares = np.mean([[_seen(plan, history) for history in histories.T] for plan in plans], axis=0)
    _LOG.info("mean %.3f, deciles %s", shares.mean(), np.quantile(shares, [0, 0.1, 0.5, 0.9, 1]).round(3))
    assert 0.025 <= shares.mean() <= 0.085


@pytest.mark.slow
def test_the_other_answers_make_sense_of_the_history(loaded: tuple[pa.Table, pa.Table]) -> None:
    load, fitness = (f(loaded[0]).to_pylist() for f in (answer_next_day, answer_fitness_trend))
    for row in (*load, *fitness):
        _LOG.info("%s | %s | %s", row["family"], row["verdict"], row["sentence"])
    assert _width(load[0]) < 8
    assert _width(fitness[0]) < 40


def _width(row: dict[str, Any]) -> float:
    return float(row["ci_high_pct"] - row["ci_low_pct"])
