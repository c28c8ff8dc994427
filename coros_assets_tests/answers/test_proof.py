"""Proof by simulation: bias, coverage, false alarms, and that the traps are real."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

import numpy as np
import pyarrow as pa
import pytest

from coros_assets.answers import fitness_trend, next_day, night_shift
from coros_assets.answers.bends import Bend, find_bends
from coros_assets.answers.design import Runs
from coros_assets.answers.estimate import SIGNIFICANT, Estimate
from coros_assets_tests.answers.simulator import (
    DAYS_PER_YEAR,
    LAGS,
    LEADS,
    LOAD_SD,
    Planted,
    night_shifts,
    simulate,
)

NIGHT: Final = Planted(night=-0.02)
NULL: Final = Planted()
IRREGULAR: Final = Planted(days=730, roster_luck=4)
"""No night effect, on a roster that does not repeat itself: moved around, it is another one."""

CONFOUNDED: Final = Planted(days=460, nights_from_day=182, change_per_year=0.05)
"""No night effect, but nights begin after half a year while fitness rises 5 % a year."""

FRESH: Final = Planted(freshness=0.5)
"""No effect of load, but training follows lasting form."""

DISAPPOINTED: Final = Planted(disappointment=0.4)
"""No effect of load, but training follows what the last run showed."""

LOADED: Final = Planted(freshness=0.5, load_before=(-0.02, 0, 0))
UNCHANGED: Final = Planted(days=730, change_per_year=0.0)
CHANGED: Final = Planted(days=730, change_per_year=0.02)
BENT: Final = Planted(days=730, change_per_year=0.05, bend_per_year=-0.12, bend_day=400)
"""Fitness rises 5 % a year and falls 7 % a year from day 400."""

PRIMARY: Final = 0
NAIVE, NEIGHBOURS, WITHOUT_HOUR, WITH_LOAD, STATE_SPACE, MATCHED, PLACEBO = range(1, 8)
"""Positions of question 1's rows."""

ASSOCIATION, EXCESS, LOAD_STATE_SPACE = 1, 2, 7
"""Positions of question 2's rows."""

LEVEL: Final = 2
"""Position of the smoothed level among question 3's rows."""

_LOG: Final = logging.getLogger(__name__)

Rows = Callable[[pa.Table, Planted, int], Iterator[Estimate]]


def nights(runs: pa.Table, planted: Planted, seed: int) -> Iterator[Estimate]:
    return night_shift.estimates(runs, night_shifts(planted, seed))


def loads(runs: pa.Table, planted: Planted, seed: int) -> Iterator[Estimate]:
    return next_day.estimates(runs)


def fitness(runs: pa.Table, planted: Planted, seed: int) -> Iterator[Estimate]:
    return fitness_trend.estimates(runs)


@dataclass(frozen=True)
class Proof:
    """What many simulated histories say about one row of an answer, in percentage points and shares."""

    bias: float
    coverage: float
    rejected: float


def prove(rows: Rows, planted: Planted, histories: int, row: int = PRIMARY) -> Proof:
    """Repeats one row of an answer over histories that differ in their seed alone."""
    found = []
    for seed in range(histories):
        runs = simulate(planted, seed)
        interval = next(islice(rows(runs, planted, seed), row, None)).interval
        if interval is not None:
            effect = interval.percent
            true = 100 * np.expm1(TRUTH[rows](planted, runs))
            found.append((true, effect.estimate, effect.low, effect.high))
    assert len(found) > 0.85 * histories
    true, effects, low, high = np.array(found).T
    proof = Proof(
        bias=float((effects - true).mean()),
        coverage=float(((low <= true) & (true <= high)).mean()),
        rejected=float(((low > 0) | (high < 0)).mean()),
    )
    _LOG.info("%s, row %d, %s: %s", rows.__name__, row, planted, proof)
    return proof


def _spread(runs: pa.Table) -> float:
    columns = np.column_stack([runs[name].to_numpy() for name in (*LAGS, *LEADS)])
    return float(columns[np.isfinite(columns).all(axis=1), 0].std())


