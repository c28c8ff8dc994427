from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coros_assets.gold.metrics.pauses import LONGEST_SILENCE_S, SHORTEST_PAUSE_S, pauses


@pytest.mark.parametrize(
    ("steps", "timer_s", "paused"),
    [
        ([1, 1, 40, 1], 43, []),
        ([1, 1, 40, 1], 44, []),
        ([1, 1, 40, 1], 4, [2]),
        ([1, 1, 40, 1], None, [2]),
        ([1, 30, 60, 20], 51, [2]),
        ([1, 30, 60, 20], 22, [1, 2]),
        ([1, 30, 60, 20], 95, []),
        ([15, 15, 15, 15], 60, []),
        ([15, 15, 15, 15], None, []),
        ([1, 1, 300, 1], 303, [2]),
        ([1, 9, 1, 9], 2, []),
        ([], 10, []),
        ([], None, []),
    ],
)
def test_the_longest_steps_that_make_up_what_the_timer_left_out_are_pauses(
    steps: list[float], timer_s: float | None, paused: list[int]
) -> None:
    found = pauses(np.array(steps, dtype=float), timer_s)
    assert np.flatnonzero(found).tolist() == paused


steps = st.lists(st.integers(1, 400), min_size=1, max_size=40).map(lambda v: np.array(v, dtype=float))


@given(steps)
def test_where_the_timer_ran_all_the_time_only_a_long_silence_is_a_pause(step: np.ndarray) -> None:
    assert (pauses(step, float(step.sum())) == (step > LONGEST_SILENCE_S)).all()


@given(steps, st.floats(0, 20_000))
def test_a_step_of_ten_seconds_is_never_a_pause_and_none_is_longer_than_one_that_is_not(
    step: np.ndarray, timer_s: float
) -> None:
    found = pauses(step, timer_s)
    assert not found[step <= SHORTEST_PAUSE_S].any()
    if found.any():
        assert step[~found].max(initial=0) <= step[found].min()
