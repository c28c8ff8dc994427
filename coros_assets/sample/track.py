"""From a simulated run to what its watch recorded, second by second, as numpy columns.

Belongs here: speed, hills, heart rate, cadence, positions, pauses and laps of one run.
Does not: which runs there are and how efficient they were (`runner.py`), or the file's text (`tcx.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from coros_assets.sample.habits import Kind, Place
from coros_assets.sample.runner import Run

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

EARTH_RADIUS_M: Final = 6_371_008.8
"""Mean radius, IUGG."""

LAP_M: Final = 1000
"""Distance of an automatic lap."""

_CLIMB_COST: Final = 2.9
_SQUARE_COST: Final = 15.0
"""Cost of running at grade i over the flat: 1 + 2.9 i + 15 i², near the published grade-adjusted pace
(Robb 2017) while |i| <= 3 %, which these hills keep to."""

_HILL_M: Final = 2600.0
"""About how far apart the tops of the hills are."""

_LEAD_IN_S: Final = {"distance_m": 3, "altitude_m": 6, "cadence_per_leg": 8}
"""Seconds until the watch first writes a field; the starting point holds a distance of 0 and nothing else."""

_SHAPE: Final = {
    Kind.EASY: ((0.0, 0.2, 1.0), (0.94, 1.0, 1.0)),
    Kind.LONG: ((0.0, 0.1, 0.8, 1.0), (0.94, 1.0, 1.0, 0.97)),
    Kind.TEMPO: ((0.0, 0.22, 0.25, 0.75, 0.78, 1.0), (0.87, 0.89, 1.08, 1.10, 0.88, 0.86)),
    Kind.RACE: ((0.0, 0.1, 0.9, 1.0), (1.03, 1.0, 0.99, 1.03)),
}
"""Relative effort at shares of the run's time: warm-up, blocks, cool-down, finish."""

_TREADMILL_VARIATION: Final = 0.2
"""How much a treadmill's speed varies, as a share of the road's."""

_HEART_RATE_PER_EFFORT: Final = 0.6
_HEART_RATE_LAG_S: Final = 35.0
_DRIFT_PER_H: Final = (0.03, 0.01)
"""Rise of heart rate at equal effort, mean and standard deviation between runs."""

_START_DEFICIT: Final = (0.30, 70.0)
_PAUSE_DEFICIT: Final = (0.25, 45.0)
"""How far heart rate is down at a start or after a pause, as a share, and its time constant in seconds."""

_HEART_RATE_LIMITS_BPM: Final = (60, 187)
_CADENCE: Final = 78.0
_CADENCE_PER_SPEED: Final = 4.5
"""Steps of one leg per minute at 3 m/s, and how many more for each m/s."""

_POSITION_NOISE_M: Final = 2.5
_POSITION_NOISE_TAU_S: Final = 15.0
_SPEED_WINDOW_S: Final = 3


@dataclass(frozen=True)
class Points:
    """A recorded run, one row a second while the timer runs; NaN where the watch writes nothing.

    `time` is UTC in whole seconds, `timer_s` the running seconds, `distance_m` cumulative whole metres,
    `cadence_per_leg` steps of one leg per minute. `lap_bounds` holds the row of each lap's first point and,
    at its end, the last row: laps share the row between them.
    """

    time: NDArray[np.datetime64]
    timer_s: IntArray
    latitude_deg: FloatArray
    longitude_deg: FloatArray
    altitude_m: FloatArray
    distance_m: FloatArray
    heart_rate_bpm: FloatArray
    cadence_per_leg: FloatArray
    speed_km_per_h: FloatArray
    lap_bounds: IntArray


def cost_of_grade(grade: FloatArray) -> FloatArray:
    """Flat metres that a metre at `grade` (rise over run) is worth."""
    return 1.0 + _CLIMB_COST * grade + _SQUARE_COST * grade**2


