"""One activity in several files of several formats and exporters: all must tell the same."""

import numpy as np
import pytest

from coros_assets.silver.duplicates import Candidate, choose
from coros_assets_tests.trust.real_files import TAKEN_IN_AT, Found, floats, found_in, seconds

RUN4IT = "andraune+run4it_backend"
ROWER = "beavis69+Coxswain2Fit"
SAMPLES = "firefly-cpp+tcx-test-files"
SPEC = "dblock+tcx/spec/data"

# First file, second file, share of distance and seconds by which they may differ, and why.
SAME_ACTIVITY = [
    # A Polar watch's own TCX and GPX; GPX states no distance, so that of the positions counts.
    (f"{RUN4IT}/test.tcx", f"{RUN4IT}/test.gpx", 0.003, 2),
    # A Garmin watch's, recorded when something changes: chords of curves are shorter than the curves.
    (f"{RUN4IT}/test_garmin.tcx", f"{RUN4IT}/test_garmin.gpx", 0.006, 1),
    # A rower's TCX, and the FIT file that a converter made of it in whole seconds.
    (f"{ROWER}/test.tcx", f"{ROWER}/rowing-session.fit", 0.0, 1),
    # Exports of one activity by two versions of a web site, with and without milliseconds.
    *(
        (f"{SAMPLES}/{name}.tcx", f"{SPEC}/{name}.tcx", 0.0, 0)
        for name in (
            "cross-country-skiing/cross-country-skiing_activity_1",
            "pool-swim/pool_swim-activity_1",
            "running/running_activity_1",
            "running/running_activity_2",
            "sup/sup_activity_1",
            "sup/sup_activity_2",
            "sup/sup_activity_3",
            "swim/swim_activity_1",
            "walking/walking_activity_1",
        )
    ),
    # The same with its heart rates taken out.
    ("vkurup+python-tcxparser/tests/files/test.tcx", "vkurup+python-tcxparser/tests/files/no_hr.tcx", 0.0, 0),
]


def candidate(found: Found, sha256: str) -> Candidate:
    cleaned = found.cleaned
    day = TAKEN_IN_AT.date()
    raw = found.raw
    return Candidate(
        cleaned.start_us, cleaned.end_us, raw.sport, raw.source_format, TAKEN_IN_AT, sha256, 0, day
    )


@pytest.mark.parametrize(("first", "second", "share", "late_s"), SAME_ACTIVITY)
def test_two_files_of_one_activity_agree(activity_files, first, second, share, late_s):
    [one], [other] = (found_in(activity_files / name) for name in (first, second))
    assert abs(one.cleaned.start_us - other.cleaned.start_us) <= late_s * 1e6
    assert one.elapsed_s == pytest.approx(other.elapsed_s, abs=late_s or 1e-6)
    assert one.distance_m == pytest.approx(other.distance_m, rel=share or 1e-6)
    shared = np.isfinite(one.track.heart_rate_bpm).any() and np.isfinite(other.track.heart_rate_bpm).any()
    if shared:
        means = [np.nanmean(each.track.heart_rate_bpm) for each in (one, other)]
        assert means[0] == pytest.approx(means[1], abs=0.2)


def test_where_a_gpx_states_no_distance_the_positions_of_both_files_give_one(activity_files):
    """46 points of a slow walk: the positions wander 187 m where the watch's own distance is 159 m."""
    folder = activity_files / "aaron-schroeder+activereader/tests"
    [gpx], [tcx] = found_in(folder / "testdata.gpx"), found_in(folder / "testdata.tcx")
    times, first = np.unique(seconds(tcx.raw), return_index=True)
    assert times.tolist() == seconds(gpx.raw).tolist()
    for axis in ("latitude_deg", "longitude_deg"):
        assert floats(tcx.raw.points[axis])[first] == pytest.approx(floats(gpx.raw.points[axis]))
    assert (round(gpx.distance_m), round(tcx.distance_m)) == (187, 159)
    assert "distance_from_positions" in gpx.cleaned.flags


def test_files_of_one_run_in_two_formats_are_one_activity_and_those_of_two_runs_are_not(activity_files):
    tcx, gpx, fit = (
        found_in(activity_files / RUN4IT / name)[0]
        for name in ("test_garmin.tcx", "test_garmin.gpx", "test_garmin.fit")
    )
    choices = choose([candidate(tcx, "a"), candidate(gpx, "b"), candidate(fit, "c")])
    by_format = {each.source_format: choice for each, choice in choices.items()}
    assert by_format["tcx"].activity_id == by_format["gpx"].activity_id
    assert (by_format["tcx"].is_winner, by_format["gpx"].is_winner) == (True, False)
    assert (
        by_format["fit"].activity_id != by_format["tcx"].activity_id
    )  # another day's run, whatever its name


def test_two_watches_files_named_after_one_match_are_of_two_matches(activity_files):
    """Their names share a date, but the watches' clocks lie three days apart: nothing to merge."""
    folder = activity_files / "DavDori+football-coros-pace3/Data"
    [garmin], [coros] = found_in(folder / "fb1_2024_05_10.tcx"), found_in(folder / "fb_2024_05_10.tcx")
    days = (coros.cleaned.start_us - garmin.cleaned.start_us) / 86_400e6
    assert 2.9 < days < 3
    places = [np.nanmedian(each.cleaned.columns["latitude_deg"]) for each in (garmin, coros)]
    assert places[0] == pytest.approx(places[1], abs=0.0005)  # the same pitch
    assert (
        len(
            {
                choice.activity_id
                for choice in choose([candidate(garmin, "a"), candidate(coros, "b")]).values()
            }
        )
        == 2
    )
