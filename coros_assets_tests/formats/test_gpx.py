import gzip
import random
from datetime import UTC, datetime

import pytest

from coros_assets.errors import UnreadableFileError
from coros_assets.formats.gpx import read_gpx

TRACK_POINT = "http://www.garmin.com/xmlschemas/TrackPointExtension/v1"
TRACK_POINT_2 = "http://www.garmin.com/xmlschemas/TrackPointExtension/v2"
POWER = "http://www.garmin.com/xmlschemas/PowerExtension/v1"


def gpx(
    *tracks: str, creator: str = "COROS Wearables", namespace: str = "http://www.topografix.com/GPX/1/1"
) -> bytes:
    root = f'<gpx version="1.1" creator="{creator}" xmlns="{namespace}" xmlns:t="{TRACK_POINT}" '
    spaces = f'xmlns:u="{TRACK_POINT_2}" xmlns:p="{POWER}">'
    return f'<?xml version="1.0" encoding="UTF-8"?>{root}{spaces}{"".join(tracks)}</gpx>'.encode()


def track(*segments: str, kind: str | None = "running") -> str:
    written = f"<type>{kind}</type>" if kind is not None else ""
    return f"<trk><name>x</name>{written}{''.join(f'<trkseg>{s}</trkseg>' for s in segments)}</trk>"


def point(second: int | None, inside: str = "") -> str:
    time = f"<time>2024-06-01T17:00:{second:02}Z</time>" if second is not None else ""
    return f'<trkpt lat="48.2" lon="16.37">{time}{inside}</trkpt>'


def test_a_point_is_read_in_every_field():
    inside = (
        "<ele>171.5</ele><extensions><power>251</power><t:TrackPointExtension><t:hr>141</t:hr>"
        "<t:cad>84</t:cad></t:TrackPointExtension><distance>12</distance><speed>3.2</speed></extensions>"
    )
    [read] = read_gpx(gpx(track(point(0, inside))))
    assert read.points.to_pylist() == [
        {
            "time": datetime(2024, 6, 1, 17, tzinfo=UTC),
            "lap_index": 0,
            "latitude_deg": 48.2,
            "longitude_deg": 16.37,
            "altitude_m": 171.5,
            "distance_m": 12.0,
            "speed": 3.2,
            "heart_rate_bpm": 141.0,
            "cadence": 84.0,
            "power_w": 251.0,
        }
    ]


@pytest.mark.parametrize(
    ("inside", "column", "value"),
    [
        (
            "<extensions><u:TrackPointExtension><u:speed>3.1</u:speed></u:TrackPointExtension></extensions>",
            "speed",
            3.1,
        ),
        ("<speed>3.1</speed>", "speed", 3.1),
        ("<extensions><p:PowerInWatts>251</p:PowerInWatts></extensions>", "power_w", 251),
        ("<extensions><heartrate>141</heartrate></extensions>", "heart_rate_bpm", 141),
        ("<extensions><t:hr/><heartrate>141</heartrate></extensions>", "heart_rate_bpm", 141),
        ("<extensions><t:hr>141</t:hr><heartrate>99</heartrate></extensions>", "heart_rate_bpm", 141),
        ("<extensions><t:hr>nan</t:hr></extensions>", "heart_rate_bpm", None),
        ("<extensions><t:atemp>29</t:atemp></extensions>", "heart_rate_bpm", None),
        ("<hr>141</hr>", "heart_rate_bpm", 141),
        ("<ele>1e999</ele>", "altitude_m", None),
    ],
)
def test_extensions_are_read_by_their_local_name(inside, column, value):
    [read] = read_gpx(gpx(track(point(0, inside))))
    assert read.points[column].to_pylist() == [value]


@pytest.mark.parametrize(
    "namespace", ["http://www.topografix.com/GPX/1/0", "http://www.topografix.com/GPX/1/1", ""]
)
def test_all_versions_are_read(namespace):
    assert len(read_gpx(gpx(track(point(0)), namespace=namespace))[0].points) == 1


def test_a_segment_is_a_lap_whose_timer_time_is_from_first_to_last_point():
    [read] = read_gpx(gpx(track(point(0) + point(10), "", point(None), point(40) + point(45) + point(None))))
    assert read.points["lap_index"].to_pylist() == [0, 0, 1, 2, 2, 2]
    assert [
        (lap["start_time"] and lap["start_time"].second, lap["timer_time_s"]) for lap in read.laps.to_pylist()
    ] == [
        (0, 10.0),
        (None, None),
        (40, 5.0),
    ]


