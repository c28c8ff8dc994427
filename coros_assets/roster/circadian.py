"""How far a run is from the body clock's temperature minimum, as light and sleep predict it.

Belongs here: the model of the human circadian pacemaker, and its phase at given instants.
Does not: what light a roster means (`light.py`), or the columns that show the phase (`labels.py`).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from coros_assets.roster.light import QUARTER, FloatArray, light
from coros_assets.roster.timeline import Timeline
from coros_assets.roster.zones import ONE_DAY, Times, midnight, to_local

BURN_IN: Final = np.timedelta64(14, "D")
"""How long before a run the model starts, in the phase of who lives by day. On rotating rosters the phase is
then within 0.1 h of one begun 25 days before. On nearly permanent nights it is not: bright scenarios have two
solutions there, and where the model began decides between them."""

_PHOTORECEPTION: Final = np.timedelta64(2, "D")
"""Light counted before the burn-in: in the dark, photoreceptors recover with a time constant of 2.2 h."""

_HOUR: Final = np.timedelta64(1, "h")
_QUARTERS_A_DAY: Final = int(ONE_DAY // QUARTER)
_QUARTERS_AN_HOUR: Final = int(_HOUR // QUARTER)
_QUARTER_H: Final = 0.25

# Forger, Jewett and Kronauer (1999), J Biol Rhythms 14:533, with the values of the package circadian 1.0.3.
_ACTIVATION_PER_H: Final = 60 * 0.05
_RECOVERY_PER_H: Final = 60 * 0.0075
_REFERENCE_LUX: Final = 9500.0
_PUSH: Final = 33.75 * 0.05
_PERIOD_H: Final = 24.2
_STIFFNESS: Final = 0.23
_PULL_ON_PERIOD: Final = 0.55
_RESTORING: Final = (24 / (0.99669 * _PERIOD_H)) ** 2
_STEP: Final = np.pi / 12
"""One hour in the oscillator's own time."""

_HALF_A_DAY_H: Final = 12.0

_HABITUAL_MINIMUM_H: Final = 4.0
"""Clock time of the minimum of who lives by day; the burn-in starts there."""


