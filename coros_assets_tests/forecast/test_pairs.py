"""What a forecast may look at: all of it known before the run, nothing after."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from coros_assets.forecast.history import History, Loads
from coros_assets.forecast.pairs import (
    LONGEST_BREAK_D,
    MEMORIES_D,
    Pairs,
    coming_runs,
    next_runs,
    runs_to_come,
    weekend,
)
from coros_assets_tests.forecast.histories import sample_gold


@pytest.fixture(scope="module")
def history() -> History:
    gold = sample_gold(1, 3)
    return History.of(gold.runs, gold.days, gold.shifts)


def first(history: History, runs: int) -> History:
    """The history as it was when so many runs had been run."""
    until = history.day[runs - 1]
    loads = history.loads
    days = int(until - loads.first) + 1
    short = Loads(loads.first, loads.load[:days], loads.fitness[:days], loads.fatigue[:days])
    names = ("day", "hour", "log_efficiency", "covariates", "heart_rate_bpm")
    return replace(history, loads=short, **{name: getattr(history, name)[:runs] for name in names})


def test_recent_runs_weigh_by_how_long_ago_they_were(history: History) -> None:
    pairs = next_runs(history)
    row, target = 60, 65
    assert pairs.log_efficiency[row] == history.log_efficiency[target]
    base = history.log_efficiency[target - 15 : target].mean()
    ago = history.time_d[target] - history.time_d[:target]
    for memory, found in zip(MEMORIES_D, pairs.recent[row], strict=True):
        weight = np.exp(-ago / memory)
        expected = weight @ (history.log_efficiency[:target] - base) / (1 + weight.sum())
        assert found == pytest.approx(expected)


@pytest.mark.parametrize("made", [next_runs, lambda history: coming_runs(history, 14)])
def test_pairs_of_the_past_are_the_same_whatever_comes_later(history: History, made) -> None:
    whole, part = made(history), made(first(history, 90))
    until = history.day[89]
    same = whole.where(whole.day <= until)
    for field in fields(Pairs):
        assert np.array_equal(getattr(same, field.name), getattr(part, field.name)), field.name


def test_a_run_to_come_is_seen_as_the_same_run_is_when_it_has_come(history: History) -> None:
    target = next(run for run in range(60, len(history)) if history.day[run] == history.day[run - 1] + 1)
    to_come = runs_to_come(first(history, target), 1)
    hour = replace(
        history, hour=np.where(np.arange(len(history)) == target, to_come_hour(history, target), history.hour)
    )
    whole = next_runs(hour)
    came = whole.where(whole.log_efficiency == history.log_efficiency[target])
    for name in ("means", "recent", "circumstances", "loads"):
        assert getattr(came, name) == pytest.approx(getattr(to_come, name)), name


def to_come_hour(history: History, target: int) -> float:
    return first(history, target).usual_hour


def test_after_a_long_break_no_run_is_forecast(history: History) -> None:
    later = np.where(np.arange(len(history)) >= 100, 365, 0)
    torn = replace(history, day=history.day + later)
    assert len(next_runs(torn)) == len(next_runs(history)) - 1
    pairs = coming_runs(torn, 14)
    assert (pairs.day - pairs.made_on).max() <= 14 < LONGEST_BREAK_D


def test_weekends_are_those_of_the_calendar() -> None:
    days = np.arange(20000, 20021)
    expected = [np.datetime64(int(day), "D").astype(object).weekday() >= 5 for day in days]
    assert weekend(days).tolist() == expected
