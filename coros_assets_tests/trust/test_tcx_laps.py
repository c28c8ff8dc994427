"""Laps of TCX files against their tracks: two statements of one distance and one time."""

import numpy as np

from coros_assets.silver.movement import haversine_m
from coros_assets_tests.trust.real_files import floats, found_in, of_format

# Two files were written by hand for the tests of programs: what their laps state, and the last point.
MADE_UP = {
    "FitOps-CLI/tests/fixtures/sample.tcx": (0.0, 400.0),  # its lap states no distance
    "tcx-pause-remover/example.tcx": (5000.0, 20.0),  # five points of a lap of 5 km
}


def tcx_activities(activity_files):
    return [
        found for found in of_format(activity_files, ".tcx", ".tcx.gz") if found.raw.source_format == "tcx"
    ]


def test_laps_add_up_to_the_tracks_distance_within_half_a_percent(activity_files):
    found = tcx_activities(activity_files)
    apart = {
        "/".join(each.path.parts[-4:]).partition("+")[2]: (each.lap_distance_m, each.distance_m)
        for each in found
        if abs(each.lap_distance_m - each.distance_m) > 0.005 * each.distance_m
    }
    assert apart == MADE_UP
    assert len(found) == 90


def test_laps_timers_run_no_longer_than_the_activity_but_for_seconds_at_its_ends(activity_files):
    """A timer runs from the start button, up to 2 s before the first point; a pause makes it run less."""
    late = {
        "/".join(each.path.parts[-3:]): each.lap_timer_s - each.elapsed_s
        for each in tcx_activities(activity_files)
        if each.lap_timer_s - each.elapsed_s > 2
    }
    names = {name.rpartition("/")[2]: round(seconds) for name, seconds in late.items()}
    # A rower's monitor counts 8.6 s before the first stroke; the lap that was made up states ten minutes.
    assert names == {"test.tcx": 9, "example.tcx": 299}


def test_every_lap_of_a_coros_run_is_as_long_as_its_points(activity_files):
    """Lap by lap, in whole metres: a point on the boundary belongs to the lap that it begins."""
    compared = 0
    for path in sorted((activity_files / "sytandas+runalyze").rglob("*.tcx")):
        [run] = found_in(path)
        lap, distance = run.cleaned.lap_index, run.cleaned.columns["distance_m"]
        firsts = np.searchsorted(lap, np.arange(len(run.raw.laps)))
        bounds = np.append(distance[firsts], distance[-1])
        apart = np.abs(np.diff(bounds) - floats(run.raw.laps["distance_m"]))
        compared += len(apart)
        assert apart.max() <= 15
        assert np.median(apart) <= 3
    assert compared == 56


def test_a_part_of_a_split_file_is_a_whole_activity(activity_files):
    """The splitter wrote each activity of its sample to a file: 20,708 m are those of the second one alone.

    Distance runs through the activity, over a lap of 2 s without metres and two tracks; a fall of 1.1 m
    is jitter and no reset; the positions make the same way.
    """
    folder = activity_files / "Praful+tcx_file_splitter"
    whole = found_in(folder / "data/sample.tcx")
    [part] = found_in(folder / "output/split_2.tcx")
    assert [round(each.distance_m) for each in whole] == [15352, 20708]
    assert part.raw.points.equals(whole[1].raw.points)
    assert floats(part.raw.laps["distance_m"]).round().tolist() == [0, 20708]
    assert "distance_jitter" in part.cleaned.flags
    assert "distance_reset" not in part.cleaned.flags
    located = np.isfinite(part.cleaned.columns["latitude_deg"])
    steps = haversine_m(*(part.cleaned.columns[f"{axis}_deg"][located] for axis in ("latitude", "longitude")))
    assert abs(steps.sum() / part.distance_m - 1) < 0.01
