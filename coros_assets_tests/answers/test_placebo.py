"""The roster moved around: arms as the view has them, and ratios as the whole regression has them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from coros_assets.answers.design import Runs
from coros_assets.answers.night_contrast import adjustments, compared, on_known_roster
from coros_assets.answers.placebo import MOVES, Nights, hours, placebo_ratios
from coros_assets.answers.regression import cluster_robust
from coros_assets_tests.answers.simulator import Planted, night_shifts, simulate

PLANTED = Planted(days=400, roster_luck=3)


@pytest.fixture(scope="module")
def runs() -> Runs:
    return on_known_roster(Runs.of(simulate(PLANTED, seed=3)))


@pytest.fixture(scope="module")
def nights() -> Nights:
    found = Nights.of(night_shifts(PLANTED, seed=3))
    assert found is not None
    return found


def times(runs: Runs) -> tuple[np.ndarray, np.ndarray]:
    return hours(runs.table["start_time"]), hours(runs.table["end_time"])


def test_a_roster_left_where_it_is_gives_the_arms_and_cycles_that_runs_have(
    runs: Runs, nights: Nights
) -> None:
    night, day, cycle = (found[0] for found in nights.moved(np.array([0]), *times(runs)))
    inside = (runs.day > 30) & (runs.day < 370)  # elsewhere the circle closes
    named = np.select([night, day], ["night", "day"], "between")
    assert (named == runs.night_arm)[inside].all()
    own = runs.number("roster_cycle")
    assert (np.diff(cycle[inside]) == np.diff(own[inside])).all()


def test_a_whole_turn_changes_nothing_and_a_run_moves_against_the_roster(runs: Runs, nights: Nights) -> None:
    start, end = times(runs)
    there, turned = nights.moved(np.array([5, 5 + nights.span_d]), start, end)[0]
    assert (there == turned).all()
    later = nights.moved(np.array([7]), start + 24 * 2, end + 24 * 2)[0][0]
    assert (there == later).all()


def test_the_places_are_whole_days_around_the_circle_without_its_own(nights: Nights) -> None:
    assert len(nights.moves) == MOVES
    assert 0 < nights.moves.min() <= nights.moves.max() < nights.span_d
    short = Nights.of(night_shifts(Planted(days=50), seed=0))
    assert short is not None
    assert short.moves.tolist() == list(range(1, short.span_d))


def test_a_ratio_is_that_of_the_whole_regression_on_the_moved_roster(runs: Runs, nights: Nights) -> None:
    plan = compared(runs, adjustments(runs))
    assert not isinstance(plan, str)
    others = plan.x[:, : plan.exposures]
    ratios = placebo_ratios(nights, *times(plan.runs), others, plan.y)
    assert len(ratios) == MOVES
    for place in (0, 40, 150):
        night, day, cycle = (f[0] for f in nights.moved(nights.moves[[place]], *times(plan.runs)))
        x = np.column_stack([others, night, ~night & ~day])
        fit = cluster_robust(x, plan.y, cycle)
        one = np.eye(x.shape[1])[plan.exposures]
        assert ratios[place] == pytest.approx(fit.coefficients @ one / fit.standard_error(one))


def test_shifts_by_day_count_for_the_length_of_the_roster_alone(nights: Nights) -> None:
    shifts = night_shifts(PLANTED, seed=3)
    last = shifts["end_time"][-1].as_py()
    day = pa.table(
        {"start_time": [last + timedelta(days=9)], "end_time": [last + timedelta(days=10)], "kind": ["day"]}
    )
    longer = Nights.of(pa.concat_tables([shifts, day.cast(shifts.schema)]))
    assert longer is not None
    assert longer.span_d == nights.span_d + 10
    assert len(longer.start) == len(nights.start)


def test_without_a_night_shift_there_is_nothing_to_move() -> None:
    start = datetime(2024, 1, 1, 7, tzinfo=UTC)
    day = pa.table({"start_time": [start], "end_time": [start + timedelta(hours=12)], "kind": ["day"]})
    assert Nights.of(day) is None
    assert Nights.of(night_shifts(PLANTED, seed=3).slice(0, 0)) is None
