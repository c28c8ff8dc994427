import statistics
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coros_assets.silver import heart_rate


def slowly_found_spikes(seconds, pulse):
    """The definition, point by point."""
    found = []
    for i, value in enumerate(pulse):
        near = range(max(0, i - 15), min(len(pulse), i + 16))
        window = [pulse[j] for j in near if abs(seconds[j] - seconds[i]) <= 15 and np.isfinite(pulse[j])]
        if np.isnan(value) or not window:
            found.append(False)
            continue
        median = statistics.median(window)
        deviation = statistics.median(abs(v - median) for v in window)
        found.append(abs(value - median) > 3.5 * max(1.4826 * deviation, 2.0))
    return found


@st.composite
def pulses(draw):
    """Times and heart rates: steady with spikes near the limit, wandering, or anything; some missing."""
    size = draw(st.integers(1, 80))
    gaps = draw(st.lists(st.sampled_from([0.2, 1, 1, 1, 1, 4, 16]), min_size=size, max_size=size))
    level = draw(st.sampled_from([60.0, 150.0]))
    near_the_limit = st.sampled_from([0, 0, 0, 0, 1, -1, 6, 7, -7, 7.5, 8, -8, 40])
    anything = st.floats(30, 220) | st.integers(30, 220)
    step = draw(st.sampled_from([near_the_limit.map(lambda by: level + by), anything]))
    values = draw(st.lists(step | st.just(np.nan), min_size=size, max_size=size))
    slope = draw(st.sampled_from([0.0, 0.0, 0.3, -1.0]))
    return np.cumsum(gaps), np.array(values, float) + slope * np.arange(size)


@settings(max_examples=400)
@given(pulses())
def test_spikes_are_those_of_the_definition(run):
    seconds, pulse = run
    assert heart_rate.spikes(seconds, pulse).tolist() == slowly_found_spikes(seconds, pulse)


@pytest.mark.parametrize(("by_bpm", "is_spike"), [(7, False), (7.01, True), (-7, False), (-7.01, True)])
def test_on_a_steady_run_a_spike_begins_above_seven_beats(by_bpm, is_spike):
    pulse = np.full(60, 150.0)
    pulse[30] += by_bpm
    assert heart_rate.spikes(np.arange(60.0), pulse).tolist() == [is_spike and at == 30 for at in range(60)]


@pytest.mark.parametrize("at_once", [20_000, 7])
def test_spikes_of_a_long_run_are_those_of_the_definition(monkeypatch, at_once):
    monkeypatch.setattr(heart_rate, "_WINDOWS_AT_ONCE", at_once)
    rng = np.random.default_rng(5)
    seconds = np.cumsum(rng.choice([1.0, 1.0, 1.0, 2.0, 20.0], 5000))
    pulse = np.round(np.clip(150 + np.cumsum(rng.normal(0, 1, 5000)), 60, 210))
    pulse[rng.integers(0, 5000, 200)] += rng.integers(-30, 30, 200)
    pulse[rng.integers(0, 5000, 200)] = np.nan
    found = heart_rate.spikes(seconds, pulse)
    assert 50 < found.sum() < 200
    assert found.tolist() == slowly_found_spikes(seconds, pulse)


def test_a_run_whose_every_heart_rate_may_be_a_spike_is_judged_in_bounded_memory():
    pulse = np.tile([60.0, 200.0], 150_000)
    tracemalloc.start()
    heart_rate.spikes(np.arange(300_000.0), pulse)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60e6


def test_a_spike_is_emptied_and_bridged_but_a_real_rise_is_not():
    seconds = np.arange(120.0)
    pulse = 140 + seconds / 10
    pulse[60] = 205
    found = heart_rate.repaired(seconds, pulse, None)
    assert found.counts["heart_rate_points_nulled"] == 1
    assert found.counts["heart_rate_points_filled"] == 1
    assert found.values[60] == pytest.approx(146, abs=0.5)
    assert np.delete(found.values, 60) == pytest.approx(np.delete(140 + seconds / 10, 60))


@pytest.mark.parametrize(
    ("written", "kept"), [(0, False), (29, False), (30, True), (220, True), (221, False), (np.nan, False)]
)
def test_heart_rates_that_no_runner_has_are_emptied_and_counted(written, kept):
    found = heart_rate.repaired(np.zeros(1), np.array([float(written)]), None)
    assert np.isfinite(found.values[0]) == kept
    assert found.counts["heart_rate_points_nulled"] == (not kept and not np.isnan(written))


@pytest.mark.parametrize(("gap_s", "is_filled"), [(9, True), (12, False)])
def test_only_gaps_of_ten_seconds_inside_are_filled(gap_s, is_filled):
    seconds = np.arange(100.0)
    pulse = np.full(100, 140.0)
    pulse[40 : 40 + gap_s] = np.nan
    pulse[:3] = 0
    pulse[-3:] = np.nan
    found = heart_rate.repaired(seconds, pulse, None)
    assert np.isfinite(found.values[40 : 40 + gap_s]).all() == is_filled
    assert np.isnan(found.values[:3]).all()
    assert np.isnan(found.values[-3:]).all()
    assert found.counts["heart_rate_points_filled"] == (gap_s if is_filled else 0)


@given(pulses())
def test_what_is_filled_lies_between_its_neighbours(run):
    seconds, pulse = run
    filled = heart_rate.repaired(seconds, pulse, None).values
    known = np.flatnonzero(~np.isnan(filled))
    if len(known):
        assert np.nanmin(filled) >= 30
        assert np.nanmax(filled) <= 220
        gaps = np.diff(seconds[known])[np.diff(known) > 1]
        assert np.all(gaps > 10)


# --------------------------------------------------------------------------- the sensor locked to the steps

RUN_S = 900