def record(run: Run) -> Points:
    """The points of a run; equal runs give equal points.

    Speed is set so that 60·Σ(grade-adjusted speed·Δt)/Σ(heart rate·Δt) over the written points is
    `run.efficiency_m_per_beat` within 0.3 % on the flat, and within 0.5 % over hills under `cost_of_grade`.
    """
    rng = np.random.default_rng(run.seed)
    seconds = np.arange(run.plan.timer_time_s + 1)
    effort = _effort(run, rng)
    heart_rate = _heart_rate(run, effort, rng)
    flat_speed = effort * (run.efficiency_m_per_beat * heart_rate[1:].mean() / 60.0 / effort.mean())
    distance, altitude = _climb(run, flat_speed, rng)
    steps = np.diff(distance)
    speed = np.concatenate((steps[:1], _trailing_mean(steps, _SPEED_WINDOW_S)))
    latitude, longitude = _position(run.plan.place, distance, rng)
    cadence = _CADENCE + _CADENCE_PER_SPEED * (speed - 3.0) + 0.8 * _noise(rng, len(seconds), 4.0)
    whole_m = np.floor(distance)
    return Points(
        time=_times(run, seconds),
        timer_s=seconds,
        latitude_deg=latitude,
        longitude_deg=longitude,
        altitude_m=_written_from(altitude, _LEAD_IN_S["altitude_m"]),
        distance_m=_written_from(whole_m, _LEAD_IN_S["distance_m"], first=0.0),
        heart_rate_bpm=_written_from(heart_rate, 1),
        cadence_per_leg=_written_from(np.rint(cadence), _LEAD_IN_S["cadence_per_leg"]),
        speed_km_per_h=_written_from(np.round(speed * 3.6, 2), _LEAD_IN_S["distance_m"]),
        lap_bounds=_lap_bounds(whole_m),
    )


def _effort(run: Run, rng: np.random.Generator) -> FloatArray:
    """Relative grade-adjusted speed in each running second."""
    shares, levels = _SHAPE[run.plan.kind]
    count = run.plan.timer_time_s
    variation = 1.0 if run.plan.place else _TREADMILL_VARIATION
    noise = 0.02 * _noise(rng, count, 120.0) + 0.025 * _noise(rng, count, 8.0)
    return np.asarray(np.interp(np.linspace(0, 1, count), shares, levels) * np.exp(variation * noise))


