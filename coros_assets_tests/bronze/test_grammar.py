"""Files made by the grammar of TCX, then bent: through readers and cleaning, to activities or a reason."""

import time
import tracemalloc
from datetime import UTC, datetime
from random import Random

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from coros_assets.bronze.inspect import Inspection, LandedFile, inspect
from coros_assets.home_timezone import HomeTimezone
from coros_assets.silver.recordings import unpacked
from coros_assets_tests.tcx_text import EXTENSION, NAMESPACE, ROOT

ZONE = HomeTimezone.parse("Europe/Vienna")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
MOST_MB = 30
MOST_S = 1

ODD_NUMBERS = [
    "",
    " 5 ",
    "NaN",
    "INF",
    "1e999",
    "1e-999",
    "-0",
    "0x1p3",
    "1_0",
    "\u0661",
    "9" * 400,
    "&#53;",
    "5.",
    ".5",
]
ODD_TIMES = [
    "",
    "now",
    "0000-00-00T00:00:00Z",
    "9999-12-31T23:59:59.999999-14:00",
    "2024-06-01T17:00:09+25:00",
    "2016-12-31T23:59:60Z",
    "2024-06-01",
    "1717261200",
    " 2024-06-01T17:00:09 ",
]
NUMBERS = ("LatitudeDegrees", "LongitudeDegrees", "AltitudeMeters", "DistanceMeters", "Value", "Cadence")
VALUES = ("Time", "Notes", *NUMBERS, "Speed", "RunCadence", "Watts", "TotalTimeSeconds")
HOLD = {
    "Position": ("LatitudeDegrees", "LongitudeDegrees"),
    "HeartRateBpm": ("Value",),
    "AverageHeartRateBpm": ("Value",),
    "TPX": ("Speed", "RunCadence", "Watts"),
    "Extensions": ("TPX",),
    "Trackpoint": ("Time", "Position", *NUMBERS[2:4], "HeartRateBpm", "Cadence", "Extensions"),
    "Track": ("Trackpoint",),
    "Lap": ("TotalTimeSeconds", "DistanceMeters", "AverageHeartRateBpm", "Track"),
    "Activity": ("Lap",),
    "Activities": ("Activity",),
}
ONE_IN = 40  # elements and values that are not as the schema has them
MOST_DEPTH = 9
PUT = [
    b"",
    b"<",
    b">",
    b"]]>",
    b"<!--",
    b"&#0;",
    b"&amp;",
    b"\x00",
    b"\xff",
    b"<![CDATA[",
    b"<?x ?>",
    b"\n" * 70,
]


def number(chance: Random) -> str:
    if chance.randrange(ONE_IN):
        return chance.choice([str(chance.randrange(300)), f"{chance.uniform(-90, 220):.7f}"])
    return chance.choice([*ODD_NUMBERS, str(chance.uniform(-1e300, 1e300)), str(chance.getrandbits(70))])


def instant(chance: Random) -> str:
    if chance.randrange(ONE_IN):
        return (
            f"2024-06-01T17:{chance.randrange(60):02}:{chance.randrange(60):02}{chance.choice(['', '.000'])}Z"
        )
    return chance.choice(ODD_TIMES)


def element(chance: Random, name: str, depth: int = 0) -> str:
    """An element as the grammar has it; now and then another in its place, empty, repeated or missing."""
    is_odd = not chance.randrange(ONE_IN)
    if is_odd and depth < MOST_DEPTH:
        name = chance.choice([*HOLD, *VALUES, "ns3:TPX", "x"])
    local = name.removeprefix("ns3:")
    opened = name + attributes(chance, local)
    if is_odd and chance.randrange(2):
        return f"<{opened}/>"
    if local in VALUES:
        inside = instant(chance) if local == "Time" else number(chance)
    else:
        often = (1, 1, 2, 3, 5, 0) if local in {"Track", "Lap", "Activity"} else (*[1] * ONE_IN, 0, 0, 0, 2)
        children = [child for child in HOLD.get(local, ()) for _ in range(chance.choice(often))]
        inside = "".join(element(chance, child, depth + 1) for child in children)
    return f"<{opened}>{inside}</{name}>"


def attributes(chance: Random, local: str) -> str:
    """The attributes that an element has, or could have."""
    if local == "Lap":
        return f' StartTime="{instant(chance)}"'
    if local == "Activity":
        return f' Sport="{chance.choice(["Running", "Biking", "Other", ""])}"'
    if local == "TPX":
        return chance.choice([f' xmlns="{EXTENSION}"'] * 5 + ["", ' xmlns="x"', ' CadenceSensor="Footpod"'])
    return ""


def document(chance: Random) -> bytes:
    """A document of the grammar, and one in two bent in up to three places."""
    head = chance.choice(['<?xml version="1.0" encoding="UTF-8"?>'] * 5 + ["", "\ufeff", "<!-- -->\n"])
    declared = chance.choice([NAMESPACE] * 9 + ["", "x"])
    inside = element(chance, "Activities")
    text = f'{head}<{ROOT} xmlns="{declared}" xmlns:ns3="{EXTENSION}">{inside}</{ROOT}>'
    data = text.encode(chance.choice(["utf-8"] * 9 + ["utf-16"]))
    for _ in range(chance.choice([0, 0, 0, 1, 1, 3])):
        at = chance.randrange(len(data))
        put = chance.choice([*PUT, data[at : at + 40] * 3])
        data = data[:at] + put + data[at + chance.choice([0, 1, 9, 40]) :] or b" "
    return data


def judged(data: bytes) -> Inspection:
    """What bronze says of the file, proved to be what it may say."""
    began = time.process_time()
    found = inspect(LandedFile("x.tcx", "x.tcx", data, NOW, NOW, ZONE))
    assert time.process_time() - began < MOST_S
    if found.reason:
        assert "reader failed" not in found.reason
        assert found.reason.isprintable()
        assert found.reason.endswith(".")
        assert found.entries == ()
        event(found.reason[:40])
        return found
    recordings = unpacked(found.parsed, ZONE)
    assert recordings is not None
    assert found.entries
    event("read")
    for facts, records in zip(recordings.facts.to_pylist(), recordings.records, strict=True):
        assert facts["points"] == len(records) > 0
        assert facts["points_parsed"] == facts["points"] + facts["points_dropped"]
        records.validate(full=True)
        sane(records)
    return found


def sane(records: pa.Table) -> None:
    """Times increase; every number is finite and one that a body or the Earth can have."""
    moments = records["time"].cast(pa.int64()).to_numpy()
    assert all(moments[1:] > moments[:-1])
    for column in records.columns:
        if pa.types.is_floating(column.type):
            assert pc.all(pc.is_finite(column)).as_py() in {True, None}
    bounds = {"heart_rate_bpm": (30, 220), "latitude_deg": (-90, 90), "altitude_m": (-450, 9000)}
    for name, (least, most) in bounds.items():
        low, high = pc.min_max(records[name]).as_py().values()
        assert low is None or least <= low <= high <= most


@settings(max_examples=150)
@given(st.randoms(use_true_random=True))
def test_whatever_the_grammar_makes_is_read_or_refused(chance):
    judged(document(chance))


@pytest.mark.slow
@settings(max_examples=5000)
@given(st.randoms(use_true_random=True))
def test_much_more_of_it_is_read_or_refused_in_little_memory(chance):
    data = document(chance)
    tracemalloc.start()
    judged(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < MOST_MB * 1e6