def hours_from_minimum(timeline: Timeline, start: Times) -> FloatArray:
    """Hours from the temperature minimum to each start, -12 to 12, in each scenario of `light.SCENARIOS`.

    Temperature is at its minimum where x of the model is. The minimum meant is the one that would come
    next if the runner stayed in the dark from the start on, wrapped by 24 h: what she sees later cannot
    matter. A start is taken at the full hour before it for the light until then.

    Each start is integrated by itself, from 14 days before it, all of them side by side.

    Args:
        timeline: at least one shift.
        start: instants in UTC, at least one.

    Returns:
        Shape (scenarios, starts).
    """
    first = midnight(start).min() - BURN_IN - _PHOTORECEPTION
    days = int((start.max() - first) // ONE_DAY) + 1
    hourly = drive(light(timeline, first, days)).T.copy()
    hours = int(BURN_IN // _HOUR)
    begin = (start - first) // _HOUR - hours
    x, xc = advanced(*_habitual(timeline, first + begin * _HOUR), hourly, begin, hours)
    past_the_hour = (start - first) % _HOUR / _HOUR
    return wrapped(past_the_hour[:, np.newaxis] - hours_to_minimum(x, xc)).T


def drive(lux: FloatArray) -> FloatArray:
    """The drive of the oscillator by light (process L), as the mean of each hour.

    The fraction n of photoreceptors in use follows dn/dt = a (1 - n) - b n, solved exactly for light that
    is constant over a quarter; the drive is G a (1 - n). Each day is computed by itself, after the day
    before from n = 0, which makes less than 0.01 % of difference a day later.

    Args:
        lux: shape (scenarios, quarters), whole days.

    Returns:
        Shape (scenarios, hours).
    """
    by_day = lux.reshape(len(lux), -1, _QUARTERS_A_DAY)
    used = np.zeros(by_day.shape[:2])
    for _ in range(2):
        used = np.concatenate([np.zeros((len(lux), 1)), used[:, :-1]], axis=1)
        hours = np.zeros((*by_day.shape[:2], _QUARTERS_A_DAY // _QUARTERS_AN_HOUR))
        for quarter in range(_QUARTERS_A_DAY):
            strength = np.sqrt(by_day[:, :, quarter] / _REFERENCE_LUX)
            rate = _ACTIVATION_PER_H * strength + _RECOVERY_PER_H
            steady = _ACTIVATION_PER_H * strength / rate
            left = np.exp(-rate * _QUARTER_H)
            mean = steady + (used - steady) * (1 - left) / (rate * _QUARTER_H)
            hours[:, :, quarter // _QUARTERS_AN_HOUR] += _PUSH * strength * (1 - mean) / _QUARTERS_AN_HOUR
            used = steady + (used - steady) * left
    return hours.reshape(len(lux), -1)


def advanced(
    x: FloatArray, xc: FloatArray, hourly: FloatArray, begin: npt.NDArray[np.int64], hours: int
) -> tuple[FloatArray, FloatArray]:
    """The oscillator's state after so many hours of drive.

    Runge-Kutta of fourth order with the mean drive of each hour: within 0.05 h of steps of 0.01 h.

    Args:
        x: shape (starts, scenarios) or (starts, 1).
        xc: as `x`.
        hourly: drive, shape (all hours, scenarios).
        begin: for each start, its first hour in `hourly`.
        hours: how many.

    Returns:
        x and xc, each of shape (starts, scenarios).
    """
    for hour in range(hours):
        x, xc = _one_hour(x, xc, hourly[begin + hour])
    return x, xc


def hours_to_minimum(x: FloatArray, xc: FloatArray) -> FloatArray:
    """Hours until x is next at its minimum in the dark: there its derivative, xc, rises through zero."""
    hours = np.full(x.shape, np.nan)
    for step in range(26):
        later_x, later_xc = _one_hour(x, xc, np.zeros(1))
        rises = np.isnan(hours) & (xc < 0) & (later_xc >= 0)
        hours = np.where(rises, step + xc / (xc - later_xc), hours)
        x, xc = later_x, later_xc
    return hours


def wrapped(hours: FloatArray) -> FloatArray:
    """The same time of day between -12 and 12."""
    return (hours + _HALF_A_DAY_H) % (2 * _HALF_A_DAY_H) - _HALF_A_DAY_H


def _habitual(timeline: Timeline, instants: Times) -> tuple[FloatArray, FloatArray]:
    """x and xc of who lives by day at these instants, by the roster's clock; shape (instants, 1)."""
    wall = to_local(instants, timeline.zones_at(instants))
    clock_h = (wall - midnight(wall)) / _HOUR
    angle = _STEP * (clock_h - _HABITUAL_MINIMUM_H)[:, np.newaxis]
    return -np.cos(angle), np.sin(angle)


def _one_hour(x: FloatArray, xc: FloatArray, drive: FloatArray) -> tuple[FloatArray, FloatArray]:
    a1, b1 = _rates(x, xc, drive)
    a2, b2 = _rates(x + _STEP / 2 * a1, xc + _STEP / 2 * b1, drive)
    a3, b3 = _rates(x + _STEP / 2 * a2, xc + _STEP / 2 * b2, drive)
    a4, b4 = _rates(x + _STEP * a3, xc + _STEP * b3, drive)
    return x + _STEP / 6 * (a1 + 2 * (a2 + a3) + a4), xc + _STEP / 6 * (b1 + 2 * (b2 + b3) + b4)


def _rates(x: FloatArray, xc: FloatArray, drive: FloatArray) -> tuple[FloatArray, FloatArray]:
    push = drive * (1 - 0.4 * x) * (1 - 0.4 * xc)
    restoring = _RESTORING + _PULL_ON_PERIOD * push
    return xc + push, _STIFFNESS * (xc - 4 / 3 * xc * xc * xc) - x * restoring
