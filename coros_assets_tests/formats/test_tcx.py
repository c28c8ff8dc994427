import pytest

from coros_assets.errors import UnreadableFileError
from coros_assets.formats.read import read_activities
from coros_assets.formats.tcx import read_tcx
from coros_assets_tests.tcx_text import EXTENSION, activity, lap, point, position, run_file, tcx

TIME = "2024-06-01T17:00:0{}Z"


def one_point(*children: str) -> dict:
    read = read_tcx(tcx(activity(lap(point(TIME.format(0), *children)))))
    return read[0].points.to_pylist()[0]


def test_a_coros_point_is_read_in_every_field():
    read = one_point(
        position(48.2, 16.37),
        "<AltitudeMeters>171.5</AltitudeMeters>",
        "<DistanceMeters>12</DistanceMeters>",
        "<HeartRateBpm><Value>141</Value></HeartRateBpm>",
        "<Cadence>84</Cadence>",
        "<Extensions><Speed>11.610000</Speed></Extensions>",
    )
    del read["time"]
    assert read == {
        "lap_index": 0,
        "latitude_deg": 48.2,
        "longitude_deg": 16.37,
        "altitude_m": 171.5,
        "distance_m": 12.0,
        "speed": 11.61,
        "heart_rate_bpm": 141.0,
        "cadence": 84.0,
        "power_w": None,
    }


@pytest.mark.parametrize(
    ("extension", "column", "value"),
    [
        (f'<TPX xmlns="{EXTENSION}"><Speed>3.1</Speed></TPX>', "speed", 3.1),
        (f'<x:TPX xmlns:x="{EXTENSION}"><x:RunCadence>84</x:RunCadence></x:TPX>', "cadence", 84.0),
        (f'<TPX xmlns="{EXTENSION}"><Watts>251</Watts></TPX>', "power_w", 251.0),
        ("<TPX><Speed>3.1</Speed></TPX>", "speed", 3.1),
        ('<y:Speed xmlns:y="urn:other">99</y:Speed>', "speed", None),
        ('<y:TPX xmlns:y="urn:other"><y:Watts>99</y:Watts></y:TPX>', "power_w", None),
    ],
)
def test_extensions_are_read_in_garmins_namespaces_and_no_other(extension, column, value):
    assert one_point(f"<Extensions>{extension}</Extensions>")[column] == value


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("<DistanceMeters>1<!-- half -->2</DistanceMeters>", 12.0),
        ("<DistanceMeters><![CDATA[12]]></DistanceMeters>", 12.0),
        ("<DistanceMeters>&#49;2</DistanceMeters>", 12.0),
        ("<DistanceMeters>\n 12.50 \t</DistanceMeters>", 12.5),
        ("<DistanceMeters>1.2e1</DistanceMeters>", 12.0),
        ("<DistanceMeters/>", None),
        ("<DistanceMeters></DistanceMeters><DistanceMeters>12</DistanceMeters>", 12.0),
        ("<DistanceMeters>12</DistanceMeters><DistanceMeters>99</DistanceMeters>", 12.0),
        ("<DistanceMeters>nan</DistanceMeters>", None),
        ("<DistanceMeters>1e999</DistanceMeters>", None),
        ("<DistanceMeters>1_000</DistanceMeters>", None),
        ("<DistanceMeters>\uff11\uff12</DistanceMeters>", None),
        ("<DistanceMeters>0x1F</DistanceMeters>", None),
    ],
)
def test_numbers_are_read_strictly(written, meant):
    assert one_point(written)["distance_m"] == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2024-06-01T17:00:00Z", "2024-06-01T17:00:00+00:00"),
        ("2024-06-01T19:00:00+02:00", "2024-06-01T17:00:00+00:00"),
        ("2024-06-01T17:00:00.1234567Z", "2024-06-01T17:00:00.123456+00:00"),
        (" 2024-06-01T17:00:00Z ", "2024-06-01T17:00:00+00:00"),
        ("2024-06-01T17:00:00", "2024-06-01T17:00:00+00:00"),
        ("2024-02-30T17:00:00Z", None),
        ("2024-06-01 17:00", None),
        ("", None),
    ],
)
def test_times_are_read_strictly(written, meant):
    read = read_tcx(tcx(activity(lap(point(written)))))
    [time] = read[0].points["time"].to_pylist()
    assert (time.isoformat() if time else None) == meant


