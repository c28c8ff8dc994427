"""Metrics of published recordings against what other programs, and the watches themselves, say of them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from lxml import etree

from coros_assets.gold.metrics import elevation, grade, heart_rate, pace, track
from coros_assets.gold.metrics.track import Track
from coros_assets_tests.gold.metrics.tracks import ATHLETE
from coros_assets_tests.gold.track_files import read_track

TRACKER = "trackerproject+trackeR/inst/extdata/tcx"
ELEVATE = "thomaschampagne+elevate/desktop/src/specs/integration/file/fixtures/running"
COROS = "sytandas+runalyze/test_data"

cached_track = cache(read_track)


def as_in_its_tcx(run: Track) -> Track:
    """The run as its TCX export has it, which the figures were computed on: in single precision."""
    return replace(
        run,
        distance_m=run.distance_m.astype(np.float32).astype(np.float64),
        altitude_m=run.altitude_m.astype(np.float32).astype(np.float64),
    )


def mean_speed(run: Track) -> float:
    return float(run.distance_m[-1]) / float(pace.moving_time(run) or np.nan)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "2013-06-23-100845",
            {"400 m": 76.83, "1 km": 207.76, "1 mile": 352.42, "5 km": 1155.14, "10 km": 2334.51},
        ),
        ("2013-06-30-070511", {"half marathon": 5630.51}),
    ],
)
def test_best_efforts_are_those_computed_for_the_tracker_runs(
    activity_files: Path, name: str, expected: dict[str, float]
) -> None:
    efforts = cached_track(activity_files / TRACKER / f"{name}.TCX.gz").efforts
    times = {standard.label: round(effort.time_s, 2) for standard, effort in efforts.items()}
    assert {label: times[label] for label in expected} == expected


def test_the_example_session_has_its_published_summary(activity_files: Path) -> None:
    run = cached_track(activity_files / TRACKER / "2013-06-01-183220.TCX.gz")
    assert pace.distance(run) == pytest.approx(14130.7, rel=0.0005)
    assert run.time_s[-1] / 3600 == pytest.approx(1.09, abs=0.005)
    assert (pace.moving_time(run) or 0) / 3600 == pytest.approx(1.07, abs=0.005)
    assert mean_speed(run) == pytest.approx(3.67, abs=0.01)
    assert heart_rate.average_heart_rate(run) == pytest.approx(141.11, abs=0.02)


@pytest.mark.parametrize(
    ("hysteresis", "gain"), [(0, 431), (1, 367), (2, 342), (3, 323), (5, 291), (10, 246)]
)
def test_climb_of_sloatsburg_by_hysteresis(activity_files: Path, hysteresis: float, gain: int) -> None:
    run = as_in_its_tcx(cached_track(activity_files / ELEVATE / "sloatsburg.fit"))
    assert round(elevation.climb(run.altitude_m, hysteresis)) == gain


def test_sloatsburg_lasts_4989_seconds(activity_files: Path) -> None:
    assert cached_track(activity_files / ELEVATE / "sloatsburg.fit").time_s[-1] == 4989


def test_the_climb_of_sloatsburg_is_that_of_3_metres(activity_files: Path) -> None:
    run = cached_track(activity_files / ELEVATE / "sloatsburg.fit")
    assert elevation.elevation_gain(run) == pytest.approx(323, rel=0.02)


@pytest.mark.parametrize(
    ("threshold", "seconds"), [(0, 4683), (0.42, 4596), (0.5, 4570), (0.8, 4409), (1.0, 4291)]
)
def test_moving_time_of_sloatsburg_on_unsmoothed_speed(
    activity_files: Path, monkeypatch: pytest.MonkeyPatch, threshold: float, seconds: int
) -> None:
    monkeypatch.setattr(track, "SLOWEST_MOVING_M_PER_S", threshold)
    moving = as_in_its_tcx(cached_track(activity_files / ELEVATE / "sloatsburg.fit")).moving_steps_s(0)
    assert moving is not None
    assert moving.sum() == seconds


# Moving time by the watch, and grade-adjusted pace by Strava, as elevate's tests quote them.
WATCH_AND_STRAVA = {
    "sloatsburg": ("1:19:45", "4:58"),
    "pyselsky": ("2:40:09", "6:38"),
    "loup-blanc": ("4:39:07", "5:31"),
    "trosku": ("0:48:30", "4:21"),
    "portland": ("1:40:30", "5:33"),
}


def seconds_of(clock: str) -> int:
    total = 0
    for part in clock.split(":"):
        total = 60 * total + int(part)
    return total


@pytest.mark.parametrize(("name", "moving"), [(n, moving) for n, (moving, _) in WATCH_AND_STRAVA.items()])
def test_moving_time_is_that_of_the_watch_within_one_percent(
    activity_files: Path, name: str, moving: str
) -> None:
    run = cached_track(activity_files / ELEVATE / f"{name}.fit")
    assert pace.moving_time(run) == pytest.approx(seconds_of(moving), rel=0.01)


@pytest.mark.parametrize(("name", "gap"), [(n, gap) for n, (_, gap) in WATCH_AND_STRAVA.items()])
def test_grade_adjusted_pace_is_that_of_strava_within_five_percent(
    activity_files: Path, name: str, gap: str
) -> None:
    run = cached_track(activity_files / ELEVATE / f"{name}.fit")
    assert pace.grade_adjusted_pace(run) == pytest.approx(seconds_of(gap), rel=0.05)


@pytest.mark.parametrize(("window_m", "clock"), [(25, "5:04"), (50, "5:07"), (100, "5:12")])
def test_grade_adjusted_pace_of_sloatsburg_by_width_of_the_altitude_mean(
    activity_files: Path, monkeypatch: pytest.MonkeyPatch, window_m: float, clock: str
) -> None:
    monkeypatch.setattr(grade, "SMOOTHING_WINDOW_M", window_m)
    run = replace(cached_track(activity_files / ELEVATE / "sloatsburg.fit"))  # no series made with 50 m
    assert pace.grade_adjusted_pace(run) == pytest.approx(seconds_of(clock), abs=0.6)


def test_minetti_leaves_less_of_a_hilly_run_than_the_default_curve(activity_files: Path) -> None:
    run = cached_track(activity_files / ELEVATE / "sloatsburg.fit")
    adjusted, minetti = pace.grade_adjusted_pace(run), pace.grade_adjusted_pace_minetti(run)
    assert adjusted is not None
    assert minetti is not None
    assert minetti > adjusted


@pytest.mark.parametrize("name", ["20", "27-8K", "6", "7-8K"])
def test_recorded_time_of_a_coros_run_is_its_timer_time(activity_files: Path, name: str) -> None:
    path = activity_files / COROS / f"{name}.tcx"
    run = cached_track(path)
    timer = sum(float(e.text) for e in etree.fromstring(path.read_bytes()).iter("{*}TotalTimeSeconds"))
    assert run.recorded_time_s == pytest.approx(timer, abs=3)
    assert sum(heart_rate.zone_times(run, ATHLETE).values()) == pytest.approx(timer, abs=3)
