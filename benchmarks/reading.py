"""TCX to tables against its peers, cleaning against parsing.

Belongs here: one file at a time, on one core. Does not: whole histories (`history.py`).
"""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from lxml import etree
from tcxreader.tcxreader import TCXReader

from benchmarks.files import tcx_files
from benchmarks.measure import cpu_medians, show
from coros_assets.formats.tcx import read_tcx
from coros_assets.home_timezone import HomeTimezone
from coros_assets.silver.recordings import recordings


def reading() -> None:
    """Prints points a second of each reader and the ratios that count."""
    rows = []
    for name, data in tcx_files():
        rows.append([name, *_ratios(data)])
    show(
        "TCX bytes to tables of points and laps (CPU, medians)",
        [
            "file",
            "points",
            "points/s",
            "times tcxreader",
            "÷ lxml's bare parse",
            "cleaning ÷ parsing",
        ],
        rows,
    )


def _ratios(data: bytes) -> list[object]:
    now = datetime.now(UTC)
    [activity, *_] = read_tcx(data)
    points = activity.points.num_rows
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run.tcx"  # tcxreader reads paths only
        path.write_bytes(data)
        times = cpu_medians(
            {
                "tables": lambda: read_tcx(data),
                "lxml": lambda: etree.fromstring(data, etree.XMLParser(remove_blank_text=True)),
                "silver": lambda: recordings(data, now, HomeTimezone.parse("UTC")),
            }
        )
        peer = cpu_medians({"tcxreader": lambda: TCXReader().read(str(path))}, repeats=3)["tcxreader"]
    return [
        points,
        round(points / times["tables"]),
        peer / times["tables"],
        times["tables"] / times["lxml"],
        (times["silver"] - times["tables"]) / times["tables"],
    ]