TRUTH: Final[dict[Rows, Callable[[Planted, pa.Table], float]]] = {
    nights: lambda planted, _: float(np.log1p(planted.night)),
    loads: lambda planted, runs: planted.load_before[0] * _spread(runs) / LOAD_SD,
    fitness: lambda planted, runs: (
        planted.change_per_year * (runs["day_number"][-1].as_py() + 1) / DAYS_PER_YEAR
    ),
}


@dataclass(frozen=True)
class BendProof:
    """Shares of histories: with a bend found, with its date in the range, with its size in the interval."""

    found: float
    dated: float
    sized: float


def prove_bends(planted: Planted, histories: int) -> BendProof:
    """Looks for bends in histories that differ in their seed alone; of several, the nearest counts."""
    shares = []
    for seed in range(histories):
        plan = fitness_trend.straight_line(Runs.of(simulate(planted, seed)))
        bends = find_bends(plan.x, plan.y, plan.runs.time_d)
        is_found = bends[0].change.p_value <= SIGNIFICANT
        nearest = min(bends, key=lambda bend: abs(bend.day - planted.bend_day))
        shares.append((is_found, *_holds(nearest, planted)))
    found, dated, sized = np.array(shares, dtype=float).T
    proof = BendProof(
        float(found.mean()), float(dated[found == 1].mean()) if found.any() else 0.0, float(sized.mean())
    )
    _LOG.info("bends, %s: %s", planted, proof)
    return proof


def _holds(bend: Bend, planted: Planted) -> tuple[bool, bool]:
    change = bend.change.times(DAYS_PER_YEAR)
    dated = bend.first <= planted.bend_day <= bend.last
    return dated, change.low <= planted.bend_per_year <= change.high


