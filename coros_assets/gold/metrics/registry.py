"""Every metric, registered once: its column, the sports it is for and the function that makes it.

Belongs here: one entry a metric; the metric columns of `tables.py`, and with them the database's comments,
the Dagster UI and the data dictionary, come from here. Does not: formulas (the other modules) or columns that
are no metrics (`tables.py`).
"""

from __future__ import annotations

from typing import Final

from coros_assets.athlete import Athlete
from coros_assets.contract import Column, Type
from coros_assets.gold.metrics import (
    drift,
    efficiency,
    elevation,
    heart_rate,
    load,
    pace,
    recovery,
    training,
    vdot,
    vo2max,
)
from coros_assets.gold.metrics.arrays import FloatArray
from coros_assets.gold.metrics.critical_speed import Efforts, critical_speed
from coros_assets.gold.metrics.kinds import (
    ActivityMetric,
    AthleteMetric,
    EffortMetric,
    LoadMetric,
    TrackMetric,
)
from coros_assets.gold.metrics.track import Track

RUNNING: Final = "running"
RUNS: Final = (RUNNING,)
ANY_SPORT: Final = (RUNNING, "cycling", "swimming", "walking", "other")


def _column(name: str, description: str, unit: str, precision: int, *, required: bool = False) -> Column:
    return Column(name, Type.FLOAT, description, unit, required=required, precision=precision)


ACTIVITY_METRICS: Final[tuple[ActivityMetric, ...]] = (
    TrackMetric(
        _column("moving_time_s", "Time with smoothed speed above 0.5 m/s", "s", 0),
        ANY_SPORT,
        pace.moving_time,
    ),
    TrackMetric(_column("distance_m", "Distance covered", "m", 0), ANY_SPORT, pace.distance),
    TrackMetric(
        _column("elevation_gain_m", "Climb, counted with 3 m of hysteresis", "m", 0),
        ANY_SPORT,
        elevation.elevation_gain,
    ),
    TrackMetric(
        _column("average_heart_rate_bpm", "Time-weighted average heart rate", "bpm", 0),
        ANY_SPORT,
        heart_rate.average_heart_rate,
    ),
    TrackMetric(
        _column("max_heart_rate_bpm", "Highest heart rate kept", "bpm", 0),
        ANY_SPORT,
        heart_rate.max_heart_rate,
    ),
    TrackMetric(
        _column("average_pace_s_per_km", "Moving time per kilometre; empty under 100 m", "s/km", 0),
        RUNS,
        pace.average_pace,
    ),
    TrackMetric(
        _column(
            "grade_adjusted_pace_s_per_km",
            "Pace on the flat at equal effort, curve fitted to published GAP behaviour",
            "s/km",
            0,
        ),
        RUNS,
        pace.grade_adjusted_pace,
    ),
    TrackMetric(
        _column(
            "grade_adjusted_pace_minetti_s_per_km",
            "Pace on the flat at equal energy cost, Minetti et al. 2002",
            "s/km",
            0,
        ),
        RUNS,
        pace.grade_adjusted_pace_minetti,
    ),
    TrackMetric(
        _column("average_cadence_spm", "Average steps per minute while moving", "1/min", 0),
        ANY_SPORT,
        pace.average_cadence,
    ),
    TrackMetric(
        _column("average_power_w", "Average power while moving", "W", 0), ANY_SPORT, pace.average_power
    ),
    AthleteMetric(
        _column("heart_rate_reserve_pct", "Average heart rate as a share of the reserve", "%", 0),
        ANY_SPORT,
        heart_rate.heart_rate_reserve,
    ),
    TrackMetric(
        _column(
            "efficiency_factor_m_per_beat", "Grade-adjusted metres per heart beat while moving", "m/beat", 3
        ),
        RUNS,
        efficiency.efficiency_factor,
    ),
    TrackMetric(
        _column(
            "aerobic_decoupling_pct",
            "Loss of efficiency from the first to the second half; empty under 50 min",
            "%",
            1,
        ),
        RUNS,
        efficiency.decoupling,
    ),
    TrackMetric(
        _column(
            "heart_rate_drift_pct_per_h",
            "Rise of heart rate at equal flat speed on a steady run of 40 min or more",
            "%/h",
            1,
        ),
        RUNS,
        drift.heart_rate_drift,
    ),
    TrackMetric(
        _column(
            "heart_rate_recovery_60_s_bpm",
            "Fall of heart rate in the minute after the last step; empty where the recording ends earlier",
            "bpm",
            0,
        ),
        RUNS,
        recovery.heart_rate_recovery,
    ),
    AthleteMetric(_column("trimp", "Banister training impulse", "", 0), ANY_SPORT, load.trimp),
    AthleteMetric(
        _column("trimp_edwards", "Minutes in the five heart-rate zones times 1 to 5", "", 0),
        ANY_SPORT,
        load.trimp_edwards,
    ),
    AthleteMetric(
        _column(
            "trimp_lucia",
            "Minutes below, between and above the two thresholds times 1, 2 and 3; the upper one is the "
            "runner's threshold heart rate, the lower one 0.91 of it",
            "",
            0,
        ),
        ANY_SPORT,
        load.trimp_lucia,
    ),
    AthleteMetric(
        _column("hrss", "Load from heart rate: 100 is one hour at threshold", "", 0), ANY_SPORT, load.hrss
    ),
    AthleteMetric(
        _column("rss", "Load from grade-adjusted speed: 100 is one hour at threshold", "", 0), RUNS, load.rss
    ),
    TrackMetric(
        _column(
            "vdot",
            "Daniels-Gilbert index of the best 5 km or longer effort inside; a lower bound unless raced",
            "ml/(kg min)",
            1,
        ),
        RUNS,
        vdot.best_vdot,
    ),
    AthleteMetric(
        _column(
            "vo2max_index",
            "Oxygen cost of the speed at which heart rate would reach its maximum, drawn on from steady "
            "stretches of this run; an index, not a measurement",
            "ml/(kg min)",
            1,
        ),
        RUNS,
        vo2max.vo2max_index,
    ),
)
"""In the order of their columns in `gold.fact_activity`."""

