"""A shift worker's runs with known effects planted, as rows of `gold.analysis_run`, for proofs.

Belongs here: numpy alone, many times faster than files. Does not: activity files (`coros_assets/sample/`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa

CYCLE_D: Final = 14
NIGHT_DAYS: Final = (7, 8)
"""Days of the 14-day roster whose night shift begins at 19:00 and ends at 07:00."""

NIGHT_START_H, NIGHT_LENGTH_H, RUN_LENGTH_H = 19, 12, 0.75
DAYS_PER_YEAR: Final = 365.25
DAY_ZERO: Final = (date(2024, 1, 1) - date(1970, 1, 1)).days
LOAD: Final = 55.0
LOAD_SD: Final = 40.0
"""Usual load of a run, and the load per day that the planted effects of load refer to."""


@dataclass(frozen=True)
class Planted:
    """Effects on log efficiency; the defaults plant nothing but a trend, a season and noise.

    `freshness` is how much lasting form raises the chance and size of a run: by 20 points and 28 % for one
    standard deviation at 1. `disappointment` is the same for what the last run showed beside lasting form.
    `wander` is the daily step of a random walk of fitness, `bend_per_year` what its change per year gains
    on day `bend_day`. Each block of nights lies up to `roster_luck` days off the 14-day roster.
    """

    days: int = 365
    night: float = 0.0
    nights_from_day: int = 0
    change_per_year: float = 0.03
    season: float = 0.012
    load_before: tuple[float, float, float] = (0.0, 0.0, 0.0)
    freshness: float = 0.0
    disappointment: float = 0.0
    wander: float = 0.0
    bend_per_year: float = 0.0
    bend_day: int = 365
    roster_luck: int = 0
    form_sd: float = 0.015
    form_per_day: float = 0.7
    noise_sd: float = 0.02
    run_share: float = 0.55


def simulate(planted: Planted, seed: int) -> pa.Table:
    """The runs of `planted.days` days, in order."""
    rng = np.random.default_rng(seed)
    day = np.arange(planted.days)
    form = _form(planted, rng)
    noise = rng.normal(0, planted.noise_sd, planted.days)
    log_distance, load = _training(planted, form, noise, rng)
    ran = np.flatnonzero(load)
    hour = _hours(ran, rng)
    nights = _nights(planted, seed)
    roster = _roster(ran, hour, nights)
    hills, reserve = rng.gamma(2, 4, ran.size), np.clip(rng.normal(70, 5, ran.size), 50, 90)
    fitness = planted.change_per_year * day / DAYS_PER_YEAR + rng.normal(0, planted.wander, day.size).cumsum()
    fitness += planted.bend_per_year * np.maximum(day - planted.bend_day, 0) / DAYS_PER_YEAR
    season = planted.season * np.cos(2 * np.pi * (day - 15) / DAYS_PER_YEAR)
    angle = 2 * np.pi * hour / 24
    lags, leads = (np.column_stack([_shifted(load, way * k) for k in (1, 2, 3)])[ran] for way in (1, -1))
    log_efficiency = (
        np.log(1.2)
        + (fitness + season + form + noise)[ran]
        + np.log1p(planted.night) * (roster["night_arm"] == "night")
        + np.nan_to_num(lags) @ planted.load_before / LOAD_SD
        - 0.001 * hills
        + 0.003 * (reserve - 70)
        - 0.01 * log_distance[ran]
        + 0.004 * np.cos(angle)
        - 0.006 * np.sin(angle)
    )
    return pa.table(
        {
            "activity_id": [f"{n:06d}" for n in ran],
            "activity_date": pa.array((DAY_ZERO + ran).astype(np.int32)).cast(pa.date32()),
            "day_number": (ran - ran[0]).astype(np.int32),
            "hour_of_day": hour,
            "is_indoor": np.zeros(ran.size, bool),
            **roster,
            "log_efficiency": log_efficiency,
            "heart_rate_reserve_pct": reserve,
            "log_distance": np.log(9000) + log_distance[ran],
            "climb_m_per_km": hills,
            "aerobic_decoupling_pct": rng.normal(3, 2, ran.size),
            "heart_rate_drift_pct_per_h": pa.nulls(ran.size, pa.float64()),
            "resting_heart_rate_bpm": pa.nulls(ran.size, pa.float64()),
            "average_pace_s_per_km": 330 / np.exp(log_efficiency - np.log(1.2)),
            "vdot": 42 * np.exp(log_efficiency - np.log(1.2)) * (0.8 + 0.2 * rng.beta(1, 3, ran.size)),
            **_load_columns(lags, leads),
        }
    )


LAGS: Final = ("load_day_before", "load_2_days_before", "load_3_days_before")
LEADS: Final = ("load_day_after", "load_2_days_after", "load_3_days_after")


def _load_columns(lags: np.ndarray, leads: np.ndarray) -> dict[str, pa.Array]:
    loads = np.column_stack([lags, leads])
    return {name: pa.array(loads[:, k], from_pandas=True) for k, name in enumerate((*LAGS, *LEADS))}


def _form(planted: Planted, rng: np.random.Generator) -> np.ndarray:
    steps = rng.normal(0, planted.form_sd, planted.days)
    steps[1:] *= np.sqrt(1 - planted.form_per_day**2)
    for i in range(1, planted.days):
        steps[i] += planted.form_per_day * steps[i - 1]
    return steps


def _training(
    planted: Planted, form: np.ndarray, noise: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Log distance around the usual, and load of each day (0 without a run)."""
    size, luck = rng.normal(0, 0.35, planted.days), rng.random(planted.days)
    load, last_noise = np.zeros(planted.days), 0.0
    for i in range(planted.days):
        mood = planted.freshness * form[i] / 0.015 + planted.disappointment * last_noise / 0.02
        size[i] += 0.25 * mood
        if luck[i] < planted.run_share + 0.2 * mood:
            load[i] = LOAD * np.exp(size[i])
        last_noise = noise[i] if load[i] else 0.0
    return size, load


