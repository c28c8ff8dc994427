import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from lxml import etree

from coros_assets.sample.runner import Run, simulate
from coros_assets.sample.tcx import write_tcx
from coros_assets.sample.track import Points, record

GARMIN = "{http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2}"
RUNS = simulate().runs
PAUSED = next(run for run in RUNS if run.plan.pauses)
INDOOR = next(run for run in RUNS if run.plan.place is None)
ABROAD = next(run for run in RUNS if run.plan.timezone != "Europe/Vienna")


def tree(run: Run) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    return etree.fromstring(write_tcx(record(run)), parser)


def children(element: etree._Element) -> list[str]:
    return [str(child.tag).removeprefix(GARMIN) for child in element]


def values(points: list[etree._Element], path: str) -> np.ndarray:
    found = [point.findtext(path.replace("/", "/" + GARMIN).join([GARMIN, ""])) for point in points]
    return np.array([np.nan if text is None else float(text) for text in found])


def unshared(root: etree._Element) -> list[etree._Element]:
    """The points, each once: a lap's first is the last of the lap before."""
    tracks = [list(track) for track in root.iter(GARMIN + "Track")]
    return [point for i, track in enumerate(tracks) for point in track[i > 0 :]]


def line_shapes(data: bytes) -> set[bytes]:
    return {re.sub(rb"-?\d+", b"9", line) for line in data.splitlines()}


@pytest.mark.parametrize("run", [PAUSED, INDOOR, ABROAD, *RUNS[::70]])
def test_the_file_says_what_the_points_say(run: Run) -> None:
    points, found = record(run), unshared(tree(run))
    times = [point.findtext(GARMIN + "Time").removesuffix("Z") for point in found]
    np.testing.assert_array_equal(np.array(times, dtype="datetime64[s]"), points.time)
    columns = {
        "Position/LatitudeDegrees": points.latitude_deg,
        "Position/LongitudeDegrees": points.longitude_deg,
        "AltitudeMeters": points.altitude_m,
        "DistanceMeters": points.distance_m,
        "HeartRateBpm/Value": points.heart_rate_bpm,
        "Cadence": points.cadence_per_leg,
        "Extensions/Speed": points.speed_km_per_h,
    }
    for path, expected in columns.items():
        np.testing.assert_allclose(values(found, path), expected, rtol=0, atol=6e-8, err_msg=path)


def test_equal_points_give_equal_bytes() -> None:
    assert write_tcx(record(PAUSED)) == write_tcx(record(PAUSED))


def test_the_root_is_in_garmins_namespace_and_declares_five_more() -> None:
    root = tree(PAUSED)
    assert root.tag == GARMIN + "TrainingCenterDatabase"
    assert set(root.nsmap) == {None, "xsi", "ns2", "ns3", "ns4", "ns5"}


def test_the_id_is_the_start_and_the_creator_is_named_last() -> None:
    activity = tree(PAUSED).find(f"{GARMIN}Activities/{GARMIN}Activity")
    assert activity is not None
    assert activity.findtext(GARMIN + "Id") == activity.find(GARMIN + "Lap").get("StartTime")
    assert activity[-1].findtext(GARMIN + "Name") == "COROS Wearables"


def test_a_laps_children_stand_in_the_watchs_order() -> None:
    for lap in tree(PAUSED).iter(GARMIN + "Lap"):
        assert children(lap) == [
            "TotalTimeSeconds",
            "DistanceMeters",
            "Intensity",
            "TriggerMethod",
            "MaximumHeartRateBpm",
            "AverageHeartRateBpm",
            "Track",
        ]


def test_the_first_point_has_no_position_and_the_second_has() -> None:
    first, second = unshared(tree(PAUSED))[:2]
    assert children(first) == ["Time", "DistanceMeters"]
    assert children(second) == ["Time", "Position", "HeartRateBpm"]


