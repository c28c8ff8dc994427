from __future__ import annotations

import numpy as np
import pytest

from coros_assets.gold.metrics import pace
from coros_assets_tests.gold.metrics.tracks import make_track


def test_a_steady_run_moves_all_the_time_at_its_own_pace() -> None:
    track = make_track(1000, speed_m_per_s=4.0)
    assert pace.distance(track) == 4000
    assert pace.moving_time(track) == 1000
    assert pace.average_pace(track) == pytest.approx(250.0)


def test_standing_is_not_moving() -> None:
    distance = np.concatenate((np.arange(301) * 3.0, np.full(120, 900.0), 900 + np.arange(1, 301) * 3.0))
    track = make_track(720, distance_m=distance)
    assert pace.moving_time(track) == pytest.approx(600, abs=4)


def test_a_pause_counts_neither_as_moving_nor_as_recorded() -> None:
    time = np.concatenate((np.arange(301.0), 600 + np.arange(300.0)))
    track = make_track(time_s=time, distance_m=np.arange(601) * 3.0)
    assert pace.moving_time(track) == 599
    assert track.recorded_time_s == 599


@pytest.mark.parametrize(("step_s", "moving_s"), [(1, 600), (6, 600), (15, 600)])
def test_a_watch_that_records_every_few_seconds_is_not_paused_between(step_s: int, moving_s: float) -> None:
    time = np.arange(0, 601, step_s)
    assert pace.moving_time(make_track(time_s=time, distance_m=time * 3.0)) == moving_s


def test_a_repeated_distance_followed_by_a_double_step_is_running() -> None:
    distance = np.arange(601) * 3.5
    distance[5::20] = distance[4::20]
    track = make_track(600, distance_m=distance)
    assert pace.moving_time(track) == 600
    unsmoothed = track.moving_steps_s(0)
    assert unsmoothed is not None
    assert unsmoothed.sum() == 570


def test_whole_metres_of_slow_walking_count_as_moving() -> None:
    track = make_track(600, distance_m=np.floor(np.arange(601) * 0.9))
    assert pace.moving_time(track) == pytest.approx(600, abs=6)


def test_distance_missing_at_some_points_is_interpolated() -> None:
    distance = np.arange(601) * 3.0
    distance[1:3] = np.nan
    distance[100:103] = np.nan
    assert pace.moving_time(make_track(600, distance_m=distance)) == 600


@pytest.mark.parametrize(
    ("seconds", "speed", "expected"), [(33, 3.0, None), (34, 3.0, 1000 / 3), (600, 0.0, None)]
)
def test_pace_needs_100_metres_and_movement(seconds: int, speed: float, expected: float | None) -> None:
    assert pace.average_pace(make_track(seconds, speed_m_per_s=speed)) == pytest.approx(expected)


@pytest.mark.parametrize("seconds", [0, 1, 600])
def test_without_distances_there_is_no_distance_moving_time_pace_or_average_while_moving(
    seconds: int,
) -> None:
    track = make_track(seconds, distance_m=np.nan, power_w=250.0)
    metrics = (
        pace.distance,
        pace.moving_time,
        pace.average_pace,
        pace.average_cadence,
        pace.average_power,
    )
    assert [metric(track) for metric in metrics] == [None] * 5


def test_cadence_and_power_are_averaged_while_moving_weighted_by_time() -> None:
    time = np.concatenate((np.arange(100.0), np.arange(100.0, 301.0, 2)))
    slow = time < 100
    track = make_track(
        time_s=time,
        distance_m=time * 3.0,
        cadence_spm=np.where(slow, 160.0, 180.0),
        power_w=np.where(slow, 0.0, 300.0),
    )
    assert pace.average_cadence(track) == pytest.approx((100 * 160 + 200 * 180) / 300)
    assert pace.average_power(track) == pytest.approx(200.0)


def test_a_cadence_of_zero_is_a_sensor_without_signal() -> None:
    cadence = np.where(np.arange(601) < 300, 0.0, 170.0)
    assert pace.average_cadence(make_track(600, cadence_spm=cadence)) == pytest.approx(170.0)
