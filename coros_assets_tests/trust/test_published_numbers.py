"""What the project makes of recordings whose figures were published by others."""

from dataclasses import replace

import numpy as np
import pytest

from coros_assets.gold.metrics import elevation, heart_rate, pace
from coros_assets_tests.gold.test_published_runs import ELEVATE, TRACKER, WATCH_AND_STRAVA, seconds_of
from coros_assets_tests.trust.real_files import floats, found_in, seconds


def trackers_series(raw):
    """Times, forward speeds and heart rates as trackeR makes them of a file's points.

    Points without distance and repeated times are left out; a gap of more than 30 s is a rest; the last
    point rests.
    """
    time, distance, pulse = (
        seconds(raw),
        floats(raw.points["distance_m"]),
        floats(raw.points["heart_rate_bpm"]),
    )
    known = np.flatnonzero(np.isfinite(distance))
    kept = known[np.unique(time[known], return_index=True)[1]]
    time, distance, pulse = time[kept], distance[kept], pulse[kept]
    step = np.diff(time)
    return time, np.append(np.diff(distance) / step, 0.0), pulse


def test_the_example_session_of_tracker_has_its_published_summary(activity_files):
    [run] = found_in(activity_files / TRACKER / "2013-06-01-183220.TCX.gz")
    time, speed, pulse = trackers_series(run.raw)
    step = np.append(np.diff(time), 1.0)
    step[step > 30] = 5.0  # it rests from 5 s after the point before a gap
    moving = speed > 1
    duration_s = time[-1] - time[0]
    covered_m = float(np.sum(speed * step))
    moving_s = float(step[moving].sum())
    assert round(covered_m, 1) == 14130.7
    assert (round(duration_s / 3600, 2), round(moving_s / 3600, 2)) == (1.09, 1.07)
    assert (round(covered_m / duration_s, 2), round(covered_m / moving_s, 2)) == (3.59, 3.67)
    means = [np.average(pulse[which], weights=step[which]) for which in (moving | True, moving, ~moving)]
    assert [round(mean, 2) for mean in means] == [141.11, 141.13, 136.76]


def test_cleaning_takes_the_straps_first_six_beats_from_the_example_session_and_no_more(activity_files):
    [run] = found_in(activity_files / TRACKER / "2013-06-01-183220.TCX.gz")
    assert run.cleaned.counts["points_repeated_time"] == 14
    emptied = np.flatnonzero(np.isnan(run.track.heart_rate_bpm))
    assert emptied.tolist() == [0, 1, 2, 3, 4, 5]
    first_of_equal_times = np.unique(seconds(run.raw), return_index=True)[1]
    written = replace(
        run.track, heart_rate_bpm=floats(run.raw.points["heart_rate_bpm"])[first_of_equal_times]
    )
    assert heart_rate.average_heart_rate(written) == pytest.approx(141.11, abs=0.02)
    assert heart_rate.average_heart_rate(run.track) == pytest.approx(141.23, abs=0.01)
    assert run.distance_m == pytest.approx(14130.7, rel=0.0005)


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
def test_best_efforts_of_trackers_runs_survive_reading_and_cleaning(activity_files, name, expected):
    [run] = found_in(activity_files / TRACKER / f"{name}.TCX.gz")
    times = {standard.label: round(effort.time_s, 2) for standard, effort in run.track.efforts.items()}
    assert {label: times[label] for label in expected} == expected


@pytest.mark.parametrize("name", WATCH_AND_STRAVA)
def test_elevates_runs_have_the_watchs_moving_time_and_stravas_grade_adjusted_pace(activity_files, name):
    [run] = found_in(activity_files / ELEVATE / f"{name}.fit")
    moving, gap = map(seconds_of, WATCH_AND_STRAVA[name])
    assert pace.moving_time(run.track) == pytest.approx(moving, rel=0.01)
    assert pace.grade_adjusted_pace(run.track) == pytest.approx(gap, rel=0.05)


def test_the_climb_of_sloatsburg_is_that_of_3_metres(activity_files):
    [run] = found_in(activity_files / ELEVATE / "sloatsburg.fit")
    assert elevation.elevation_gain(run.track) == pytest.approx(323, rel=0.02)
