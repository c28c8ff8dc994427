from dataclasses import replace

import numpy as np
import pytest

from coros_assets.sample.runner import Run, simulate
from coros_assets.sample.track import EARTH_RADIUS_M, Points, cost_of_grade, record

RUNS = simulate().runs
OUTDOOR = [run for run in RUNS if run.plan.place][::12]
INDOOR = [run for run in RUNS if run.plan.place is None][:5]


def flat(run: Run) -> Run:
    return replace(run, plan=replace(run.plan, climb_m_per_km=0.0))


def efficiency(points: Points, with_grade: bool) -> float:
    """60·Σ(v_gap·Δt)/Σ(HR·Δt) over what was written, without the pauses."""
    seconds = np.diff(points.time).astype(float)
    written = np.isfinite(points.distance_m)
    distance = np.interp(np.arange(len(written)), np.flatnonzero(written), points.distance_m[written])
    metres = np.diff(distance)
    if with_grade:
        metres = metres * cost_of_grade(smooth_grade(points, distance))
    used = (seconds <= 10) & np.isfinite(points.heart_rate_bpm[:-1])
    return 60 * metres[used].sum() / (points.heart_rate_bpm[:-1] * seconds)[used].sum()


def smooth_grade(points: Points, distance: np.ndarray) -> np.ndarray:
    known = np.isfinite(points.altitude_m)
    grid = np.arange(0, distance[-1], 5.0)
    altitude = np.interp(grid, distance[known], points.altitude_m[known])
    smooth = np.convolve(np.pad(altitude, 5, mode="edge"), np.full(11, 1 / 11), mode="valid")
    return np.interp(distance[:-1], grid, np.gradient(smooth, 5.0))


def haversine_m(points: Points) -> np.ndarray:
    lat, lon = np.radians(points.latitude_deg[1:]), np.radians(points.longitude_deg[1:])
    half = np.sin(np.diff(lat) / 2) ** 2 + np.cos(lat[1:]) * np.cos(lat[:-1]) * np.sin(np.diff(lon) / 2) ** 2
    return 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(half))


def test_equal_runs_give_equal_points() -> None:
    for name, values in vars(record(RUNS[0])).items():
        np.testing.assert_array_equal(values, getattr(record(RUNS[0]), name))


@pytest.mark.parametrize("run", [*map(flat, OUTDOOR), *INDOOR])
def test_on_the_flat_the_written_points_hold_the_planted_efficiency_within_0_3_pct(run: Run) -> None:
    assert efficiency(record(run), with_grade=False) == pytest.approx(run.efficiency_m_per_beat, rel=0.003)


@pytest.mark.parametrize("run", OUTDOOR)
def test_over_hills_the_written_points_hold_the_planted_efficiency_within_0_5_pct(run: Run) -> None:
    assert efficiency(record(run), with_grade=True) == pytest.approx(run.efficiency_m_per_beat, rel=0.005)


def test_a_run_planted_3_pct_less_efficient_is_written_3_pct_less_efficient() -> None:
    run = flat(OUTDOOR[0])
    worse = replace(run, efficiency_m_per_beat=0.97 * run.efficiency_m_per_beat)
    ratio = efficiency(record(worse), with_grade=False) / efficiency(record(run), with_grade=False)
    assert ratio == pytest.approx(0.97, abs=0.001)


@pytest.mark.parametrize("run", [*OUTDOOR, *INDOOR])
def test_the_average_heart_rate_is_the_planned_one_and_within_limits(run: Run) -> None:
    heart_rate = record(run).heart_rate_bpm[1:]
    assert heart_rate.mean() == pytest.approx(run.heart_rate_bpm, abs=0.5)
    assert heart_rate.min() >= 60
    assert heart_rate.max() <= 187


def test_heart_rate_starts_low_and_follows() -> None:
    points = record(OUTDOOR[0])
    assert np.nanmean(points.heart_rate_bpm[:30]) < np.nanmean(points.heart_rate_bpm[300:]) - 20


@pytest.mark.parametrize("run", OUTDOOR)
def test_hills_are_gentle_and_climb_as_planned(run: Run) -> None:
    points = record(run)
    distance = points.distance_m[8:]
    every_300_m = np.interp(np.arange(distance[0], distance[-1], 300), distance, points.altitude_m[8:])
    assert np.abs(np.diff(every_300_m)).max() <= 0.03 * 300
    assert run.plan.place is not None
    whole_loops = distance <= run.plan.place.loop_m
    climb = np.clip(np.diff(points.altitude_m[8:][whole_loops]), 0, None).sum()
    assert climb / distance[whole_loops][-1] * 1000 == pytest.approx(run.plan.climb_m_per_km, abs=1.5)


@pytest.mark.parametrize("run", OUTDOOR)
def test_positions_follow_the_distance_and_stay_near_the_start(run: Run) -> None:
    points = record(run)
    steps = haversine_m(points)
    assert steps.sum() == pytest.approx(points.distance_m[-1], rel=0.03)
    assert steps.max() < 8
    assert run.plan.place is not None
    off = np.radians(points.latitude_deg[1:] - run.plan.place.latitude_deg) * EARTH_RADIUS_M
    assert np.abs(off).max() < run.plan.place.loop_m / 2


@pytest.mark.parametrize("run", INDOOR)
def test_indoors_nothing_knows_where_it_is(run: Run) -> None:
    points = record(run)
    assert np.isnan(points.latitude_deg).all()
    assert np.isnan(points.longitude_deg).all()
    assert np.isnan(points.altitude_m).all()


def test_the_first_point_holds_a_distance_of_zero_and_nothing_else() -> None:
    points = record(OUTDOOR[0])
    assert points.distance_m[0] == 0
    for name in ("latitude_deg", "longitude_deg", "altitude_m", "heart_rate_bpm", "speed_km_per_h"):
        assert np.isnan(getattr(points, name)[0])


def test_cadence_is_that_of_one_leg() -> None:
    cadence = np.concatenate([record(run).cadence_per_leg for run in OUTDOOR])
    assert np.nanpercentile(cadence, 1) > 70
    assert np.nanpercentile(cadence, 99) < 92


def test_a_pause_is_a_gap_in_time_and_not_in_the_timer() -> None:
    run = next(run for run in RUNS if run.plan.pauses)
    points = record(run)
    gaps = np.diff(points.time).astype(int)
    assert sorted(gaps[gaps > 1] - 1) == sorted(length for _, length in run.plan.pauses)
    assert (np.diff(points.timer_s) == 1).all()
    assert points.time[-1] == np.datetime64(int(run.end.timestamp()), "s")


@pytest.mark.parametrize("run", OUTDOOR)
def test_each_lap_but_the_last_ends_with_the_first_point_past_its_kilometre(run: Run) -> None:
    points = record(run)
    inner = points.lap_bounds[1:-1]
    kilometres = 1000 * np.arange(1, len(inner) + 1)
    assert (points.distance_m[inner] >= kilometres).all()
    assert (points.distance_m[inner - 1] < kilometres).all()
    assert points.lap_bounds[0] == 0
    assert points.lap_bounds[-1] == len(points.time) - 1
    assert (np.diff(points.lap_bounds) > 0).all()
