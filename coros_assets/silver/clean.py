"""Cleans one raw activity, in a fixed order, and counts what it changed.

Belongs here: the order of the steps, times, ranges. Does not: how heart rate (`heart_rate.py`) or
distance, speed and cadence (`movement.py`) are repaired.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from coros_assets.formats.raw import RawActivity
from coros_assets.silver import heart_rate, movement

EARLIEST: Final = datetime(2005, 1, 1, tzinfo=UTC)  # before the first GPS watch that wrote these formats
LATEST_AFTER_LANDING: Final = timedelta(hours=24)  # a clock may run ahead by a zone, not by a week

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

Floats = NDArray[np.float64]


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


def clean(raw: RawActivity, landed_at: datetime) -> CleanActivity | None:
    """`raw` with unusable points dropped and unusable values emptied; None if no point is left.

    The order is: times, ranges, heart rate, cadence lock, distance, speed, cadence.
    """
    kept, time_us, counts, flags = _usable_times(raw.points["time"], landed_at)
    if not len(kept):
        return None
    points = raw.points.take(pa.array(kept))
    columns = {name: _in_range(_floats(points[name]), *limits) for name, limits in _RANGES.items()}
    _empty_null_island(columns)
    seconds = (time_us - time_us[0]) / 1e6
    is_run = raw.sport == "running"

    cadence, cadence_flags = movement.steps_per_minute(columns.pop("cadence"), is_run)
    pulse = heart_rate.repaired(seconds, _floats(points["heart_rate_bpm"]), cadence if is_run else None)
    distance, distance_flags = movement.monotonic_distance(
        columns["distance_m"], columns["latitude_deg"], columns["longitude_deg"]
    )
    speed, speed_flags = movement.metres_per_second(columns.pop("speed"), seconds, distance)
    columns |= {
        "distance_m": distance,
        "speed_m_per_s": speed,
        "heart_rate_bpm": pulse.heart_rate_bpm,
        "cadence_spm": cadence,
    }
    plausibility = movement.implausible_speed(seconds, distance) if is_run else ()
    return CleanActivity(
        raw,
        time_us,
        points["lap_index"].to_numpy(),
        columns,
        counts | pulse.counts,
        (*raw.flags, *flags, *pulse.flags, *distance_flags, *speed_flags, *cadence_flags, *plausibility),
    )


def _usable_times(
    times: pa.ChunkedArray, landed_at: datetime
) -> tuple[NDArray[np.int64], NDArray[np.int64], dict[str, int], tuple[str, ...]]:
    """Indices of the points to keep, in order of time, with their times; of equal times the first."""
    timed = np.flatnonzero(times.is_valid().to_numpy())
    time_us = times.drop_null().cast(pa.int64()).to_numpy()
    latest = landed_at + LATEST_AFTER_LANDING
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


def _in_range(values: Floats, low: float, high: float) -> Floats:
    return np.where((values >= low) & (values <= high), values, np.nan)


def _empty_null_island(columns: dict[str, Floats]) -> None:
    """Latitude and longitude both exactly zero mean 'no fix', and half a position is none."""
    latitude, longitude = columns["latitude_deg"], columns["longitude_deg"]
    missing = ((latitude == 0) & (longitude == 0)) | np.isnan(latitude) | np.isnan(longitude)
    columns["latitude_deg"] = np.where(missing, np.nan, latitude)
    columns["longitude_deg"] = np.where(missing, np.nan, longitude)
