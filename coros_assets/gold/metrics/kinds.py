"""The kinds of metrics that the registry holds.

Belongs here: what a metric has besides its function. Does not: any metric (`registry.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from coros_assets.athlete import Athlete
from coros_assets.contract import Column
from coros_assets.gold.metrics.arrays import FloatArray
from coros_assets.gold.metrics.critical_speed import Efforts
from coros_assets.gold.metrics.track import Track


@dataclass(frozen=True)
class TrackMetric:
    """A figure of an activity that its points alone make, for the named sports."""

    column: Column
    sports: tuple[str, ...]
    function: Callable[[Track], float | None]

    def value(self, track: Track, _athlete: Athlete) -> float | None:
        """The figure of one activity of one of the sports."""
        return self.function(track)


@dataclass(frozen=True)
class AthleteMetric:
    """A figure of an activity that also takes the runner's own numbers, for the named sports."""

    column: Column
    sports: tuple[str, ...]
    function: Callable[[Track, Athlete], float | None]

    def value(self, track: Track, athlete: Athlete) -> float | None:
        """The figure of one activity of one of the sports."""
        return self.function(track, athlete)


@dataclass(frozen=True)
class LoadMetric:
    """A figure of each day, made of the loads of the days up to it; NaN where there is none."""

    column: Column
    function: Callable[[FloatArray], FloatArray]


@dataclass(frozen=True)
class EffortMetric:
    """Figures of each day that one function makes of the best efforts of the season up to it."""

    columns: tuple[Column, ...]
    function: Callable[[Efforts, int], tuple[FloatArray, ...]]


ActivityMetric: TypeAlias = TrackMetric | AthleteMetric
