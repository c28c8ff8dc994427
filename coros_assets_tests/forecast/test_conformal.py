"""Intervals from earlier errors: as many outcomes inside as they say, from nothing that was not known."""

from __future__ import annotations

import numpy as np
import pytest

from coros_assets.forecast import conformal
from coros_assets.forecast.conformal import FEWEST_SCORES, NOMINAL, half_widths

N = 3000
DAY = np.arange(N)


def covered(scores: np.ndarray, delay: int = 1) -> float:
    widths, _ = half_widths(scores, DAY - delay, DAY, np.zeros(N, int))
    judged = np.isfinite(widths)
    return float((scores <= widths)[judged].mean())


@pytest.mark.parametrize("delay", [1, 14])
def test_four_of_five_outcomes_fall_inside(delay: int) -> None:
    scores = np.abs(np.random.default_rng(1).standard_t(3, N))
    assert covered(scores, delay) == pytest.approx(NOMINAL, abs=0.02)


def test_intervals_follow_errors_that_grow_and_fixed_ones_would_not(monkeypatch: pytest.MonkeyPatch) -> None:
    scores = np.abs(np.random.default_rng(2).normal(size=N)) * np.geomspace(1, 1000, N)
    assert covered(scores) == pytest.approx(NOMINAL, abs=0.02)
    monkeypatch.setattr(conformal, "STEP", 0.0)
    assert covered(scores) < NOMINAL - 0.04


def test_the_first_interval_needs_twenty_errors_and_is_their_seventeenth() -> None:
    scores = np.arange(1.0, 41.0)
    widths, following = half_widths(scores, np.arange(40) - 1, np.arange(40), np.zeros(40, int))
    assert np.isnan(widths[:FEWEST_SCORES]).all()
    assert widths[FEWEST_SCORES] == 17
    assert following[0] > widths[-1]


def test_what_came_later_changes_no_interval() -> None:
    random = np.random.default_rng(3)
    scores = np.abs(random.normal(size=400))
    made_on, day = np.arange(400) - 5, np.arange(400)
    before, _ = half_widths(scores, made_on, day, np.zeros(400, int))
    scores[200:] = random.permutation(scores[200:]) * 9
    after, _ = half_widths(scores, made_on, day, np.zeros(400, int))
    assert np.array_equal(before[:205], after[:205], equal_nan=True)
    assert not np.array_equal(before[206:], after[206:])


def test_groups_do_not_mix() -> None:
    group = np.arange(N) % 2
    scores = np.abs(np.random.default_rng(4).normal(size=N)) * np.where(group, 10, 1)
    widths, following = half_widths(scores, DAY - 1, DAY, group)
    assert np.nanmean(widths[group == 1]) == pytest.approx(10 * np.nanmean(widths[group == 0]), rel=0.1)
    assert following[1] > 5 * following[0]
