"""The fast way gives what the tree gives, or stands back."""

import re

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
XSI = "http://www.w3.org/2001/XMLSchema-instance"
DISTANCE = "<DistanceMeters>12</DistanceMeters>"


def in_a_point(*children: str) -> bytes:
    return tcx(activity(lap(point(TIME, *children) + point("2024-06-01T17:00:01Z", DISTANCE))))


def extended(inside: str) -> bytes:
    return in_a_point(f"<Extensions>{inside}</Extensions>")


def with_prefix(prefix: str, namespace: str, inside: str | None = None) -> bytes:
    inside = inside or f"<{prefix}:TPX><{prefix}:Speed>3.1</{prefix}:Speed></{prefix}:TPX>"
    return extended(inside).replace(b"<Activities>", f'<Activities xmlns:{prefix}="{namespace}">'.encode())


def typed(namespace: str) -> bytes:
    heart_rate = '<HeartRateBpm xsi:type="HeartRateInBeatsPerMinute_t"><Value>140</Value></HeartRateBpm>'
    return in_a_point(heart_rate).replace(b"<Lap ", f'<Lap xmlns:xsi="{namespace}" '.encode())


def in_front_of_the_tracks(text: str) -> bytes:
    return in_a_point().replace(b"<Track>", text.encode() + b"<Track>")


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
    "the type of a heart rate": typed(XSI),
    "a foot pod": extended(f'<TPX xmlns="{EXTENSION}" CadenceSensor="Footpod"><Speed>3.1</Speed></TPX>'),
    "an empty TPX": with_prefix("ns3", EXTENSION, "<ns3:TPX/>"),
    "cadences of two sensors": in_a_point("<Cadence>80</Cadence>").replace(
        DISTANCE.encode(), b"<Extensions><TPX><RunCadence>81</RunCadence></TPX></Extensions>"
    ),
    "the state of a sensor": in_a_point("<SensorState>Present</SensorState>"),
    "an empty value": in_a_point("<AltitudeMeters></AltitudeMeters>"),
    "blanks around a value": in_a_point("<AltitudeMeters>\r\n 12 \t</AltitudeMeters>"),
    "not a number": in_a_point("<AltitudeMeters>nan</AltitudeMeters>"),
    "beyond all numbers": in_a_point("<AltitudeMeters>1e999</AltitudeMeters>"),
    "a position in two parts": in_a_point(
        "<Position><LatitudeDegrees>1</LatitudeDegrees></Position>",
        "<Position><LongitudeDegrees>2</LongitudeDegrees></Position>",
    ),
    "text beside the elements": in_a_point("<Position> > </Position> 12"),
    "another alphabet in the name of the device": tcx(activity(lap(point(TIME)), device="f\u0113nix")),
    "no point in one of two tracks": tcx(activity(lap(point(TIME) + "</Track><Track>"))),
    "no namespace": in_a_point(DISTANCE).replace(b"xmlns=", b"xmlns:z="),
    "carriage returns": in_a_point(DISTANCE).replace(b"><", b">\r\n\t<"),
}
NOT_PLAIN = {
    "a comment in a value": in_a_point("<AltitudeMeters>1<!-- x -->2</AltitudeMeters>"),
    "character data": in_a_point("<AltitudeMeters><![CDATA[12]]></AltitudeMeters>"),
    "a character reference": in_a_point("<AltitudeMeters>&#49;2</AltitudeMeters>"),
    "an entity that is not defined": in_a_point("<AltitudeMeters>&twelve;</AltitudeMeters>"),
    "a repeated value": in_a_point(DISTANCE, "<DistanceMeters>99</DistanceMeters>"),
    "a repeated value after an empty one": in_a_point("<DistanceMeters></DistanceMeters>", DISTANCE),
    "a value without an end tag": in_a_point("<AltitudeMeters/>"),
    "blanks in a tag": in_a_point("<AltitudeMeters >12</AltitudeMeters\n>"),
    "a tag in small letters": in_a_point("<altitudeMeters>12</altitudeMeters>"),
    "an end of another element": in_a_point("<AltitudeMeters>12</DistanceMeters>"),
    "ends in the wrong order": extended("<TPX><Speed>3.1</TPX></Speed>"),
    "a speed that is not closed": extended("<Speed>3.1"),
    "a value in a value": in_a_point(f"<Cadence>{DISTANCE}</Cadence>"),
    "a point in a point": in_a_point(point(TIME)),
    "a track in a track": in_a_point(f"<Track>{point(TIME)}</Track>"),
    "a value straight in a track": in_a_point(f"</Trackpoint>{DISTANCE}<Trackpoint>"),
    "full-width digits": in_a_point("<AltitudeMeters>\uff11</AltitudeMeters>"),
    "bytes that are no UTF-8": in_a_point("<AltitudeMeters>12</AltitudeMeters>").replace(b">12<", b">\xff<"),
    "a foreign namespace": extended('<y:Speed xmlns:y="urn:other">99</y:Speed>'),
    "a foreign default namespace": extended('<TPX xmlns="urn:other"><Speed>99</Speed></TPX>'),
    "no namespace at all below": extended('<TPX xmlns=""><Speed>99</Speed></TPX>'),
    "a foreign namespace of all tracks": in_a_point(DISTANCE).replace(b"<Lap ", b'<Lap xmlns="urn:other" '),
    "the usual prefix for another namespace": with_prefix("ns3", "urn:other"),
    "the usual prefix for none": extended("<ns3:TPX><ns3:Speed>3.1</ns3:Speed></ns3:TPX>"),
    "the prefix of one element only": with_prefix("ns3", EXTENSION, "<ns3:TPX><Speed>3.1</Speed></ns3:TPX>"),
    "a prefix that ends without it": with_prefix("ns3", EXTENSION, "<ns3:TPX></TPX>"),
    "a prefix on another element": with_prefix("ns3", EXTENSION, "<ns3:Cadence>3</ns3:Cadence>"),
    "another prefix": with_prefix("x", EXTENSION),
    "a type from a namespace that is not declared": in_a_point(
        '<HeartRateBpm xsi:type="HeartRateInBeatsPerMinute_t"><Value>140</Value></HeartRateBpm>'
    ),
    "a type from another namespace": typed("urn:other"),
    "an unusual attribute": in_a_point('<HeartRateBpm kind="x"><Value>140</Value></HeartRateBpm>'),
    "an attribute given twice": extended(f'<TPX xmlns="{EXTENSION}" xmlns="{EXTENSION}"></TPX>'),
    "an attribute of some": in_a_point(
        f'<Extensions><TPX xmlns="{EXTENSION}"><Speed>1</Speed></TPX></Extensions>'
    ).replace(DISTANCE.encode(), b"<Extensions><TPX><Speed>2</Speed></TPX></Extensions>"),
    "two speeds": extended("<Speed>1</Speed><TPX><Speed>2</Speed></TPX>"),
    "speeds in two places": in_a_point("<Extensions><Speed>1</Speed></Extensions>").replace(
        DISTANCE.encode(), b"<Extensions><TPX><Speed>2</Speed></TPX></Extensions>"
    ),
    "two cadences": in_a_point(
        "<Cadence>80</Cadence><Extensions><TPX><RunCadence>81</RunCadence></TPX></Extensions>"
    ),
    "a value in another place": in_a_point("<Position><DistanceMeters>7</DistanceMeters></Position>"),
    "an unknown element": in_a_point("<Mood>fine</Mood>"),
    "an element that begins like another": in_a_point("<Distance>99</Distance>"),
    "an element that ends like another": in_a_point("<DistinctMeters>99</DistinctMeters>"),
    "a track with an attribute": in_a_point().replace(b"<Track>", b'<Track kind="x">'),
    "a track with a prefix": in_a_point().replace(b"Track>", b"y:Track>").replace(b"</y", b"</y"),
    "an end of character data": in_a_point("]]>"),
    "a control character": in_a_point().replace(b"<Trackpoint>", b"<Trackpoint>\x01", 1),
    "another alphabet": in_a_point("<Extensions>\u0661</Extensions>"),
    "a point outside any track": in_front_of_the_tracks(point(TIME)),
    "a comment around a track": in_front_of_the_tracks("<!--").replace(b"</Track>", b"--></Track>"),
    "a comment that ends in a track": in_front_of_the_tracks("<Track/><!--").replace(b"<Time>", b"--><Time>"),
    "character data around a track": in_front_of_the_tracks("<![CDATA[").replace(b"</Lap>", b"]]></Lap>"),
    "a track in an attribute": in_a_point()
    .replace(b"<Track>", b"<Track/><Track kind='<Track>")
    .replace(b"</Track>", b"</Track>'/>"),
    "an unknown element around a track": in_a_point()
    .replace(b"<Track>", b"<More><Track>")
    .replace(b"</Track>", b"</Track></More>"),
    "a lap in a lap": in_front_of_the_tracks('<Lap StartTime="2024-06-01T18:00:00Z"/>'),
    "a lap outside any activity": in_a_point().replace(b"<Activities>", b"<Activities><Lap/>"),
    "an activity in an activity": tcx(activity(activity(lap(point(TIME))) + lap(point(TIME)))),
    "an activity far below": in_a_point()
    .replace(b"<Activities>", b"<Activities>" + b"<a>" * 246)
    .replace(b"</Activities>", b"</a>" * 246 + b"</Activities>"),
    "a late root": in_a_point().replace(b"<Train", b" " * 70_000 + b"<Train"),
    "a text beyond a parser's limit": in_a_point(" " * 10_000_001),
    "a text longer than the tree takes": in_a_point(" " * 2**18),
    "a tag longer than the tree takes": in_a_point().replace(b"<Creator>", b"<Creator" + b" " * 2**18 + b">"),
    "more attributes than the tree takes": in_a_point().replace(
        b"<Creator>", b"<Notes " + b" ".join(b'a%d=""' % n for n in range(100_000)) + b"/><Creator>"
    ),
    "a course": in_a_point().replace(b"Activit", b"Courses"),
    "cut short": in_a_point()[:-60],
    "cut in its last tag": in_a_point()[:-1],
    "something behind the root": in_a_point() + b"<a/>",
    "no end of a track": in_a_point().replace(b"</Track>", b""),
    "no tracks": tcx(activity("<Lap/>")),
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
    assert read_columns(guarded(NOT_PLAIN[name])) is None


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


@settings(max_examples=300)
@given(st.lists(POINTS, min_size=1, max_size=5), st.booleans())
def test_whatever_a_point_holds_both_ways_agree_or_the_fast_one_stands_back(points, split):
    middle = "</Track><Track>" if split else ""
    text = guarded(tcx(activity(lap(middle.join(point(time, *children) for time, children in points)))))
    assert read_columns(text) in (None, by_the_tree(text))


# What a run of each kind is made of, to be put together wrongly.
PIECES = [
    re.findall(rb"<[^>]*>|[^<]+", file)
    for file in (
        run_file(seconds=2),
        PLAIN["a prefixed TPX"],
        PLAIN["a foot pod"],
        PLAIN["the type of a heart rate"],
        PLAIN["several tracks and laps"],
    )
]
FOREIGN = st.sampled_from(sorted({piece for pieces in PIECES for piece in pieces})) | st.sampled_from(
    [b"<", b">", b"/", b"&", b"]]>", b"<!--", b"-->", b"<a/>", b"<a>", b"</a>", b" ", b"\x01", b"\xff", b"12"]
)


@st.composite
def mistaken(draw):
    """A file with pieces lost, repeated, exchanged and put in, and perhaps a byte lost or changed."""
    pieces = list(draw(st.sampled_from(PIECES)))
    place = st.integers(0, len(pieces) - 1)
    for _ in range(draw(st.integers(0, 3))):
        first, second = draw(place), draw(place)
        change = draw(st.sampled_from(["lose", "repeat", "exchange", "copy", "put in"]))
        if change == "exchange":
            pieces[first], pieces[second] = pieces[second], pieces[first]
        else:
            new = {"repeat": pieces[first] * 2, "copy": pieces[second], "lose": b""}
            pieces[first] = new[change] if change in new else pieces[first] + draw(FOREIGN)
    text = b"".join(pieces)
    at = draw(st.integers(0, len(text)))
    return text[:at] + draw(st.just(b"") | FOREIGN) + text[at + draw(st.integers(0, 2)) :]


@settings(max_examples=500)
@given(mistaken())
def test_of_a_mistaken_file_the_fast_way_never_makes_more_or_other_than_the_tree(data):
    try:
        text = guarded(data)
    except UnreadableFileError:
        return
    assert (read_columns(text) or None) in (None, by_the_tree(text))


def test_position_belongs_to_its_point():
    text = guarded(tcx(activity(lap(point(TIME) + point("2024-06-01T17:00:01Z", position(48.2, 16.3))))))
    [read] = read_columns(text) or []
    assert read.points["latitude_deg"].to_pylist() == [None, 48.2]
