from __future__ import annotations

from time import process_time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coros_assets.gold.metrics.best_effort import best_efforts, fastest_stretch
from coros_assets_tests.gold.metrics.tracks import make_track

Series = np.ndarray


def test_a_steady_run_has_every_distance_that_fits_at_its_pace() -> None:
    efforts = make_track(2000, speed_m_per_s=4.0).efforts
    assert {d.label: round(e.time_s, 6) for d, e in efforts.items()} == {
        "400 m": 100,
        "800 m": 200,
        "1 km": 250,
        "1 mile": 402.336,
        "2 mile": 804.672,
        "5 km": 1250,
    }


def test_a_fast_stretch_is_found_where_it_began() -> None:
    speed = np.where((np.arange(1200) >= 700) & (np.arange(1200) < 800), 5.0, 2.5)
    track = make_track(1200, distance_m=np.concatenate(([0.0], np.cumsum(speed))))
    effort = {d.label: e for d, e in track.efforts.items()}["400 m"]
    assert effort.time_s == pytest.approx(80)
    assert 700 <= effort.start_offset_s <= 720


def test_either_end_may_lie_between_two_points() -> None:
    time, path = np.array([0.0, 100.0, 150.0, 250.0]), np.array([0.0, 300.0, 550.0, 850.0])
    effort = fastest_stretch(time, path, 400.0)
    assert effort is not None
    assert effort.time_s == pytest.approx(50 + 150 / 3)


def test_a_pause_inside_counts_and_standing_at_the_ends_does_not() -> None:
    time = np.array([0.0, 60.0, 160.0, 190.0, 290.0, 350.0])
    path = np.array([0.0, 0.0, 300.0, 300.0, 600.0, 600.0])
    effort = fastest_stretch(time, path, 600.0)
    assert effort == (230.0, 60.0)


def test_a_jump_of_the_position_is_no_effort() -> None:
    distance = np.arange(601) * 3.0
    distance[300:] += 5000
    labels = {d.label for d in make_track(600, distance_m=distance).efforts}
    assert labels == set()


def test_without_a_path_there_is_no_effort() -> None:
    assert make_track(600, distance_m=np.nan).efforts == {}


def test_of_equally_fast_stretches_the_first_is_named() -> None:
    speed = np.where((np.arange(3000) % 1000 >= 300) & (np.arange(3000) % 1000 < 500), 4.1, 3.3)
    track = make_track(3000, distance_m=np.concatenate(([0.0], np.cumsum(speed))))
    effort = {d.label: e for d, e in track.efforts.items()}["800 m"]
    assert effort.time_s == pytest.approx(800 / 4.1)
    assert effort.start_offset_s == pytest.approx(300)


@st.composite
def runs(draw: st.DrawFn) -> tuple[Series, Series, float]:
    """Times, a path that may stand still, and a length that may not fit."""
    size = draw(st.integers(2, 25))
    time_steps = draw(st.lists(st.integers(1, 30), min_size=size - 1, max_size=size - 1))
    steps = draw(st.lists(st.sampled_from([0, 0, 1, 2, 3, 5, 40]), min_size=size - 1, max_size=size - 1))
    length = draw(st.integers(1, 120))
    return np.cumsum([0.0, *time_steps]), np.cumsum([7.0, *steps]), float(length)


def slowly_searched(time: Series, path: Series, length: float) -> float | None:
    """Every pair of steps that a stretch may begin and end in, each tried where either end meets a point."""
    best = None
    steps = [(path[k], path[k + 1], time[k], time[k + 1]) for k in range(len(path) - 1)]
    for a, b, ta, tb in steps:
        for c, d, tc, td in steps:
            for begin in (a, b, c - length, d - length):
                end = begin + length
                if a <= begin <= b and c <= end <= d and a < b and c < d:
                    begun = ta + (begin - a) / (b - a) * (tb - ta)
                    ended = tc + (end - c) / (d - c) * (td - tc)
                    best = ended - begun if best is None else min(best, ended - begun)
    return best


@settings(max_examples=300)
@given(runs())
def test_the_fast_search_agrees_with_trying_every_pair(run: tuple[Series, Series, float]) -> None:
    time, path, length = run
    expected = slowly_searched(time, path, length)
    found = fastest_stretch(time, path, length)
    assert (found is None) == (expected is None)
    if found is not None:
        assert found.time_s == pytest.approx(expected)


def seconds_to_search(points: int) -> float:
    """CPU time of all distances in a run of so many points, the least of five."""
    speed = np.random.default_rng(5).uniform(2, 4, points)
    track = make_track(points, distance_m=np.concatenate(([0.0], np.cumsum(speed))))
    taken = []
    for _ in range(5):
        before = process_time()
        best_efforts(track.time_s, track.distance_m)
        taken.append(process_time() - before)
    return min(taken)


def test_ten_times_the_points_take_about_ten_times_as_long() -> None:
    assert seconds_to_search(300_000) < 25 * seconds_to_search(30_000)


@settings(max_examples=100)
@given(runs())
def test_the_stretch_covers_its_length_in_its_time(run: tuple[Series, Series, float]) -> None:
    time, path, length = run
    found = fastest_stretch(time, path, length)
    if found is not None:
        reach = np.interp([found.start_offset_s, found.start_offset_s + found.time_s], time - time[0], path)
        assert np.diff(reach)[0] == pytest.approx(length)
