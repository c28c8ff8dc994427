"""Repairs distance, speed and cadence, whose meaning differs from exporter to exporter.

Belongs here: resets, units, legs, and positions where distance is missing. Does not: pace, climb or
any other metric (`gold/metrics/`).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from coros_assets.silver.repair import Flags, Floats, Repaired

EARTH_RADIUS_M: Final = 6_371_008.8  # mean radius, IUGG
RESET_SHARE: Final = 0.1  # a fall below this share of the distance so far is a reset, not jitter
KM_PER_H: Final = 3.6  # km/h in one m/s
UNIT_TOLERANCE: Final = 0.25  # how far the mean written speed may be from the slope of distance
LEAST_DISTANCE_FOR_UNIT_M: Final = 50.0
LONGEST_STEP_S: Final = 10.0
SINGLE_LEG_BELOW_SPM: Final = 120.0  # nobody runs at fewer steps; one leg makes at most 115
FASTEST_RUN_M_PER_S: Final = 7.5
FASTEST_CHANGE_M_PER_S2: Final = 5.0


def monotonic_distance(distance_m: Floats, latitude_deg: Floats, longitude_deg: Floats) -> Repaired:
    """Distance from the start that never decreases.

    A fall back to about zero starts a new stretch on top of the old, unless the next rise from there leads
    back up at once: then only a few values were lost. These, like any small fall, are raised to the
    farthest distance before. Without any distance it is summed from positions; without those it stays
    empty. Single points without a distance stay empty.
    """
    known = np.flatnonzero(np.isfinite(distance_m))
    if not len(known):
        return _distance_from_positions(latitude_deg, longitude_deg)
    written = distance_m[known]
    resets = _resets(written)
    added = np.zeros(len(written))
    starts = np.concatenate([[0], resets])
    added[resets] = np.maximum.reduceat(written, starts)[:-1]
    stacked = written + np.cumsum(added)
    steady = np.maximum.accumulate(stacked)
    raised = int(np.count_nonzero(steady > stacked))
    result = np.full(len(distance_m), np.nan)
    result[known] = steady
    flags: Flags = ("distance_reset",) if len(resets) else ()
    return Repaired(
        result,
        {
            "distance_resets": len(resets),
            "distance_points_raised": raised,
            "distance_points_from_positions": 0,
        },
        (*flags, "distance_jitter") if raised else flags,
    )


def _resets(distance_m: Floats) -> NDArray[np.int64]:
    """Indices of the values at which distance begins anew."""
    before, after = distance_m[:-1], distance_m[1:]
    falls = np.flatnonzero((after < before) & (after <= RESET_SHARE * before))
    rises = np.flatnonzero((after > before) & (before <= RESET_SHARE * after))
    following = np.searchsorted(rises, falls)
    rise = np.append(rises, -1)[following]
    next_fall = np.append(falls[1:], len(distance_m))
    undone = (
        (following < len(rises))
        & (rise < next_fall)
        & (before[rise] <= RESET_SHARE * before[falls])
        & (after[rise] >= before[falls])
    )
    return np.asarray(falls[~undone] + 1)


def _distance_from_positions(latitude_deg: Floats, longitude_deg: Floats) -> Repaired:
    located = np.flatnonzero(np.isfinite(latitude_deg))
    result = np.full(len(latitude_deg), np.nan)
    if len(located):
        steps = haversine_m(latitude_deg[located], longitude_deg[located])
        result[located] = np.concatenate([[0.0], np.cumsum(steps)])
    counts = {"distance_resets": 0, "distance_points_raised": 0}
    return Repaired(
        result,
        counts | {"distance_points_from_positions": len(located)},
        ("distance_from_positions",) if len(located) else ("no_distance",),
    )


def haversine_m(latitude_deg: Floats, longitude_deg: Floats) -> Floats:
    """Great-circle lengths in metres between successive positions on the mean sphere."""
    latitude, longitude = np.radians(latitude_deg), np.radians(longitude_deg)
    half_chord = (
        np.sin(np.diff(latitude) / 2) ** 2
        + np.cos(latitude[:-1]) * np.cos(latitude[1:]) * np.sin(np.diff(longitude) / 2) ** 2
    )
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(half_chord, 1.0))))


def metres_per_second(speed: Floats, seconds: Floats, distance_m: Floats, is_in_m_per_s: bool) -> Repaired:
    """Written speed in m/s: unless the format defines its unit, that is told by the slope of distance.

    Speed whose mean fits neither m/s nor km/h, or that has no distance to compare with, is emptied.
    """
    written = np.isfinite(speed)
    if is_in_m_per_s or not written.any():
        return Repaired(speed, {"speed_points_emptied": 0})
    step_s = np.diff(seconds)
    step_m = np.diff(distance_m)
    usable = written[1:] & np.isfinite(step_m) & (step_s <= LONGEST_STEP_S)
    covered_m = float(np.sum(step_m[usable]))
    if covered_m >= LEAST_DISTANCE_FOR_UNIT_M:
        ratio = float(np.sum(speed[1:][usable] * step_s[usable])) / covered_m
        if abs(ratio - 1) <= UNIT_TOLERANCE:
            return Repaired(speed, {"speed_points_emptied": 0})
        if abs(ratio / KM_PER_H - 1) <= UNIT_TOLERANCE:
            return Repaired(speed / KM_PER_H, {"speed_points_emptied": 0}, ("speed_in_km_per_h",))
    emptied = {"speed_points_emptied": int(np.count_nonzero(written))}
    return Repaired(np.full(len(speed), np.nan), emptied, ("speed_unit_unknown",))


def steps_per_minute(cadence: Floats, is_run: bool) -> Repaired:
    """Steps of both legs per minute: the cadence of a run that can only be one leg's is doubled, once."""
    turning = cadence[cadence > 0]
    if is_run and len(turning) and float(np.median(turning)) < SINGLE_LEG_BELOW_SPM:
        return Repaired(cadence * 2, {"cadence_points_doubled": len(turning)}, ("cadence_doubled",))
    return Repaired(cadence, {"cadence_points_doubled": 0})


def checked_steps(seconds: Floats, distance_m: Floats, is_run: bool) -> Repaired:
    """The distance as it is, with the steps of a run counted that no runner makes: too fast or too sudden.

    Nothing is emptied: the metrics smooth over what a single position did wrong.
    """
    known = np.flatnonzero(np.isfinite(distance_m) & is_run)
    step_s = np.diff(seconds[known])
    speed = np.diff(distance_m[known]) / step_s
    fast = speed > FASTEST_RUN_M_PER_S
    sudden = np.abs(np.diff(speed, prepend=speed[:1])) / step_s > FASTEST_CHANGE_M_PER_S2
    flags: Flags = ("speed_above_7.5_m_per_s",) if fast.any() else ()
    return Repaired(
        distance_m,
        {"implausible_steps": int(np.count_nonzero(fast | sudden))},
        (*flags, "acceleration_above_5_m_per_s2") if sudden.any() else flags,
    )
