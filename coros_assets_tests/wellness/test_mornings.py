"""Body days and baselines."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

from coros_assets.tables import DAY_WELLNESS, WELLNESS_DAILY
from coros_assets.wellness.baseline import mornings_of, week_against_baseline

from .builders import mornings, read


def test_a_body_day_ends_with_waking_and_holds_the_naps_since_the_last_one() -> None:
    found = mornings(
        read(
            "sleep_start,sleep_end",
            "2026-05-04 23:00,2026-05-05 07:00",
            "2026-05-05 15:00,2026-05-05 16:30",  # before the first night shift
            "2026-05-06 08:30,2026-05-06 14:30",  # after it: the body day was 31.5 h long
            "2026-05-06 22:30,2026-05-07 06:30",
        )
    )
    assert {day: (row["sleep_h"], row["day_sleep_h"]) for day, row in found.items()} == {
        "2026-05-05": (8, 0),
        "2026-05-06": (7.5, 7.5),
        "2026-05-07": (8, 0),
    }
    assert [row["main_sleep_is_day"] for row in found.values()] == [False, True, False]


def test_a_nap_days_before_the_next_sleep_on_record_belongs_to_no_body_day() -> None:
    found = mornings(
        read(
            "sleep_start,sleep_end", "2026-05-05 15:00,2026-05-05 16:30", "2026-05-08 23:00,2026-05-09 07:00"
        )
    )
    assert found == {"2026-05-09": {"sleep_h": 8, "day_sleep_h": 0, "main_sleep_is_day": False}}


def test_two_main_sleeps_that_end_on_one_date_are_summed() -> None:
    found = mornings(
        read(
            "sleep_start,sleep_end", "2026-05-05 00:00,2026-05-05 04:00", "2026-05-05 16:00,2026-05-05 20:00"
        )
    )
    assert found == {"2026-05-05": {"sleep_h": 8, "day_sleep_h": 4, "main_sleep_is_day": True}}


def test_hours_of_the_clock_count_before_hours_that_the_file_states() -> None:
    found = mornings(
        read(
            "date,sleep_h,sleep_start,sleep_end,asleep_h",
            "2026-05-05,7.9,2026-05-04 23:00,2026-05-05 07:00,7.5",
            "2026-05-06,6.5,,,",
        )
    )
    assert {day: row["sleep_h"] for day, row in found.items()} == {"2026-05-05": 7.5, "2026-05-06": 6.5}


def test_the_week_is_measured_against_the_sixty_days_before_it() -> None:
    rng = np.random.default_rng(1)
    values = rng.normal(50, 2, 90)
    before, week = values[23:83], values[83:90]
    expected = (week.mean() - before.mean()) / before.std(ddof=1)
    assert week_against_baseline(values)[-1] == pytest.approx(expected)


@pytest.mark.parametrize(("in_week", "in_baseline", "known"), [(3, 30, True), (2, 60, False), (7, 29, False)])
def test_too_few_readings_are_no_baseline(in_week: int, in_baseline: int, known: bool) -> None:
    values = np.full(67, np.nan)
    values[:in_baseline] = 50 + np.arange(in_baseline) % 5
    values[60 : 60 + in_week] = 55
    assert np.isfinite(week_against_baseline(values)[-1]) == known


def test_readings_that_never_differ_have_no_deviation() -> None:
    assert np.isnan(week_against_baseline(np.full(100, 48.0))).all()


def daily(values: dict[date, float], by_day: set[date]) -> pa.Table:
    rows = [
        {"date": day, "resting_heart_rate_bpm": value, "hrv_rmssd_ms": 2000 / value,
         "main_sleep_is_day": day in by_day, "source": "x"}
        for day, value in values.items()
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=WELLNESS_DAILY.arrow_schema)


def test_mornings_after_day_sleep_are_shown_and_stay_out_of_the_comparison() -> None:
    first = date(2026, 1, 1)
    values = {first + timedelta(days=n): 50.0 + n % 3 for n in range(80)}
    dates = pa.array([first + timedelta(days=n) for n in range(70, 85)], pa.date32())
    nights = set(list(values)[72:75])
    calm = mornings_of(dates, daily(values, set()))
    raised = mornings_of(dates, daily(values | dict.fromkeys(nights, 60.0), nights))
    mixed = mornings_of(dates, daily(values | dict.fromkeys(nights, 60.0), set()))
    assert set(calm) == {column.name for column in DAY_WELLNESS}
    assert raised["resting_heart_rate_bpm"].to_pylist()[2] == 60
    week = "resting_heart_rate_week_sd"
    assert abs(raised[week][5].as_py() - calm[week][5].as_py()) < 0.5
    assert mixed[week][5].as_py() > 2
    assert mixed["hrv_week_sd"][5].as_py() < -2
    assert raised["resting_heart_rate_bpm"].to_pylist()[10:] == [None] * 5


def test_without_mornings_every_column_is_empty() -> None:
    dates = pa.array([date(2026, 1, 1), date(2026, 1, 2)], pa.date32())
    found = mornings_of(dates, WELLNESS_DAILY.empty())
    assert all(column.null_count == len(dates) for column in found.values())
