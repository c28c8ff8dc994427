"""Real files as the project reads, cleans and measures them.

Belongs here: the way from a file to what a trust test compares. Does not: other readers, or expectations.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa

from coros_assets.errors import UnreadableFileError
from coros_assets.formats.archives import unpacked
from coros_assets.formats.raw import RawActivity
from coros_assets.formats.read import read_activities
from coros_assets.gold.metrics.track import Track
from coros_assets.silver.clean import CleanActivity, clean
from coros_assets.silver.recordings import timer_time_s

TAKEN_IN_AT = datetime(2026, 11, 22, tzinfo=UTC)  # after the youngest of the files


@dataclass(frozen=True)
class Found:
    """An activity of a file: as it was read, and as it was cleaned."""

    path: Path
    raw: RawActivity
    cleaned: CleanActivity

    @property
    def distance_m(self) -> float | None:
        """Distance at the last point that has one."""
        known = self.cleaned.columns["distance_m"]
        known = known[np.isfinite(known)]
        return float(known[-1]) if len(known) else None

    @property
    def elapsed_s(self) -> float:
        """From the first point to the last."""
        return (self.cleaned.end_us - self.cleaned.start_us) / 1e6

    @property
    def lap_timer_s(self) -> float:
        """What the laps' timers add up to."""
        return float(np.nansum(floats(self.raw.laps["timer_time_s"])))

    @property
    def lap_distance_m(self) -> float:
        """What the laps' distances add up to."""
        return float(np.nansum(floats(self.raw.laps["distance_m"])))

    @property
    def track(self) -> Track:
        """The track that gold's metrics are computed on."""
        time = self.cleaned.time_us
        columns = {
            name: self.cleaned.columns[name]
            for name in ("distance_m", "altitude_m", "heart_rate_bpm", "cadence_spm", "power_w")
        }
        return Track(time_s=(time - time[0]) / 1e6, **columns, timer_time_s=timer_time_s(self.raw))


@cache
def found_in(path: Path) -> tuple[Found, ...]:
    """The usable activities of a file; none of one that is no activity."""
    try:
        [file] = unpacked(path.name, path.read_bytes())
        read = read_activities(file.data)
    except UnreadableFileError:
        return ()
    cleaned = ((raw, clean(raw, TAKEN_IN_AT)) for raw in read)
    return tuple(Found(path, raw, usable) for raw, usable in cleaned if usable is not None)


def of_format(folder: Path, *suffixes: str) -> Iterator[Found]:
    """The activities of all files below `folder` whose names end so, in order of their paths."""
    for path in sorted(folder.rglob("*")):
        if path.name.lower().endswith(suffixes):
            yield from found_in(path)


def named(folder: Path, name: str) -> Found:
    """The only activity of the only file of that name."""
    [path] = folder.rglob(name)
    [found] = found_in(path)
    return found


def floats(column: pa.ChunkedArray) -> np.ndarray:
    """A column with NaN for null."""
    return column.to_numpy(zero_copy_only=False).astype(np.float64)


def seconds(raw: RawActivity) -> np.ndarray:
    """Times of all points as seconds since 1970 UTC, NaN where there is none."""
    return floats(raw.points["time"].cast(pa.int64())) / 1e6
