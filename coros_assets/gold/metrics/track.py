"""The points of one activity as numpy columns, and the series that several metrics share.

Belongs here: time steps, recorded time, path, smoothed speed, what counts as moving, flat metres, minutes,
best efforts; each is made once a track. Does not: any figure of a whole activity (the metric modules), what a
hill is worth (`grade.py`) or which step is a pause (`pauses.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import pyarrow as pa

from coros_assets.gold.metrics.arrays import FloatArray
from coros_assets.gold.metrics.best_effort import BestEffort, StandardDistance, best_efforts
from coros_assets.gold.metrics.grade import gap_factor, grades
from coros_assets.gold.metrics.minutes import Minutes, minutes
from coros_assets.gold.metrics.pauses import pauses

SPEED_WINDOW_S: Final = 5.0
"""Width of the speed window. Watches repeat a distance and then double the step: 180 times in elevate's
sloatsburg run, which loses 209 s of running unsmoothed and 1 s against the watch's own speed with 5 s."""

SLOWEST_MOVING_M_PER_S: Final = 0.5
"""Speed above which a runner moves; this project's definition."""

MICROSECONDS_PER_SECOND: Final = 1e6

RECORDED: Final = ("distance_m", "altitude_m", "heart_rate_bpm", "cadence_spm", "power_w")
"""Columns of `silver.records` that a track holds, besides the time."""


@dataclass(frozen=True, eq=False)
class Track:
    """One activity's n points in order of time; NaN stands for a value that was not recorded.

    Series named "per step" have n - 1 values, one for each interval between two points; a value
    recorded at a point holds until the next point. `timer_time_s` is the time that the watch's timer
    ran, None where the file does not say.
    """

    time_s: FloatArray
    distance_m: FloatArray
    altitude_m: FloatArray
    heart_rate_bpm: FloatArray
    cadence_spm: FloatArray
    power_w: FloatArray
    timer_time_s: float | None = None

    @classmethod
    def from_records(cls, records: pa.Table, timer_time_s: float | None) -> Track:
        """The track of one activity's rows of `silver.records`, in order of time."""
        time = records["time"].cast(pa.int64()).to_numpy()
        return cls(
            time_s=(time - time[:1]) / MICROSECONDS_PER_SECOND,
            **{name: records[name].to_numpy() for name in RECORDED},
            timer_time_s=timer_time_s,
        )

    @cached_property
    def interval_s(self) -> FloatArray:
        """Length of each step, seconds."""
        return np.diff(self.time_s)

    @cached_property
    def recorded_s(self) -> FloatArray:
        """Length of each step in seconds, 0 where the step is a pause."""
        return np.where(pauses(self.interval_s, self.timer_time_s), 0.0, self.interval_s)

    @cached_property
    def recorded_time_s(self) -> float:
        """Time of the activity without pauses, seconds."""
        return float(self.recorded_s.sum())

    @cached_property
    def path_m(self) -> FloatArray | None:
        """Distance at each point, linear in time where a point has none; None with fewer than two."""
        known = ~np.isnan(self.distance_m)
        if np.count_nonzero(known) <= 1:
            return None
        return np.interp(self.time_s, self.time_s[known], self.distance_m[known])

    @cached_property
    def moving_s(self) -> FloatArray | None:
        """Length of each step in seconds, 0 for a pause or below 0.5 m/s; None without a path."""
        return self.moving_steps_s(SPEED_WINDOW_S)

    def moving_steps_s(self, window_s: float) -> FloatArray | None:
        """`moving_s` with speed taken over `window_s` around each step, or over the step if longer."""
        if self.path_m is None:
            return None
        middle = (self.time_s[1:] + self.time_s[:-1]) / 2
        half = np.maximum(self.interval_s, window_s) / 2
        start = np.maximum(middle - half, self.time_s[0])
        end = np.minimum(middle + half, self.time_s[-1])
        covered = np.interp(end, self.time_s, self.path_m) - np.interp(start, self.time_s, self.path_m)
        return np.where(covered > SLOWEST_MOVING_M_PER_S * (end - start), self.recorded_s, 0.0)

    @cached_property
    def grade(self) -> FloatArray | None:
        """Grade of each step, rise over run; None without a path or where `grades` is None."""
        return None if self.path_m is None else grades(self.path_m, self.altitude_m)

    @cached_property
    def flat_m(self) -> FloatArray | None:
        """Flat metres that each step is worth at equal effort; None where `grade` is."""
        if self.path_m is None or self.grade is None:
            return None
        return np.diff(self.path_m) * gap_factor(self.grade)

    @cached_property
    def efforts(self) -> dict[StandardDistance, BestEffort]:
        """The fastest stretch of each standard distance that fits into the run; empty without a path."""
        return {} if self.path_m is None else best_efforts(self.time_s, self.path_m)

    @cached_property
    def minutes(self) -> Minutes | None:
        """The minutes that were run through; None where `flat_m` is."""
        if self.flat_m is None or self.moving_s is None:
            return None
        return minutes(self.time_s, self.moving_s, self.flat_m, self.heart_rate_bpm[:-1])
