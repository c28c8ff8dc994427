from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from coros_assets.gold.metrics import grade, pace
from coros_assets_tests.gold.metrics.tracks import make_track


def at(factor: object, value: float) -> float:
    assert callable(factor)
    return float(factor(np.array([value]))[0])


def test_minetti_is_cheapest_at_18_percent_down() -> None:
    lowest = minimize_scalar(lambda i: at(grade.minetti_cost, i), bounds=(-0.45, 0), method="bounded")
    assert round(lowest.x, 3) == -0.181
    assert round(lowest.fun, 3) == 1.781


def test_minetti_credits_a_descent_of_10_percent_more_than_runners_gain() -> None:
    assert round(at(grade.minetti_factor, -0.10), 3) == 0.598
    assert round(at(grade.gap_factor, -0.10), 2) == 0.88


# Strava's published pace adjustment (Robb 2017), as read from its chart by others.
PUBLISHED_GAP = {
    -0.30: 1.50,
    -0.24: 1.235,
    -0.20: 1.09,
    -0.16: 0.95,
    -0.12: 0.89,
    -0.10: 0.88,
    -0.08: 0.88,
    -0.06: 0.89,
    -0.04: 0.91,
    -0.02: 0.95,
    0.00: 1.00,
    0.02: 1.05,
    0.04: 1.14,
    0.06: 1.24,
    0.08: 1.34,
    0.10: 1.47,
    0.16: 1.94,
    0.20: 2.30,
    0.30: 3.16,
    0.34: 3.49,
}


@pytest.mark.parametrize(("slope", "factor"), PUBLISHED_GAP.items())
def test_the_default_factor_follows_the_published_behaviour_within_4_percent(
    slope: float, factor: float
) -> None:
    assert at(grade.gap_factor, slope) == pytest.approx(factor, rel=0.04)


def test_the_default_factor_is_least_near_8_percent_down() -> None:
    lowest = minimize_scalar(lambda i: at(grade.gap_factor, i), bounds=(-0.34, 0), method="bounded")
    assert -0.10 < lowest.x < -0.07


def test_on_the_flat_grade_adjusted_pace_is_pace() -> None:
    track = make_track(1200)
    expected = pytest.approx(pace.average_pace(track))
    assert pace.grade_adjusted_pace(track) == expected
    assert pace.grade_adjusted_pace_minetti(track) == expected


@pytest.mark.parametrize("slope", [-0.2, -0.1, 0.05, 0.1])
def test_a_steady_slope_is_worth_its_factor(slope: float) -> None:
    track = make_track(1200, altitude_m=500 + slope * 3.0 * np.arange(1201))
    average = pace.average_pace(track)
    assert average is not None
    assert pace.grade_adjusted_pace(track) == pytest.approx(average / at(grade.gap_factor, slope), rel=0.02)
    minetti = pace.grade_adjusted_pace_minetti(track)
    assert minetti == pytest.approx(average / at(grade.minetti_factor, slope), rel=0.02)


def test_grades_are_clipped_at_34_percent() -> None:
    track = make_track(600, altitude_m=np.where(np.arange(601) < 300, 100.0, 400.0))
    assert track.grade is not None
    assert track.grade.max() == 0.34


def test_noise_of_the_altimeter_on_the_flat_changes_pace_by_less_than_one_percent() -> None:
    noise = np.random.default_rng(1).normal(0, 0.5, 3601)
    track = make_track(3600, altitude_m=100 + noise)
    assert pace.grade_adjusted_pace(track) == pytest.approx(pace.average_pace(track), rel=0.01)


@pytest.mark.parametrize(
    ("known_share", "is_known"), [(1.0, True), (0.91, True), (0.89, False), (0.0, False)]
)
def test_grades_need_nine_tenths_of_the_altitudes(known_share: float, is_known: bool) -> None:
    altitude = np.where(np.arange(1001) < known_share * 1001, 100.0, np.nan)
    track = make_track(1000, altitude_m=altitude)
    assert (track.grade is not None) is is_known
    assert (pace.grade_adjusted_pace(track) is not None) is is_known


@pytest.mark.parametrize(
    "track", [make_track(600, distance_m=np.nan), make_track(600, distance_m=0.0), make_track(0)]
)
def test_without_a_path_there_is_no_grade_adjusted_pace(track: object) -> None:
    assert pace.grade_adjusted_pace(track) is None
