"""The kind of a shift, from its hours.

Belongs here: night, evening, early and day, with their thresholds.
Does not: what a shift means for a run (`labels.py`), or what the roster calls it (its title).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa

from coros_assets.roster.zones import (
    ONE_DAY,
    Durations,
    Names,
    Times,
    midnight,
    names,
    times,
    to_local,
    to_utc,
)

NIGHT_FROM: Final = np.timedelta64(23, "h")
NIGHT_TO: Final = np.timedelta64(6, "h")
"""The night by the wall clock, 23:00 to 06:00: the hours the definition of night work names."""

NIGHT_AT_LEAST: Final = np.timedelta64(3, "h")
"""Time in the night that makes a night shift (Directive 2003/88/EC, article 2: three hours)."""

EVENING_AFTER: Final = np.timedelta64(21, "h")
EARLY_BEFORE: Final = np.timedelta64(6, "h")

NIGHT: Final = "night"


def shift_kinds(start_time: pa.Array, end_time: pa.Array, timezone: pa.Array) -> pa.Array:
    """The kind of each shift: night, evening, early or day; the first that holds.

    - night: at least 3 h of it fall within 23:00-06:00 local time, counted in elapsed (UTC) time: the
      hour skipped in spring is not worked, the one repeated in autumn is. Every shift of 24 h is a night.
    - evening: it ends after 21:00 of the date it started on; an end after midnight counts.
    - early: it starts before 06:00.
    - day: the rest.

    Args:
        start_time: instants, timestamp[us, UTC].
        end_time: instants after their starts, timestamp[us, UTC].
        timezone: IANA names.

    Returns:
        Text, as long as the arguments.
    """
    start, end, zones = times(start_time), times(end_time), names(timezone)
    start_local, end_local = to_local(start, zones), to_local(end, zones)
    start_date = midnight(start_local)
    kinds = np.select(
        [
            _time_in_the_night(start, end, zones, start_date) >= NIGHT_AT_LEAST,
            end_local > start_date + EVENING_AFTER,
            start_local < start_date + EARLY_BEFORE,
        ],
        [NIGHT, "evening", "early"],
        "day",
    )
    return pa.array(kinds, pa.string())


def _time_in_the_night(start: Times, end: Times, zones: Names, start_date: Times) -> Durations:
    """Time in the nights on either side of the start's date: a shift that reaches a third holds one whole."""
    total = np.zeros(len(start), dtype="timedelta64[us]")
    for evening in (start_date - ONE_DAY, start_date):
        dusk = to_utc(evening + NIGHT_FROM, zones)
        dawn = to_utc(evening + ONE_DAY + NIGHT_TO, zones)
        shared = np.minimum(end, dawn) - np.maximum(start, dusk)
        total += np.maximum(shared, np.timedelta64(0, "us"))
    return total
