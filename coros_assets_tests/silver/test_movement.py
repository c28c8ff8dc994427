import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coros_assets.silver import movement


def distance_of(written):
    nothing = np.full(len(written), np.nan)
    return movement.monotonic_distance(np.array(written, float), nothing, nothing)


@pytest.mark.parametrize(
    ("unit", "flags"), [(1.0, ()), (3.6, ("speed_in_km_per_h",)), (2.2, ("speed_unit_unknown",))]
)
def test_the_unit_of_speed_is_told_by_the_slope_of_distance(unit, flags):
    seconds = np.arange(600.0)
    true = 3 + np.sin(seconds / 60)
    speed = movement.metres_per_second(true * unit, seconds, np.cumsum(true), is_in_m_per_s=False)
    unknown = "speed_unit_unknown" in flags
    assert speed.flags == flags
    assert np.isnan(speed.values).all() if unknown else np.allclose(speed.values, true)
    assert speed.counts == {"speed_points_emptied": 600 if unknown else 0}


def test_speed_without_distance_to_compare_with_is_emptied():
    written, nowhere = np.array([3.0, np.nan, 3.0]), np.full(3, np.nan)
    speed = movement.metres_per_second(written, np.arange(3.0), nowhere, is_in_m_per_s=False)
    assert np.isnan(speed.values).all()
    assert speed.counts == {"speed_points_emptied": 2}


def test_speed_of_a_format_that_defines_its_unit_is_believed_without_distance():
    written, nowhere = np.array([3.0, np.nan, 3.0]), np.full(3, np.nan)
    speed = movement.metres_per_second(written, np.arange(3.0), nowhere, is_in_m_per_s=True)
    assert np.array_equal(speed.values, written, equal_nan=True)
    assert (speed.counts, speed.flags) == ({"speed_points_emptied": 0}, ())


@pytest.mark.parametrize(
    ("cadence", "is_run", "steps", "flags"),
    [
        (84.0, True, 168.0, ("cadence_doubled",)),
        (168.0, True, 168.0, ()),
        (84.0, False, 84.0, ()),
    ],
)
def test_one_leg_of_a_run_is_doubled_once(cadence, is_run, steps, flags):
    found = movement.steps_per_minute(np.array([0.0, *[cadence] * 10]), is_run)
    assert found.values.tolist() == [0, *[steps] * 10]
    assert found.flags == flags
    assert found.counts == {"cadence_points_doubled": 10 if flags else 0}
    assert movement.steps_per_minute(found.values, is_run).values.tolist() == found.values.tolist()


RESET, JITTER = "distance_reset", "distance_jitter"


@pytest.mark.parametrize(
    ("written", "meant", "flags", "resets", "raised"),
    [
        ([0, 10, 20, 5, 15], [0, 10, 20, 20, 20], (JITTER,), 0, 2),
        ([0, 10, 20, 0, 10], [0, 10, 20, 20, 30], (RESET,), 1, 0),
        ([0, 10, 9, 20, 1, 11], [0, 10, 10, 20, 21, 31], (RESET, JITTER), 1, 1),
        ([0, 10, 20, 15, 0, 10], [0, 10, 20, 20, 20, 30], (RESET, JITTER), 1, 1),
        ([0, 10, 20, 0, 10, 20, 30, 0, 10], [0, 10, 20, 20, 30, 40, 50, 50, 60], (RESET,), 2, 0),
        ([0, 10, 20, 0, 30, 40], [0, 10, 20, 20, 30, 40], (JITTER,), 0, 1),
        ([0, 10, 20, 0, 0, 30, 40], [0, 10, 20, 20, 20, 30, 40], (JITTER,), 0, 2),
        ([0, 10, 20, 0, 9, 18, 0, 27], [0, 10, 20, 20, 29, 38, 38, 47], (RESET, JITTER), 1, 1),
        ([0, 100, 8, 50, 300, 0, 310], [0, 100, 108, 150, 400, 400, 410], (RESET, JITTER), 1, 1),
        ([0, 100, 8, 50, 900], [0, 100, 108, 150, 1000], (RESET,), 1, 0),
        ([0, np.nan, 20], [0, np.nan, 20], (), 0, 0),
        ([5], [5], (), 0, 0),
    ],
)
def test_distance_never_decreases(written, meant, flags, resets, raised):
    found = distance_of(written)
    assert found.values.tolist() == pytest.approx(meant, nan_ok=True)
    assert found.flags == flags
    assert (found.counts["distance_resets"], found.counts["distance_points_raised"]) == (resets, raised)


@given(st.lists(st.floats(0, 1e5) | st.just(float("nan")) | st.just(0.0), min_size=1, max_size=50))
def test_whatever_was_written_distance_never_decreases(written):
    found = distance_of(written).values
    assert np.isnan(found).tolist() == np.isnan(written).tolist()
    assert np.all(np.diff(found[np.isfinite(found)]) >= 0)


steps = st.lists(st.integers(1, 5), min_size=20, max_size=60)


@given(st.lists(steps, min_size=1, max_size=6))
def test_laps_that_each_begin_at_zero_are_stacked(laps):
    written = np.concatenate([np.cumsum([0, *lap]) for lap in laps])
    found = distance_of(written)
    assert np.diff(found.values).tolist() == np.clip(np.diff(written), 0, None).tolist()
    assert found.counts["distance_resets"] == len(laps) - 1


@given(steps, st.sets(st.integers(1, 60)))
def test_zeros_in_a_growing_distance_do_not_make_it_longer(lap, lost):
    true = np.cumsum([10, *lap]).astype(float)
    written = true.copy()
    inside = [at for at in lost if at < len(true) - 1]
    written[inside] = 0
    found = distance_of(written)
    assert found.values[-1] == true[-1]
    assert found.counts["distance_resets"] == 0
    assert found.counts["distance_points_raised"] == len(inside)


def test_missing_distance_is_summed_from_positions():
    latitude = np.array([48.0, 48.001, np.nan, 48.002])
    found = movement.monotonic_distance(np.full(4, np.nan), latitude, np.full(4, 16.0))
    assert found.values[-1] == pytest.approx(222.39, abs=0.05)
    assert np.isnan(found.values[2])
    assert found.flags == ("distance_from_positions",)
    assert found.counts["distance_points_from_positions"] == 3


@pytest.mark.parametrize(
    ("speeds", "is_run", "flags", "count"),
    [
        ([3, 3, 3, 3], True, (), 0),
        ([3, 7.4, 7.4, 3], True, (), 0),
        ([3, 7.6, 7.6, 3], True, ("speed_above_7.5_m_per_s",), 2),
        ([1, 7, 7, 3], True, ("acceleration_above_5_m_per_s2",), 1),
        ([1, 9, 1], True, ("speed_above_7.5_m_per_s", "acceleration_above_5_m_per_s2"), 2),
        ([1, 9, 1], False, (), 0),
        ([], True, (), 0),
    ],
)
def test_steps_that_no_runner_makes_are_counted_and_kept(speeds, is_run, flags, count):
    distance = np.cumsum([0.0, *speeds])
    found = movement.checked_steps(np.arange(len(distance), dtype=float), distance, is_run)
    assert found.values is distance
    assert found.flags == flags
    assert found.counts == {"implausible_steps": count}
