from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from coros_assets.athlete import AthleteHistory
from coros_assets.gold.facts import RECORD_COLUMNS, facts_of_dates
from coros_assets.gold.metrics.vdot import vdot
from coros_assets.tables import (
    GOLD_DATE_TABLES,
    SHIFT_CONTEXT,
    SILVER_ACTIVITIES,
    SILVER_LAPS,
    SILVER_RECORDS,
    SLEEP_CONTEXT,
)
from coros_assets_tests.gold.metrics.tracks import ATHLETE

DAY = date(2024, 5, 10)
MORNING = datetime(2024, 5, 10, 5, 0, tzinfo=UTC)
EVENING = MORNING + timedelta(hours=12)
VALUES = {name: value for name, value in asdict(ATHLETE).items() if name != "estimated"}
ATHLETES = AthleteHistory(((date(2005, 1, 1), VALUES),))


def activity_id(start: datetime) -> str:
    return start.strftime("%Y%m%dT%H%M%SZ")


def activity(start: datetime, sha: str = "a", *, seconds: int = 1800, **changes: Any) -> dict[str, Any]:
    """A row of silver.activities: a chosen outdoor run."""
    row = {
        "activity_id": activity_id(start),
        "source_sha256": sha,
        "source_index": 0,
        "source_name": f"{sha}.tcx",
        "source_format": "tcx",
        "landed_at": EVENING,
        "is_winner": True,
        "choice_reason": "only file",
        "activity_date": DAY,
        "start_time": start,
        "end_time": start + timedelta(seconds=seconds),
        "start_time_local": (start + timedelta(hours=2)).replace(tzinfo=None),
        "timezone": "Europe/Vienna",
        "timezone_source": "position",
        "sport": "running",
        "is_indoor": False,
        "timer_time_s": float(seconds),
        "quality_flags": ["repeated_time"],
    }
    row |= {f.name: 0 for f in SILVER_ACTIVITIES.arrow_schema if f.type == pa.int32() and f.name not in row}
    return row | changes


def points(start: datetime, *, seconds: int = 1800, **changes: float | None) -> list[dict[str, Any]]:
    """Rows of silver.records: flat, 4 m/s, 150 bpm, one point a second."""
    return [
        {
            "activity_id": activity_id(start),
            "time": start + timedelta(seconds=second),
            "lap_index": 0,
            "altitude_m": 200.0,
            "distance_m": 4.0 * second,
            "heart_rate_bpm": 150.0,
            "cadence_spm": 170.0,
        }
        | changes
        for second in range(seconds + 1)
    ]


def lap(start: datetime, index: int = 0, **changes: float | None) -> dict[str, Any]:
    row = {"activity_id": activity_id(start), "lap_index": index, "start_time": start}
    return row | {"timer_time_s": 250.0, "distance_m": 1000.0, "average_heart_rate_bpm": 150.0} | changes


def context(rows: int) -> pa.Table:
    """Row n has been after n + 1 nights in a row."""
    schema = pa.schema([pa.field(c.name, c.type.arrow) for c in (*SHIFT_CONTEXT, *SLEEP_CONTEXT)])
    return pa.Table.from_pylist(
        [
            {"schedule_period": "night", "shift_relation": "after", "consecutive_nights": n + 1}
            for n in range(rows)
        ],
        schema=schema,
    )


def facts(
    activities: list[dict[str, Any]],
    records: list[dict[str, Any]],
    laps: list[dict[str, Any]] | None = None,
    *,
    athlete: AthleteHistory = ATHLETES,
    shift_context: pa.Table | None = None,
) -> dict[str, pa.Table]:
    winners = sum(row["is_winner"] for row in activities)
    return facts_of_dates(
        pa.Table.from_pylist(records, schema=SILVER_RECORDS.arrow_schema),
        pa.Table.from_pylist(laps or [], schema=SILVER_LAPS.arrow_schema),
        pa.Table.from_pylist(activities, schema=SILVER_ACTIVITIES.arrow_schema),
        athlete,
        context(winners) if shift_context is None else shift_context,
    )


def test_every_table_of_a_date_fits_its_contract() -> None:
    made = facts([activity(MORNING)], points(MORNING), [lap(MORNING)])
    assert set(made) == {table.name for table in GOLD_DATE_TABLES}
    for table in GOLD_DATE_TABLES:
        assert made[table.name].schema.equals(table.arrow_schema)
        assert made[table.name].num_rows > 0


