"""Repairs distance, speed and cadence, whose meaning differs from exporter to exporter.

Belongs here: resets, units, legs, and positions where distance is missing. Does not: pace, climb or
any other metric (`gold/metrics/`).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

EARTH_RADIUS_M: Final = 6_371_008.8  # mean radius, IUGG
RESET_SHARE: Final = 0.1  # a fall below this share of the distance so far is a reset, not jitter
KM_PER_H: Final = 3.6  # km/h in one m/s
UNIT_TOLERANCE: Final = 0.25  # how far the mean written speed may be from the slope of distance
LEAST_DISTANCE_FOR_UNIT_M: Final = 50.0
LONGEST_STEP_S: Final = 10.0
SINGLE_LEG_BELOW_SPM: Final = 120.0  # nobody runs at fewer steps; one leg makes at most 115
FASTEST_RUN_M_PER_S: Final = 7.5
FASTEST_CHANGE_M_PER_S2: Final = 5.0

Floats = NDArray[np.float64]
Flags = tuple[str, ...]


def monotonic_distance(
    distance_m: Floats, latitude_deg: Floats, longitude_deg: Floats
) -> tuple[Floats, Flags]:
    """Distance from the start that never decreases, and what was unusual about it.

    A fall back to about zero starts a new stretch on top of the old; a small fall is jitter. Without
    any distance it is summed from positions; without those it stays empty.
    """
    valid = np.flatnonzero(np.isfinite(distance_m))
    if not len(valid):
        return _distance_from_positions(latitude_deg, longitude_deg)
    values = distance_m[valid]
    falls = np.flatnonzero(np.diff(values) < 0)
    resets = falls[values[falls + 1] <= RESET_SHARE * values[falls]]
    offsets = np.zeros(len(values))
    offsets[resets + 1] = values[resets]
    steady = np.maximum.accumulate(values + np.cumsum(offsets))
    result = np.full(len(distance_m), np.nan)
    result[valid] = steady
    flags: Flags = ("distance_reset",) if len(resets) else ()
    return result, (*flags, "distance_jitter") if len(falls) > len(resets) else flags


def _distance_from_positions(latitude_deg: Floats, longitude_deg: Floats) -> tuple[Floats, Flags]:
    result = np.full(len(latitude_deg), np.nan)
    valid = np.flatnonzero(np.isfinite(latitude_deg))
    if not len(valid):
        return result, ("no_distance",)
    steps = haversine_m(latitude_deg[valid], longitude_deg[valid])
    result[valid] = np.concatenate([[0.0], np.cumsum(steps)])
    return result, ("distance_from_positions",)


def haversine_m(latitude_deg: Floats, longitude_deg: Floats) -> Floats:
    """Great-circle lengths in metres between successive positions on the mean sphere."""
    latitude, longitude = np.radians(latitude_deg), np.radians(longitude_deg)
    half_chord = (
        np.sin(np.diff(latitude) / 2) ** 2
        + np.cos(latitude[:-1]) * np.cos(latitude[1:]) * np.sin(np.diff(longitude) / 2) ** 2
    )
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(half_chord, 1.0))))


def metres_per_second(speed: Floats, seconds: Floats, distance_m: Floats) -> tuple[Floats, Flags]:
    """Written speed in m/s: its unit is told by the slope of distance, not by who wrote it.

    Speed whose mean fits neither m/s nor km/h, or that has no distance to compare with, is emptied.
    """
    if not np.isfinite(speed).any():
        return speed, ()
    step_s = np.diff(seconds)
    step_m = np.diff(distance_m)
    usable = np.isfinite(speed[1:]) & np.isfinite(step_m) & (step_s <= LONGEST_STEP_S)
    covered_m = float(np.sum(step_m[usable]))
    if covered_m < LEAST_DISTANCE_FOR_UNIT_M:
        return np.full(len(speed), np.nan), ("speed_unit_unknown",)
    ratio = float(np.sum(speed[1:][usable] * step_s[usable])) / covered_m
    if abs(ratio - 1) <= UNIT_TOLERANCE:
        return speed, ()
    if abs(ratio / KM_PER_H - 1) <= UNIT_TOLERANCE:
        return speed / KM_PER_H, ("speed_in_km_per_h",)
    return np.full(len(speed), np.nan), ("speed_unit_unknown",)


def steps_per_minute(cadence: Floats, is_run: bool) -> tuple[Floats, Flags]:
    """Steps of both legs per minute: the cadence of a run that can only be one leg's is doubled, once."""
    turning = cadence[cadence > 0]
    if is_run and len(turning) and float(np.median(turning)) < SINGLE_LEG_BELOW_SPM:
        return cadence * 2, ("cadence_doubled",)
    return cadence, ()


def implausible_speed(seconds: Floats, distance_m: Floats) -> Flags:
    """Flags a run whose distance moves faster, or changes pace faster, than a runner can."""
    valid = np.flatnonzero(np.isfinite(distance_m))
    step_s = np.diff(seconds[valid])
    speed = np.diff(distance_m[valid]) / step_s
    change = np.abs(np.diff(speed)) / step_s[1:]
    flags: Flags = ("speed_above_7.5_m_per_s",) if np.any(speed > FASTEST_RUN_M_PER_S) else ()
    return (*flags, "acceleration_above_5_m_per_s2") if np.any(change > FASTEST_CHANGE_M_PER_S2) else flags
