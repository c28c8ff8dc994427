"""The simulated runner as files: what she would drop into the landing folder, her roster, her wellness
file, her settings.

Belongs here: names and bytes of a whole history. Does not: what is in them (the modules beside),
or writing them anywhere (`storage/`, the commands).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from coros_assets.sample.roster import HOME_TIMEZONE, roster_ics
from coros_assets.sample.runner import (
    DEFAULT_END,
    DEFAULT_RUNS_PER_YEAR,
    MAX_HEART_RATE_BPM,
    PLANTED,
    RESTING_HEART_RATE_BPM,
    THRESHOLD_HEART_RATE_BPM,
    Planted,
    Run,
    simulate,
)
from coros_assets.sample.tcx import write_tcx
from coros_assets.sample.track import record
from coros_assets.sample.wellness import wellness_csv

SAMPLE_ATHLETE: Final = f"""\
[[athlete]]
valid_from = 2005-01-01
sex = "female"
max_heart_rate_bpm = {MAX_HEART_RATE_BPM}
resting_heart_rate_bpm = {RESTING_HEART_RATE_BPM}
threshold_heart_rate_bpm = {THRESHOLD_HEART_RATE_BPM}
threshold_speed_m_per_s = 3.6
""".encode()
"""The runner's own numbers, as `athlete.toml`."""


def sample_files(
    years: float = 2,
    seed: int = 0,
    end: date = DEFAULT_END,
    runs_per_year: float = DEFAULT_RUNS_PER_YEAR,
    planted: Planted = PLANTED,
) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each activity file, oldest first, one at a time; equal arguments, equal files.

    Names are those that `corosexport` gives on a computer in the home zone.

    Raises:
        CorosError: a history that cannot be simulated, see `simulate`.
    """
    for run in simulate(years, seed, end, runs_per_year, planted).runs:
        yield _name(run), write_tcx(record(run))


def sample_roster(years: float = 2, seed: int = 0, end: date = DEFAULT_END) -> bytes:
    """The roster of the same history, as iCalendar bytes."""
    return roster_ics(simulate(years, seed, end).shifts)


def sample_wellness(years: float = 2, seed: int = 0, end: date = DEFAULT_END) -> bytes:
    """Resting heart rate, rMSSD and sleep of the same history, as CSV bytes."""
    return wellness_csv(simulate(years, seed, end).roster, seed)


def _name(run: Run) -> str:
    """`YYYY-MM-DD_<labelId>.tcx`, the label being 18 digits that grow with time."""
    label = int(run.start.timestamp()) * 10**8 + run.seed[1]
    return f"{run.start.astimezone(ZoneInfo(HOME_TIMEZONE)):%Y-%m-%d}_{label}.tcx"