def run(seed, locks=(), steps=None, pulse=140.0):
    """Times, heart rate in whole beats and steps of a run whose sensor follows the steps in `locks`."""
    rng = np.random.default_rng(seed)
    seconds = np.arange(float(RUN_S))
    if steps is None:
        steps = 172 + 4 * np.sin(seconds / 20) + rng.normal(0, 0.5, RUN_S)
    heart = pulse + rng.normal(0, 1, RUN_S)
    for begin, end in locks:
        heart[begin:end] = steps[begin:end] + rng.normal(0, 0.5, end - begin)
    return seconds, np.round(heart), np.round(steps)


def excluded(seconds, pulse, steps):
    """Where heart rate is left without a look at the steps, and not with one."""
    found = heart_rate.repaired(seconds, pulse, steps)
    lost = np.isnan(found.values) & np.isfinite(heart_rate.repaired(seconds, pulse, None).values)
    assert found.counts["heart_rate_points_excluded"] >= lost.sum()
    assert ("heart_rate_locked_to_cadence" in found.flags) == lost.any()
    return lost


def is_about(found, locks):
    """True where the locks are, but for 3 s at their ends."""
    exact = np.zeros(RUN_S, dtype=bool)
    for begin, end in locks:
        exact[begin:end] = True
    unclear = np.zeros(RUN_S, dtype=bool)
    for edge in np.ravel(locks):
        unclear[max(edge - 3, 0) : edge + 3] = True
    return np.array_equal(found[~unclear], exact[~unclear])


seeds = st.integers(0, 10_000)


@given(seeds, st.integers(20, 500), st.integers(70, 300))
def test_a_planted_lock_is_excluded_where_it_is_and_nowhere_else(seed, begin, lasting):
    locks = [(begin, begin + lasting)]
    assert is_about(excluded(*run(seed, locks)), locks)


@given(seeds, st.integers(70, 300))
def test_a_lock_up_to_the_end_of_the_file_is_excluded(seed, lasting):
    locks = [(RUN_S - lasting, RUN_S)]
    assert is_about(excluded(*run(seed, locks)), locks)


@given(seeds, st.integers(40, 400), st.integers(65, 150), st.integers(65, 150), st.integers(80, 150))
def test_two_locks_are_both_excluded_and_the_pulse_between_is_kept(seed, begin, first, second, apart):
    locks = [(begin, begin + first), (begin + first + apart, begin + first + apart + second)]
    assert is_about(excluded(*run(seed, locks)), locks)


@given(seeds, st.integers(300, 500), st.integers(1, 20))
def test_a_lock_interrupted_for_a_moment_is_one_lock(seed, moment, lasting):
    locks = [(200, 700)]
    seconds, pulse, steps = run(seed, locks)
    pulse[moment : moment + lasting] -= 8
    found = excluded(seconds, pulse, steps)
    inside = slice(moment, moment + lasting)  # what a spike emptied already cannot be excluded once more
    found[inside] |= np.isnan(heart_rate.repaired(seconds, pulse, steps).values[inside])
    assert is_about(found, locks)


@given(seeds, st.integers(300, 500), st.integers(1, 25))
def test_heart_rate_missing_inside_a_lock_does_not_end_it(seed, moment, lasting):
    locks = [(200, 700)]
    seconds, pulse, steps = run(seed, locks)
    pulse[moment : moment + lasting] = np.nan
    found = excluded(seconds, pulse, steps)
    found[moment : moment + lasting] = True
    assert is_about(found, locks)


@given(seeds, st.integers(20, 800), st.integers(1, 55))
def test_less_than_a_minute_is_no_lock(seed, begin, lasting):
    assert not excluded(*run(seed, [(begin, min(begin + lasting, RUN_S))])).any()


@given(seeds, st.integers(100, 700))
def test_a_pulse_that_follows_the_steps_without_a_jump_is_kept(seed, begin):
    """A hard runner's own heart rate lies near the cadence and rises and falls with the effort."""
    assert not excluded(*run(seed, [(begin, RUN_S)], pulse=168.0)).any()


@given(seeds)
def test_a_pulse_that_rises_slowly_to_the_cadence_is_kept(seed):
    seconds, _, steps = run(seed)
    pulse = np.minimum(120 + seconds / 6, steps)
    assert not excluded(seconds, pulse, steps).any()


@given(seeds, st.sampled_from([-30, -20, -12, -8, 8, 12]))
def test_a_pulse_that_follows_the_steps_from_afar_is_kept(seed, apart):
    seconds, pulse, steps = run(seed, pulse=120.0)
    pulse[300:] = steps[300:] + apart
    assert not excluded(seconds, pulse, steps).any()


@given(seeds)
def test_a_pulse_near_the_steps_that_does_not_follow_them_is_kept(seed):
    seconds, pulse, steps = run(seed, pulse=120.0)
    pulse[300:] = np.round(172 + np.random.default_rng(seed).normal(0, 1, RUN_S - 300))
    assert not excluded(seconds, pulse, np.round(172 + (steps - 172) / 4)).any()


@pytest.mark.parametrize("noise", [0.0, 1.0])
def test_beside_a_constant_cadence_nothing_shows_that_the_pulse_follows_it(noise):
    steps = np.full(RUN_S, 172.0)
    seconds, pulse, _ = run(1, steps=steps)
    pulse[300:] = 172 + noise * np.sign(np.sin(np.arange(RUN_S - 300)))
    assert not excluded(seconds, pulse, steps).any()


def test_without_steps_there_is_no_lock():
    seconds, pulse, steps = run(1, [(200, 700)])
    assert not excluded(seconds, pulse, None).any()
    assert excluded(seconds, pulse, steps).any()
    assert not excluded(seconds, pulse, np.full(RUN_S, np.nan)).any()
