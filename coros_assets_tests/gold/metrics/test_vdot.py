from __future__ import annotations

import numpy as np
import pytest

from coros_assets.gold.metrics.vdot import best_vdot, vdot
from coros_assets_tests.gold.metrics.tracks import make_track


@pytest.mark.parametrize(
    ("distance_m", "time_s", "expected"),
    [(5000, 20 * 60, 49.81), (10000, 40 * 60, 51.94), (42195, 3 * 3600, 53.53)],
)
def test_race_times_have_their_published_index(distance_m: float, time_s: float, expected: float) -> None:
    assert round(vdot(distance_m, time_s), 2) == expected


def test_the_best_of_the_longer_efforts_counts() -> None:
    ten_km = make_track(2400, speed_m_per_s=10_000 / 2400)
    assert best_vdot(ten_km) == pytest.approx(vdot(10_000, 2400))
    slow_after_5_km = make_track(time_s=[0, 1200, 3000], distance_m=[0, 5000, 10_000])
    assert best_vdot(slow_after_5_km) == pytest.approx(vdot(5000, 1200))


def test_a_short_effort_alone_has_no_index() -> None:
    assert best_vdot(make_track(1200, speed_m_per_s=4.1)) is None
    assert best_vdot(make_track(1200, distance_m=np.nan)) is None


@pytest.mark.parametrize(("minutes", "is_known"), [(42, True), (60, False), (300, False)])
def test_walking_and_long_pauses_have_no_index(minutes: int, is_known: bool) -> None:
    run = make_track(time_s=[0, 60 * minutes], distance_m=[0, 5000])
    assert (best_vdot(run) is not None) is is_known
