from __future__ import annotations

import time
from datetime import date, timedelta
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from coros_assets.gold.days import dim_date, fact_day
from coros_assets.tables import DIM_DATE, FACT_ACTIVITY, FACT_BEST_EFFORT, FACT_DAY, WELLNESS_DAILY
from coros_assets.wellness.baseline import mornings_of

COLUMNS = ("activity_date", "sport", "distance_m", "moving_time_s", "hrss", "rss")
MONDAY = date(2024, 1, 1)
NO_WELLNESS = partial(mornings_of, daily=WELLNESS_DAILY.empty())


def weekend_is_night(dates: pa.Array) -> pa.Array:
    weekday = pc.day_of_week(dates)
    return pc.if_else(pc.greater_equal(weekday, 5), "night", "day")


def activities(rows: list[dict[str, Any]]) -> pa.Table:
    schema = pa.schema([FACT_ACTIVITY.arrow_schema.field(name).with_nullable(True) for name in COLUMNS])
    run = {"sport": "running", "distance_m": 5000.0, "moving_time_s": 1500.0, "hrss": 50.0, "rss": 60.0}
    return pa.Table.from_pylist([run | row for row in rows], schema=schema)


def effort(day: int, distance_m: float, time_s: float, is_near_maximal: bool = True) -> dict[str, Any]:
    row = {"activity_id": f"{day} {distance_m}", "distance_label": f"{distance_m}", "start_offset_s": 0.0}
    row |= {"distance_m": distance_m, "time_s": time_s, "is_near_maximal": is_near_maximal}
    return row | {"activity_date": MONDAY + timedelta(days=day), "metric_version": "test"}


def efforts(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=FACT_BEST_EFFORT.arrow_schema)


def days_of(*rows: dict[str, Any]) -> list[dict[str, Any]]:
    return fact_day(activities(list(rows)), efforts([]), weekend_is_night, NO_WELLNESS).to_pylist()


def test_every_date_from_first_to_last_has_a_row_and_rest_days_are_zero() -> None:
    days = days_of({"activity_date": MONDAY + timedelta(days=6)}, {"activity_date": MONDAY})
    assert [day["activity_date"] for day in days] == [MONDAY + timedelta(days=n) for n in range(7)]
    assert [day["runs"] for day in days] == [1, 0, 0, 0, 0, 0, 1]
    assert [day["load"] for day in days] == [50, 0, 0, 0, 0, 0, 50]
    assert [day["schedule_period"] for day in days] == ["day"] * 5 + ["night"] * 2


def test_only_runs_are_counted_but_every_sport_loads() -> None:
    (day,) = days_of(
        {"activity_date": MONDAY},
        {"activity_date": MONDAY, "distance_m": 3000.0, "moving_time_s": 900.0},
        {"activity_date": MONDAY, "sport": "cycling", "distance_m": 40000.0, "hrss": 80.0},
    )
    assert (day["runs"], day["distance_m"], day["moving_time_s"], day["load"]) == (2, 8000, 2400, 180)


@pytest.mark.parametrize(("hrss", "rss", "load"), [(50.0, 60.0, 50), (None, 60.0, 60), (None, None, 0)])
def test_load_is_from_heart_rate_else_from_speed_else_zero(
    hrss: float | None, rss: float | None, load: float
) -> None:
    (day,) = days_of({"activity_date": MONDAY, "hrss": hrss, "rss": rss})
    assert day["load"] == load


def test_a_run_without_distance_is_a_run() -> None:
    (day,) = days_of({"activity_date": MONDAY, "distance_m": None, "moving_time_s": None})
    assert (day["runs"], day["distance_m"], day["moving_time_s"]) == (1, 0, 0)


def test_fitness_and_fatigue_rise_with_a_run_and_form_follows_a_day_later() -> None:
    first, second = days_of(
        {"activity_date": MONDAY}, {"activity_date": MONDAY + timedelta(days=1), "hrss": 0.0}
    )
    assert first["ctl"] == pytest.approx(50 * (1 - np.exp(-1 / 42)))
    assert first["atl"] == pytest.approx(50 * (1 - np.exp(-1 / 7)))
    assert first["tsb"] == 0
    assert second["tsb"] == pytest.approx(first["ctl"] - first["atl"])


