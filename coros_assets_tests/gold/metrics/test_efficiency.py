from __future__ import annotations

import numpy as np
import pytest

from coros_assets.gold.metrics.efficiency import decoupling, efficiency_factor
from coros_assets_tests.gold.metrics.tracks import make_track

MINUTE = 60


def test_efficiency_is_metres_per_beat() -> None:
    assert efficiency_factor(make_track(3600, speed_m_per_s=3.0, heart_rate_bpm=150.0)) == pytest.approx(1.2)


def test_standing_costs_no_efficiency() -> None:
    distance = np.concatenate((np.arange(901) * 3.0, np.full(300, 2700.0), 2700 + np.arange(1, 901) * 3.0))
    rate = np.concatenate((np.full(903, 150.0), np.full(296, 100.0), np.full(902, 150.0)))
    assert efficiency_factor(make_track(2100, distance_m=distance, heart_rate_bpm=rate)) == pytest.approx(
        1.2, rel=0.003
    )


def test_steps_without_heart_rate_count_on_neither_side() -> None:
    rate = np.where(np.arange(3601) % 3 == 0, np.nan, 150.0)
    assert efficiency_factor(make_track(3600, heart_rate_bpm=rate)) == pytest.approx(1.2)


def test_a_climb_is_credited() -> None:
    climbing = make_track(3600, altitude_m=0.05 * 3.0 * np.arange(3601))
    assert efficiency_factor(climbing) == pytest.approx(1.2 * 1.2, rel=0.02)


@pytest.mark.parametrize(
    "missing",
    [
        {"heart_rate_bpm": np.nan},
        {"altitude_m": np.nan},
        {"distance_m": np.nan},
        {"distance_m": 0.0},
        {"heart_rate_bpm": np.where(np.arange(3601) < 1799, 150.0, np.nan)},
    ],
)
def test_efficiency_needs_path_altitude_and_half_of_the_heart_rates(missing: dict[str, float]) -> None:
    assert efficiency_factor(make_track(3600, **missing)) is None


def test_decoupling_compares_the_halves_after_the_first_ten_minutes() -> None:
    minute = np.arange(70 * MINUTE + 1) / MINUTE
    rate = np.select([minute < 10, minute < 40], [100.0, 150.0], 160.0)
    expected = 100 * (1 / 150 - 1 / 160) * 150
    assert decoupling(make_track(70 * MINUTE, heart_rate_bpm=rate)) == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize(("minutes", "is_known"), [(50, True), (49, False)])
def test_decoupling_needs_forty_minutes_after_the_first_ten(minutes: int, is_known: bool) -> None:
    assert (decoupling(make_track(minutes * MINUTE)) is not None) is is_known


def test_decoupling_needs_heart_rate_in_both_halves() -> None:
    rate = np.where(np.arange(70 * MINUTE + 1) < 50 * MINUTE, 150.0, np.nan)
    assert decoupling(make_track(70 * MINUTE, heart_rate_bpm=rate)) is None