def _heart_rate(run: Run, effort: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Whole beats per minute at each point: follows effort with a lag, drifts up, starts low."""
    seconds = np.arange(run.plan.timer_time_s + 1.0)
    decay = np.exp(-1.0 / _HEART_RATE_LAG_S)
    relative = effort / effort.mean() - 1.0
    lagged = np.concatenate(([0.0], lfilter([1.0 - decay], [1.0, -decay], relative)))
    drift = rng.normal(*_DRIFT_PER_H) * seconds / 3600.0
    depth, tau_s = _START_DEFICIT
    deficit = depth * np.exp(-seconds / tau_s)
    depth, tau_s = _PAUSE_DEFICIT
    for at, length_s in run.plan.pauses:
        recovered = depth * (1.0 - np.exp(-length_s / tau_s))
        deficit[at + 1 :] += recovered * np.exp(-(seconds[at + 1 :] - at - 1) / tau_s)
    shape = 1.0 + _HEART_RATE_PER_EFFORT * lagged + drift - deficit
    bpm = run.heart_rate_bpm * (shape - shape.mean() + 1.0) + _noise(rng, len(seconds), 20.0)
    return np.asarray(np.clip(np.rint(bpm), *_HEART_RATE_LIMITS_BPM), dtype=np.float64)


def _climb(run: Run, flat_speed: FloatArray, rng: np.random.Generator) -> tuple[FloatArray, FloatArray]:
    """Distance and altitude at each point: even effort makes the ground speed fall where it climbs.

    Rolling hills repeat with the loop; their height follows from the climb per kilometre. Ground speed
    depends on grade and grade on distance: a fixed point, reached in three rounds at these grades.
    """
    distance = np.concatenate(([0.0], np.cumsum(flat_speed)))
    if run.plan.place is None:
        return distance, np.full(len(distance), np.nan)
    hills = round(run.plan.place.loop_m / _HILL_M)
    wave = 2 * np.pi * hills / run.plan.place.loop_m
    phase, base_m = rng.uniform(0, 2 * np.pi), rng.uniform(160.0, 180.0)
    amplitude_m = run.plan.climb_m_per_km / 1000.0 * run.plan.place.loop_m / hills / 2.0
    for _ in range(3):
        grade = amplitude_m * wave * np.cos(wave * distance[:-1] + phase)
        distance[1:] = np.cumsum(flat_speed / cost_of_grade(grade))
    return distance, np.rint(base_m + amplitude_m * np.sin(wave * distance + phase))


def _position(
    place: Place | None, distance: FloatArray, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Latitude and longitude along a closed loop with smooth noise; the first point has none.

    The heading turns once per loop and weaves three times, which closes the loop and keeps its length.
    """
    absent = np.full(len(distance), np.nan)
    if place is None:
        return absent, absent
    turn = 2 * np.pi * distance / place.loop_m
    heading = turn + 0.6 * np.sin(3 * turn) + rng.uniform(0, 2 * np.pi)
    steps = np.diff(distance, prepend=0.0)
    decay = np.exp(-1.0 / _POSITION_NOISE_TAU_S)
    degrees = []
    for direction in (np.cos(heading), np.sin(heading)):
        rough = _noise(rng, len(distance), _POSITION_NOISE_TAU_S)
        # Filtering first-order noise once more leaves a standard deviation of sqrt(1 + decay²) / (1 + decay).
        smooth = lfilter([1.0 - decay], [1.0, -decay], rough) * (1 + decay) / np.sqrt(1 + decay**2)
        metres = np.cumsum(direction * steps) + _POSITION_NOISE_M * smooth
        degrees.append(np.degrees(metres / EARTH_RADIUS_M))
    latitude = place.latitude_deg + degrees[0]
    longitude = place.longitude_deg + degrees[1] / np.cos(np.radians(place.latitude_deg))
    return _written_from(latitude, 1), _written_from(longitude, 1)


def _times(run: Run, seconds: IntArray) -> NDArray[np.datetime64]:
    elapsed = seconds.copy()
    for at, length_s in run.plan.pauses:
        elapsed[at + 1 :] += length_s
    return np.datetime64(int(run.start.timestamp()), "s") + elapsed.astype("timedelta64[s]")


def _lap_bounds(whole_m: FloatArray) -> IntArray:
    """Rows at which laps meet: the first to reach each kilometre, unless the run ends there."""
    inner = np.searchsorted(whole_m, np.arange(LAP_M, whole_m[-1], LAP_M))
    last = len(whole_m) - 1
    return np.concatenate(([0], inner[inner < last], [last])).astype(np.int64)


def _noise(rng: np.random.Generator, count: int, tau_s: float) -> FloatArray:
    """Stationary first-order noise of unit variance with a time constant."""
    decay = np.exp(-1.0 / tau_s)
    shocks = rng.normal(size=count)
    shocks[1:] *= np.sqrt(1.0 - decay**2)
    return np.asarray(lfilter([1.0], [1.0, -decay], shocks), dtype=np.float64)


def _trailing_mean(values: FloatArray, window: int) -> FloatArray:
    total = np.cumsum(np.concatenate((np.full(window, values[0]), values)))
    return np.asarray((total[window:] - total[:-window]) / window, dtype=np.float64)


def _written_from(values: FloatArray, row: int, first: float = np.nan) -> FloatArray:
    """`values` from `row` on; nothing before, but `first` in the first row."""
    written = values.astype(np.float64)
    written[:row] = np.nan
    written[0] = first
    return written
