"""Metrics against reading and cleaning the same run, and the table of days.

Belongs here: gold's arithmetic, on one core. Does not: how its rows get into PostgreSQL (`history.py`).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Final

import numpy as np
import pyarrow as pa

from benchmarks.files import longest_simulated
from benchmarks.measure import cpu_medians, show
from coros_assets.athlete import Athlete
from coros_assets.formats.read import read_activities
from coros_assets.gold.days import fact_day
from coros_assets.gold.metrics.best_effort import STANDARD_DISTANCES
from coros_assets.gold.metrics.critical_speed import near_maximal
from coros_assets.gold.metrics.heart_rate import zone_times
from coros_assets.gold.metrics.registry import RUNNING, activity_metrics
from coros_assets.gold.metrics.track import Track
from coros_assets.home_timezone import HomeTimezone
from coros_assets.roster.labels import label_dates
from coros_assets.silver.clean import clean
from coros_assets.silver.recordings import recordings
from coros_assets.tables import FACT_ACTIVITY, FACT_BEST_EFFORT, ROSTER_SHIFTS, WELLNESS_DAILY
from coros_assets.wellness.baseline import mornings_of

POINTS: Final = 3600
YEARS: Final = 10
ATHLETE: Final = Athlete(190.0, 50.0, 169.0, 4.0, "male")
FIRST_DAY: Final = date(2015, 1, 1)


def metrics() -> None:
    """Prints the milliseconds of all metrics of a run, their ratios, and the seconds of ten years of days."""
    data, now = longest_simulated(), datetime.now(UTC)
    [raw] = read_activities(data)
    share = POINTS / raw.points.num_rows
    records = recordings(data, now, HomeTimezone.parse("UTC")).records[0][:POINTS]
    times = cpu_medians(
        {
            "metrics": lambda: _all_metrics(records),
            "cleaning": lambda: clean(raw, now),
            "parsing": lambda: read_activities(data),
        }
    )
    parsing, cleaning = share * times["parsing"], share * times["cleaning"]
    show(
        f"All metrics and best efforts of a run of {POINTS:,} points (CPU, medians)",
        ["ms", "÷ cleaning it", "÷ parsing it"],
        [[1000 * times["metrics"], times["metrics"] / cleaning, times["metrics"] / parsing]],
    )
    activities, efforts = _ten_years()
    no_shifts = partial(label_dates, shifts=ROSTER_SHIFTS.empty())
    no_wellness = partial(mornings_of, daily=WELLNESS_DAILY.empty())
    days = cpu_medians({"days": lambda: fact_day(activities, efforts, no_shifts, no_wellness)})
    show(
        f"fact_day of {YEARS} years with a run a day",
        ["rows", "seconds"],
        [[activities.num_rows, days["days"]]],
    )


def _all_metrics(records: pa.Table) -> None:
    track = Track.from_records(records, None)
    activity_metrics(track, ATHLETE, RUNNING)
    near_maximal(track, ATHLETE)
    zone_times(track, ATHLETE)


def _ten_years() -> tuple[pa.Table, pa.Table]:
    """The columns that `fact_day` reads, of a run a day with all best efforts."""
    count = round(365.25 * YEARS)
    rng = np.random.default_rng(0)
    dates = pa.array([FIRST_DAY + timedelta(days=day) for day in range(count)])
    activities = {
        "activity_date": dates,
        "sport": pa.repeat(RUNNING, count),
        "distance_m": rng.uniform(5000, 15_000, count),
        "moving_time_s": rng.uniform(1500, 5400, count),
        "hrss": rng.uniform(20, 120, count),
        "rss": rng.uniform(20, 120, count),
    }
    lengths = np.tile([standard.length_m for standard in STANDARD_DISTANCES], count)
    efforts = {
        "activity_date": dates.take(pa.array(np.repeat(np.arange(count), len(STANDARD_DISTANCES)))),
        "distance_m": lengths,
        "time_s": lengths / rng.uniform(2.5, 4.0, lengths.size),
        "is_near_maximal": rng.random(lengths.size) < 0.05,
    }
    return _of(FACT_ACTIVITY.arrow_schema, activities), _of(FACT_BEST_EFFORT.arrow_schema, efforts)


def _of(schema: pa.Schema, columns: dict[str, object]) -> pa.Table:
    return pa.table(columns).cast(pa.schema([schema.field(name).with_nullable(True) for name in columns]))
