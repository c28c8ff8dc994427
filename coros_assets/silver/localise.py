"""Where and when an activity was, on the clock of the place it was run at.

Belongs here: position or home zone to IANA zone, instant to local date. Does not: dates of shifts
(`roster/`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from tzfpy import get_tz

from coros_assets.silver.clean import CleanActivity


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


def local_start(activity: CleanActivity, home_timezone: str) -> LocalStart:
    """The local start by the first position's zone, else by the runner's home zone."""
    timezone, source = _zone(activity) or (home_timezone, "home")
    start = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=activity.start_us)
    return LocalStart(start.astimezone(ZoneInfo(timezone)).replace(tzinfo=None), timezone, source)


def _zone(activity: CleanActivity) -> tuple[str, str] | None:
    latitude = activity.columns["latitude_deg"]
    located = np.flatnonzero(np.isfinite(latitude))
    if not len(located):
        return None
    first = located[0]
    name = get_tz(float(activity.columns["longitude_deg"][first]), float(latitude[first]))
    return (name, "position") if name else None