def test_several_activities_of_a_file_are_kept_apart():
    first = activity(lap(point(TIME.format(0))), device="one")
    second = activity(lap(point(TIME.format(1)) + point(TIME.format(2))), sport="Biking", device="two")
    read = read_tcx(tcx(first + second))
    assert [(a.source_index, a.sport, a.device, a.points.num_rows) for a in read] == [
        (0, "running", "one", 1),
        (1, "cycling", "two", 2),
    ]


def test_a_track_repeated_in_every_lap_is_given_to_laps_by_their_start():
    track = "".join(point(f"2024-06-01T17:0{minute}:00Z") for minute in range(4))
    laps = "".join(
        f'<Lap StartTime="2024-06-01T17:0{minute}:00Z"><Track>{track}</Track></Lap>' for minute in (0, 2)
    )
    read = read_tcx(tcx(activity(laps)))[0]
    assert read.points["lap_index"].to_pylist() == [0, 0, 1, 1, 0, 0, 1, 1]


def test_bytes_before_the_root_and_other_encodings_do_not_matter():
    plain = run_file(seconds=5)
    text = plain.decode()
    variants = [
        b"\xef\xbb\xbf" + plain,
        b"  \r\n" + plain,
        text.replace("UTF-8", "UTF-16").encode("utf-16"),
        text.replace("UTF-8", "ISO-8859-1").replace("COROS Wearables", "caf\xe9").encode("latin-1"),
        text.replace("xmlns=", "xmlns:z=").encode(),
    ]
    expected = read_tcx(plain)[0].points
    assert all(read_tcx(variant)[0].points.equals(expected) for variant in variants)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b"\x00\x00\x00", "is empty"),
        (bytes(range(32, 60)), "neither FIT nor XML"),
        (b"<kml><Document/></kml>", "root is 'kml'"),
        (run_file(seconds=5)[:-40], "cut short"),
        (tcx(""), "no activity with recorded points"),
        (tcx("").replace(b"Activities", b"Courses").replace(b"<Courses>", b"<Courses><Course/>"), "a course"),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>", "document type"),
        (b"<?xml version='1.0'?><?php run() ?><x/>", "processing instructions"),
        (b"<?xml version='1.0' encoding='UTF-7'?><x/>", "encoded as utf-7"),
        ("<?xml version='1.0'?><!DOCTYPE x><x/>".encode("utf-16"), "document type"),
        (b"<a>" * 400 + b"</a>" * 400, "not well-formed|cut short"),
        (
            b"<a>\n<b/>\n</c>\n</a>",
            "XML in line 3, perhaps cut short: .* mismatch: a line 1 and c. Copy or export",
        ),
        (b"<a>&nbsp;</a>", "XML, perhaps cut short: it uses an entity that it does not define. Copy or"),
    ],
)
def test_what_is_no_activity_is_refused_with_its_reason(data, reason):
    with pytest.raises(UnreadableFileError, match=reason):
        read_activities(data)


@pytest.mark.parametrize("data", [b"<%b/>", b"<a><%b></a>", b"<a %b='1' %b='2'/>", b"<gpx><%b></gpx>"])
def test_a_reason_does_not_repeat_what_is_long(data):
    with pytest.raises(UnreadableFileError) as refusal:
        read_activities(data.replace(b"%b", b"n" * 3000))
    assert len(str(refusal.value)) < 250
    assert "nnn" in str(refusal.value)


def test_every_coros_file_is_read_with_all_its_points(activity_files):
    expected = {"20.tcx": 6745, "27-8K.tcx": 3354, "6.tcx": 6954, "7-8K.tcx": 3487}
    folder = activity_files / "sytandas+runalyze" / "test_data"
    for name, points in expected.items():
        [read] = read_activities((folder / name).read_bytes())
        assert (read.sport, read.device, read.points.num_rows) == ("running", "COROS Wearables", points)
