"""Which function makes which column of `gold.fact_activity`.

Belongs here: one line a metric. Does not: formulas (the other modules) or the columns' words (`tables.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from coros_assets.athlete import Athlete
from coros_assets.gold.metrics import efficiency, elevation, heart_rate, load, pace
from coros_assets.gold.metrics.track import Track

RUNNING: Final = "running"

ANY_SPORT: Final[dict[str, Callable[[Track], float | None]]] = {
    "distance_m": pace.distance,
    "moving_time_s": pace.moving_time,
    "elevation_gain_m": elevation.elevation_gain,
    "average_heart_rate_bpm": heart_rate.average_heart_rate,
    "max_heart_rate_bpm": heart_rate.max_heart_rate,
    "average_cadence_spm": pace.average_cadence,
    "average_power_w": pace.average_power,
}

ANY_SPORT_OF_ATHLETE: Final[dict[str, Callable[[Track, Athlete], float | None]]] = {
    "heart_rate_reserve_pct": heart_rate.heart_rate_reserve,
    "trimp": load.trimp,
    "hrss": load.hrss,
}

RUNS_ONLY: Final[dict[str, Callable[[Track], float | None]]] = {
    "average_pace_s_per_km": pace.average_pace,
    "grade_adjusted_pace_s_per_km": pace.grade_adjusted_pace,
    "grade_adjusted_pace_minetti_s_per_km": pace.grade_adjusted_pace_minetti,
    "efficiency_factor_m_per_beat": efficiency.efficiency_factor,
    "aerobic_decoupling_pct": efficiency.decoupling,
}

RUNS_ONLY_OF_ATHLETE: Final[dict[str, Callable[[Track, Athlete], float | None]]] = {"rss": load.rss}


def activity_metrics(track: Track, athlete: Athlete, sport: str) -> dict[str, float | None]:
    """Every registered column of one activity; the metrics of runs are None for other sports."""
    values = {name: metric(track) for name, metric in ANY_SPORT.items()}
    values |= {name: metric(track, athlete) for name, metric in ANY_SPORT_OF_ATHLETE.items()}
    if sport != RUNNING:
        return values | dict.fromkeys([*RUNS_ONLY, *RUNS_ONLY_OF_ATHLETE])
    values |= {name: metric(track) for name, metric in RUNS_ONLY.items()}
    return values | {name: metric(track, athlete) for name, metric in RUNS_ONLY_OF_ATHLETE.items()}
