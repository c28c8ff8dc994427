"""What every reader returns: an activity as its file states it, in Arrow columns.

Belongs here: the shape that all formats share. Does not: cleaning, units that must be inferred,
or anything that depends on the runner (`silver/`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow as pa

_INSTANT = pa.timestamp("us", tz="UTC")

# Units as written: speed may be m/s or km/h, cadence of one leg or of both.
RAW_POINTS = pa.schema(
    {
        "time": _INSTANT,
        "lap_index": pa.int32(),
        "latitude_deg": pa.float64(),
        "longitude_deg": pa.float64(),
        "altitude_m": pa.float64(),
        "distance_m": pa.float64(),
        "speed": pa.float64(),
        "heart_rate_bpm": pa.float64(),
        "cadence": pa.float64(),
        "power_w": pa.float64(),
    }
)

_LAP_AT = RAW_POINTS.get_field_index("lap_index")
POINTS_WITHOUT_LAP = RAW_POINTS.remove(_LAP_AT)

RAW_LAPS = pa.schema(
    {
        "start_time": _INSTANT,
        "timer_time_s": pa.float64(),
        "distance_m": pa.float64(),
        "average_heart_rate_bpm": pa.float64(),
        "max_heart_rate_bpm": pa.float64(),
    }
)


def with_lap_index(points: pa.Table, lap_index: pa.Array) -> pa.Table:
    """`RAW_POINTS` of a table of `POINTS_WITHOUT_LAP` and the lap of each point."""
    return points.add_column(_LAP_AT, RAW_POINTS.field(_LAP_AT), lap_index)


@dataclass(frozen=True)
class StatedTotals:
    """What the file states for the activity as a whole; None where it says nothing."""

    timer_time_s: float | None = None
    elapsed_time_s: float | None = None
    distance_m: float | None = None
    average_heart_rate_bpm: float | None = None


@dataclass(frozen=True)
class RawActivity:
    """One activity of a file.

    `sport` is the family (running, cycling, swimming, walking, other); `points` has the columns of
    `RAW_POINTS`, `laps` those of `RAW_LAPS`; a value that could not be read is null, and `flags`
    says in short words what was unusual. `sub_sport` is the finer kind of the sport and `utc_offset_s`
    how far local time was ahead of UTC at the end, where the file says so; `stated` are its own totals,
    which TCX and GPX do not have (sums of laps are no statement of the whole).
    """

    source_index: int
    source_format: str
    sport: str
    device: str | None
    points: pa.Table
    laps: pa.Table
    flags: tuple[str, ...] = field(default=())
    sub_sport: str | None = None
    utc_offset_s: int | None = None
    stated: StatedTotals = StatedTotals()
