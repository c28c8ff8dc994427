from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coros_assets.formats.tcx import read_tcx
from coros_assets.silver import heart_rate, movement
from coros_assets.silver.clean import clean
from coros_assets_tests.tcx_text import activity, lap, point, position, run_file, tcx

LANDED = datetime(2024, 6, 2, tzinfo=UTC)


def cleaned(points: str):
    return clean(read_tcx(tcx(activity(lap(points))))[0], LANDED)


def test_points_without_a_possible_time_are_dropped_and_counted():
    found = cleaned(
        point("")
        + point("1970-01-01T00:00:00Z")
        + point("2106-02-07T06:28:15Z")
        + point("2024-06-01T17:00:00Z")
    )
    assert len(found.time_us) == 1
    assert found.counts["points_without_time"] == 1
    assert found.counts["points_impossible_time"] == 2


def test_time_that_goes_back_is_sorted_and_of_equal_times_the_first_is_kept():
    found = cleaned(
        point("2024-06-01T17:00:02Z", "<DistanceMeters>9</DistanceMeters>")
        + point("2024-06-01T17:00:01Z", "<DistanceMeters>4</DistanceMeters>")
        + point("2024-06-01T17:00:02Z", "<DistanceMeters>99</DistanceMeters>")
    )
    assert found.columns["distance_m"].tolist() == [4, 9]
    assert found.counts["points_repeated_time"] == 1
    assert "time_goes_back" in found.flags


def test_an_activity_without_any_usable_time_is_none():
    assert cleaned(point("1970-01-01T00:00:00Z")) is None


def test_latitude_and_longitude_zero_are_no_position():
    found = cleaned(point("2024-06-01T17:00:00Z", position(0, 0)))
    assert not found.has_position


def test_a_coros_run_gets_metres_per_second_and_both_legs():
    found = clean(read_tcx(run_file(seconds=300, speed_m_per_s=3.0))[0], LANDED)
    assert found.columns["speed_m_per_s"] == pytest.approx(3.0)
    assert found.columns["cadence_spm"] == pytest.approx(168)
    assert {"speed_in_km_per_h", "cadence_doubled"} <= set(found.flags)


@pytest.mark.parametrize(
    ("unit", "flags"), [(1.0, ()), (3.6, ("speed_in_km_per_h",)), (2.2, ("speed_unit_unknown",))]
)
def test_the_unit_of_speed_is_told_by_the_slope_of_distance(unit, flags):
    seconds = np.arange(600.0)
    true = 3 + np.sin(seconds / 60)
    speed, found = movement.metres_per_second(true * unit, seconds, np.cumsum(true))
    assert found == flags
    assert np.isnan(speed).all() if "speed_unit_unknown" in flags else np.allclose(speed, true)


@pytest.mark.parametrize(
    ("cadence", "is_run", "steps", "flags"),
    [
        (84.0, True, 168.0, ("cadence_doubled",)),
        (168.0, True, 168.0, ()),
        (84.0, False, 84.0, ()),
    ],
)
def test_one_leg_of_a_run_is_doubled_once(cadence, is_run, steps, flags):
    values, found = movement.steps_per_minute(np.full(10, cadence), is_run)
    assert values.tolist() == [steps] * 10
    assert found == flags


@pytest.mark.parametrize(
    ("written", "meant", "flags"),
    [
        ([0, 10, 20, 5, 15], [0, 10, 20, 20, 20], ("distance_jitter",)),
        ([0, 10, 20, 0, 10], [0, 10, 20, 20, 30], ("distance_reset",)),
        ([0, 10, 9, 20, 1, 11], [0, 10, 10, 20, 21, 31], ("distance_reset", "distance_jitter")),
        ([0, np.nan, 20], [0, np.nan, 20], ()),
    ],
)
def test_distance_never_decreases(written, meant, flags):
    nothing = np.full(len(written), np.nan)
    distance, found = movement.monotonic_distance(np.array(written, float), nothing, nothing)
    assert distance.tolist() == pytest.approx(meant, nan_ok=True)
    assert found == flags


@given(st.lists(st.floats(0, 1e5) | st.just(float("nan")), min_size=1, max_size=50))
def test_whatever_was_written_distance_never_decreases(written):
    nothing = np.full(len(written), np.nan)
    distance, _ = movement.monotonic_distance(np.array(written), nothing, nothing)
    assert np.all(np.diff(distance[np.isfinite(distance)]) >= 0)


def test_missing_distance_is_summed_from_positions():
    latitude = np.array([48.0, 48.001, 48.002])
    distance, flags = movement.monotonic_distance(np.full(3, np.nan), latitude, np.full(3, 16.0))
    assert distance[-1] == pytest.approx(222.39, abs=0.05)
    assert flags == ("distance_from_positions",)


def test_a_spike_is_emptied_and_bridged_but_a_real_rise_is_not():
    seconds = np.arange(120.0)
    pulse = 140 + seconds / 10
    pulse[60] = 205
    found = heart_rate.repaired(seconds, pulse, None)
    assert found.counts["heart_rate_points_nulled"] == 1
    assert found.counts["heart_rate_points_filled"] == 1
    assert found.heart_rate_bpm[60] == pytest.approx(146, abs=0.5)
    assert np.delete(found.heart_rate_bpm, 60) == pytest.approx(np.delete(140 + seconds / 10, 60))


@pytest.mark.parametrize(("gap_s", "is_filled"), [(9, True), (12, False)])
def test_only_gaps_of_ten_seconds_inside_are_filled(gap_s, is_filled):
    seconds = np.arange(100.0)
    pulse = np.full(100, 140.0)
    pulse[40 : 40 + gap_s] = np.nan
    pulse[:3] = 0
    found = heart_rate.repaired(seconds, pulse, None).heart_rate_bpm
    assert np.isfinite(found[40 : 40 + gap_s]).all() == is_filled
    assert np.isnan(found[:3]).all()


def locked_run(seconds: int = 600, from_s: int = 200, until_s: int = 400):
    rng = np.random.default_rng(1)
    time = np.arange(float(seconds))
    steps = 170 + 4 * np.sin(time / 20) + rng.normal(0, 0.5, seconds)
    pulse = 140 + rng.normal(0, 1, seconds)
    pulse[from_s:until_s] = steps[from_s:until_s] + rng.normal(0, 0.5, until_s - from_s)
    return time, pulse, steps


def test_a_planted_cadence_lock_is_excluded_where_it_is_and_nowhere_else():
    time, pulse, steps = locked_run()
    locked = heart_rate.cadence_lock(time, pulse, steps)
    assert locked[205:395].all()
    assert not locked[:198].any()
    assert not locked[402:].any()


def test_a_pulse_that_rises_slowly_to_the_cadence_is_no_lock():
    time = np.arange(600.0)
    steps = 170 + 2 * np.sin(time / 20)
    pulse = np.minimum(120 + time / 6, 170) + 2 * np.sin(time / 20)
    assert not heart_rate.cadence_lock(time, pulse, steps).any()
