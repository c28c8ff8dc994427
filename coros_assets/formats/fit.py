"""FIT (Flexible and Interoperable Data Transfer) files to Arrow.

Belongs here: how sessions, laps and records make up activities. Does not: the binary layout
(`fit_messages.py`), what numbers stand for (`fit_profile.py`), plausibility (`silver/clean.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from coros_assets.errors import UnreadableFileError
from coros_assets.formats import fit_profile as profile
from coros_assets.formats.fit_device import device
from coros_assets.formats.fit_heart_rate import HeartRates, heart_rates, merged
from coros_assets.formats.fit_messages import Floats, Messages, chained_files
from coros_assets.formats.raw import RAW_LAPS, RAW_POINTS, RawActivity, StatedTotals
from coros_assets.formats.tcx_tree import lap_index

FORMAT: Final = "fit"
MAX_SESSIONS: Final = 100
MAX_POINTS: Final = 500_000  # of all files in a row: 138 h at 1 Hz
_QUARTER_HOUR_S: Final = 900
_WESTMOST_S: Final = -12 * 3600
_EASTMOST_S: Final = 14 * 3600
_BYTES_AFTER_END: Final = "bytes_after_end"

Indices = NDArray[np.int64]


def read_fit(data: bytes) -> list[RawActivity]:
    """The activities of a FIT file, one per session, in file order; those without a timed point are left out.

    Raises:
        UnreadableFileError: cut short, damaged, no recorded activity, or none with a timed point.
    """
    files, more = chained_files(data)
    _require_few(sum(len(messages.positions(profile.RECORD)) for messages in files), MAX_POINTS, "points")
    flags = (_BYTES_AFTER_END,) if more else ()
    rates = heart_rates(files)
    activities: list[RawActivity] = []
    others = []
    for messages in files:
        kind = _number(messages, profile.FILE_ID, profile.FILE_TYPE)
        if kind in profile.OTHER_FILES:
            others.append(profile.OTHER_FILES[kind])
        else:
            activities += _activities(messages, rates, len(activities), flags)
    if activities:
        return activities
    if others:
        raise UnreadableFileError(f"The file holds {others[0]}, not a recorded activity.")
    raise UnreadableFileError("The file holds no activity with a timed point.")


def _activities(
    messages: Messages, rates: HeartRates, first_index: int, flags: tuple[str, ...]
) -> list[RawActivity]:
    seconds = messages.times(profile.RECORD)
    if not np.isfinite(seconds).any():
        return []
    starts = messages.times(profile.SESSION, profile.START_TIME)
    _require_few(len(starts), MAX_SESSIONS, "sessions")
    sessions = np.argsort(starts, kind="stable")[: max(1, np.count_nonzero(np.isfinite(starts)))]
    points, laps = _points(messages, seconds, rates), _laps(messages)
    session_of_point = _spans(seconds, starts[sessions])
    session_of_lap = _spans(messages.times(profile.LAP, profile.START_TIME), starts[sessions])
    ended_laps = np.searchsorted(messages.positions(profile.LAP), messages.positions(profile.RECORD))
    named, offset_s = device(messages), _utc_offset_s(messages)
    found: list[RawActivity] = []
    for rank in range(max(1, len(sessions))):
        mine = np.flatnonzero(session_of_point == rank)
        if not np.isfinite(seconds[mine]).any():
            continue
        my_laps = laps.filter(pa.array(session_of_lap == rank))
        nested = ended_laps[mine] - np.count_nonzero(session_of_lap < rank)
        my_points = _with_laps(_taken(points, mine), nested, my_laps)
        session = int(sessions[rank]) if len(sessions) else None
        sport, sub_sport = _sport(messages, session)
        found.append(
            RawActivity(
                first_index + len(found),
                FORMAT,
                sport,
                named,
                my_points,
                my_laps,
                flags,
                sub_sport,
                offset_s,
                _stated(messages, session),
            )
        )
    return found


def _require_few(count: int, limit: int, what: str) -> None:
    if count > limit:
        raise UnreadableFileError(f"The file holds more than {limit:,} {what}, which no recording does.")


def _taken(table: pa.Table, rows: Indices) -> pa.Table:
    """These rows of a table, without a copy where they follow each other."""
    if rows[-1] - rows[0] + 1 == len(rows):
        return table.slice(rows[0], len(rows))
    return table.take(pa.array(rows))


def _with_laps(points: pa.Table, nested: Indices, laps: pa.Table) -> pa.Table:
    """`points` with their laps by start time; by the laps written before them where those do not increase."""
    at = RAW_POINTS.get_field_index("lap_index")
    bounded = np.clip(nested, 0, max(0, len(laps) - 1)).astype(np.int32)
    times = points["time"].combine_chunks()
    return points.set_column(at, RAW_POINTS.field(at), lap_index(times, bounded, laps))


def _spans(seconds: Floats, starts: Floats) -> Indices:
    """Which start each instant follows; the first if none; a point without time stays with the last."""
    if len(starts) <= 1:
        return np.zeros(len(seconds), dtype=np.int64)
    last_timed = np.maximum.accumulate(np.where(np.isfinite(seconds), np.arange(len(seconds)), 0))
    found = np.searchsorted(starts, np.nan_to_num(seconds[last_timed]), side="right") - 1
    return np.maximum(found, 0)


def _points(messages: Messages, seconds: Floats, rates: HeartRates) -> pa.Table:
    """Columns of `RAW_POINTS`, with laps yet to be given."""
    columns = _scaled(messages, profile.RECORD, profile.RECORD_FIELDS)
    fraction = _field(messages, profile.RECORD, profile.FRACTIONAL_CADENCE)
    columns["cadence"] = columns["cadence"] + np.nan_to_num(fraction)
    for name, values in _developer_columns(messages).items():
        if not np.isfinite(columns[name]).any():
            columns[name] = values
    columns["heart_rate_bpm"] = merged(rates, seconds, columns["heart_rate_bpm"])
    laps = pa.array(np.zeros(len(seconds), dtype=np.int32))
    return _table(RAW_POINTS, columns, time=_instants(seconds), lap_index=laps)


def _laps(messages: Messages) -> pa.Table:
    starts = _instants(messages.times(profile.LAP, profile.START_TIME))
    return _table(RAW_LAPS, _scaled(messages, profile.LAP, profile.LAP_FIELDS), start_time=starts)


def _field(messages: Messages, message: int, field: profile.Field) -> Floats:
    return messages.numbers(message, field.number) / field.scale - field.offset


def _scaled(
    messages: Messages, message: int, fields: Mapping[str, tuple[profile.Field, ...]]
) -> dict[str, Floats]:
    columns = {}
    for name, choices in fields.items():
        values = _field(messages, message, choices[0])
        for choice in choices[1:]:
            values = np.where(np.isfinite(values), values, _field(messages, message, choice))
        columns[name] = values
    return columns


def _developer_columns(messages: Messages) -> dict[str, Floats]:
    """Columns that an added sensor recorded in a field declared to mean the device's own."""
    columns = {}
    for native, name in profile.DEVELOPER_COLUMNS.items():
        described = _described(messages, native)
        if described is not None:
            index, number, base_type = described
            columns[name] = messages.developer_numbers(profile.RECORD, (index, number), base_type & 31)
    return columns


