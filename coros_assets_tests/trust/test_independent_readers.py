"""What the project's readers find in every real file, against readers that share no code with them."""

import numpy as np
import pytest

from coros_assets_tests.gold.track_files import read_track
from coros_assets_tests.trust.real_files import floats, found_in, named, seconds

# The heart rate of these swims was recorded by a strap, in files of its own behind the watch's.
HEART_RATE_APART = {"spiros-01.fit", "spiros-02.fit"}


def in_order_of_time(found, column):
    """Values of a column of all activities of a file, of points with equal times the first."""
    times = np.concatenate([seconds(each.raw) for each in found])
    values = np.concatenate([floats(each.raw.points[column]) for each in found])
    kept, first = np.unique(times, return_index=True)
    return kept, values[first]


@pytest.mark.slow
def test_every_point_of_every_tcx_and_fit_file_is_as_a_plain_reader_reads_it(activity_files):
    compared, apart = 0, {}
    for path in sorted(activity_files.rglob("*")):
        if not path.name.lower().endswith((".fit", ".tcx", ".tcx.gz")) or not found_in(path):
            continue
        compared += 1
        plain = read_track(path)
        for column in ("distance_m", "altitude_m", "heart_rate_bpm"):
            times, ours = in_order_of_time(found_in(path), column)
            np.testing.assert_allclose(times - times[0], plain.time_s, atol=1e-5, err_msg=str(path))
            same = np.isclose(ours, getattr(plain, column), rtol=0, atol=1e-6, equal_nan=True)
            if not same.all():
                apart.setdefault(path.name, []).append(column)
    assert apart == {name: ["heart_rate_bpm"] for name in HEART_RATE_APART}
    assert compared == 355


def test_a_straps_own_heart_rates_are_merged_as_garmins_decoder_does(activity_files):
    # Sum and range over all records as garmin-fit-sdk 21.218 merges them; and what the session states.
    for name, points, total, lowest, highest in (
        ("spiros-01.fit", 3964, 469_512, 72, 146),
        ("spiros-02.fit", 3135, 408_335, 80, 156),
    ):
        pulse = floats(named(activity_files, name).raw.points["heart_rate_bpm"])
        assert (len(pulse), pulse.sum(), pulse.min(), pulse.max()) == (points, total, lowest, highest)
