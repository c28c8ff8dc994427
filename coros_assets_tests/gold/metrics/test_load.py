from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coros_assets.gold.metrics import load
from coros_assets_tests.gold.metrics.tracks import ATHLETE, make_track


def test_an_hour_at_150_between_50_and_190_is_a_trimp_of_108_10() -> None:
    impulse = load.trimp(make_track(3600, heart_rate_bpm=150.0), ATHLETE)
    assert impulse is not None
    assert round(impulse, 2) == 108.10


def test_women_have_their_own_weights() -> None:
    impulse = load.trimp(make_track(3600, heart_rate_bpm=150.0), replace(ATHLETE, sex="female"))
    assert impulse == pytest.approx(60 * (100 / 140) * 0.86 * np.exp(1.67 * 100 / 140))


@pytest.mark.parametrize(("rate", "same_as"), [(40.0, 50.0), (210.0, 190.0)])
def test_heart_rates_outside_the_reserve_count_as_its_ends(rate: float, same_as: float) -> None:
    outside = load.trimp(make_track(600, heart_rate_bpm=rate), ATHLETE)
    assert outside == load.trimp(make_track(600, heart_rate_bpm=same_as), ATHLETE)


def test_trimp_is_summed_point_by_point_so_intervals_count_more_than_their_average() -> None:
    rate = np.where(np.arange(3601) % 120 < 60, 120.0, 180.0)
    intervals = load.trimp(make_track(3600, heart_rate_bpm=rate), ATHLETE)
    steady = load.trimp(make_track(3600, heart_rate_bpm=150.0), ATHLETE)
    assert intervals is not None
    assert steady is not None
    assert intervals > 1.05 * steady


@pytest.mark.parametrize(("known", "is_known"), [(3600, True), (2881, True), (2870, False), (0, False)])
def test_a_sum_over_heart_rate_needs_four_fifths_of_it(known: int, is_known: bool) -> None:
    track = make_track(3600, heart_rate_bpm=np.where(np.arange(3601) < known, 150.0, np.nan))
    assert (load.trimp(track, ATHLETE) is not None) is is_known
    for metric in (load.hrss, load.trimp_edwards, load.trimp_lucia):
        assert (metric(track, ATHLETE) is not None) is is_known


@pytest.mark.parametrize(("minutes", "expected"), [(60, 100.0), (30, 50.0), (90, 150.0)])
def test_an_hour_at_threshold_heart_rate_is_a_load_of_100(minutes: int, expected: float) -> None:
    track = make_track(60 * minutes, heart_rate_bpm=ATHLETE.threshold_heart_rate_bpm)
    assert load.hrss(track, ATHLETE) == pytest.approx(expected)


@pytest.mark.parametrize(("speed", "expected"), [(4.0, 100.0), (2.0, 25.0), (4.4, 121.0)])
def test_speed_counts_squared_against_threshold_speed(speed: float, expected: float) -> None:
    track = make_track(3600, speed_m_per_s=speed, heart_rate_bpm=np.nan)
    assert load.rss(track, ATHLETE) == pytest.approx(expected)


def test_load_from_speed_needs_altitude() -> None:
    assert load.rss(make_track(3600, altitude_m=np.nan), ATHLETE) is None


@pytest.mark.parametrize(
    ("rate", "per_minute"),
    [(90.0, 0), (95.0, 1), (120.0, 2), (140.0, 3), (160.0, 4), (175.0, 5), (200.0, 5)],
)
def test_edwards_counts_a_minute_as_the_number_of_its_zone(rate: float, per_minute: int) -> None:
    track = make_track(3600, heart_rate_bpm=rate)
    assert load.trimp_edwards(track, ATHLETE) == pytest.approx(60 * per_minute)


@pytest.mark.parametrize(
    ("rate", "per_minute"), [(60.0, 1), (153.7, 1), (153.8, 2), (168.9, 2), (169.0, 3), (190.0, 3)]
)
def test_lucia_counts_a_minute_by_the_thresholds_below_it(rate: float, per_minute: int) -> None:
    track = make_track(3600, heart_rate_bpm=rate)
    assert load.trimp_lucia(track, ATHLETE) == pytest.approx(60 * per_minute)


def test_zone_sums_add_up_over_a_run_and_leave_out_what_is_unknown() -> None:
    minute = np.arange(3601) // 60
    rate = np.select([minute < 20, minute < 40, minute < 50], [120.0, 160.0, 180.0], np.nan)
    track = make_track(3600, heart_rate_bpm=rate)
    assert load.trimp_edwards(track, ATHLETE) == pytest.approx(20 * 2 + 20 * 4 + 10 * 5)
    assert load.trimp_lucia(track, ATHLETE) == pytest.approx(20 * 1 + 20 * 2 + 10 * 3)
