"""Numbers, paces, dates and names as a reader expects to see them.

Belongs here: turning one value into a short string; a missing value becomes an en dash.
Does not: whole sentences of an answer (`answers/`), or HTML (`templates/`).
"""

from __future__ import annotations

import math
import re
from datetime import date
from typing import Final

MISSING: Final = "\N{EN DASH}"
MINUS: Final = "\N{MINUS SIGN}"
THIN: Final = "\N{NARROW NO-BREAK SPACE}"
_PERCENT: Final = re.compile(r"(?<=\d) (?=%)")
_BRACKETS: Final = re.compile(r"(\([^()]*\))")

METRES_PER_KM: Final = 1000
SECONDS_PER_MINUTE: Final = 60
MINUTES_PER_HOUR: Final = 60


def number(value: float | None, decimals: int = 0) -> str:
    """`1234.5` as `1,234` or, with one decimal, `1,234.5`; a real minus sign."""
    if value is None or not math.isfinite(value):
        return MISSING
    rounded = f"{abs(value):,.{decimals}f}"
    negative = value < 0 and any(digit in rounded for digit in "123456789")
    return f"{MINUS if negative else ''}{rounded}"


def signed_percent(value: float | None, decimals: int = 1) -> str:
    """`-2.34` as `-2.3 %` and `0.8` as `+0.8 %`; zero has no sign."""
    text = number(value, decimals)
    if value is None or text == MISSING:
        return MISSING
    sign = "+" if value > 0 and any(digit in text for digit in "123456789") else ""
    return f"{sign}{text}{THIN}%"


def percent(value: float | None) -> str:
    """`81.2` as `81 %`."""
    return MISSING if value is None else f"{number(value)}{THIN}%"


def interval_percent(low: float | None, high: float | None) -> str:
    """The two ends of an interval in percent: `-3.4 to -1.2 %`."""
    if low is None or high is None:
        return MISSING
    return f"{signed_percent(low).removesuffix(THIN + '%')} to {signed_percent(high)}"


def effect(estimate: float | None, low: float | None, high: float | None) -> str:
    """An estimate with its interval: `-2.4 % (-3.4 to -1.2 %)`."""
    return f"{signed_percent(estimate)} ({interval_percent(low, high)})"


def pace(seconds_per_km: float | None) -> str:
    """`342.4` s/km as `5:42 /km`."""
    if seconds_per_km is None or not math.isfinite(seconds_per_km) or seconds_per_km <= 0:
        return MISSING
    minutes, seconds = divmod(round(seconds_per_km), SECONDS_PER_MINUTE)
    return f"{minutes}:{seconds:02d}{THIN}/km"


def duration(seconds: float | None) -> str:
    """`251.6` s as `4:12`, `5717.5` s as `1:35:18`."""
    if seconds is None or not math.isfinite(seconds):
        return MISSING
    minutes, left = divmod(round(seconds), SECONDS_PER_MINUTE)
    hours, minutes = divmod(minutes, MINUTES_PER_HOUR)
    return f"{hours}:{minutes:02d}:{left:02d}" if hours else f"{minutes}:{left:02d}"


def seconds(value: float | None) -> str:
    """`12.34` s as `12.3 s`."""
    return MISSING if value is None else f"{number(value, 1)}{THIN}s"


def heart_rate(beats_per_minute: float | None) -> str:
    """`148.3` as `148 bpm`."""
    return MISSING if beats_per_minute is None else f"{number(beats_per_minute)}{THIN}bpm"


def two_decimals(value: float | None) -> str:
    """`1.2345` as `1.23`."""
    return number(value, 2)


def kilometres(metres: float | None, decimals: int = 0) -> str:
    """`12345.0` m as `12 km`."""
    return MISSING if metres is None else f"{number(metres / METRES_PER_KM, decimals)}{THIN}km"


def day(value: date | None) -> str:
    """`2025-03-09` as `9 March 2025`, whatever the locale of the machine."""
    return MISSING if value is None else f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def short_day(value: date | None) -> str:
    """`2025-03-09` as `9 Mar 2025`."""
    return MISSING if value is None else f"{value.day} {month(value)}"


def month(value: date | None) -> str:
    """`2025-03-01` as `Mar 2025`."""
    return MISSING if value is None else f"{MONTHS[value.month - 1][:3]} {value.year}"


def count(amount: int, singular: str, plural: str = "") -> str:
    """`1 run`, `1,204 runs`; the plural is the singular with an s unless given."""
    return f"{number(amount)} {singular if amount == 1 else plural or singular + 's'}"


def unbroken(sentence: str) -> str:
    """The sentence with each number tied to its percent sign, so that no line ends between them."""
    return _PERCENT.sub(THIN, sentence)


def with_asides(sentence: str) -> list[tuple[str, bool]]:
    """The sentence in pieces; True marks what stands in brackets, which the page sets smaller."""
    pieces = _BRACKETS.split(unbroken(sentence))
    return [(piece, index % 2 == 1) for index, piece in enumerate(pieces) if piece]


MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
