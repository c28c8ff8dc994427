"""Ten years of runs labelled against ten years of shifts.

Belongs here: labels, body clock and digests beside plain ways to the same. Does not: gold (`history.py`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from benchmarks.measure import cpu_medians, show
from coros_assets.home_timezone import HomeTimezone
from coros_assets.roster.circadian import BURN_IN, advanced, drive, hours_from_minimum
from coros_assets.roster.codes import Codes
from coros_assets.roster.labels import label_activities, shift_neighbourhood_digests
from coros_assets.roster.light import light
from coros_assets.roster.read import read_roster
from coros_assets.roster.timeline import Timeline
from coros_assets.roster.zones import times

DAYS: Final = 3653
RUNS: Final = 2500
REPEATS: Final = 3
ZONE: Final = "Europe/Vienna"
_FIRST: Final = date(2015, 1, 1)
_HOURS: Final = {"D": ("07:00", "19:00", 0), "N": ("19:00", "07:00", 1)}
_HOUR: Final = timedelta(hours=1)


def labels() -> None:
    """Prints CPU seconds for ten years and their ratio to a plain way."""
    shifts, runs = _shifts(), _runs()
    timeline, start = Timeline.of(shifts), times(runs["start_time"])
    modelled = start[start > timeline.start[0] + BURN_IN]
    ours: dict[str, Callable[[], Any]] = {
        "all": lambda: label_activities(runs, shifts),
        "clock": lambda: hours_from_minimum(timeline, modelled),
        "digests": lambda: shift_neighbourhood_digests(runs["activity_date"].to_pylist(), shifts),
    }
    peers: dict[str, Callable[[], Any]] = {
        "loop": lambda: _bisected(runs, shifts),
        "trajectory": lambda: _trajectory(timeline),
    }
    took, plain = cpu_medians(ours), cpu_medians(peers, REPEATS)
    by_hand = plain["loop"] + plain["trajectory"]
    show(
        f"{RUNS:,} runs against {shifts.num_rows:,} shifts of ten years (CPU seconds, medians)",
        ["what", "ours", "plain", "ours ÷ plain"],
        [
            [
                "all columns; plain: five by bisect, and the trajectory",
                took["all"],
                by_hand,
                took["all"] / by_hand,
            ],
            ["  five columns by bisect, run by run", "", plain["loop"], ""],
            [
                "  body clock; plain: one trajectory through all years",
                took["clock"],
                plain["trajectory"],
                took["clock"] / plain["trajectory"],
            ],
            ["digests of the dates", took["digests"], "", ""],
        ],
    )


def _shifts() -> pa.Table:
    rows = ["start,end"]
    for number, letter in zip(range(DAYS), "DDNNOOOO" * DAYS, strict=False):
        if letter in _HOURS:
            begin, end, later = _HOURS[letter]
            day = _FIRST + timedelta(days=number)
            rows.append(f"{day} {begin},{day + timedelta(days=later)} {end}")
    return read_roster("roster.csv", "\n".join(rows).encode(), HomeTimezone.parse(ZONE), Codes("", ()))


def _runs() -> pa.Table:
    """Evenly over the years, so at all hours and in all places of the cycle; an hour each."""
    begin = datetime(_FIRST.year, _FIRST.month, _FIRST.day, 6, tzinfo=ZoneInfo("UTC"))
    starts = [begin + number * timedelta(days=DAYS - 2) / RUNS for number in range(RUNS)]
    return pa.table(
        {
            "start_time": pa.array(starts, pa.timestamp("us", tz="UTC")),
            "end_time": pa.array([start + _HOUR for start in starts], pa.timestamp("us", tz="UTC")),
            "activity_date": pa.array([start.astimezone(ZoneInfo(ZONE)).date() for start in starts]),
        }
    )


def _bisected(runs: pa.Table, shifts: pa.Table) -> list[tuple[Any, ...]]:
    """Period of the shift in progress, hours since and until, hours since a night, nights in seven days."""
    starts, ends = shifts["start_time"].to_pylist(), shifts["end_time"].to_pylist()
    kinds = shifts["kind"].to_pylist()
    nights = [end for end, kind in zip(ends, kinds, strict=True) if kind == "night"]
    found = []
    for start, end in zip(runs["start_time"].to_pylist(), runs["end_time"].to_pylist(), strict=True):
        ended, begun, night = bisect_right(ends, start), bisect_left(starts, end), bisect_right(nights, start)
        found.append(
            (
                kinds[ended] if begun > ended else "off",
                (start - ends[ended - 1]) / _HOUR if ended else None,
                (starts[begun] - end) / _HOUR if begun < len(starts) else None,
                (start - nights[night - 1]) / _HOUR if night else None,
                night - bisect_right(nights, start - timedelta(days=7)),
            )
        )
    return found


def _trajectory(timeline: Timeline) -> Any:
    """The same model in the same scenarios, once through all the years; nothing can be left out or added."""
    hourly = drive(
        light(timeline, timeline.start[0].astype("datetime64[D]").astype("datetime64[us]"), DAYS)
    ).T
    state = np.full((1, 1), -1.0), np.zeros((1, 1))
    return advanced(*state, hourly.copy(), np.zeros(1, dtype=np.int64), len(hourly))
