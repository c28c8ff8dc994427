"""Where and when an activity was, on the clock of the place it was run at.

Belongs here: position or home zone to IANA zone, instant to local date. Does not: dates of shifts
(`roster/`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from tzfpy import get_tz

from coros_assets.home_timezone import HomeTimezone
from coros_assets.silver.clean import CleanActivity

_HOUR_S: Final = 3600


@dataclass(frozen=True)
class LocalStart:
    """The wall-clock start of an activity (naive), its zone, and where the zone came from."""

    time: datetime
    timezone: str
    timezone_source: str

    @property
    def date(self) -> date:
        """The activity date."""
        return self.time.date()


def local_start(activity: CleanActivity, home_timezone: HomeTimezone) -> LocalStart:
    """The local start by the file's own clock, else by the first position's zone, else by the home zone."""
    start = _instant(activity.start_us)
    timezone, source = _zone(activity, home_timezone.at(start))
    return LocalStart(start.astimezone(ZoneInfo(timezone)).replace(tzinfo=None), timezone, source)


def _zone(activity: CleanActivity, home: str) -> tuple[str, str]:
    """Zone and its source. A file says how far its clock was from UTC, but not the zone's name: that is the
    position's or the home's where it agrees, else a zone of that distance."""
    at_position = _zone_at_position(activity)
    offset_s = activity.raw.utc_offset_s
    if offset_s is not None:
        ended = _instant(activity.end_us)
        for name in (at_position, home):
            if name and ended.astimezone(ZoneInfo(name)).utcoffset() == timedelta(seconds=offset_s):
                return name, "file"
        if offset_s % _HOUR_S == 0:
            return f"Etc/GMT{-offset_s // _HOUR_S:+d}", "file"
    return (at_position, "position") if at_position else (home, "home")


def _zone_at_position(activity: CleanActivity) -> str | None:
    latitude = activity.columns["latitude_deg"]
    located = np.flatnonzero(np.isfinite(latitude))
    if not len(located):
        return None
    first = located[0]
    return get_tz(float(activity.columns["longitude_deg"][first]), float(latitude[first])) or None


def _instant(microseconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
