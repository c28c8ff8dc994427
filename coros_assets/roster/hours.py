"""Times of day, and the hours of a shift, as people write them: `19:00-07:00`, `19-07`, `7p-7a`.

Belongs here: those spellings. Does not: what a code's hours are (`codes.py`), or dates and zones
(`rows.py`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

DAY: Final = timedelta(days=1)
_NOON_H: Final = 12
_PER_HOUR: Final = 60  # minutes, as seconds per minute

_CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.h]?(?P<minute>\d{2})(?::(?P<second>\d{2}))?)?\s*(?:(?P<half>[ap])\.?m?\.?|h|uhr)?",
    re.ASCII | re.IGNORECASE,
)
_TO = re.compile(r"\s*(?:[-\u2013\u2014]|\bto\b|\bbis\b)\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Hours:
    """Start and end of a shift, counted on the wall clock from the midnight its date begins with.

    `end` is later than `start` and beyond 24 h if it falls on the next date. `fold` says which of two is
    meant where an hour happens twice: 0 the first, 1 the second.
    """

    start: timedelta
    end: timedelta
    fold: int | None = None


def read_clock(text: str) -> timedelta | None:
    """A time of day since midnight, such as 7, 07:30, 7.30, 0730, 7:30 pm or 24:00; None if it is none."""
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        return None
    hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
    if found["half"]:
        if not 1 <= hour <= _NOON_H:
            return None
        hour = hour % _NOON_H + (_NOON_H if found["half"] in "pP" else 0)
    at = timedelta(hours=hour, minutes=minute, seconds=second)
    return at if max(minute, second) < _PER_HOUR and at <= DAY else None


def read_hours(text: str, fold: int | None = None) -> Hours | None:
    """Hours with a dash between, also `to` or `bis`; None if the text is nothing else than that."""
    start, *ends = (read_clock(part) for part in _TO.split(text, maxsplit=1))
    return hours_between(start, ends[0], fold) if ends else None


def hours_between(start: timedelta | None, end: timedelta | None, fold: int | None) -> Hours | None:
    """Hours from one time of day to another: an end that is not later is the next day's."""
    if start is None or end is None or start == DAY:
        return None
    return Hours(start, end if end > start else end + DAY, fold)
