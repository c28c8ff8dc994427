from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coros_assets.gold.metrics.elevation import climb, elevation_gain
from coros_assets_tests.gold.metrics.tracks import make_track


@pytest.mark.parametrize(
    ("altitudes", "gain"),
    [
        ([100, 110], 10),
        ([100, 102.9], 0),
        ([100, 103], 0),
        ([100, 102, 104], 4),
        ([100, 96, 104], 8),
        ([100, 98, 102, 98, 102], 0),
        ([110, 100], 0),
        ([100, 110, 100, 110], 20),
    ],
)
def test_rises_and_falls_of_3_metres_and_less_are_noise(altitudes: list[float], gain: float) -> None:
    assert climb(np.array(altitudes, dtype=float), 3.0) == pytest.approx(gain)


def test_points_without_altitude_are_passed_over() -> None:
    altitude = [np.nan, 100, np.nan, 110, np.nan]
    assert elevation_gain(make_track(4, altitude_m=altitude)) == 10


@pytest.mark.parametrize("altitude", [[np.nan] * 3, [np.nan, 100, np.nan]])
def test_fewer_than_two_altitudes_are_no_climb_that_could_be_known(altitude: list[float]) -> None:
    assert elevation_gain(make_track(2, altitude_m=altitude)) is None


altitudes = st.lists(st.integers(0, 400), min_size=1, max_size=60).map(lambda v: np.array(v, dtype=float))


@given(altitudes)
def test_without_hysteresis_climb_is_the_sum_of_all_rises(altitude: np.ndarray) -> None:
    assert climb(altitude, 0.0) == np.diff(altitude).clip(min=0).sum()


@given(altitudes)
def test_climb_is_never_more_than_the_sum_of_all_rises(altitude: np.ndarray) -> None:
    assert climb(altitude, 3.0) <= np.diff(altitude).clip(min=0).sum()
