"""Small XML files made to harm, each with what becomes of it at the door of landing.

Belongs here: what a case is, and files that are small, by name. Does not: archives (`hostile_archives.py`),
FIT (`hostile_fit.py`), files whose size is the harm (`hostile_bulk.py`), or the door (`judge.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from coros_assets_tests.tcx_text import activity, lap, point, position, run_file, tcx


@dataclass(frozen=True)
class Case:
    """A file, the words of the reason for which it is refused, and the counts of what comes out of it."""

    data: Callable[[], bytes]
    reason: str = ""
    out: Mapping[str, int] = field(default_factory=dict)


def refused(data: Callable[[], bytes] | bytes, reason: str) -> Case:
    """A file that ends in quarantine as a whole."""
    return Case(_maker(data), reason, {"activities": 0})


def read(data: Callable[[], bytes] | bytes, **out: int) -> Case:
    """A file that is read, its nonsense emptied."""
    return Case(_maker(data), "", {"activities": 1} | out)


def _maker(data: Callable[[], bytes] | bytes) -> Callable[[], bytes]:
    return (lambda: data) if isinstance(data, bytes) else data


GOOD = run_file(seconds=60)
TEXT = GOOD.decode()
T0, T1, T2 = (f"2024-06-01T17:00:0{second}Z" for second in range(3))


def with_doctype(inside: str) -> bytes:
    return GOOD.replace(b"?>", f"?><!DOCTYPE x {inside}>".encode(), 1)


def declared(encoding: str) -> str:
    return TEXT.replace("UTF-8", encoding, 1)


def undeclared() -> str:
    return TEXT[TEXT.index("?>") + 2 :]


def around(*values: str) -> bytes:
    """A run of three points whose second holds the values."""
    return tcx(activity(lap(point(T0) + point(T1, *values) + point(T2))))


def distance(text: str) -> bytes:
    return around(f"<DistanceMeters>{text}</DistanceMeters>")


def pulse(text: str) -> bytes:
    return around(f"<HeartRateBpm><Value>{text}</Value></HeartRateBpm>")


def at(*times: str) -> bytes:
    return tcx(activity(lap("".join(point(time) for time in times))))


def in_track(inside: str) -> bytes:
    return tcx(activity(lap(inside)))


def gpx(inside: str) -> bytes:
    return f'<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1">{inside}</gpx>'.encode()


def trkpt(second: int, latitude: str = "48.2", longitude: str = "16.37") -> str:
    return f'<trkpt lat="{latitude}" lon="{longitude}"><time>2024-06-01T17:00:{second:02}Z</time></trkpt>'


def trk(*segments: str) -> str:
    return "<trk>" + "".join(f"<trkseg>{segment}</trkseg>" for segment in segments) + "</trk>"


XML: Mapping[str, Case] = {
    "laughs.tcx": refused(with_doctype('[<!ENTITY a "ha"><!ENTITY b "&a;&a;">]'), "document type"),
    "external.tcx": refused(with_doctype('[<!ENTITY x SYSTEM "file:///etc/passwd">]'), "document type"),
    "parameter.tcx": refused(with_doctype('[<!ENTITY % p SYSTEM "http://x/">%p;]'), "document type"),
    "dtd.tcx": refused(with_doctype('SYSTEM "http://x/x.dtd"'), "document type"),
    "dtd_late.tcx": refused(with_doctype("[]").replace(b"<!DOC", b"<!-- -->\n<!DOC"), "document type"),
    "small_doctype.tcx": refused(with_doctype("[]").replace(b"DOCTYPE", b"doctype"), "not well-formed"),
    "undefined.tcx": refused(around("<Notes>&xxe;</Notes>"), "an entity that it does not define"),
    "undefined.gpx": refused(gpx(f"<name>&xxe;</name>{trk(trkpt(0))}"), "an entity that it does not"),
    "instruction.tcx": refused(GOOD.replace(b"<Lap", b"<?php x ?><Lap", 1), "processing instructions"),
    "stylesheet.tcx": refused(GOOD.replace(b"?>", b'?><?xml-stylesheet href="x"?>', 1), "processing inst"),
    "depth.tcx": refused(b"<a>" * 300 + b"</a>" * 300, "Excessive depth"),
    "mismatch.tcx": refused(GOOD.replace(b"</Lap>", b"</Lop>"), "in line 1, perhaps cut short: Opening and"),
    "attribute_twice.tcx": refused(GOOD.replace(b'Sport="R', b'Sport="" Sport="R'), "Sport redefined"),
    "two_roots.tcx": refused(GOOD + GOOD[GOOD.index(b"?>") + 2 :], "Extra content at the end"),
    "prefix.tcx": refused(GOOD.replace(b"<Cadence>84</Cadence>", b"<x:y/>"), "prefix x on y is not defined"),
    "escape.tcx": refused(GOOD.replace(b"COROS", b"\x1b[31m"), "invalid Char value 27"),
    "zero_reference.tcx": refused(GOOD.replace(b"COROS", b"&#0;"), "invalid xmlChar value 0"),
    "long_name.tcx": refused(b"<" + b"n" * 40_000 + b"/>", "root is 'nnn"),
    "characters.tcx": read(pulse("1&#53;0"), heart_rate_bpm=1),
    "cdata.tcx": read(pulse("<![CDATA[150]]>"), heart_rate_bpm=1),
    "comment_inside.tcx": read(pulse("1<!-- 9 -->50"), points=3),
    "cut.tcx": refused(GOOD[:-40], "cut short"),
    "cut_in_tag.tcx": refused(GOOD[: GOOD.index(b"<Cadence") + 4], "cut short"),
}

ENCODINGS: Mapping[str, Case] = {
    "utf7.tcx": refused(declared("UTF-7").encode(), "encoded as utf-7"),
    "utf7_said_by_none.tcx": refused(TEXT.replace("<", "+ADw-").encode(), "neither FIT nor XML"),
    "ebcdic_said.tcx": refused(declared("cp037").encode(), "encoded as cp037"),
    "ebcdic.tcx": refused(declared("cp037").encode("cp037"), "neither FIT nor XML|does not begin with a tag"),
    "shift_jis.tcx": refused(declared("Shift_JIS").encode(), "encoded as shift_jis"),
    "iso2022.tcx": refused(declared("ISO-2022-JP").encode(), "encoded as iso-2022-jp"),
    "utf16_mark.tcx": read(declared("UTF-16").encode("utf-16"), points=61),
    "utf16_mark_be.tcx": read(b"\xfe\xff" + declared("UTF-16").encode("utf-16-be"), points=61),
    "utf16_mark_said_utf8.tcx": read(TEXT.encode("utf-16"), points=61),
    "utf16_mark_doctype.tcx": refused(with_doctype("[]").decode().encode("utf-16"), "document type"),
    "utf16_no_mark.tcx": refused(TEXT.encode("utf-16-le"), "zero bytes"),
    "utf16_no_mark_be.tcx": refused(TEXT.encode("utf-16-be"), "does not begin with a tag"),
    "utf16_no_mark_doctype.tcx": refused(with_doctype("[]").decode().encode("utf-16-le"), "zero bytes"),
    "utf16_said_only.tcx": refused(declared("UTF-16").encode(), "encoded as utf-16"),
    "utf16_half.tcx": refused(TEXT.encode("utf-16")[:-1], "not valid utf-16"),
    "utf32.tcx": refused(TEXT.encode("utf-32"), "zero bytes|not valid utf-16|does not begin"),
    "utf32_be.tcx": refused(b"\x00\x00\xfe\xff" + TEXT.encode("utf-32-be"), "does not begin with a tag"),
    "utf32_no_mark.tcx": refused(TEXT.encode("utf-32-le"), "zero bytes"),
    "utf8_mark.tcx": read(b"\xef\xbb\xbf" + GOOD, points=61),
    "utf8_mark_twice.tcx": refused(b"\xef\xbb\xbf" * 2 + GOOD, "does not begin with a tag"),
    "latin1.tcx": read(declared("ISO-8859-1").replace("COROS", "é").encode("latin-1"), points=61),
    "not_latin.tcx": refused(declared("ascii").replace("COROS", "é").encode(), "not valid ascii"),
    "not_utf8.tcx": refused(GOOD.replace(b"COROS", b"\xff"), "Invalid bytes in character encoding"),
    "overlong.tcx": refused(GOOD.replace(b"<Lap", b"\xc0\xbcLap", 1), "Invalid bytes in character encoding"),
    "surrogate.tcx": refused(GOOD.replace(b"COROS", b"\xed\xa0\x80"), "Invalid bytes in character enc"),
    "zero_inside.tcx": refused(GOOD.replace(b"COROS", b"CO\x00ROS"), "zero bytes"),
}

NUMBERS: Mapping[str, Case] = {
    **{
        f"distance_{name}.tcx": read(distance(text), points=3, distance_m=0)
        for name, text in {
            "nan": "NaN",
            "inf": "Inf",
            "minus_inf": "-INF",
            "1e999": "1e999",
            "hex": "0x1p3",
            "underscore": "1_000",
            "full_width": "\uff11\uff12",
            "comma": "1,5",
            "two_points": "1.2.3",
            "words": "twelve",
            "negative": "-5",
            "gigantic": "99999999999",
        }.items()
    },
    "distance_1e-999.tcx": read(distance("1e-999"), points=3, distance_m=1),
    "distance_digits.tcx": read(distance("0." + "3" * 5000), points=3, distance_m=1),
    "pulse_negative.tcx": read(pulse("-150"), points=3, heart_rate_bpm=0),
    "pulse_zero.tcx": read(pulse("0"), points=3, heart_rate_bpm=0),
    "pulse_255.tcx": read(pulse("255"), points=3, heart_rate_bpm=0),
    "altitude.tcx": read(around("<AltitudeMeters>1e9</AltitudeMeters>"), values_out_of_range=1),
    "null_island.tcx": read(around(position(0, 0)), latitude_deg=0, positions_emptied=1),
    "latitude_91.tcx": read(around(position(91, 10)), latitude_deg=0, values_out_of_range=1),
    "longitude_181.tcx": read(around(position(9, 181)), latitude_deg=0, values_out_of_range=1),
    "half_a_position.tcx": read(
        around("<Position><LatitudeDegrees>48</LatitudeDegrees></Position>"),
        latitude_deg=0,
        positions_emptied=1,
    ),
}

NO_TIME = "between 2005 and tomorrow"

TIMES: Mapping[str, Case] = {
    "1970.tcx": refused(at("1970-01-01T00:00:00Z", "1970-01-01T00:00:01Z"), NO_TIME),
    "2004.tcx": refused(at("2004-12-31T23:59:59Z"), NO_TIME),
    "2106.tcx": refused(at("2106-02-07T06:28:15Z"), NO_TIME),
    "year_0000.tcx": refused(at("0000-01-01T00:00:00Z"), NO_TIME),
    "year_9999.tcx": refused(at("9999-12-31T23:59:59Z"), NO_TIME),
    "year_10000.tcx": refused(at("10000-01-01T00:00:00Z"), NO_TIME),
    "before_christ.tcx": refused(at("-0044-03-15T12:00:00Z"), NO_TIME),
    "no_month.tcx": refused(at("2024-13-01T00:00:00Z"), NO_TIME),
    "february_30.tcx": refused(at("2024-02-30T00:00:00Z"), NO_TIME),
    "words_for_time.tcx": refused(at("yesterday", ""), NO_TIME),
    "1970_once.tcx": read(at("1970-01-01T00:00:00Z", T0), points=1, points_impossible_time=1),
    "9999_once.tcx": read(at(T0, "9999-12-31T23:59:59Z"), points=1, points_impossible_time=1),
    "offset_once.tcx": read(at(T0, "2024-06-01T17:00:09+99:99"), points=1, points_without_time=1),
    "leap_second.tcx": read(at("2016-12-31T23:59:59Z", "2016-12-31T23:59:60Z"), points=1),
    "backwards.tcx": read(at(T2, T0), points=2, time_goes_back=1),
    "same_time.tcx": read(at(*[T0] * 1000), points=1, points_repeated_time=999),
    "negative_pause.tcx": read(
        tcx(activity(lap(point(T2)) + lap(point(T0) + point(T1)))), points=3, time_goes_back=1
    ),
    "years_between.tcx": read(at("2006-01-01T00:00:00Z", "2024-01-01T00:00:00Z"), points=2),
}

SHAPES: Mapping[str, Case] = {
    "one_point.tcx": read(at(T0), points=1),
    "no_point.tcx": refused(in_track(""), "no activity with recorded points"),
    "empty_points.tcx": refused(in_track("<Trackpoint/>" * 9), NO_TIME),
    "laps_without_tracks.tcx": refused(
        tcx(activity(lap("").replace("<Track></Track>", "") * 9)), "no activity with recorded points"
    ),
    "track_without_lap.tcx": read(tcx(activity(f"<Track>{point(T0)}{point(T1)}</Track>")), points=2),
    "point_without_track.tcx": read(tcx(activity(point(T0) + point(T1))), points=2),
    "points_in_points.tcx": read(
        in_track(f"<Trackpoint><Time>{T0}</Time>{point(T1)}</Trackpoint>"), points=2
    ),
    "values_twice.tcx": read(around("<Cadence>80</Cadence><Cadence>90</Cadence>"), cadence_spm=1),
    "course.tcx": refused(
        tcx("").replace(b"Activities", b"Courses").replace(b"<Courses>", b"<Courses><Course/>"), "a course"
    ),
    "waypoints.gpx": refused(
        gpx('<wpt lat="48" lon="16"><time>2024-06-01T17:00:00Z</time></wpt>'), "waypoints, not a"
    ),
    "nothing.gpx": refused(gpx(""), "no track"),
    "route.gpx": refused(gpx('<rte><rtept lat="48" lon="16"/></rte>'), "a route, not a recorded activity"),
    "untimed.gpx": refused(gpx(trk('<trkpt lat="48" lon="16"/>')), "a track without times"),
    "empty_segments.gpx": refused(gpx(trk(*[""] * 1000)), "a track without times"),
    "segments.gpx": read(gpx(trk("", trkpt(0), "", trkpt(1))), points=2),
    "no_position.gpx": read(gpx(trk(trkpt(0, "", ""), trkpt(1, "north", "16"))), points=2, latitude_deg=0),
    "nan.gpx": read(gpx(trk(trkpt(0, "NaN", "Inf"), trkpt(1, "1e999", "-1e999"))), points=2, latitude_deg=0),
    "page.tcx": refused(b"<html><body>Please log in</body></html>", "root is 'html'"),
    "page.gpx": refused(b"<html><body>Please log in to get your <gpx></body></html>", "not well-formed"),
    "kml.gpx": refused(b"<kml><Document/></kml>", "root is 'kml'"),
    "json.tcx": refused(b'{"activities": []}', "neither FIT nor XML"),
    "picture.tcx": refused(b"\xff\xd8\xff\xe0JFIF" + bytes(90), "neither FIT nor XML"),
    "document.tcx": refused(b"%PDF-1.7\n", "neither FIT nor XML"),
    "program.fit": refused(b"MZ\x90\x00\x03" + bytes(90), "neither FIT nor XML"),
    "empty.fit": refused(b"", "empty"),
    "blank.tcx": refused(b" \n\t" * 1000, "empty"),
    "zeros.fit": refused(bytes(5000), "empty"),
}

FILES: Mapping[str, Case] = {**XML, **ENCODINGS, **NUMBERS, **TIMES, **SHAPES}
