"""Cleans one raw activity, in a fixed order, and counts what it changed.

Belongs here: the order of the steps, times, ranges. Does not: how heart rate (`heart_rate.py`) or
distance, speed and cadence (`movement.py`) are repaired.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from coros_assets.formats.raw import RawActivity
from coros_assets.silver import heart_rate, movement
from coros_assets.silver.repair import Floats

EARLIEST: Final = datetime(2005, 1, 1, tzinfo=UTC)  # before the first GPS watch that wrote these formats
LATEST_AFTER_INTAKE: Final = timedelta(hours=24)  # a clock may run ahead by a zone, not by a week

# Ranges of what a body, a foot or the Earth can do; outside them a value is no measurement.
_RANGES: Final = {
    "latitude_deg": (-90.0, 90.0),
    "longitude_deg": (-180.0, 180.0),
    "altitude_m": (-450.0, 9000.0),
    "distance_m": (0.0, 2_000_000.0),
    "speed": (0.0, 400.0),
    "cadence": (0.0, 300.0),
    "power_w": (0.0, 3000.0),
}


@dataclass(frozen=True)
class CleanActivity:
    """A cleaned activity: numpy columns of equal length, its laps, and what was changed.

    `columns` has the float columns of `silver.records`, NaN where nothing was measured; `time_us` is
    microseconds since 1970 UTC, strictly increasing; `counts` are columns of `silver.activities`.
    """

    raw: RawActivity
    time_us: NDArray[np.int64]
    lap_index: NDArray[np.int32]
    columns: dict[str, Floats]
    counts: dict[str, int]
    flags: tuple[str, ...]

    @property
    def start_us(self) -> int:
        """Microseconds since 1970 UTC of the first kept point."""
        return int(self.time_us[0])

    @property
    def end_us(self) -> int:
        """Microseconds since 1970 UTC of the last kept point."""
        return int(self.time_us[-1])

    @property
    def has_position(self) -> bool:
        """True if any kept point has a position."""
        return bool(np.isfinite(self.columns["latitude_deg"]).any())


def clean(raw: RawActivity, taken_in_at: datetime) -> CleanActivity | None:
    """`raw` with unusable points dropped and unusable values emptied; None if no point is left.

    The order is: times, ranges, steps of both legs, heart rate and its lock to them, distance, speed.
    """
    kept, time_us, counts, flags = _usable_times(raw.points["time"], taken_in_at)
    if not len(kept):
        return None
    columns, outside = _in_range({name: _floats(raw.points[name])[kept] for name in _RANGES})
    position, unlocated = _with_fix(columns["latitude_deg"], columns["longitude_deg"])
    columns |= position
    seconds = (time_us - time_us[0]) / 1e6
    is_run = raw.sport == "running"

    cadence = movement.steps_per_minute(columns.pop("cadence"), is_run)
    pulse = heart_rate.repaired(
        seconds, _floats(raw.points["heart_rate_bpm"])[kept], cadence.values if is_run else None
    )
    distance = movement.monotonic_distance(
        columns["distance_m"], columns["latitude_deg"], columns["longitude_deg"]
    )
    is_in_m_per_s = raw.source_format == "fit"  # by the format's definition; XML leaves it to the writer
    speed = movement.metres_per_second(columns.pop("speed"), seconds, distance.values, is_in_m_per_s)
    checked = movement.checked_steps(seconds, distance.values, is_run)
    repairs = (cadence, pulse, distance, speed, checked)
    columns |= {
        "distance_m": distance.values,
        "speed_m_per_s": speed.values,
        "heart_rate_bpm": pulse.values,
        "cadence_spm": cadence.values,
    }
    return CleanActivity(
        raw,
        time_us,
        raw.points["lap_index"].to_numpy()[kept],
        columns,
        counts | outside | unlocated | {name: n for done in repairs for name, n in done.counts.items()},
        (*raw.flags, *flags, *(flag for done in repairs for flag in done.flags)),
    )


def _usable_times(
    times: pa.ChunkedArray, taken_in_at: datetime
) -> tuple[NDArray[np.int64], NDArray[np.int64], dict[str, int], tuple[str, ...]]:
    """Indices of the points to keep, in order of time, with their times; of equal times the first."""
    timed = np.flatnonzero(times.is_valid().to_numpy())
    time_us = times.drop_null().cast(pa.int64()).to_numpy()
    latest = taken_in_at + LATEST_AFTER_INTAKE
    possible = (time_us >= _microseconds(EARLIEST)) & (time_us <= _microseconds(latest))
    indices, time_us = timed[possible], time_us[possible]
    order = np.argsort(time_us, kind="stable")
    goes_back = bool(np.any(np.diff(time_us) < 0))
    indices, time_us = indices[order], time_us[order]
    first = np.ones(len(time_us), dtype=bool)
    first[1:] = np.diff(time_us) > 0
    counts = {
        "points_without_time": len(times) - len(timed),
        "points_impossible_time": int(np.count_nonzero(~possible)),
        "points_repeated_time": int(np.count_nonzero(~first)),
    }
    return indices[first], time_us[first], counts, ("time_goes_back",) if goes_back else ()


def _microseconds(instant: datetime) -> int:
    return int(instant.timestamp() * 1_000_000)


def _floats(column: pa.ChunkedArray) -> Floats:
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.float64)


def _in_range(columns: Mapping[str, Floats]) -> tuple[dict[str, Floats], dict[str, int]]:
    """The columns without values outside `_RANGES`."""
    outside = {name: (columns[name] < low) | (columns[name] > high) for name, (low, high) in _RANGES.items()}
    emptied = {name: np.where(outside[name], np.nan, values) for name, values in columns.items()}
    return emptied, {"values_out_of_range": sum(int(np.count_nonzero(mask)) for mask in outside.values())}


def _with_fix(latitude_deg: Floats, longitude_deg: Floats) -> tuple[dict[str, Floats], dict[str, int]]:
    """The positions without those of 0/0, which mean 'no fix', and without halves of positions."""
    written = np.isfinite(latitude_deg) | np.isfinite(longitude_deg)
    usable = np.isfinite(latitude_deg + longitude_deg) & ((latitude_deg != 0) | (longitude_deg != 0))
    position = {"latitude_deg": latitude_deg, "longitude_deg": longitude_deg}
    return (
        {name: np.where(usable, degrees, np.nan) for name, degrees in position.items()},
        {"positions_emptied": int(np.count_nonzero(written & ~usable))},
    )