LOAD_METRICS: Final = (
    LoadMetric(
        _column(
            "ctl",
            "Fitness: load averaged exponentially over 42 d, alpha = 1 - exp(-1/42)",
            "",
            1,
            required=True,
        ),
        training.fitness,
    ),
    LoadMetric(
        _column(
            "atl",
            "Fatigue: load averaged exponentially over 7 d, alpha = 1 - exp(-1/7)",
            "",
            1,
            required=True,
        ),
        training.fatigue,
    ),
    LoadMetric(
        _column("tsb", "Form: yesterday's fitness minus yesterday's fatigue", "", 1, required=True),
        training.form,
    ),
    LoadMetric(_column("monotony", "7-day mean load over its standard deviation", "", 2), training.monotony),
    LoadMetric(_column("strain", "7-day load times monotony", "", 0), training.strain),
    LoadMetric(
        _column(
            "acwr_coupled",
            "7-day mean load over 28-day mean load; shown, never used to conclude; empty before day 28",
            "",
            2,
        ),
        training.coupled_ratio,
    ),
    LoadMetric(
        _column(
            "acwr_uncoupled",
            "7-day mean load over that of the 21 days before; shown, never used to conclude; empty before "
            "day 28",
            "",
            2,
        ),
        training.uncoupled_ratio,
    ),
)
"""In the order of their columns in `gold.fact_day`."""


EFFORT_METRIC: Final = EffortMetric(
    (
        _column(
            "critical_speed_m_per_s",
            "Speed that can be held, from best efforts of 2 to 20 min in the 90 days up to the date",
            "m/s",
            2,
        ),
        _column(
            "d_prime_m",
            "Distance that can be run above critical speed; empty where that is a lower bound",
            "m",
            0,
        ),
        Column(
            "critical_speed_is_lower_bound",
            Type.BOOL,
            "True while there are no three near-maximal efforts over three distances that fit a line",
        ),
    ),
    critical_speed,
)
"""The last columns of metrics in `gold.fact_day`."""


def activity_metrics(track: Track, athlete: Athlete, sport: str) -> dict[str, float | None]:
    """Every registered column of one activity; None where the metric is not for its sport."""
    return {
        metric.column.name: metric.value(track, athlete) if sport in metric.sports else None
        for metric in ACTIVITY_METRICS
    }


def load_metrics(daily_load: FloatArray) -> dict[str, FloatArray]:
    """Every registered column of a series of days with their loads, rest days 0."""
    return {metric.column.name: metric.function(daily_load) for metric in LOAD_METRICS}


def effort_metrics(efforts: Efforts, days: int) -> dict[str, FloatArray]:
    """Every registered column that best efforts make, on each of `days` days."""
    names = [column.name for column in EFFORT_METRIC.columns]
    return dict(zip(names, EFFORT_METRIC.function(efforts, days), strict=True))
