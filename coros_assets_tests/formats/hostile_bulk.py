"""Files whose size is the harm, each with what becomes of it at the door of landing.

Belongs here: files of up to the limits and beyond, and the largest that are read. Does not: small ones
(`hostile_files.py`,
`hostile_archives.py`) or FIT (`hostile_fit.py`).
"""

from __future__ import annotations

import gzip
import os
import struct
from collections.abc import Mapping
from datetime import timedelta

from coros_assets_tests.formats.hostile_archives import gzip_bomb
from coros_assets_tests.formats.hostile_files import GOOD, Case, gpx, read, refused
from coros_assets_tests.tcx_text import START, activity, lap, tcx
from coros_assets_tests.zip_bytes import Entry, forged

HEAD = GOOD[: GOOD.index(b"<Activities>")]
LATIN = b'<?xml version="1.0" encoding="iso-8859-1"?><TrainingCenterDatabase>'
SAME_TIME = b"<Trackpoint><Time>2024-06-01T17:00:00Z</Time></Trackpoint>"
FULL_POINT = (
    "<Trackpoint><Time>{time}</Time>\n<Position><LatitudeDegrees>{latitude:.15f}</LatitudeDegrees>"
    "<LongitudeDegrees>16.370000000000001</LongitudeDegrees></Position>\n"
    "<AltitudeMeters>200.19999694824219</AltitudeMeters><DistanceMeters>{metres:.15f}</DistanceMeters>\n"
    "<HeartRateBpm><Value>{pulse}</Value></HeartRateBpm><Cadence>84</Cadence>\n<Extensions>"
    '<TPX xmlns="http://www.garmin.com/xmlschemas/ActivityExtension/v2"><Speed>3.0999999046325684</Speed>'
    "<Watts>240</Watts></TPX></Extensions></Trackpoint>\n{filling}"
)
SECONDS_OF_28_HOURS = 28 * 3600


def in_track(inside: bytes) -> bytes:
    return tcx(activity(lap("@"))).replace(b"@", inside)


def full_points(count: int, filling: str = "") -> bytes:
    """Points a second apart with every field, 480 bytes and the filling each."""
    return "".join(
        FULL_POINT.format(
            time=f"{START + timedelta(seconds=second):%Y-%m-%dT%H:%M:%SZ}",
            latitude=48 + second * 1e-6,
            metres=second * 3,
            pulse=140 + second % 20,
            filling=filling,
        )
        for second in range(count)
    ).encode()


def full_gpx(count: int) -> bytes:
    points = (
        f'<trkpt lat="{48 + second * 1e-6:.7f}" lon="16.3700000"><ele>{200 + second % 50}</ele>'
        f"<time>{START + timedelta(seconds=second):%Y-%m-%dT%H:%M:%SZ}</time><extensions><t:hr>150</t:hr>"
        "<t:cad>84</t:cad></extensions></trkpt>"
        for second in range(count)
    )
    return gpx(f'<trk xmlns:t="t"><trkseg>{"".join(points)}</trkseg></trk>')


