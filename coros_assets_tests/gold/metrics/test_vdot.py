from __future__ import annotations

import pytest

from coros_assets.gold.metrics.best_effort import STANDARD_DISTANCES, BestEffort
from coros_assets.gold.metrics.vdot import best_vdot, vdot

BY_LABEL = {standard.label: standard for standard in STANDARD_DISTANCES}


@pytest.mark.parametrize(
    ("distance_m", "time_s", "expected"),
    [(5000, 20 * 60, 49.81), (10000, 40 * 60, 51.94), (42195, 3 * 3600, 53.53)],
)
def test_race_times_have_their_published_index(distance_m: float, time_s: float, expected: float) -> None:
    assert round(vdot(distance_m, time_s), 2) == expected


def test_the_best_of_the_longer_efforts_counts() -> None:
    efforts = {
        BY_LABEL["1 mile"]: BestEffort(300, 0),
        BY_LABEL["5 km"]: BestEffort(1200, 0),
        BY_LABEL["10 km"]: BestEffort(2400, 0),
    }
    assert best_vdot(efforts) == vdot(10000, 2400)


def test_a_short_effort_alone_has_no_index() -> None:
    assert best_vdot({BY_LABEL["2 mile"]: BestEffort(660, 0)}) is None
    assert best_vdot({}) is None


@pytest.mark.parametrize(("minutes", "is_known"), [(42, True), (60, False), (300, False)])
def test_walking_and_long_pauses_have_no_index(minutes: int, is_known: bool) -> None:
    assert (best_vdot({BY_LABEL["5 km"]: BestEffort(60.0 * minutes, 0)}) is not None) is is_known