def test_each_track_with_times_is_an_activity():
    read = read_gpx(gpx(track(point(0)), track(point(None)), track(point(1) + point(2), kind="cycling")))
    assert [(a.source_index, a.sport, len(a.points)) for a in read] == [(0, "running", 1), (1, "cycling", 2)]


@pytest.mark.parametrize(
    ("kind", "creator", "sport", "finer"),
    [
        ("running", "x", "running", None),
        ("Run", "x", "running", None),
        ("trail_running", "x", "running", "trail"),
        ("TrailRun", "x", "running", "trail"),
        ("treadmill_running", "x", "running", "treadmill"),
        ("Trail Running", "x", "running", "trail"),
        ("indoor_running", "x", "running", "indoor_running"),
        ("virtual_ride", "x", "cycling", None),
        ("road_biking", "x", "cycling", "road"),
        ("lap_swimming", "x", "swimming", "lap_swimming"),
        ("open_water_swimming", "x", "swimming", "open_water"),
        ("hiking", "x", "walking", "hiking"),
        ("9", "StravaGPX", "running", None),
        ("16", "StravaGPX Android", "swimming", None),
    ],
)
def test_a_sport_is_read_from_the_type(kind, creator, sport, finer):
    [read] = read_gpx(gpx(track(point(0), kind=kind), creator=creator))
    assert (read.sport, read.sub_sport, read.flags) == (sport, finer, ())


@pytest.mark.parametrize("kind", ["9", "brunch", "", None, "rowing"])
def test_a_type_that_names_no_known_sport_is_said(kind):
    [read] = read_gpx(gpx(track(point(0), kind=kind), creator="x"))
    assert (read.sport, read.sub_sport, read.flags) == ("other", None, ("sport_not_stated",))


def test_the_device_is_the_creator_in_printable_characters():
    [read] = read_gpx(gpx(track(point(0)), creator="COROS\u200b &lt;PACE&gt;\t3" + "x" * 300))
    assert read.device == "COROS <PACE> 3" + "x" * 185 + "…"
    assert read_gpx(gpx(track(point(0)), creator=" "))[0].device is None


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not well-formed"),
        (gpx(track(point(0)))[:-30], "cut short"),
        (gpx(track(point(None) * 3)), "track without times"),
        (gpx(track()), "track without times"),
        (gpx('<rte><rtept lat="1" lon="2"><time>2024-06-01T17:00:00Z</time></rtept></rte>'), "a route"),
        (gpx('<wpt lat="1" lon="2"/>'), "waypoints, not a recorded activity"),
        (b"<kml/>", "root is 'kml'"),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><gpx/>", "document type"),
        (b"<gpx>" + b"<a>" * 400 + b"</a>" * 400 + b"</gpx>", "not well-formed"),
    ],
)
def test_what_is_no_activity_is_refused_with_its_reason(data, reason):
    with pytest.raises(UnreadableFileError, match=reason):
        read_gpx(data)


def test_mutants_are_read_or_refused():
    inside = (
        "<ele>1</ele><extensions><t:TrackPointExtension><t:hr>141</t:hr></t:TrackPointExtension></extensions>"
    )
    good = gpx(track(point(0, inside) + point(1, inside), point(2)))
    chance = random.Random(1)
    read = 0
    for _ in range(500):
        body = bytearray(good)
        for _ in range(chance.choice((1, 2, 5))):
            body[chance.randrange(200, len(body))] = chance.randrange(256)
        try:
            for found in read_gpx(bytes(body)):
                found.points.validate(full=True)
                found.laps.validate(full=True)
            read += 1
        except UnreadableFileError:
            continue
    assert 10 < read < 490


def test_every_real_track_is_read(activity_files):
    counts, refused = {}, {}
    for path in activity_files.rglob("*.gpx*"):
        data = path.read_bytes()
        try:
            [read] = read_gpx(gzip.decompress(data) if path.suffix == ".gz" else data)
        except UnreadableFileError as error:
            refused[path.name] = str(error)
            continue
        counts[read.sport] = counts.get(read.sport, 0) + len(read.points)
    assert counts == {"running": 2089, "cycling": 12_420, "swimming": 355, "other": 27_517}
    assert set(refused) == {"sample.gpx", "testcourse.gpx"}  # a course without times, a route
