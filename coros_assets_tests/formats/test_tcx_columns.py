"""The fast way gives what the tree gives, or stands back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coros_assets.errors import UnreadableFileError
from coros_assets.formats.archives import unpacked
from coros_assets.formats.raw import RawActivity
from coros_assets.formats.tcx_columns import read_columns
from coros_assets.formats.tcx_tree import read_tree
from coros_assets.formats.xml_guard import guarded
from coros_assets_tests.tcx_text import EXTENSION, START, activity, lap, point, position, run_file, tcx

TIME = "2024-06-01T17:00:00Z"
DISTANCE = "<DistanceMeters>12</DistanceMeters>"


def in_a_point(*children: str) -> bytes:
    return tcx(activity(lap(point(TIME, *children) + point("2024-06-01T17:00:01Z", DISTANCE))))


def extended(inside: str) -> bytes:
    return in_a_point(f"<Extensions>{inside}</Extensions>")


def with_prefix(prefix: str, namespace: str) -> bytes:
    inside = f"<{prefix}:TPX><{prefix}:Speed>3.1</{prefix}:Speed></{prefix}:TPX>"
    return extended(inside).replace(b"<Activities>", f'<Activities xmlns:{prefix}="{namespace}">'.encode())


PLAIN = {
    "a coros run": run_file(seconds=5),
    "a run indoors": run_file(seconds=5, at=None),
    "milliseconds": in_a_point().replace(b":00Z</Time>", b":00.000Z</Time>"),
    "zone offsets": in_a_point().replace(b"17:00:00Z", b"19:00:00+02:00"),
    "an impossible date": in_a_point().replace(
        b"2024-06-01T17:00:00Z</Time>", b"2024-02-30T17:00:00Z</Time>"
    ),
    "a time that is none": in_a_point().replace(b"2024-06-01T17:00:00Z</Time>", b"yesterday</Time>"),
    "a point without time": tcx(activity(lap(f"<Trackpoint>{DISTANCE}</Trackpoint>" + point(TIME)))),
    "speed in a TPX of the default namespace": extended("<TPX><Speed>3.1</Speed></TPX>"),
    "a declared TPX": extended(f'<TPX xmlns="{EXTENSION}"><Speed>3.1</Speed><Watts>250</Watts></TPX>'),
    "a prefixed TPX": with_prefix("ns3", EXTENSION),
    "an exponent": in_a_point("<AltitudeMeters>1.2e2</AltitudeMeters>"),
    "a number that begins with its point": in_a_point("<AltitudeMeters>.5</AltitudeMeters>"),
    "several tracks and laps": tcx(
        activity(
            lap(point(TIME) + "</Track><Track>" + point("2024-06-01T17:00:05Z"))
            + lap(point("2024-06-01T17:01:00Z"), START.replace(minute=1))
        )
    ),
    "a lap without track": tcx(activity(lap(point(TIME)) + '<Lap StartTime="2024-06-01T18:00:00Z"/>')),
    "two activities": tcx(activity(lap(point(TIME))) + activity(lap(point(TIME)), "Biking", "other")),
    "laps that start in no order": tcx(activity(lap(point(TIME), START.replace(hour=20)) + lap(point(TIME)))),
    "an attribute": in_a_point('<HeartRateBpm kind="x"><Value>140</Value></HeartRateBpm>'),
}
NOT_PLAIN = {
    "a comment in a value": in_a_point("<AltitudeMeters>1<!-- x -->2</AltitudeMeters>"),
    "character data": in_a_point("<AltitudeMeters><![CDATA[12]]></AltitudeMeters>"),
    "a character reference": in_a_point("<AltitudeMeters>&#49;2</AltitudeMeters>"),
    "a repeated value": in_a_point(DISTANCE, "<DistanceMeters>99</DistanceMeters>"),
    "an empty value": in_a_point("<AltitudeMeters/>"),
    "a blank value": in_a_point("<AltitudeMeters> </AltitudeMeters>"),
    "blanks around a value": in_a_point("<AltitudeMeters> 12 </AltitudeMeters>"),
    "not a number": in_a_point("<AltitudeMeters>nan</AltitudeMeters>"),
    "beyond all numbers": in_a_point("<AltitudeMeters>1e999</AltitudeMeters>"),
    "full-width digits": in_a_point("<AltitudeMeters>\uff11</AltitudeMeters>"),
    "an underscore": in_a_point("<AltitudeMeters>1_000</AltitudeMeters>"),
    "a foreign namespace": extended('<y:Speed xmlns:y="urn:other">99</y:Speed>'),
    "a foreign default namespace": extended('<TPX xmlns="urn:other"><Speed>99</Speed></TPX>'),
    "the usual prefix for another namespace": with_prefix("ns3", "urn:other"),
    "another prefix": with_prefix("x", EXTENSION),
    "two speeds": extended("<Speed>1</Speed><TPX><Speed>2</Speed></TPX>"),
    "two cadences": in_a_point(
        "<Cadence>80</Cadence><Extensions><TPX><RunCadence>81</RunCadence></TPX></Extensions>"
    ),
    "a value in another place": in_a_point("<Position><DistanceMeters>7</DistanceMeters></Position>"),
    "an unknown element": in_a_point("<Mood>fine</Mood>"),
    "an element that begins like another": in_a_point("<Distance>99</Distance>"),
    "a track with an attribute": in_a_point().replace(b"<Track>", b'<Track kind="x">'),
    "no namespace but a prefix": in_a_point().replace(b"xmlns=", b"xmlns:z="),
    "text beside the elements": in_a_point("]]"),
    "a control character": in_a_point().replace(b"<Trackpoint>", b"<Trackpoint>\x01", 1),
    "another alphabet": in_a_point("<Extensions>\u0661</Extensions>"),
    "a point outside any track": in_a_point().replace(b"<Track>", point(TIME).encode() + b"<Track>"),
    "a course": in_a_point().replace(b"Activit", b"Courses"),
    "cut short": in_a_point()[:-60],
    "no end of a track": in_a_point().replace(b"</Track>", b""),
}


def by_the_tree(text: bytes) -> list[RawActivity] | None:
    try:
        return read_tree(text)
    except UnreadableFileError:
        return None


@pytest.mark.parametrize("name", PLAIN)
def test_a_plain_file_is_read_as_the_tree_reads_it(name):
    text = guarded(PLAIN[name])
    assert read_columns(text) == read_tree(text)


@pytest.mark.parametrize("name", NOT_PLAIN)
def test_what_is_not_proved_plain_is_left_to_the_tree(name):
    text = guarded(NOT_PLAIN[name])
    assert read_columns(text) in (None, by_the_tree(text))


def test_real_files_of_every_maker_are_read_alike_both_ways(activity_files):
    fast = 0
    for path in sorted(activity_files.rglob("*")):
        if not path.name.lower().endswith((".tcx", ".tcx.gz")):
            continue
        [file] = unpacked(path.name, path.read_bytes())
        text = guarded(file.data)
        ours = read_columns(text)
        if ours is not None:
            fast += 1
            assert ours == read_tree(text), path.name
    assert fast >= 80


VALUES = st.sampled_from(["12", "0", "-3.5", "", " 7", "1e3", "1e999", "nan", "x", "1.", "&amp;", "<a/>"])
LEAVES = st.sampled_from(
    ["DistanceMeters", "AltitudeMeters", "Cadence", "Speed", "Extensions", "Mood", "Time"]
)
CHILDREN = st.lists(
    st.tuples(LEAVES, VALUES).map(lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>"), max_size=4
)
POINTS = st.tuples(st.sampled_from([TIME, "2024-06-01T17:00:09.5Z", "never", ""]), CHILDREN)


@settings(deadline=None, max_examples=300)
@given(st.lists(POINTS, min_size=1, max_size=5), st.booleans())
def test_whatever_a_point_holds_both_ways_agree_or_the_fast_one_stands_back(points, split):
    middle = "</Track><Track>" if split else ""
    text = guarded(tcx(activity(lap(middle.join(point(time, *children) for time, children in points)))))
    assert read_columns(text) in (None, by_the_tree(text))


def test_position_belongs_to_its_point():
    text = guarded(tcx(activity(lap(point(TIME) + point("2024-06-01T17:00:01Z", position(48.2, 16.3))))))
    [read] = read_columns(text) or []
    assert read.points["latitude_deg"].to_pylist() == [None, 48.2]
