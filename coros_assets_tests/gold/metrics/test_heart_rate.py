from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coros_assets.gold.metrics import heart_rate
from coros_assets_tests.gold.metrics.tracks import ATHLETE, make_track


def test_the_average_weighs_each_heart_rate_by_the_time_until_the_next_point() -> None:
    track = make_track(time_s=[0, 1, 2, 10], heart_rate_bpm=[100, 110, 150, 190])
    assert heart_rate.average_heart_rate(track) == pytest.approx((100 + 110 + 8 * 150) / 10)


def test_a_pause_has_no_weight() -> None:
    time = [*range(61), *range(1000, 1061)]
    rate = [150.0] * 60 + [80.0] + [150.0] * 61
    assert heart_rate.average_heart_rate(make_track(time_s=time, heart_rate_bpm=rate)) == 150


@pytest.mark.parametrize(("known", "average"), [(600, 150.0), (301, 150.0), (299, None), (0, None)])
def test_the_average_needs_heart_rate_for_half_of_the_time(known: int, average: float | None) -> None:
    rate = np.where(np.arange(601) < known, 150.0, np.nan)
    assert heart_rate.average_heart_rate(make_track(600, heart_rate_bpm=rate)) == average


def test_the_highest_heart_rate_counts_even_at_the_last_point() -> None:
    assert heart_rate.max_heart_rate(make_track(3, heart_rate_bpm=[100, np.nan, 120, 180])) == 180
    assert heart_rate.max_heart_rate(make_track(3, heart_rate_bpm=np.nan)) is None


@pytest.mark.parametrize(("rate", "share"), [(50.0, 0.0), (120.0, 50.0), (190.0, 100.0), (np.nan, None)])
def test_reserve_runs_from_resting_to_maximum(rate: float, share: float | None) -> None:
    assert heart_rate.heart_rate_reserve(make_track(60, heart_rate_bpm=rate), ATHLETE) == share


@pytest.mark.parametrize(
    ("rate", "zone"),
    [
        (94.9, 0),
        (95.0, 1),
        (113.9, 1),
        (114.0, 2),
        (133.0, 3),
        (152.0, 4),
        (170.9, 4),
        (171.0, 5),
        (200.0, 5),
        (np.nan, -1),
    ],
)
def test_a_zone_begins_at_its_lower_end(rate: float, zone: int) -> None:
    times = heart_rate.zone_times(make_track(60, heart_rate_bpm=rate), ATHLETE)
    assert times == {z: 60.0 if z == zone else 0.0 for z in heart_rate.ZONES}


steps = st.lists(st.integers(1, 40), min_size=1, max_size=50)
rates = st.one_of(st.floats(30, 220), st.just(np.nan))


@given(st.data(), steps)
def test_zones_sum_to_the_recorded_time(data: st.DataObject, step: list[int]) -> None:
    rate = data.draw(st.lists(rates, min_size=len(step) + 1, max_size=len(step) + 1))
    track = make_track(time_s=np.cumsum([0, *step]), heart_rate_bpm=rate)
    assert sum(heart_rate.zone_times(track, ATHLETE).values()) == pytest.approx(track.recorded_time_s)