def _described(messages: Messages, native: int) -> tuple[int, int, int] | None:
    """Developer index, field number and base type of the first field that stands for a record's `native`."""
    *key, message, stands_for = (
        messages.numbers(profile.FIELD_DESCRIPTION, number) for number in profile.DESCRIPTION_FIELDS
    )
    known = np.isfinite(key).all(axis=0) & (message == profile.RECORD) & (stands_for == native)
    first = np.flatnonzero(known)[:1]
    if not len(first):
        return None
    index, number, base_type = (int(values[first[0]]) for values in key)
    return index, number, base_type


def _table(schema: pa.Schema, columns: Mapping[str, Floats], **given: pa.Array) -> pa.Table:
    arrays = [
        given[name] if name in given else pa.array(columns[name], pa.float64(), from_pandas=True)
        for name in schema.names
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def _instants(seconds: Floats) -> pa.Array:
    missing = np.isnan(seconds)
    microseconds = np.where(missing, 0, seconds * 1e6).astype(np.int64)
    return pa.array(microseconds, mask=missing).cast(RAW_POINTS.field("time").type)


def _stated(messages: Messages, session: int | None) -> StatedTotals:
    if session is None:
        return StatedTotals()
    totals = _scaled(messages, profile.SESSION, profile.SESSION_TOTALS)
    return StatedTotals(
        **{
            name: float(values[session]) if np.isfinite(values[session]) else None
            for name, values in totals.items()
        }
    )


def _number(messages: Messages, message: int, field: int, row: int = 0) -> int | None:
    values = messages.numbers(message, field)[row : row + 1]
    return int(values[0]) if len(values) and np.isfinite(values[0]) else None


def _sport(messages: Messages, session: int | None) -> tuple[str, str | None]:
    """Family and finer kind of a session; of the sport message where there is no session.

    The finer kind is the sub-sport, else the sport itself where its family has another name.
    """
    message, row = (profile.SPORT, 0) if session is None else (profile.SESSION, session)
    fields = profile.SPORT_SPORT if session is None else profile.SESSION_SPORT
    sport, sub_sport = (_number(messages, message, field, row) for field in fields)
    name = profile.SPORTS.get(sport) if sport is not None else None
    family = profile.FAMILIES.get(name, "other") if name else "other"
    finer = profile.SUB_SPORTS.get(sub_sport) if sub_sport is not None else None
    return family, finer or (name if name != family else None)


def _utc_offset_s(messages: Messages) -> int | None:
    """How far local time was ahead of UTC, to the quarter hour; None if not stated or not on Earth."""
    local = messages.times(profile.ACTIVITY, profile.LOCAL_TIMESTAMP)
    difference = (local - messages.times(profile.ACTIVITY))[:1]
    if not np.isfinite(difference).all() or not len(difference):
        return None
    offset_s = round(float(difference[0]) / _QUARTER_HOUR_S) * _QUARTER_HOUR_S
    return offset_s if _WESTMOST_S <= offset_s <= _EASTMOST_S else None
