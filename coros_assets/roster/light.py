"""What a roster is taken to mean for sleep and light: scenarios, for it says nothing of either.

Belongs here: every assumption about when a shift worker sleeps and how bright it is around her.
Does not: what light does to the body clock (`circadian.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np
import numpy.typing as npt

from coros_assets.roster.timeline import HALF_A_DAY, Flags, Timeline
from coros_assets.roster.zones import ONE_DAY, Times, to_utc

FloatArray = npt.NDArray[np.float64]
Instant = np.datetime64

QUARTER: Final = np.timedelta64(15, "m")
"""Light is constant over a quarter of an hour; shifts seldom begin or end at finer times."""


@dataclass(frozen=True)
class Scenario:
    """How a shift worker may live around her shifts.

    Attributes:
        work_lux: light on night shifts, and on other shifts in the dark.
        way_home_lux: light by day between a night shift's end and bed.
        bed_h: hour of the roster's local clock at which the habitual sleep of 8 h begins.
        wind_down_h: hours from a shift's end until sleep can begin.
    """

    work_lux: float
    way_home_lux: float
    bed_h: float
    wind_down_h: float


CENTRAL: Final = Scenario(work_lux=100, way_home_lux=1000, bed_h=23, wind_down_h=1.5)
"""Hospital desks at night had 110 lx dimmed and 410 lx lit (Hoshi et al. 2022). Four nights
of 12 h delay this runner by 0.8 h; three or four delayed intensive-care nurses by 1:08 +- 1:31 h (Stone et
al. 2018)."""

SCENARIOS: Final = (
    CENTRAL,
    *(
        Scenario(work_lux, way_home_lux, bed_h, wind_down_h)
        for work_lux, way_home_lux, (bed_h, wind_down_h) in product(
            (30, 400), (100, 5000), ((22, 1), (24, 3))
        )
    ),
)
"""The central one first, then the corners around it: a dim or a bright workplace, sunglasses or the sun on
the way home, early or late to bed. These are round figures, not quantiles of anything."""

DAY_LUX: Final = 300.0
DARK_LUX: Final = 100.0
"""Light while awake from 07:00 to 19:00, mostly indoors, and in lit rooms after dark."""

DAY_FROM: Final = np.timedelta64(7, "h")
DAY_TO: Final = np.timedelta64(19, "h")
NIGHT_SLEEP: Final = np.timedelta64(8, "h")

DAY_SLEEP: Final = np.timedelta64(6, "h")
"""Longest sleep after a night shift: 5.7 +- 1.3 h between two nights (Ganesan et al. 2019)."""

UP_BEFORE_SHIFT: Final = np.timedelta64(90, "m")


def light(timeline: Timeline, first: Instant, days: int) -> FloatArray:
    """Light at the eye in lux, in each quarter of an hour from `first` on, by scenario.

    She sleeps by habit at night and up to 6 h after each night shift, but neither from 90 min before a
    shift to its end nor while she winds down after it. All other time she is awake.

    Args:
        timeline: at least one shift.
        first: a midnight in UTC, with which the first quarter begins.
        days: how many days of 96 quarters.

    Returns:
        Shape (scenarios, quarters), in the order of `SCENARIOS`.
    """
    span = _Span(first, days * int(ONE_DAY // QUARTER))
    dates = first + np.arange(-2, days + 2) * ONE_DAY
    zones = timeline.zones_at(dates + HALF_A_DAY)
    night_ends = timeline.end[timeline.is_night]
    by_day = span.within(to_utc(dates + DAY_FROM, zones), to_utc(dates + DAY_TO, zones))
    on_night_shift = span.within(timeline.start[timeline.is_night], night_ends)
    at_work = on_night_shift | (span.within(timeline.start, timeline.end) & ~by_day)
    lux = np.empty((len(SCENARIOS), span.quarters))
    for row, scenario in enumerate(SCENARIOS):
        wind_down, bed = _hours(scenario.wind_down_h), _hours(scenario.bed_h)
        habit = span.within(to_utc(dates + bed, zones), to_utc(dates + bed + NIGHT_SLEEP, zones))
        after_night = span.within(night_ends + wind_down, night_ends + wind_down + DAY_SLEEP)
        busy = span.within(timeline.start - UP_BEFORE_SHIFT, timeline.end + wind_down)
        way_home = span.within(night_ends, night_ends + wind_down) & by_day
        lux[row] = np.select(
            [(habit | after_night) & ~busy, at_work, way_home, by_day],
            [0, scenario.work_lux, scenario.way_home_lux, DAY_LUX],
            DARK_LUX,
        )
    return lux


@dataclass(frozen=True)
class _Span:
    """Quarters of an hour from `first` on."""

    first: Instant
    quarters: int

    def within(self, starts: Times, ends: Times) -> Flags:
        """Which quarters begin in one of the intervals, whose edges are taken at the quarter they lie in."""
        inside = self._counts(starts) - self._counts(ends)
        return np.cumsum(inside)[: self.quarters] > 0

    def _counts(self, edges: Times) -> npt.NDArray[np.int64]:
        quarter = np.clip((edges - self.first) // QUARTER, 0, self.quarters)
        return np.bincount(quarter, minlength=self.quarters + 1)


def _hours(hours: float) -> np.timedelta64:
    return np.timedelta64(round(hours * 60), "m")