def test_a_week_of_loads_has_its_published_monotony() -> None:
    loads = [5.0, 15, 20, 20, 20, 25, 35]
    days = days_of(
        *({"activity_date": MONDAY + timedelta(days=n), "hrss": load} for n, load in enumerate(loads))
    )
    assert [day["monotony"] for day in days[:6]] == [None] * 6
    assert round(days[6]["monotony"], 2) == 2.37
    assert days[6]["strain"] == pytest.approx(140 * days[6]["monotony"])


def test_a_morning_is_that_of_the_date_it_woke_to() -> None:
    found = pa.Table.from_pylist(
        [
            {"date": MONDAY - timedelta(days=1), "resting_heart_rate_bpm": 60.0, "source": "x"},
            {
                "date": MONDAY + timedelta(days=1),
                "resting_heart_rate_bpm": 50.0,
                "sleep_h": 7.5,
                "source": "x",
            },
        ],
        schema=WELLNESS_DAILY.arrow_schema,
    )
    runs = activities([{"activity_date": MONDAY}, {"activity_date": MONDAY + timedelta(days=2)}])
    days = fact_day(runs, efforts([]), weekend_is_night, partial(mornings_of, daily=found)).to_pylist()
    assert [day["resting_heart_rate_bpm"] for day in days] == [None, 50, None]
    assert [day["sleep_h"] for day in days] == [None, 7.5, None]


def test_load_ratios_begin_on_the_28th_day() -> None:
    days = days_of(
        *({"activity_date": MONDAY + timedelta(days=n), "hrss": 10.0 if n < 21 else 20.0} for n in range(28))
    )
    assert [day["acwr_coupled"] for day in days[:27]] == [None] * 27
    assert days[27]["acwr_coupled"] == pytest.approx(20 / 12.5)
    assert days[27]["acwr_uncoupled"] == pytest.approx(2.0)


def test_best_efforts_make_the_critical_speed_of_the_days_after_them() -> None:
    runs = activities([{"activity_date": MONDAY + timedelta(days=n)} for n in (0, 100)])
    hard = [effort(n, 4 * t + 120, t) for n, t in enumerate((170.0, 220.0, 772.0))]
    on_no_day = [effort(n, 5000.0, 1000.0) for n in (-1, 101)]
    days = fact_day(runs, efforts([*hard, *on_no_day]), weekend_is_night, NO_WELLNESS).to_pylist()
    known = [(n, day) for n, day in enumerate(days) if day["critical_speed_is_lower_bound"] is False]
    assert [n for n, _ in known] == list(range(2, 90))
    for _, day in known:
        assert day["critical_speed_m_per_s"] == pytest.approx(4.0)
        assert day["d_prime_m"] == pytest.approx(120)
    assert days[100]["critical_speed_is_lower_bound"] is None


def test_without_activities_there_are_no_days() -> None:
    assert fact_day(activities([]), efforts([]), weekend_is_night, NO_WELLNESS).equals(FACT_DAY.empty())


def test_ten_years_take_less_than_a_second() -> None:
    table = activities([{"activity_date": MONDAY + timedelta(days=n)} for n in range(3653)])
    some = [effort(day, length, length / 4) for day in range(3653) for length in (400.0, 1000.0, 5000.0)]
    best_efforts = efforts(some)
    started = time.process_time()
    days = fact_day(table, best_efforts, weekend_is_night, NO_WELLNESS)
    assert time.process_time() - started < 1
    assert days.num_rows == 3653


def test_dates_cover_whole_years() -> None:
    dates = dim_date(date(2023, 12, 31), date(2024, 1, 1))
    assert dates.schema.equals(DIM_DATE.arrow_schema)
    assert dates.num_rows == 365 + 366
    assert dates["date"][0].as_py() == date(2023, 1, 1)
    assert dates["date"][-1].as_py() == date(2024, 12, 31)


@pytest.mark.parametrize("day", [date(2020, 12, 31), date(2021, 1, 3), date(2021, 1, 4), date(2024, 2, 29)])
def test_a_date_is_described_as_the_calendar_does(day: date) -> None:
    rows = {row["date"]: row for row in dim_date(day, day).to_pylist()}
    iso = day.isocalendar()
    assert rows[day] == {
        "date": day,
        "year": day.year,
        "quarter": (day.month + 2) // 3,
        "month": day.month,
        "month_start": day.replace(day=1),
        "iso_year": iso.year,
        "iso_week": iso.week,
        "iso_weekday": iso.weekday,
        "is_weekend": iso.weekday >= 6,
    }