def silver_of_day(days: int) -> tuple[pa.Table, pa.Table, pa.Table]:
    """A date's silver tables: two runs in the order of their files, the later one first, and a duplicate."""
    morning, evening = MORNING + timedelta(days=days), EVENING + timedelta(days=days)
    rows = [
        activity(evening, "b", seconds=600 + days),
        activity(morning, "a", seconds=900),
        activity(morning, "c", is_winner=False),
    ]
    for row in rows:
        row["activity_date"] += timedelta(days=days)
    records = points(evening, seconds=600 + days, heart_rate_bpm=130.0 + days) + points(morning, seconds=900)
    return (
        pa.Table.from_pylist(records, schema=SILVER_RECORDS.arrow_schema),
        pa.Table.from_pylist([lap(evening), lap(morning)], schema=SILVER_LAPS.arrow_schema),
        pa.Table.from_pylist(rows, schema=SILVER_ACTIVITIES.arrow_schema),
    )


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 0, 1]])
def test_dates_together_have_the_rows_of_each_alone(order: list[int]) -> None:
    dates = [silver_of_day(days) for days in range(3)]
    alone = [facts_of_dates(*silver, ATHLETES, context(6).slice(2 * n, 2)) for n, silver in enumerate(dates)]
    stacked = [pa.concat_tables(tables) for tables in zip(*(dates[days] for days in order), strict=True)]
    together = facts_of_dates(*stacked, ATHLETES, context(6))
    for table in GOLD_DATE_TABLES:
        by_key = [(name, "ascending") for name in table.key]
        each = pa.concat_tables([made[table.name] for made in alone])
        assert together[table.name].sort_by(by_key).equals(each.sort_by(by_key))


def test_points_of_an_activity_that_do_not_stand_together_are_all_its() -> None:
    records = points(MORNING, seconds=900)
    evening = points(EVENING)
    activities = [activity(MORNING), activity(EVENING, "b")]
    apart = facts(activities, records[:300] + evening + records[300:])
    assert apart["fact_activity"].equals(facts(activities, records + evening)["fact_activity"])


def test_a_run_is_measured_by_the_athlete_of_its_date() -> None:
    fitter = {**VALUES, "max_heart_rate_bpm": 210.0}
    athlete = AthleteHistory(((date(2005, 1, 1), VALUES), (DAY + timedelta(days=1), fitter)))
    dates = [silver_of_day(days) for days in (0, 1)]
    stacked = [pa.concat_tables(tables) for tables in zip(*dates, strict=True)]
    made = facts_of_dates(*stacked, athlete, context(4))["fact_activity"].to_pylist()
    reserves = [row["heart_rate_reserve_pct"] for row in made if row["average_heart_rate_bpm"] == 150]
    assert reserves == pytest.approx([100 * 100 / 140, 100 * 100 / 160])


def test_only_the_named_columns_of_the_points_are_needed() -> None:
    records, laps, activities = silver_of_day(0)
    made = facts_of_dates(records.select(RECORD_COLUMNS), laps, activities, ATHLETES, context(2))
    assert made == facts_of_dates(records, laps, activities, ATHLETES, context(2))


def test_a_date_without_activities_has_empty_tables() -> None:
    made = facts([], [])
    for table in GOLD_DATE_TABLES:
        assert made[table.name].equals(table.empty())


def test_a_run_carries_its_metrics_and_its_place_between_the_shifts() -> None:
    (row,) = facts([activity(MORNING)], points(MORNING))["fact_activity"].to_pylist()
    expected = {
        "elapsed_time_s": 1800.0,
        "timer_time_s": 1800.0,
        "moving_time_s": 1800.0,
        "distance_m": 7200.0,
        "elevation_gain_m": 0.0,
        "average_heart_rate_bpm": 150.0,
        "max_heart_rate_bpm": 150.0,
        "average_pace_s_per_km": 250.0,
        "grade_adjusted_pace_s_per_km": 250.0,
        "average_cadence_spm": 170.0,
        "heart_rate_reserve_pct": 100 * 100 / 140,
        "efficiency_factor_m_per_beat": 1.6,
        "rss": 50.0,
        "vdot": vdot(5000, 1250),
    }
    assert {name: row[name] for name in expected} == pytest.approx(expected)
    assert (row["average_power_w"], row["aerobic_decoupling_pct"]) == (None, None)
    assert (row["schedule_period"], row["consecutive_nights"]) == ("night", 1)
    assert row["quality_flags"] == ["repeated_time"]


def test_a_duplicate_is_a_source_and_not_a_fact() -> None:
    loser = activity(MORNING, "b", is_winner=False, choice_reason="shorter")
    made = facts([activity(MORNING), loser], points(MORNING))
    assert made["fact_activity"]["source_sha256"].to_pylist() == ["a"]
    assert made["activity_source"]["choice_reason"].to_pylist() == ["only file", "shorter"]


