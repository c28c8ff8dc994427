"""Fatigue ahead: the recursion is gold's, and a roster that rules training is used."""

from __future__ import annotations

import numpy as np
import pytest

from coros_assets.forecast import fatigue
from coros_assets.forecast.fatigue import AHEAD_D, BY_SHIFT, METHODS, evaluate, forecasts, kinds, load_shares
from coros_assets.forecast.history import Loads
from coros_assets.gold.metrics import training
from coros_assets_tests.forecast.histories import sample_gold

DAYS = 500


def loads(load: np.ndarray) -> Loads:
    return Loads(20000, load, training.fitness(load), training.fatigue(load))


def by_roster(random: np.random.Generator, ruled: bool) -> tuple[Loads, np.ndarray]:
    """Seven days of much load and seven of none, or load that no roster rules."""
    kind = (np.arange(DAYS + AHEAD_D) // 7) % 2
    load = random.gamma(4, 10, DAYS)
    return loads(load * (1.9 * kind[:DAYS] + 0.1 if ruled else 1)), kind


def test_with_the_loads_known_it_is_the_fatigue_of_gold() -> None:
    load = np.random.default_rng(0).gamma(4, 10, DAYS)
    whole = loads(load)
    kind = np.arange(DAYS + AHEAD_D)
    origin = 300
    shares = np.append(load / whole.fitness[origin], np.zeros(AHEAD_D))
    made = forecasts(whole, kind, shares, np.array([origin]))
    assert made[0, :, -1] == pytest.approx(whole.fatigue[origin + 1 : origin + 1 + AHEAD_D])
    assert (made[0, :, 0] == whole.fatigue[origin]).all()


def test_where_the_roster_rules_training_the_roster_is_used_and_else_it_is_not() -> None:
    ruled = evaluate(*by_roster(np.random.default_rng(1), ruled=True))
    assert METHODS[ruled.shipped] == BY_SHIFT
    assert ruled.skill.share > 0.3
    free = evaluate(*by_roster(np.random.default_rng(1), ruled=False))
    assert METHODS[free.shipped] != BY_SHIFT


def test_four_of_five_days_are_within_the_interval_at_each_distance() -> None:
    past = evaluate(*by_roster(np.random.default_rng(2), ruled=True))
    held = past.errors[:, past.shipped] <= past.half_width[:, past.shipped]
    judged = past.has_interval()
    for ahead in (1, 7, 14):
        assert held[judged & (past.group == ahead)].mean() == pytest.approx(0.8, abs=0.04)


def test_a_kind_of_day_never_seen_has_the_usual_load() -> None:
    whole, kind = by_roster(np.random.default_rng(3), ruled=True)
    shares = load_shares(whole, kind, DAYS)
    assert shares[1] > 1.5
    assert shares[0] < 0.3
    assert (shares[2:] == 1).all()


def test_days_differ_by_shift_block_and_weekend() -> None:
    gold = sample_gold(1, 3)
    dates = gold.days["activity_date"].to_numpy().astype("datetime64[D]").astype(int)
    found = kinds(dates, gold.shifts)
    periods = np.array(gold.days["schedule_period"].to_pylist())
    assert {fatigue.PERIODS[kind // 2] for kind in found[periods == "night"]} == {"night"}
    assert (found % 2).mean() == pytest.approx(2 / 7, abs=0.01)