def test_indoors_no_point_has_a_position_or_an_altitude() -> None:
    data = write_tcx(record(INDOOR))
    assert b"Position" not in data
    assert b"Altitude" not in data


def test_speed_stands_in_the_default_namespace_in_km_per_h() -> None:
    found = unshared(tree(PAUSED))
    speed, distance = values(found, "Extensions/Speed"), values(found, "DistanceMeters")
    slope_m_per_s = (distance[1500] - distance[500]) / 1000
    assert np.mean(speed[500:1500]) / slope_m_per_s == pytest.approx(3.6, rel=0.01)


def test_distance_is_whole_cumulative_and_lies_on_across_laps() -> None:
    distance = values(unshared(tree(PAUSED)), "DistanceMeters")
    known = distance[np.isfinite(distance)]
    assert (np.diff(known) >= 0).all()
    assert (known == np.floor(known)).all()


def test_adjacent_laps_share_their_boundary_point() -> None:
    tracks = list(tree(PAUSED).iter(GARMIN + "Track"))
    assert len(tracks) > 3
    for before, after in pairwise(tracks):
        assert etree.tostring(before[-1]).strip() == etree.tostring(after[0]).strip()


def test_laps_are_a_kilometre_and_the_last_is_the_rest() -> None:
    root = tree(PAUSED)
    laps = [int(lap.findtext(GARMIN + "DistanceMeters")) for lap in root.iter(GARMIN + "Lap")]
    total = values(unshared(root), "DistanceMeters")[-1]
    assert set(laps[:-1]) == {1000}
    assert sum(laps) == total


def test_a_lap_with_a_pause_lasts_longer_on_the_wall_than_on_the_timer() -> None:
    longer = 0
    for lap in tree(PAUSED).iter(GARMIN + "Lap"):
        times = np.array(
            [p.findtext(GARMIN + "Time").removesuffix("Z") for p in lap.iter(GARMIN + "Trackpoint")],
            dtype="datetime64[s]",
        )
        longer += int((times[-1] - times[0]).astype(int)) - int(lap.findtext(GARMIN + "TotalTimeSeconds"))
    assert longer == sum(length for _, length in PAUSED.plan.pauses)


def test_every_line_has_the_shape_of_a_line_in_a_real_export(activity_files: Path) -> None:
    real = line_shapes((activity_files / "sytandas+runalyze/test_data/20.tcx").read_bytes())
    written = line_shapes(write_tcx(record(PAUSED)))
    assert written <= real


def test_a_point_with_every_field_is_as_long_as_in_a_real_export(activity_files: Path) -> None:
    real = (activity_files / "sytandas+runalyze/test_data/20.tcx").read_bytes()
    written = write_tcx(record(PAUSED))
    per_point = [len(data) / data.count(b"<Trackpoint>") for data in (real, written)]
    assert per_point[1] == pytest.approx(per_point[0], rel=0.03)


def test_negative_coordinates_and_altitudes_are_written() -> None:
    absent = np.array([np.nan])
    points = Points(
        time=np.array(["2025-03-30T23:59:59", "2025-03-31T00:00:00"], dtype="datetime64[s]"),
        timer_s=np.array([0, 1]),
        latitude_deg=np.array([np.nan, -0.0000004]),
        longitude_deg=np.array([np.nan, -9.1234567]),
        altitude_m=np.append(absent, -3.0),
        distance_m=np.array([0.0, 123456.0]),
        heart_rate_bpm=np.append(absent, 99.0),
        cadence_per_leg=np.append(absent, 80.0),
        speed_km_per_h=np.append(absent, 0.05),
        lap_bounds=np.array([0, 1]),
    )
    text = write_tcx(points).decode()
    for expected in (
        "<LatitudeDegrees>-0.0000004<",
        "<LongitudeDegrees>-9.1234567<",
        "<AltitudeMeters>-3<",
        "<DistanceMeters>123456<",
        "<Speed>0.050000<",
        "<Time>2025-03-31T00:00:00Z<",
    ):
        assert expected in text
