from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coros_assets.gold.metrics.critical_speed import (
    LARGEST_D_PRIME_M,
    SEASON_DAYS,
    Efforts,
    critical_speed,
    near_maximal,
)
from coros_assets_tests.gold.metrics.tracks import ATHLETE, make_track

Rows = list[tuple[int, float, float, bool]]


def efforts(rows: Rows) -> Efforts:
    day, distance, time, hard = zip(*rows, strict=True) if rows else ((), (), (), ())
    return Efforts(
        np.array(day, dtype=np.int64), np.array(distance, float), np.array(time, float), np.array(hard, bool)
    )


def on_line(*times_s: float, speed: float = 4.0, d_prime: float = 150.0, hard: bool = True) -> Rows:
    return [(0, speed * t + d_prime, t, hard) for t in times_s]


def figures(rows: Rows, days: int = 1) -> list[tuple[float | None, ...]]:
    columns = [np.round(column, 6) for column in critical_speed(efforts(rows), days)]
    return [tuple(None if np.isnan(v) else float(v) for v in row) for row in zip(*columns, strict=True)]


def test_three_efforts_on_a_line_give_its_slope_and_intercept() -> None:
    assert figures(on_line(180, 420, 720)) == [(4.0, 150.0, 0.0)]


def test_the_line_is_the_least_squares_line_of_distance_on_time() -> None:
    rows = [(0, 1200.0, 250.0, True), (0, 2400.0, 530.0, True), (0, 3600.0, 830.0, True)]
    slope, intercept = np.polyfit([250, 530, 830], [1200, 2400, 3600], 1)
    assert figures(rows) == [pytest.approx((slope, intercept, 0.0), abs=1e-6)]


def test_the_men_s_world_records_from_1500_to_5000_m_give_6_37_metres_a_second() -> None:
    records = [(0, 1500.0, 206.0, True), (0, 3000.0, 440.67, True), (0, 5000.0, 755.36, True)]
    [(speed, d_prime, is_bound)] = figures(records)
    assert (round(speed or 0, 2), round(d_prime or 0), is_bound) == (6.37, 190, 0.0)


@pytest.mark.parametrize(
    "rows",
    [
        on_line(180, 420),
        on_line(180, 420, 720, hard=False),
        [*on_line(180, 420), *on_line(720, hard=False)],
        on_line(180, 420, 720, d_prime=0),
        on_line(180, 420, 720, d_prime=-50),
        on_line(180, 420, 720, d_prime=300),
        [*on_line(180, 420, 720), (0, 10_000.0, 2000.0, False)],
    ],
    ids=["two", "easy", "one easy", "even pace", "slow starts", "too much reserve", "faster for longer"],
)
def test_efforts_that_were_not_all_maximal_give_a_lower_bound(rows: Rows) -> None:
    bound = max((distance - LARGEST_D_PRIME_M) / time for _, distance, time, _ in rows)
    assert figures(rows) == [(round(bound, 6), None, 1.0)]


@pytest.mark.parametrize("rows", [[], [(0, 400.0, 90.0, True)], [(0, 200.0, 130.0, False)]])
def test_without_an_effort_that_shows_anything_there_is_no_speed(rows: Rows) -> None:
    assert figures(rows) == [(None, None, None)]


def test_an_effort_counts_on_its_day_and_the_89_after() -> None:
    rows = [(10 + n, *row[1:]) for n, row in enumerate(on_line(180, 420, 720))]
    found = figures(rows, 200)
    assert [n for n, row in enumerate(found) if row[2] == 0.0] == list(range(12, 10 + SEASON_DAYS))
    assert [n for n, row in enumerate(found) if row[2] is not None] == list(range(10, 12 + SEASON_DAYS))


def test_of_each_distance_the_fastest_effort_of_the_season_counts() -> None:
    slower = [(1, distance, time + 20, True) for _, distance, time, _ in on_line(180, 420, 720)]
    assert figures(on_line(180, 420, 720) + slower, 2)[1] == (4.0, 150.0, 0.0)


truths = st.tuples(st.floats(2.5, 6.0), st.floats(20, 230))
shortfalls = st.lists(st.floats(0.5, 1.0), min_size=1, max_size=6)


@given(truths, shortfalls)
def test_what_is_called_a_lower_bound_never_exceeds_the_truth(
    truth: tuple[float, float], shortfall: list[float]
) -> None:
    speed, d_prime = truth
    times = np.linspace(150, 1150, len(shortfall))
    rows = [(0, share * (speed * t + d_prime), t, False) for t, share in zip(times, shortfall, strict=True)]
    [(found, _, is_bound)] = figures(rows)
    if found is not None:
        assert is_bound == 1.0
        assert found <= speed + 1e-6


# ------------------------------------------------------------------------------------ near-maximal


def labels(speeds: np.ndarray, rates: np.ndarray | float, *, estimated: bool = False) -> set[str]:
    """Near-maximal distances of a run with these speeds, one a second."""
    track = make_track(
        len(speeds), distance_m=np.concatenate(([0.0], np.cumsum(speeds))), heart_rate_bpm=rates
    )
    athlete = replace(ATHLETE, estimated=frozenset({"max_heart_rate_bpm"} if estimated else ()))
    return {standard.label for standard in near_maximal(track, athlete)}


EVEN_5_KM = np.full(1150, 5000 / 1150)


def test_of_a_race_only_the_whole_is_near_maximal() -> None:
    assert labels(EVEN_5_KM, 185.0) == {"5 km"}


@pytest.mark.parametrize(("rate", "found"), [(180.0, {"5 km"}), (179.9, set()), (np.nan, set())])
def test_an_effort_needs_a_heart_rate_within_ten_beats_of_the_maximum(rate: float, found: set[str]) -> None:
    assert labels(EVEN_5_KM, rate) == found


def test_against_an_estimated_maximum_no_effort_is_near_maximal() -> None:
    assert labels(EVEN_5_KM, 185.0, estimated=True) == set()


def test_efforts_apart_in_one_run_count_each() -> None:
    fast_kilometre, mile = np.full(230, 1000 / 230), np.full(400, 1609.344 / 400)
    speeds = np.concatenate((np.full(300, 2.5), fast_kilometre, np.full(300, 2.0), mile, np.full(100, 2.0)))
    assert labels(speeds, 185.0) == {"1 km", "1 mile"}


@pytest.mark.parametrize(("seconds", "is_effort"), [(119, False), (121, True), (1199, True), (1210, False)])
def test_an_effort_lasts_from_2_to_20_minutes(seconds: int, is_effort: bool) -> None:
    length = 800.01 if seconds < 200 else 5000.01
    assert bool(labels(np.full(seconds, length / seconds), 185.0) & {"800 m", "5 km"}) is is_effort
