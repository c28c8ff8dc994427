"""The simulated nurse's wellness file: what her watch measured while she slept.

Belongs here: when she slept around her shifts, and resting heart rate and rMSSD of those sleeps.
Does not: reading such files (`coros_assets/wellness/`); nothing here acts on her runs (`runner.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Final

import numpy as np

from coros_assets.sample.roster import DAY, NIGHT, OFF, Roster
from coros_assets.sample.runner import RESTING_HEART_RATE_BPM

RAISED_AFTER_NIGHT_BPM: Final = 3.0
"""How much higher her resting heart rate is in the day sleep after a night shift."""

LN_RMSSD: Final = 4.1
LOWERED_AFTER_NIGHT: Final = 0.12
"""ln rMSSD of a night, and how much lower it is in the day sleep after a night shift."""

_HEART_RATE_SD: Final = 1.2
_LN_RMSSD_SD: Final = 0.08
_JITTER_MIN: Final = 10.0
_UNWORN_SHARE: Final = 0.04
"""Nights without the watch; abroad it stays off at night altogether."""

_SLEEP: Final = {
    OFF: (time(22, 50), timedelta(hours=8)),
    DAY: (time(22, 15), timedelta(hours=7, minutes=10)),
}
"""By the shift of the date of waking: from when, and how long."""
_AFTER_NIGHT: Final = (time(8, 20), timedelta(hours=5, minutes=30))
_NAP: Final = (time(17), timedelta(hours=1))
"""Before the first night shift of a block."""


def wellness_csv(roster: Roster, seed: int) -> bytes:
    """A row a morning and a row a nap, for all dates of the roster; equal arguments give equal bytes."""
    rng = np.random.default_rng((seed, 7))
    header = "date,resting_heart_rate_bpm,hrv_rmssd_ms,sleep_start,sleep_end,is_nap"
    return "\n".join([header, *_rows(roster, rng), ""]).encode()


def _rows(roster: Roster, rng: np.random.Generator) -> Iterator[str]:
    for day in range(1, len(roster.codes)):
        date = roster.first + timedelta(days=day)
        before, code = str(roster.codes[day - 1]), str(roster.codes[day])
        from_night = before == NIGHT
        start_at, length = _AFTER_NIGHT if from_night else _SLEEP[DAY if code == DAY else OFF]
        begun = date if from_night else date - timedelta(days=1)
        start = datetime.combine(begun, start_at) + _jitter(rng)
        pulse = RESTING_HEART_RATE_BPM + RAISED_AFTER_NIGHT_BPM * from_night + rng.normal(0, _HEART_RATE_SD)
        rmssd = np.exp(LN_RMSSD - LOWERED_AFTER_NIGHT * from_night + rng.normal(0, _LN_RMSSD_SD))
        woke, unworn = start + length + _jitter(rng), rng.uniform() < _UNWORN_SHARE
        abroad = roster.abroad is not None and roster.abroad[0] <= date <= roster.abroad[1]
        if not unworn and not abroad:
            yield f"{date},{pulse:.0f},{rmssd:.0f},{start:%Y-%m-%d %H:%M},{woke:%Y-%m-%d %H:%M},false"
        if code == NIGHT and not from_night:
            lay = datetime.combine(date, _NAP[0]) + _jitter(rng)
            yield f",,,{lay:%Y-%m-%d %H:%M},{lay + _NAP[1]:%Y-%m-%d %H:%M},true"


def _jitter(rng: np.random.Generator) -> timedelta:
    return timedelta(minutes=round(rng.normal(0, _JITTER_MIN)))
