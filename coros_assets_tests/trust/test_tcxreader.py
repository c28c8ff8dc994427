"""Every TCX file as tcxreader, a reader of others, sees it."""

import math
from datetime import UTC

import pytest
from tcxreader.tcxreader import TCXReader

from coros_assets_tests.trust.real_files import floats, found_in, seconds

COLUMNS = {
    "latitude_deg": "latitude",
    "longitude_deg": "longitude",
    "altitude_m": "elevation",
    "distance_m": "distance",
    "heart_rate_bpm": "hr_value",
}


def number(value) -> float:
    return math.nan if value is None else float(value)


@pytest.mark.slow
def test_every_value_of_every_tcx_file_is_as_tcxreader_reads_it(activity_files):
    points = 0
    for path in sorted(activity_files.rglob("*.tcx")):
        found = found_in(path)
        if not found:
            continue
        theirs = TCXReader().read(str(path), only_gps=False).trackpoints  # all activities in one
        points += len(theirs)
        assert sum(len(each.raw.points) for each in found) == len(theirs)
        times = [second for each in found for second in seconds(each.raw)]
        assert times == [point.time.replace(tzinfo=UTC).timestamp() for point in theirs], path
        for ours, name in COLUMNS.items():
            values = [value for each in found for value in floats(each.raw.points[ours])]
            expected = [number(getattr(point, name)) for point in theirs]
            assert values == pytest.approx(expected, rel=0, abs=1e-9, nan_ok=True), (path, ours)
        cadence = [value for each in found for value in floats(each.raw.points["cadence"])]
        expected = [number(point.tpx_ext.get("RunCadence", point.cadence)) for point in theirs]
        assert cadence == pytest.approx(expected, nan_ok=True), path
    assert points == 88_018