def _hours(ran: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Afternoons around nights, else mornings and evenings."""
    around_nights = np.isin(ran % CYCLE_D, [n + 1 for n in NIGHT_DAYS])
    usual = np.where(rng.random(ran.size) < 0.5, 8.0, 18.0)
    return np.clip(np.where(around_nights, 16.0, usual) + rng.normal(0, 1.3, ran.size), 5, 22)


def _nights(planted: Planted, seed: int) -> np.ndarray:
    """Days on whose evening a night shift begins."""
    rng = np.random.default_rng([seed, 1])
    cycles = np.arange(0, planted.days + CYCLE_D, CYCLE_D)
    moved = rng.integers(-planted.roster_luck, planted.roster_luck + 1, cycles.size)
    nights = ((cycles + moved)[:, None] + NIGHT_DAYS).ravel()
    return nights[(nights >= planted.nights_from_day) & (nights < planted.days + CYCLE_D)]


def night_shifts(planted: Planted, seed: int) -> pa.Table:
    """The night shifts of the roster, as in `gold.dim_shift`."""
    start = (DAY_ZERO + _nights(planted, seed)) * 24 + NIGHT_START_H
    kind = ["night"] * len(start)
    return pa.table(
        {"start_time": _instants(start), "end_time": _instants(start + NIGHT_LENGTH_H), "kind": kind}
    )


def _instants(hours: np.ndarray) -> pa.Array:
    return pa.array(np.rint(hours * 3.6e9).astype(np.int64)).cast(pa.timestamp("us", "UTC"))


def _roster(ran: np.ndarray, hour: np.ndarray, nights: np.ndarray) -> dict[str, Any]:
    start = nights * 24 + NIGHT_START_H
    end, block = start + NIGHT_LENGTH_H, start[np.diff(start, prepend=-1000) > 48]
    now = ran * 24 + hour
    since = now - np.concatenate([[-1e6], end])[np.searchsorted(end, now, side="right")]
    last = now - np.concatenate([[-1e6], start])[np.searchsorted(start, now, side="right")]
    until = np.concatenate([start, [1e6]])[np.searchsorted(start, now)] - now - RUN_LENGTH_H
    during = last < NIGHT_LENGTH_H
    arm = np.select([during | (since <= 36), (since >= 72) & (until >= 72)], ["night", "day"], "between")
    return {
        "start_time": _instants(DAY_ZERO * 24 + now),
        "end_time": _instants(DAY_ZERO * 24 + now + RUN_LENGTH_H),
        "night_arm": arm.astype(object),
        "roster_cycle": np.searchsorted(block, now, side="right"),
        "during_night_shift": during,
        "hours_since_night_end": pa.array(since, mask=since > 28 * 24),
    }


def _shifted(load: np.ndarray, by: int) -> np.ndarray:
    shifted = np.full(load.size, np.nan)
    if by > 0:
        shifted[by:] = load[:-by]
    else:
        shifted[:by] = load[-by:]
    return shifted


def replaced(runs: pa.Table, **columns: Any) -> pa.Table:
    """The runs with other values in some columns."""
    for name, values in columns.items():
        column = values if isinstance(values, pa.ChunkedArray) else pa.array(values)
        runs = runs.set_column(runs.column_names.index(name), name, column)
    return runs
