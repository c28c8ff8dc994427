"""The files that are measured: real ones where they are, and the simulated runner's.

Belongs here: finding them. Does not: reading them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from coros_assets.sample.files import sample_files


def tcx_files() -> Iterator[tuple[str, bytes]]:
    """Name and bytes of COROS files: those of real watches, and one simulated run."""
    folder = Path(
        os.environ.get("COROS_ACTIVITY_FILES", Path(__file__).parents[2] / "shared" / "activity_files")
    )
    for place in ("sytandas+runalyze/test_data", "DavDori+football-coros-pace3/Data"):
        for path in sorted((folder / place).glob("*.tcx")):
            data = path.read_bytes()
            if b"oros" in data or b"OROS" in data:
                yield path.name, data
    yield "simulated", longest_simulated()


def longest_simulated() -> bytes:
    """The longest run of a simulated quarter of a year."""
    return max((data for _, data in sample_files(years=0.25)), key=len)
