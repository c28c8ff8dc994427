"""Sentences for a tired reader: numbers, intervals and what is missing, in plain words.

Belongs here: how an estimate is said. Does not: estimates (`estimate.py` and each question's module),
or numbers in tables and charts (`report/text.py`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from coros_assets.answers.estimate import Family, Interval

MINUS: Final = "\N{MINUS SIGN}"
SMALLEST_POINTS: Final = 0.1
"""What carries less than this many percentage points of a difference is not worth naming."""

MOST_REASONS: Final = 3
DAYS_PER_MONTH: Final = 365.25 / 12

NO_NOISE: Final = (
    "Not enough data yet: the runs' efficiency does not vary by itself, as measurements would, so no interval"
    " can be given. Check where these runs come from."
)


@dataclass(frozen=True)
class Direction:
    """The words for less and more of something, such as fewer and more."""

    less: str
    more: str

    def change(self, percent: float) -> str:
        """`-2.41` as `2.4 % fewer`."""
        return f"{_number(percent)} % {self.less if percent < 0 else self.more}"

    def between(self, interval: Interval) -> str:
        """`1.3 to 3.5 % fewer`, or `0.9 % fewer to 1.2 % more` where the interval holds zero."""
        low, high = interval.percent.low, interval.percent.high
        if low < 0 < high:
            return f"{self.change(low)} to {self.change(high)}"
        nearer, farther = sorted((low, high), key=abs)
        return f"{_number(nearer)} to {self.change(farther)}"

    def found(self, interval: Interval) -> str:
        """`2.4 % fewer (1.3 to 3.5 % fewer)`."""
        return f"{self.change(interval.percent.estimate)} ({self.between(interval)})"


METRES: Final = Direction("fewer", "more")
FITNESS: Final = Direction("lower", "higher")


def _number(percent: float) -> str:
    """One decimal, or as many as it takes to tell a small number from zero, up to four."""
    texts = [f"{abs(percent):.{decimals}f}" for decimals in (1, 2, 3, 4)]
    return next((text for text in texts if float(text)), texts[0])


def count(amount: int, what: str) -> str:
    """`1 run`, `1,204 runs`."""
    return f"{amount:,} {what if amount == 1 else what + 's'}"


def listed(parts: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]])) if parts else ""


def day(value: date) -> str:
    """`2025-03-09` as `9 March 2025`."""
    return f"{value.day} {value:%B %Y}"


def months(days: int) -> str:
    """`700` days as `23 months`."""
    return count(round(days / DAYS_PER_MONTH), "month")


def seconds_per_km(interval: Interval, pace_s_per_km: float) -> str:
    """At a known pace, a sentence to append: ` That is about 8 s per km slower at the same heart rate.`"""
    seconds = abs(pace_s_per_km * math.expm1(-interval.estimate))
    if not math.isfinite(seconds):
        return ""
    size = f"about {seconds:.0f} s" if seconds >= 1 else "less than 1 s"
    return f" That is {size} per km {'slower' if interval.estimate < 0 else 'faster'} at the same heart rate."


@dataclass(frozen=True)
class Need:
    """What an answer needs a number of, such as run and `after a night shift`, and how many there are."""

    what: str
    which: str
    has: int
    needs: int


def not_enough_yet(needs: Sequence[Need]) -> str:
    """What is still missing and what there is; empty if there is enough of everything."""
    short = [need for need in needs if need.has < need.needs]
    if not short:
        return ""
    more = [f"{count(need.needs - need.has, 'more ' + need.what)} {need.which}" for need in short]
    so_far = [f"{need.has} of {need.needs}" for need in short]
    return f"Not enough data yet: still needed are {listed(more)} (so far {listed(so_far)})."


def inseparable(exposure: str, confounder: str) -> str:
    """That an exposure always came with something else; empty without such a thing."""
    if not confounder:
        return ""
    return (
        f"Not enough data yet: in these runs {exposure} cannot be told apart from {confounder}."
        " A few runs where the two do not go together would help."
    )


def checked(rows: Sequence[Mapping[str, Any]]) -> str:
    """Whether the other ways to the primary estimate agree with it, from the rows of one answer table.

    They agree if their intervals lie on the same side of zero, or hold it likewise. Empty without an answer.
    """
    primary = next((row for row in rows if row["is_primary"]), None)
    ways = [row for row in rows if row["family"] == Family.SENSITIVITY and row["effect_pct"] is not None]
    naive = [row["effect_pct"] for row in rows if row["family"] == Family.NAIVE]
    if primary is None or primary["effect_pct"] is None or not ways:
        return ""
    agree = sum(_side(row) == _side(primary) for row in ways)
    said = f"Estimated in {count(len(ways), 'other way')}, with the same outcome in {agree}."
    if naive and naive[0] is not None:
        sign = MINUS if naive[0] < 0 else "+"
        said += f" Allowing for nothing, it would be {sign}{_number(naive[0])} %."
    return said


def _side(row: Mapping[str, Any]) -> int:
    """-1 or 1 where the interval lies below or above zero, else 0."""
    return int(row["ci_low_pct"] > 0) - int(row["ci_high_pct"] < 0)


def why_naive_differs(carried: Mapping[str, float]) -> str:
    """What an unadjusted difference also carries, by size; `carried` as in `design.differences_carried`."""
    points = {words: 100 * value for words, value in carried.items() if abs(100 * value) >= SMALLEST_POINTS}
    if not points:
        return "Little else differed between these runs, so this is close to the answer."
    largest = sorted(points, key=lambda words: -abs(points[words]))[:MOST_REASONS]
    signs = {words: "+" if points[words] > 0 else MINUS for words in largest}
    named = [f"{words} ({signs[words]}{abs(points[words]):.1f} %)" for words in largest]
    return f"This differs from the answer because it also carries what else differed: {listed(named)}."


def allowing_for(words: Sequence[str], left_out: Sequence[str]) -> str:
    """A method's adjustments: `allowing for hills and effort; not for treadmill, known of too few runs`."""
    allowed = f"allowing for {listed(words)}" if words else "allowing for nothing else"
    return allowed + (f" (not for {listed(left_out)}, known of too few runs)" if left_out else "")
