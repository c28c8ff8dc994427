from __future__ import annotations

import numpy as np
import pytest

from coros_assets.gold.metrics.drift import heart_rate_drift
from coros_assets.gold.metrics.track import Track
from coros_assets_tests.gold.metrics.tracks import make_track

MINUTE = 60


def drifting(minutes: int, *, pct_per_h: float = 6.0, sway: float = 0.0, **changes: object) -> Track:
    """A run whose heart rate rises with time, and with the square root of a speed that sways."""
    second = np.arange(minutes * MINUTE + 1)
    speed = 3.0 * np.exp(sway * np.sin(second / 400))
    rate = 140 * (1 + pct_per_h / 100) ** (second / 3600) * np.sqrt(speed / 3.0)
    track = {"distance_m": np.concatenate(([0.0], np.cumsum(speed[:-1]))), "heart_rate_bpm": rate}
    return make_track(minutes * MINUTE, **(track | changes))


@pytest.mark.parametrize("pct", [-3.0, 0.0, 6.0, 15.0])
@pytest.mark.parametrize("sway", [0.0, 0.1])
def test_drift_is_the_rise_at_equal_speed(pct: float, sway: float) -> None:
    assert heart_rate_drift(drifting(60, pct_per_h=pct, sway=sway)) == pytest.approx(pct, abs=0.1)


def test_slowing_down_does_not_hide_drift() -> None:
    second = np.arange(3601)
    speed = 3.0 * np.exp(-0.1 * second / 3600 + 0.05 * np.sin(second / 300))
    rate = 140 * 1.08 ** (second / 3600) * np.sqrt(speed / 3.0)
    track = make_track(3600, distance_m=np.concatenate(([0.0], np.cumsum(speed[:-1]))), heart_rate_bpm=rate)
    assert heart_rate_drift(track) == pytest.approx(8.0, abs=0.1)


@pytest.mark.parametrize(("minutes", "is_known"), [(40, True), (39, False)])
def test_a_steady_run_lasts_40_minutes(minutes: int, is_known: bool) -> None:
    assert (heart_rate_drift(drifting(minutes)) is not None) is is_known


@pytest.mark.parametrize(("sway", "is_known"), [(0.12, True), (0.17, False)])
def test_an_uneven_run_has_no_drift(sway: float, is_known: bool) -> None:
    assert (heart_rate_drift(drifting(90, sway=sway)) is not None) is is_known


@pytest.mark.parametrize(("stood_min", "is_known"), [(3, True), (9, False)])
def test_a_run_with_long_stops_has_no_drift(stood_min: int, is_known: bool) -> None:
    second = np.arange(60 * MINUTE + 1)
    speed = np.where((second > 1500) & (second <= 1500 + stood_min * MINUTE), 0.0, 3.0)
    distance = np.concatenate(([0.0], np.cumsum(speed[:-1])))
    assert (heart_rate_drift(drifting(60, distance_m=distance)) is not None) is is_known


@pytest.mark.parametrize("missing", ["heart_rate_bpm", "altitude_m", "distance_m"])
def test_drift_needs_heart_rate_altitude_and_path(missing: str) -> None:
    assert heart_rate_drift(drifting(60, **{missing: np.nan})) is None


@pytest.mark.parametrize("seconds", [0, 1])
def test_next_to_no_points_have_no_drift(seconds: int) -> None:
    assert heart_rate_drift(make_track(seconds)) is None
