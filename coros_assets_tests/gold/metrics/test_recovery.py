from __future__ import annotations

import numpy as np
import pytest

from coros_assets.gold.metrics.recovery import heart_rate_recovery
from coros_assets.gold.metrics.track import Track
from coros_assets_tests.gold.metrics.tracks import make_track

STOP = 600


def stopping(recorded_s: int, *, speed: float = 3.0, fall: float = 30.0, **changes: object) -> Track:
    """Ten minutes of running at 170 bpm, then standing while heart rate falls by `fall` within a minute."""
    second = np.arange(STOP + recorded_s + 1)
    track = {
        "distance_m": speed * np.minimum(second, STOP),
        "heart_rate_bpm": 170 - fall * np.clip(second - STOP, 0, None) / 60,
    }
    return make_track(STOP + recorded_s, **(track | changes))


@pytest.mark.parametrize("fall", [0.0, 30.0, 55.0])
def test_recovery_is_the_fall_of_the_first_minute(fall: float) -> None:
    assert heart_rate_recovery(stopping(180, fall=fall)) == pytest.approx(fall, abs=3)


@pytest.mark.parametrize(("recorded_s", "is_known"), [(0, False), (50, False), (60, True), (120, True)])
def test_a_recording_that_ends_earlier_has_none(recorded_s: int, is_known: bool) -> None:
    assert (heart_rate_recovery(stopping(recorded_s)) is not None) is is_known


@pytest.mark.parametrize(("speed", "is_known"), [(1.5, False), (2.1, True)])
def test_who_walked_to_the_stop_has_recovered_already(speed: float, is_known: bool) -> None:
    assert (heart_rate_recovery(stopping(120, speed=speed)) is not None) is is_known


@pytest.mark.parametrize("lost_from", [STOP - 10, STOP + 50])
def test_without_heart_rate_at_either_moment_there_is_none(lost_from: int) -> None:
    rate = np.full(STOP + 121, 150.0)
    rate[lost_from : lost_from + 25] = np.nan
    assert heart_rate_recovery(stopping(120, heart_rate_bpm=rate)) is None


@pytest.mark.parametrize("track", [make_track(600, distance_m=np.nan), make_track(600, distance_m=0.0)])
def test_who_did_not_move_does_not_stop(track: Track) -> None:
    assert heart_rate_recovery(track) is None
