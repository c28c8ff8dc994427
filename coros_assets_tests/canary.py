"""A run that can be recognised anywhere, in every form in which it may be landed, among runs that stay.

Belongs here: the files and what to look for. Does not: looking (`byte_search.py`).
"""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta

from coros_assets_tests.byte_search import (
    spellings_of_degrees,
    spellings_of_position,
    spellings_of_series,
    spellings_of_text,
)
from coros_assets_tests.fit_bytes import (
    RECORD,
    SINT32,
    START_S,
    UINT8,
    UINT32,
    file_id,
    fit,
    messages,
    sessions,
)
from coros_assets_tests.tcx_text import run_file
from coros_assets_tests.zip_bytes import zip_of

START = datetime(2024, 6, 1, 17, 0, tzinfo=UTC)
ACTIVITY = "20240601T170000Z"
SECONDS = 900
LATITUDE, LONGITUDE = 48.1357911, 16.2468013
RUNNING = 1  # as FIT counts sports
PATTERN = (141, 144, 142, 147, 143, 149, 141, 146, 148, 142)
HEART_RATES = [PATTERN[second % len(PATTERN)] for second in range(SECONDS + 1)]
STAY = {
    "export/2024-06-01_evening.tcx": run_file(START + timedelta(hours=2), 700, (47.5, 15.5)),
    "export/2024-06-03_later.tcx": run_file(START + timedelta(days=2), 700, (47.6, 15.6)),
}

NEEDLES = {
    "latitude": spellings_of_degrees(LATITUDE),
    "longitude": spellings_of_degrees(LONGITUDE),
    "position": spellings_of_position(LATITUDE + 30 * 2.7e-5, LONGITUDE),
    "heart rates": spellings_of_series(PATTERN * 2),
    "activity": spellings_of_text(ACTIVITY),
    "name": spellings_of_text("kanari"),
}


def tcx() -> bytes:
    return run_file(START, SECONDS, (LATITUDE, LONGITUDE), heart_rate=HEART_RATES)


def fit_file() -> bytes:
    """The same run in FIT, begun three seconds later."""
    fields = [(253, UINT32), (0, SINT32), (1, SINT32), (3, UINT8), (5, UINT32)]
    rows = [
        (
            START_S + second,
            round((LATITUDE + second * 2.7e-5) * 2**31 / 180),
            round(LONGITUDE * 2**31 / 180),
            HEART_RATES[second],
            300 * second,
        )
        for second in range(3, SECONDS)
    ]
    return fit(file_id(), messages(RECORD, fields, *rows), sessions((3, RUNNING, 0)))


def gpx() -> bytes:
    """The same run in GPX, which does not say the sport."""
    points = "".join(
        f'<trkpt lat="{LATITUDE + second * 2.7e-5:.7f}" lon="{LONGITUDE:.7f}">'
        f"<time>{START + timedelta(seconds=second):%Y-%m-%dT%H:%M:%SZ}</time>"
        f"<extensions><hr>{HEART_RATES[second]}</hr></extensions></trkpt>"
        for second in range(SECONDS)
    )
    return (
        '<?xml version="1.0"?><gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">'
        f"<trk><trkseg>{points}</trkseg></trk></gpx>"
    ).encode()


def forms() -> dict[str, bytes]:
    """The run in different forms, by the name under which each is landed."""
    archive = {"deep/kanari.gpx": gpx(), "stays.tcx": run_file(START + timedelta(days=4), 700, (47.7, 15.7))}
    return {
        "export/kanari.tcx.gz": gzip.compress(tcx()),
        "export/kanari.fit": fit_file(),
        "export/all.zip": zip_of(archive | {"inner.zip": zip_of({"kanari.tcx": tcx(), "a.txt": b"stays"})}),
        "export/kanari-cut.tcx": tcx()[:-300],
    }


def more_forms() -> dict[str, bytes]:
    """Others: plain, alone in an archive, and pieces that no reader understands."""
    return {
        "export/kanari.tcx": tcx(),
        "export/only.zip": zip_of({"kanari.fit": fit_file(), "kanari.json": b"{}"}),
        "export/kanari-cut.fit": fit_file()[:-3000],
        "export/kanari-cut.tcx.gz": gzip.compress(tcx())[:-300],
    }
