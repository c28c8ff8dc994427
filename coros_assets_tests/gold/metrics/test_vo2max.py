from __future__ import annotations

import numpy as np
import pytest

from coros_assets.gold.metrics.track import Track
from coros_assets.gold.metrics.vdot import oxygen_cost
from coros_assets.gold.metrics.vo2max import vo2max_index
from coros_assets_tests.gold.metrics.tracks import ATHLETE, make_track

SPEED_AT_MAXIMUM = 4.6


def steps(rates: list[float], *, minutes: int = 5, noise_bpm: float = 0.0, **changes: object) -> Track:
    """Five minutes of warm-up, then as many minutes at each heart rate, each at its speed on one line."""
    levels = np.repeat([100.0, *rates], minutes * 60)
    rate = np.append(levels, levels[-1])
    speed = SPEED_AT_MAXIMUM - (ATHLETE.max_heart_rate_bpm - levels) / 40
    noise = np.random.default_rng(3).normal(0, noise_bpm, rate.size)
    track = {"distance_m": np.concatenate(([0.0], np.cumsum(speed))), "heart_rate_bpm": rate + noise}
    return make_track(levels.size, **(track | changes))


def test_the_line_is_drawn_on_to_the_maximum_heart_rate() -> None:
    index = vo2max_index(steps([130, 140, 150, 160]), ATHLETE)
    assert index == pytest.approx(oxygen_cost(SPEED_AT_MAXIMUM), rel=0.005)


def test_noise_of_the_sensor_changes_it_little() -> None:
    index = vo2max_index(steps([130, 140, 150, 160], noise_bpm=5.0), ATHLETE)
    assert index == pytest.approx(oxygen_cost(SPEED_AT_MAXIMUM), rel=0.03)


def test_the_cost_of_running_is_the_published_curve() -> None:
    assert oxygen_cost(300 / 60) == pytest.approx(-4.6 + 0.182258 * 300 + 0.000104 * 300**2)


@pytest.mark.parametrize(
    ("rates", "is_known"),
    [
        ([140, 150, 160], False),  # over 20 bpm only
        ([135, 148, 161], True),
        ([150, 150, 150, 150], False),
        ([100, 110, 120], False),  # below 55 % of the reserve
        ([178, 183, 188], False),  # above 90 %
    ],
)
def test_it_needs_a_range_of_25_bpm_within_55_to_90_percent_of_the_reserve(
    rates: list[float], is_known: bool
) -> None:
    assert (vo2max_index(steps(rates), ATHLETE) is not None) is is_known


def test_stretches_shorter_than_three_minutes_do_not_count() -> None:
    assert vo2max_index(steps([130, 140, 150, 160] * 4, minutes=2), ATHLETE) is None


def test_a_line_that_explains_too_little_is_not_drawn_on() -> None:
    scattered = np.repeat([2.5, 3.6, 2.6, 3.7, 2.7, 3.5, 2.6], 300)
    distance = np.concatenate(([0.0], np.cumsum(scattered)))
    track = steps([130, 136, 142, 148, 154, 160], distance_m=distance)
    assert vo2max_index(track, ATHLETE) is None


def test_who_is_slower_at_a_higher_heart_rate_has_none() -> None:
    falling = np.repeat([3.4, 3.4, 3.2, 3.0, 2.8], 300)
    track = steps([130, 140, 150, 160], distance_m=np.concatenate(([0.0], np.cumsum(falling))))
    assert vo2max_index(track, ATHLETE) is None


@pytest.mark.parametrize("missing", ["heart_rate_bpm", "altitude_m", "distance_m"])
def test_it_needs_heart_rate_altitude_and_path(missing: str) -> None:
    assert vo2max_index(steps([130, 140, 150, 160], **{missing: np.nan}), ATHLETE) is None


def test_a_run_of_days_is_thinned_before_its_pairs_are_compared() -> None:
    track = steps([130, 140, 150, 160], minutes=1000)
    assert vo2max_index(track, ATHLETE) == pytest.approx(oxygen_cost(SPEED_AT_MAXIMUM), rel=0.005)