class TestFewHistories:
    """Bounds wide enough for 60 histories."""

    histories = 60

    def test_the_night_effect_is_unbiased_and_its_interval_honest(self) -> None:
        proof = prove(nights, NIGHT, self.histories)
        assert abs(proof.bias) < 0.3
        assert proof.coverage > 0.87

    def test_no_night_effect_is_seldom_called_one(self) -> None:
        assert prove(nights, NULL, self.histories).rejected < 0.15

    def test_nights_that_begin_as_fitness_rises_fool_plain_averages_and_not_the_answer(self) -> None:
        assert prove(nights, CONFOUNDED, self.histories).rejected < 0.15
        assert prove(nights, CONFOUNDED, self.histories, NAIVE).rejected > 0.3

    def test_the_night_effect_of_the_state_space_model_is_unbiased_and_its_interval_honest(self) -> None:
        proof = prove(nights, NIGHT, self.histories, STATE_SPACE)
        assert abs(proof.bias) < 0.3
        assert proof.coverage > 0.87

    def test_a_roster_moved_around_calls_no_effect_one_seldom_and_an_effect_always(self) -> None:
        year = replace(IRREGULAR, days=365)
        assert prove(nights, year, self.histories // 2, PLACEBO).rejected < 0.2
        assert prove(nights, replace(year, night=-0.04), self.histories // 4, PLACEBO).rejected > 0.8

    def test_training_when_fresh_fools_a_regression_and_not_the_answer(self) -> None:
        assert prove(loads, FRESH, self.histories).rejected < 0.1
        assert prove(loads, FRESH, self.histories, ASSOCIATION).rejected > 0.2

    def test_resting_after_a_bad_run_fools_the_excess_and_not_the_answer(self) -> None:
        assert prove(loads, DISAPPOINTED, self.histories).rejected < 0.1
        assert prove(loads, DISAPPOINTED, self.histories, EXCESS).rejected > 0.2

    def test_an_effect_of_load_is_found_within_its_interval(self) -> None:
        proof = prove(loads, LOADED, self.histories)
        assert proof.coverage > 0.9
        assert proof.rejected > 0.9

    def test_a_change_of_fitness_is_unbiased_and_found(self) -> None:
        proof = prove(fitness, CHANGED, self.histories)
        assert abs(proof.bias) < 0.4
        assert proof.coverage > 0.87
        assert proof.rejected > 0.9

    def test_unchanged_fitness_is_seldom_called_changed(self) -> None:
        assert prove(fitness, UNCHANGED, self.histories).rejected < 0.15

    def test_a_change_of_direction_is_found_with_its_date_and_size(self) -> None:
        proof = prove_bends(BENT, self.histories // 5)
        assert proof.found > 0.9
        assert proof.dated > 0.7
        assert proof.sized > 0.7

    def test_a_straight_line_seldom_changes_direction(self) -> None:
        assert prove_bends(UNCHANGED, self.histories // 3).found < 0.25


@pytest.mark.slow
@pytest.mark.timeout(3000)
class TestManyHistories:
    """The bounds set in advance. `pytest -m slow -k ManyHistories --log-cli-level=INFO` shows the figures."""

    histories = 400

    def test_the_night_effect_is_unbiased_and_its_interval_honest(self) -> None:
        proof = prove(nights, NIGHT, self.histories)
        assert abs(proof.bias) < 0.2
        assert 0.92 <= proof.coverage <= 0.98

    def test_no_night_effect_is_called_one_about_one_time_in_twenty(self) -> None:
        assert 0.025 <= prove(nights, NULL, self.histories).rejected <= 0.085

    def test_nights_that_begin_as_fitness_rises_fool_plain_averages_and_not_the_answer(self) -> None:
        assert 0.025 <= prove(nights, CONFOUNDED, self.histories).rejected <= 0.085
        assert prove(nights, CONFOUNDED, self.histories, NAIVE).rejected > 0.3

    @pytest.mark.parametrize("row", [STATE_SPACE, WITH_LOAD])
    def test_other_ways_to_the_night_effect_are_as_honest(self, row: int) -> None:
        proof = prove(nights, NIGHT, self.histories, row)
        assert abs(proof.bias) < 0.2
        assert 0.92 <= proof.coverage <= 0.98
        assert 0.025 <= prove(nights, NULL, self.histories, row).rejected <= 0.085

    @pytest.mark.parametrize("row", [MATCHED, PLACEBO])
    def test_matching_and_moving_the_roster_call_no_effect_one_about_one_time_in_twenty(
        self, row: int
    ) -> None:
        assert 0.02 <= prove(nights, IRREGULAR, self.histories, row).rejected <= 0.085

    def test_a_roster_that_repeats_itself_makes_moving_it_no_less_honest(self) -> None:
        assert prove(nights, NULL, self.histories, PLACEBO).rejected <= 0.085

    @pytest.mark.parametrize("planted", [NULL, FRESH, DISAPPOINTED])
    def test_no_effect_of_load_is_called_one_at_most_one_time_in_twenty(self, planted: Planted) -> None:
        assert prove(loads, planted, self.histories).rejected <= 0.05

    def test_a_state_space_model_is_fooled_less_by_training_when_fresh_but_still_is(self) -> None:
        plain = prove(loads, FRESH, self.histories, ASSOCIATION).rejected
        model = prove(loads, FRESH, self.histories, LOAD_STATE_SPACE).rejected
        assert 0.1 < model < plain
        assert prove(loads, NULL, self.histories, LOAD_STATE_SPACE).rejected <= 0.085

    def test_unchanged_fitness_is_called_changed_about_one_time_in_twenty(self) -> None:
        proof = prove(fitness, UNCHANGED, self.histories)
        assert abs(proof.bias) < 0.2
        assert proof.rejected <= 0.085

    def test_the_smoothed_level_is_unbiased_and_its_interval_honest(self) -> None:
        proof = prove(fitness, CHANGED, self.histories, LEVEL)
        assert abs(proof.bias) < 0.4
        assert 0.9 <= proof.coverage <= 0.98

    def test_a_change_of_direction_is_found_with_its_date_and_size(self) -> None:
        proof = prove_bends(BENT, self.histories)
        assert proof.found > 0.95
        assert proof.dated >= 0.92
        assert proof.sized >= 0.92

    def test_a_straight_line_changes_direction_about_one_time_in_twenty(self) -> None:
        assert 0.02 <= prove_bends(UNCHANGED, self.histories).found <= 0.085
