"""Bends of a line: found where they were planted, counted, and none where there is no place."""

from __future__ import annotations

import numpy as np
import pytest

from coros_assets.answers.bends import DAYS_ASIDE, RUNS_ASIDE, find_bends

DAYS = np.arange(0.0, 1100.0, 2.0)
PLACES = (300.0, 700.0)


def line(*bends: tuple[float, float], noise: float = 0.02, seed: int = 0) -> np.ndarray:
    """A rise of 5 % a year, whose yearly rate changes at each day by so much."""
    y = 0.05 * DAYS / 365.25 + np.random.default_rng(seed).normal(0, noise, DAYS.size)
    for day, change in bends:
        y += change * np.maximum(DAYS - day, 0) / 365.25
    return y


X = np.column_stack([np.ones_like(DAYS), DAYS / 365.25])


@pytest.mark.parametrize("bends", [(), ((300.0, -0.12),), ((300.0, -0.15), (700.0, 0.2))])
def test_as_many_bends_are_found_as_were_planted_each_in_its_range(
    bends: tuple[tuple[float, float], ...],
) -> None:
    found = find_bends(X, line(*bends), DAYS)
    clear = [bend for bend in found if bend.change.p_value <= 0.05]
    assert len(clear) == len(bends)
    for bend, (day, change) in zip(clear, bends, strict=True):
        assert bend.first <= day <= bend.last
        assert bend.first <= bend.day <= bend.last
        assert bend.last - bend.first < 150
        assert bend.change.low < change / 365.25 < bend.change.high


def test_without_a_clear_bend_the_likeliest_is_shown_and_its_interval_holds_zero() -> None:
    (bend,) = find_bends(X, line(), DAYS)
    assert bend.change.p_value > 0.05
    assert bend.change.low < 0 < bend.change.high


def test_the_same_record_gives_the_same_bends() -> None:
    y = line((300.0, -0.12))
    assert find_bends(X, y, DAYS) == find_bends(X, y, DAYS)


def test_a_bend_keeps_away_from_both_ends_of_the_record() -> None:
    (bend,) = find_bends(X, line((1080.0, -5.0)), DAYS)[-1:]
    assert bend.day <= DAYS[-1] - DAYS_ASIDE


def test_a_bend_that_is_allowed_for_already_is_not_looked_for_again() -> None:
    y = line((301.0, -0.12))
    (found,) = find_bends(X, y, DAYS)
    assert found.change.p_value <= 0.05
    allowed = np.column_stack([X, np.maximum(DAYS - found.day, 0)])
    again = find_bends(allowed, y, DAYS)
    assert all(bend.day != found.day and bend.change.p_value > 0.05 for bend in again)


def test_a_short_record_or_one_with_all_its_runs_at_one_end_has_no_place_for_a_bend() -> None:
    short = DAYS < 2 * DAYS_ASIDE - 2
    assert find_bends(X[short], line()[short], DAYS[short]) == []
    ends = np.r_[0 : RUNS_ASIDE - 1, DAYS.size - RUNS_ASIDE - 20 : DAYS.size]
    assert [b for b in find_bends(X[ends], line()[ends], DAYS[ends]) if b.day < 900] == []
