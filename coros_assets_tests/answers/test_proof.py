"""Proof by simulation: bias, coverage, false alarms, and that the traps are real."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pytest

from coros_assets.answers.fitness_trend import answer_fitness_trend
from coros_assets.answers.next_day import answer_next_day
from coros_assets.answers.night_shift import answer_night_shift
from coros_assets_tests.answers.simulator import DAYS_PER_YEAR, LAGS, LEADS, LOAD_SD, Planted, simulate

NIGHT: Final = Planted(night=-0.02)
NULL: Final = Planted()
CONFOUNDED: Final = Planted(days=460, nights_from_day=182, change_per_year=0.05)
"""No night effect, but nights begin after half a year while fitness rises 5 % a year."""

FRESH: Final = Planted(freshness=0.5)
"""No effect of load, but training follows lasting form."""

DISAPPOINTED: Final = Planted(disappointment=0.4)
"""No effect of load, but training follows what the last run showed."""

LOADED: Final = Planted(freshness=0.5, load_before=(-0.02, 0, 0))
UNCHANGED: Final = Planted(days=730, change_per_year=0.0)
CHANGED: Final = Planted(days=730, change_per_year=0.02)

Answer = Callable[[pa.Table], pa.Table]


@dataclass(frozen=True)
class Proof:
    """What many simulated histories say about one row of an answer, in percentage points and shares."""

    bias: float
    coverage: float
    rejected: float


def prove(answer: Answer, planted: Planted, histories: int, row: int = 0) -> Proof:
    """Repeats an answer over histories that differ in their seed alone; row -1 is the naive comparison."""
    found = []
    for seed in range(histories):
        runs = simulate(planted, seed)
        line = answer(runs).to_pylist()[row]
        if line["effect_pct"] is not None:
            true = 100 * np.expm1(TRUTH[answer](planted, runs))
            found.append((true, line["effect_pct"], line["ci_low_pct"], line["ci_high_pct"]))
    assert len(found) > 0.85 * histories
    true, effect, low, high = np.array(found).T
    return Proof(
        bias=float((effect - true).mean()),
        coverage=float(((low <= true) & (true <= high)).mean()),
        rejected=float(((low > 0) | (high < 0)).mean()),
    )


def _spread(runs: pa.Table) -> float:
    columns = np.column_stack([runs[name].to_numpy() for name in (*LAGS, *LEADS)])
    return float(columns[np.isfinite(columns).all(axis=1), 0].std())


TRUTH: Final[dict[Answer, Callable[[Planted, pa.Table], float]]] = {
    answer_night_shift: lambda planted, _: float(np.log1p(planted.night)),
    answer_next_day: lambda planted, runs: planted.load_before[0] * _spread(runs) / LOAD_SD,
    answer_fitness_trend: lambda planted, runs: (
        planted.change_per_year * (runs["day_number"][-1].as_py() + 1) / DAYS_PER_YEAR
    ),
}


class TestFewHistories:
    """Bounds wide enough for 60 histories."""

    histories = 60

    def test_the_night_effect_is_unbiased_and_its_interval_honest(self) -> None:
        proof = prove(answer_night_shift, NIGHT, self.histories)
        assert abs(proof.bias) < 0.3
        assert proof.coverage > 0.87

    def test_no_night_effect_is_seldom_called_one(self) -> None:
        assert prove(answer_night_shift, NULL, self.histories).rejected < 0.15

    def test_nights_that_begin_as_fitness_rises_fool_plain_averages_and_not_the_answer(self) -> None:
        assert prove(answer_night_shift, CONFOUNDED, self.histories).rejected < 0.15
        assert prove(answer_night_shift, CONFOUNDED, self.histories, row=-1).rejected > 0.3

    def test_training_when_fresh_fools_a_regression_and_not_the_answer(self) -> None:
        assert prove(answer_next_day, FRESH, self.histories).rejected < 0.1
        assert prove(answer_next_day, FRESH, self.histories, row=1).rejected > 0.2

    def test_resting_after_a_bad_run_fools_the_excess_and_not_the_answer(self) -> None:
        assert prove(answer_next_day, DISAPPOINTED, self.histories).rejected < 0.1
        assert prove(answer_next_day, DISAPPOINTED, self.histories, row=2).rejected > 0.2

    def test_an_effect_of_load_is_found_within_its_interval(self) -> None:
        proof = prove(answer_next_day, LOADED, self.histories)
        assert proof.coverage > 0.9
        assert proof.rejected > 0.9

    def test_a_change_of_fitness_is_unbiased_and_found(self) -> None:
        proof = prove(answer_fitness_trend, CHANGED, self.histories)
        assert abs(proof.bias) < 0.4
        assert proof.coverage > 0.87
        assert proof.rejected > 0.9

    def test_unchanged_fitness_is_seldom_called_changed(self) -> None:
        assert prove(answer_fitness_trend, UNCHANGED, self.histories).rejected < 0.15


@pytest.mark.slow
class TestManyHistories:
    """The bounds set in advance."""

    histories = 400

    def test_the_night_effect_is_unbiased_and_its_interval_honest(self) -> None:
        proof = prove(answer_night_shift, NIGHT, self.histories)
        assert abs(proof.bias) < 0.2
        assert 0.92 <= proof.coverage <= 0.98

    def test_no_night_effect_is_called_one_about_one_time_in_twenty(self) -> None:
        assert 0.025 <= prove(answer_night_shift, NULL, self.histories).rejected <= 0.085

    def test_nights_that_begin_as_fitness_rises_fool_plain_averages_and_not_the_answer(self) -> None:
        assert 0.025 <= prove(answer_night_shift, CONFOUNDED, self.histories).rejected <= 0.085
        assert prove(answer_night_shift, CONFOUNDED, self.histories, row=-1).rejected > 0.3

    @pytest.mark.parametrize("planted", [NULL, FRESH, DISAPPOINTED])
    def test_no_effect_of_load_is_called_one_at_most_one_time_in_twenty(self, planted: Planted) -> None:
        assert prove(answer_next_day, planted, self.histories).rejected <= 0.05

    def test_unchanged_fitness_is_called_changed_about_one_time_in_twenty(self) -> None:
        proof = prove(answer_fitness_trend, UNCHANGED, self.histories)
        assert abs(proof.bias) < 0.2
        assert proof.rejected <= 0.085
