"""Files made to harm: each ends in quarantine with a true reason, or cleaned, within 300 MB and 5 s."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from coros_assets_tests.fit_bytes import file_id, fit, records
from coros_assets_tests.tcx_text import activity, lap, point, position, run_file, tcx
from coros_assets_tests.zip_bytes import ENCRYPTED, Entry, forged, zip_of

MOST_MB = 300
MOST_S = 5
GOOD = run_file(seconds=60)
HEAD = GOOD[: GOOD.index(b"<Activities>")]
LATIN = b'<?xml version="1.0" encoding="iso-8859-1"?><TrainingCenterDatabase>'
TIMES = "<Trackpoint><Time>2024-06-01T17:00:00Z</Time></Trackpoint>"


def with_doctype(inside: str) -> bytes:
    return GOOD.replace(b"?>", f"?><!DOCTYPE x {inside}>".encode(), 1)


def around(value: str) -> bytes:
    return tcx(activity(lap(point("2024-06-01T17:00:00Z", value) + point("2024-06-01T17:00:01Z"))))


def at(*times: str) -> bytes:
    return tcx(activity(lap("".join(point(time) for time in times))))


def around_points(inside: bytes) -> bytes:
    return tcx(activity(lap("@"))).replace(b"@", inside)


def indented(number: int) -> bytes:
    return b"<a>%b</a>" % bytes(b" \t\n"[number // 3**place % 3] for place in range(16))


def squeezed(piece: bytes, times: int) -> bytes:
    """gzip of a long repetition, without having it in memory."""
    packer = zlib.compressobj(9, wbits=31)
    return b"".join(packer.compress(piece) for _ in range(times)) + packer.flush()


def nested_zip(data: bytes, depth: int) -> bytes:
    for level in range(depth):
        data = zip_of({f"{level}.zip": data})
    return data


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "laughs.tcx": (lambda: with_doctype('[<!ENTITY a "ha"><!ENTITY b "&a;&a;">]'), "document type"),
    "external.tcx": (lambda: with_doctype('[<!ENTITY x SYSTEM "file:///etc/passwd">]'), "document type"),
    "parameter.tcx": (lambda: with_doctype('[<!ENTITY % p SYSTEM "http://x/">%p;]'), "document type"),
    "instruction.tcx": (lambda: GOOD.replace(b"<Lap", b"<?php x ?><Lap", 1), "processing instructions"),
    "utf7.tcx": (lambda: GOOD.replace(b"UTF-8", b"UTF-7", 1), "encoded as utf-7"),
    "ebcdic.tcx": (lambda: GOOD.replace(b"UTF-8", b"cp037", 1), "encoded as cp037"),
    "utf16_hidden.tcx": (lambda: with_doctype("[]").decode().encode("utf-16-le"), "zero bytes"),
    "utf32.tcx": (lambda: GOOD.decode().encode("utf-32"), "well-formed|zero bytes|utf-16"),
    "depth.tcx": (lambda: HEAD + b"<Activities>" * 100_000, "well-formed"),
    "elements.tcx": (lambda: HEAD + b"<Activities>" + b"<a/>" * 10_000_000, "tags"),
    "text.tcx": (lambda: HEAD + b"<Notes>" + b"x" * 200_000_000, "larger than"),
    "attributes.tcx": (
        lambda: HEAD + b"<Activities " + b" ".join(b'a%d=""' % n for n in range(1_000_000)) + b"/>",
        "attributes",
    ),
    "activities.tcx": (lambda: tcx(activity(lap(TIMES)) * 20_000), "elements called Activity"),
    "laps.tcx": (lambda: tcx(activity(lap("") * 200_000)), "elements called Lap"),
    "points.tcx": (lambda: tcx(activity(lap(TIMES * 1_000_000))), "elements called Trackpoint"),
    "names.tcx": (lambda: around_points(b"".join(b"<n%d/>" % n for n in range(4_000_000))), "different tags"),
    "indents.tcx": (lambda: around_points(b"".join(map(indented, range(1_000_000)))), "indents"),
    "latin.tcx": (lambda: LATIN + b"\xfc" * 60_000_000, "larger than"),
    "kept.tcx": (lambda: around_points(b"<a/> " * 190_000 + b"<!-- -->" * 5_000_000), "no activity"),
    "1970.tcx": (lambda: at("1970-01-01T00:00:00Z", "1970-01-01T00:00:01Z"), "between 2005 and tomorrow"),
    "2106.tcx": (lambda: at("2106-02-07T06:28:15Z"), "between 2005 and tomorrow"),
    "bomb.tcx.gz": (lambda: squeezed(b" " * 2**20, 4000), "expands to more"),
    "bomb.zip": (lambda: zip_of({"a.tcx": b" " * 200_000_000}), "expands to more|larger"),
    "deep.zip": (lambda: nested_zip(GOOD, 6), "lies in one that lies in another"),
    "locked.zip": (lambda: forged(Entry(b"a.tcx", GOOD, flags=ENCRYPTED)), "password"),
    "photos.zip": (lambda: zip_of({"a.jpg": b"\xff\xd8"}), "holds no TCX"),
    "cut.zip": (lambda: zip_of({"a.tcx": GOOD})[:-30], "zip"),
    "cut.tcx.gz": (lambda: gzip.compress(GOOD)[:-20], "cut short"),
    "empty.fit": (lambda: b"", "empty"),
    "blank.tcx": (lambda: b" \n\t" * 1000, "empty"),
    "page.tcx": (lambda: b"<html><body>Please log in</body></html>", "no|not"),
    "json.tcx": (lambda: b'{"activities": []}', "neither FIT nor XML"),
    "cut.fit": (lambda: fit(file_id(), records(*((s, 120) for s in range(100))))[:200], "cut short"),
}

CLEANED: dict[str, tuple[Callable[[], bytes], dict[str, int]]] = {
    "nan.tcx": (lambda: around("<DistanceMeters>NaN</DistanceMeters>"), {"distance_m": 0}),
    "1e999.tcx": (lambda: around("<AltitudeMeters>1e999</AltitudeMeters>"), {"altitude_m": 0}),
    "null_island.tcx": (lambda: around(position(0, 0)), {"latitude_deg": 0}),
    "latitude_91.tcx": (lambda: around(position(91, 10)), {"latitude_deg": 0}),
    "1970_once.tcx": (
        lambda: at("1970-01-01T00:00:00Z", "2024-06-01T17:00:00Z"),
        {"points_impossible_time": 1},
    ),
    "backwards.tcx": (
        lambda: at("2024-06-01T17:00:05Z", "2024-06-01T17:00:01Z"),
        {"time_goes_back": 1},
    ),
    "same_time.tcx": (
        lambda: tcx(activity(lap(TIMES * 100_000))),
        {"points_repeated_time": 99_999},
    ),
    "traversal.zip": (lambda: zip_of({"../../etc/cron.d/a.tcx": GOOD}), {"distance_m": 61}),
    "negative_pause.tcx": (
        lambda: tcx(activity(lap(point("2024-06-01T17:00:09Z")) + lap(point("2024-06-01T17:00:02Z")))),
        {"time_goes_back": 1},
    ),
}


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What became of every file at the door of landing, in a process of its own, and what it took."""
    base = tmp_path_factory.mktemp("hostile")
    landing = base / "landing"
    landing.mkdir()
    for name, (data, _) in (REFUSED | CLEANED).items():
        (landing / name).write_bytes(data())
    command = [sys.executable, "-m", "coros_assets_tests.judge", str(landing), str(base / "lake")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    assert {path.name for path in base.iterdir()} == {"landing", "lake", "warm"}
    return {verdict["case"]: verdict for verdict in map(json.loads, done.stdout.splitlines())}


@pytest.mark.slow
@pytest.mark.parametrize("name", REFUSED)
def test_what_no_activity_file_is_ends_in_quarantine_with_a_true_reason(name, verdicts):
    [reason] = verdicts[name]["reasons"].values()
    assert pytest.approx(0) == verdicts[name]["points"]
    assert any(words in reason for words in REFUSED[name][1].split("|")), reason


@pytest.mark.slow
@pytest.mark.parametrize("name", CLEANED)
def test_what_is_only_partly_nonsense_is_cleaned_and_counted(name, verdicts):
    assert verdicts[name]["reasons"] == {}
    assert CLEANED[name][1].items() <= verdicts[name]["counts"].items()


@pytest.mark.slow
@pytest.mark.parametrize("name", REFUSED | CLEANED)
def test_no_file_takes_more_than_its_share_of_memory_and_time(name, verdicts):
    assert verdicts[name]["growth_mb"] < MOST_MB
    assert verdicts[name]["cpu_s"] < MOST_S
