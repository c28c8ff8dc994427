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


DANIELS_38 = {
    1500: "6:54",
    1609.344: "7:27",
    3000: "14:41",
    3218.688: "15:49",
    5000: "25:12",
    10_000: "52:17",
    15_000: "80:33",
    21_097.5: "115:55",
    42_195: "239:35",
}
"""The row of VDOT 38 in the tables of Daniels' Running Formula, 3rd edition."""


@pytest.mark.parametrize(("distance_m", "clock"), DANIELS_38.items())
def test_times_of_one_row_of_daniels_tables_have_its_index(distance_m: float, clock: str) -> None:
    minutes, seconds = clock.split(":")
    assert vdot(distance_m, 60 * int(minutes) + int(seconds)) == pytest.approx(38, abs=0.1)


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