def test_shift_context_follows_the_order_of_the_activities() -> None:
    made = facts([activity(EVENING, "b"), activity(MORNING)], points(EVENING) + points(MORNING))
    rows = {row["activity_id"]: row["consecutive_nights"] for row in made["fact_activity"].to_pylist()}
    assert rows == {activity_id(MORNING): 1, activity_id(EVENING): 2}


def test_a_context_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="2 rows of context for 1 chosen"):
        facts([activity(MORNING)], points(MORNING), shift_context=context(2))


def test_points_of_one_activity_do_not_count_for_another() -> None:
    made = facts(
        [activity(MORNING), activity(EVENING, "b")],
        points(EVENING, heart_rate_bpm=120.0) + points(MORNING, heart_rate_bpm=160.0),
    )
    assert made["fact_activity"]["average_heart_rate_bpm"].to_pylist() == [160.0, 120.0]


@pytest.mark.parametrize("sport", ["walking", "cycling", "swimming", "other"])
def test_only_runs_have_pace_efforts_and_load_from_speed(sport: str) -> None:
    made = facts([activity(MORNING, sport=sport)], points(MORNING))
    (row,) = made["fact_activity"].to_pylist()
    of_runs = [name for name in row if "pace" in name] + [
        "efficiency_factor_m_per_beat",
        "aerobic_decoupling_pct",
        "rss",
        "vdot",
    ]
    assert {row[name] for name in of_runs} == {None}
    assert made["fact_best_effort"].num_rows == 0
    assert row["trimp"] > 0
    assert row["hrss"] > 0
    assert row["moving_time_s"] == 1800


def test_without_distances_what_needs_them_is_empty_and_the_rest_is_not() -> None:
    (row,) = facts([activity(MORNING)], points(MORNING, distance_m=None))["fact_activity"].to_pylist()
    known = {name for name, value in row.items() if isinstance(value, float)}
    assert known == {
        "elapsed_time_s",
        "timer_time_s",
        "elevation_gain_m",
        "average_heart_rate_bpm",
        "max_heart_rate_bpm",
        "heart_rate_reserve_pct",
        "trimp",
        "trimp_edwards",
        "trimp_lucia",
        "hrss",
    }


@pytest.mark.parametrize("records", [[], points(MORNING, seconds=0)])
def test_an_activity_of_no_or_one_point_has_no_metrics_but_a_row(records: list[dict[str, Any]]) -> None:
    made = facts([activity(MORNING, seconds=0)], records)
    (row,) = made["fact_activity"].to_pylist()
    assert row["elapsed_time_s"] == 0
    assert row["moving_time_s"] is None
    assert row["trimp"] is None
    assert sum(made["fact_heart_rate_zone"]["time_s"].to_pylist()) == 0


def test_zones_of_a_run_sum_to_its_recorded_time() -> None:
    zones = facts([activity(MORNING)], points(MORNING))["fact_heart_rate_zone"]
    assert zones["zone"].to_pylist() == [-1, 0, 1, 2, 3, 4, 5]
    assert sum(zones["time_s"].to_pylist()) == 1800


def test_best_efforts_are_rows_with_their_length() -> None:
    efforts = facts([activity(MORNING)], points(MORNING))["fact_best_effort"].to_pylist()
    times = {row["distance_label"]: (row["distance_m"], row["time_s"]) for row in efforts}
    assert times["5 km"] == (5000.0, 1250.0)
    assert "10 km" not in times


@pytest.mark.parametrize(
    ("timer_s", "distance_m", "pace"),
    [
        (250.0, 1000.0, 250.0),
        (20.0, 99.0, None),
        (None, 1000.0, None),
        (0.0, 1000.0, None),
        (250.0, None, None),
    ],
)
def test_a_lap_has_a_pace_from_100_metres(
    timer_s: float | None, distance_m: float | None, pace: float | None
) -> None:
    laps = [lap(MORNING, timer_time_s=timer_s, distance_m=distance_m)]
    (row,) = facts([activity(MORNING)], points(MORNING), laps)["fact_lap"].to_pylist()
    assert row["average_pace_s_per_km"] == pace
    assert row["activity_date"] == DAY


def test_nothing_in_a_table_is_nan() -> None:
    made = facts([activity(MORNING)], points(MORNING, heart_rate_bpm=None, altitude_m=None), [lap(MORNING)])
    for table in made.values():
        for column in table.select([f.name for f in table.schema if f.type == pa.float64()]).columns:
            assert not np.isnan(column.drop_null().to_numpy()).any()