def indented(number: int) -> bytes:
    return b"<a>%b</a>" % bytes(b" \t\n"[number // 3**place % 3] for place in range(16))


def astral(millions: int) -> bytes:
    """UTF-16 whose text takes four bytes a letter once it is decoded."""
    return HEAD + ("<Notes>" + "x" * 99_990 + "\U0001f600</Notes>").encode() * (10 * millions)


XML: Mapping[str, Case] = {
    "elements.tcx": refused(lambda: HEAD + b"<Activities>" + b"<a/>" * 10_000_000, "tags"),
    "elements_below.tcx": refused(lambda: in_track(b"<a/>" * 5_900_000), "elements, texts and attributes"),
    "elements_of_a_point.tcx": refused(
        lambda: in_track(b"<Trackpoint>" + b"<a/>" * 5_900_000 + b"</Trackpoint>"), "elements, texts and attr"
    ),
    "depth.tcx": refused(lambda: HEAD + b"<Activities>" * 5_000_000, "Excessive depth"),
    "text.tcx": refused(lambda: HEAD + b"<Notes>" + b"x" * 200_000_000, "larger than 64 MiB"),
    "larger_than_its_share.tcx": refused(lambda: bytes(320_000_000), "larger than 64 MiB"),
    "text_below.tcx": refused(lambda: HEAD + b"<Notes>" + b"x" * 60_000_000, "text of more than 128 KiB"),
    "comment.tcx": refused(lambda: HEAD + b"<!--" + b"x" * 60_000_000, "text of more than 128 KiB"),
    "attribute.tcx": refused(
        lambda: HEAD + b'<Activities a="' + b"x" * 60_000_000 + b'"/>', "text of more than 128 KiB"
    ),
    "attributes.tcx": refused(
        lambda: HEAD + b"<Activities " + b" ".join(b'a%d=""' % n for n in range(1_000_000)) + b"/>",
        "more than 700,000 attributes",
    ),
    "attributes_of_one.tcx": refused(
        lambda: HEAD + b"<Activities " + b" ".join(b'a%d=""' % n for n in range(690_000)) + b"/>",
        "tag or text of more than 128 KiB",
    ),
    "attributes_of_many.tcx": refused(
        lambda: in_track(b"".join(b'<a b%d=""/>' % n for n in range(690_000))),
        "elements, texts and attributes",
    ),
    "names.tcx": refused(
        lambda: in_track(b"".join(b"<n%d/>" % n for n in range(4_000_000))), "different tags and indents"
    ),
    "indents.tcx": refused(lambda: in_track(b"".join(map(indented, range(1_000_000)))), "tags and indents"),
    "kept.tcx": refused(
        lambda: in_track(b"<a/> " * 190_000 + b"<!-- -->" * 5_000_000), "no activity with recorded points"
    ),
    "latin.tcx": refused(lambda: LATIN + b"\xfc" * 60_000_000, "larger than 64 MiB"),
    "astral.tcx": refused(lambda: astral(31).decode().encode("utf-16"), "not well-formed"),
    "activities.tcx": refused(
        lambda: tcx("@" * 20_000).replace(b"@", activity(lap("")).encode()), "called Act"
    ),
    "laps.tcx": refused(lambda: tcx(activity(lap("") * 200_000)), "elements called Lap"),
    "points.tcx": refused(lambda: in_track(SAME_TIME * 1_000_000), "elements called Trackpoint"),
    "segments.gpx": refused(
        lambda: gpx("<trk>" + "<trkseg/>" * 1_000_000 + "</trk>"), "elements called trkseg"
    ),
    "points.gpx": refused(lambda: gpx("<trk><trkseg>" + "<trkpt/>" * 5_900_000), "elements called trkpt"),
}

LARGEST_READ: Mapping[str, Case] = {
    "same_time.tcx": read(lambda: in_track(SAME_TIME * 250_000), points=1, points_repeated_time=249_999),
    "28_hours.tcx": read(
        lambda: in_track(full_points(SECONDS_OF_28_HOURS, " " * 100)),
        points=SECONDS_OF_28_HOURS,
        power_w=SECONDS_OF_28_HOURS,
    ),
    "full_in_many_tags.tcx": read(lambda: in_track(full_points(129_000)), points=129_000),
    "28_hours_by_the_tree.tcx": read(
        lambda: in_track(b"<!-- -->" + full_points(SECONDS_OF_28_HOURS, " " * 100)),
        points=SECONDS_OF_28_HOURS,
    ),
    "28_hours.tcx.gz": read(
        lambda: gzip.compress(in_track(full_points(SECONDS_OF_28_HOURS)), 1), points=SECONDS_OF_28_HOURS
    ),
    "28_hours_utf16.tcx": read(
        lambda: in_track(full_points(60_000)).decode().encode("utf-16"), points=60_000
    ),
    "activities_1000.tcx": Case(
        lambda: tcx("@" * 1000).replace(b"@", activity(lap("#")).encode().replace(b"#", SAME_TIME)),
        out={"activities": 1000},
    ),
    "240_000_points.gpx": read(lambda: full_gpx(240_000), points=240_000, heart_rate_bpm=240_000),
}


def extra_fields(megabytes: int) -> bytes:
    extra = struct.pack("<2H", 0x9999, 0) * 16_383
    return forged(*[Entry(b"%d.tcx" % n, b"x", extra=extra) for n in range(megabytes * 15)])


ARCHIVES: Mapping[str, Case] = {
    "extra_fields.zip": refused(lambda: extra_fields(96), "list of files in the zip archive is larger"),
    "long_names.zip": refused(
        lambda: forged(*[Entry(b"n" * 65_000 + b"%d.tcx" % n, b"x") for n in range(700)]), "list of files"
    ),
    "members.zip": refused(
        lambda: forged(*[Entry(b"%d.tcx" % n, b"x", method=0) for n in range(20_001)]),
        "more than 20,000 files",
    ),
    "half_a_gigabyte.zip": refused(
        lambda: forged(*[Entry(b"%d.tcx" % n, b"rubbish" * 8_000_000, method=0) for n in range(9)]),
        "neither FIT nor XML",
    ),
    "large_gzip.tcx.gz": refused(lambda: b"\x1f\x8b" + bytes(70_000_000), "larger than 64 MiB"),
    "said_gigabyte.zip": refused(
        lambda: forged(Entry(b"a.tcx", bytes(100_000_000), method=8, packed_size=2**30, size=10)),
        "size or checksum",
    ),
    "bomb_60_mib.tcx.gz": refused(lambda: gzip_bomb(60), "expands to more than"),
    "blanks_60_mib.zip": refused(
        lambda: forged(Entry(b"a.tcx", GOOD + b" " * 60_000_000), Entry(b"b", os.urandom(400_000), method=0)),
        "text of more than 128 KiB",
    ),
}

BULK: Mapping[str, Case] = {**XML, **LARGEST_READ, **ARCHIVES}
