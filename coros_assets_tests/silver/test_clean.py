import re
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from coros_assets.formats.raw import RAW_LAPS, RAW_POINTS, RawActivity
from coros_assets.formats.tcx import read_tcx
from coros_assets.silver.clean import clean
from coros_assets.tables import SILVER_ACTIVITIES
from coros_assets_tests.tcx_text import START, activity, lap, point, run_file, tcx

LANDED = datetime(2024, 6, 2, tzinfo=UTC)

COUNTED = re.compile(
    r"^(points_(without|impossible|repeated)|values_|implausible_)|_(emptied|doubled|nulled|"
    r"filled|excluded|resets|raised|from_positions)$"
)


def raw(sport="running", **columns) -> RawActivity:
    """A run of a point a second with these columns and no others."""
    rows = len(next(iter(columns.values())))
    columns["time"] = [START + timedelta(seconds=second) for second in range(rows)]
    columns["lap_index"] = [0] * rows
    points = [pa.array(columns.get(field.name, [None] * rows), field.type) for field in RAW_POINTS]
    return RawActivity(0, "tcx", sport, None, pa.table(points, schema=RAW_POINTS), RAW_LAPS.empty_table())


def metres(distance: float) -> str:
    return f"<DistanceMeters>{distance}</DistanceMeters>"


def cleaned(points: str):
    return clean(read_tcx(tcx(activity(lap(points))))[0], LANDED)


def test_points_without_a_possible_time_are_dropped_and_counted():
    found = cleaned(
        point("")
        + point("1970-01-01T00:00:00Z")
        + point("2106-02-07T06:28:15Z")
        + point("2024-06-01T17:00:00Z")
    )
    assert len(found.time_us) == 1
    assert found.counts["points_without_time"] == 1
    assert found.counts["points_impossible_time"] == 2


def test_time_that_goes_back_is_sorted_and_of_equal_times_the_first_is_kept():
    found = cleaned(
        point("2024-06-01T17:00:02Z", metres(9))
        + point("2024-06-01T17:00:01Z", metres(4))
        + point("2024-06-01T17:00:02Z", metres(99))
    )
    assert found.columns["distance_m"].tolist() == [4, 9]
    assert found.counts["points_repeated_time"] == 1
    assert "time_goes_back" in found.flags


def test_an_activity_without_any_usable_time_is_none():
    assert cleaned(point("1970-01-01T00:00:00Z")) is None


def test_a_lap_that_begins_before_the_last_one_ended_is_put_in_order():
    first = "".join(point(f"2024-06-01T17:00:{second:02}Z", metres(second)) for second in range(40))
    second = "".join(point(f"2024-06-01T17:00:{second:02}Z", metres(second)) for second in range(30, 60))
    found = clean(read_tcx(tcx(activity(lap(first) + lap(second, START + timedelta(seconds=30)))))[0], LANDED)
    assert found.columns["distance_m"].tolist() == list(range(60))
    assert found.counts["points_repeated_time"] == 10
    assert "time_goes_back" in found.flags


@pytest.mark.parametrize(
    ("latitude", "longitude", "emptied"),
    [(0.0, 0.0, 1), (48.2, None, 1), (91.0, 16.4, 1), (None, None, 0), (0.0, 16.4, 0), (48.2, 0.0, 0)],
)
def test_zero_zero_and_half_a_position_are_none(latitude, longitude, emptied):
    found = clean(raw(latitude_deg=[latitude], longitude_deg=[longitude]), LANDED)
    assert found.counts["positions_emptied"] == emptied
    assert found.has_position == (emptied == 0 and latitude is not None)


def test_a_first_point_without_position_leaves_the_others_theirs():
    found = clean(raw(latitude_deg=[None, 48.2, 48.3], longitude_deg=[None, 16.4, 16.4]), LANDED)
    assert found.has_position
    assert np.isnan(found.columns["latitude_deg"]).tolist() == [True, False, False]
    assert found.counts["positions_emptied"] == 0


def test_without_position_and_distance_there_is_neither_and_a_flag_says_so():
    found = clean(raw(heart_rate_bpm=[150, 151, 152]), LANDED)
    assert not found.has_position
    assert np.isnan(found.columns["distance_m"]).all()
    assert "no_distance" in found.flags


def test_without_any_distance_it_is_summed_from_the_positions_that_are_left():
    latitude = [48.0, 0.0, 48.001, 48.002]
    found = clean(raw(latitude_deg=latitude, longitude_deg=[16.0, 0.0, 16.0, 16.0]), LANDED)
    assert found.columns["distance_m"] == pytest.approx([0, np.nan, 111.2, 222.4], abs=0.05, nan_ok=True)
    assert found.counts["distance_points_from_positions"] == 3
    assert "distance_from_positions" in found.flags


@pytest.mark.parametrize(
    ("column", "impossible", "possible"),
    [
        ("latitude_deg", [-90.1, 90.1], [-90, 90]),
        ("longitude_deg", [-180.1, 180.1], [-180, 180]),
        ("altitude_m", [-451, 9001], [-450, 9000]),
        ("distance_m", [-1, 2_000_001], [0, 2_000_000]),
        ("cadence", [-1, 301], [0, 300]),
        ("power_w", [-1, 3001], [0, 3000]),
    ],
)
def test_values_out_of_range_are_emptied_and_counted(column, impossible, possible):
    values = [*impossible, *possible]
    other = {"latitude_deg": [1.0] * 4} if column == "longitude_deg" else {"longitude_deg": [1.0] * 4}
    found = clean(raw(sport="cycling", **{**other, column: values}), LANDED)
    name = {"cadence": "cadence_spm"}.get(column, column)
    assert found.columns[name] == pytest.approx([np.nan, np.nan, *possible], nan_ok=True)
    assert found.counts["values_out_of_range"] == 2


@pytest.mark.parametrize("sport", ["running", "cycling"])
@pytest.mark.parametrize("columns", [{"heart_rate_bpm": [150]}, {"distance_m": [0]}, {"cadence": [80]}])
def test_every_step_leaves_its_count_for_the_activity(sport, columns):
    counted = {name for name in SILVER_ACTIVITIES.arrow_schema.names if COUNTED.search(name)}
    assert set(clean(raw(sport=sport, **columns), LANDED).counts) == counted


def test_heart_rate_is_compared_with_the_steps_of_both_legs():
    seconds = np.arange(600)
    one_leg = np.round(85 + 3 * np.sin(seconds / 20))
    pulse = np.where((seconds >= 200) & (seconds < 400), 2 * one_leg, 140)
    found = clean(raw(cadence=one_leg, heart_rate_bpm=pulse), LANDED)
    assert found.counts["cadence_points_doubled"] == 600
    assert found.counts["heart_rate_points_excluded"] == 200
    assert np.isnan(found.columns["heart_rate_bpm"]).sum() == 200
    ride = clean(raw(cadence=one_leg, heart_rate_bpm=pulse, sport="cycling"), LANDED)
    assert ride.counts["heart_rate_points_excluded"] == 0


def test_a_jump_of_the_position_is_flagged_and_nothing_else():
    distance = 3.0 * np.arange(100) + 500 * (np.arange(100) >= 50)
    found = clean(raw(distance_m=distance), LANDED)
    assert found.columns["distance_m"].tolist() == distance.tolist()
    assert found.counts["implausible_steps"] == 2
    assert {"speed_above_7.5_m_per_s", "acceleration_above_5_m_per_s2"} <= set(found.flags)
    assert clean(raw(distance_m=distance, sport="cycling"), LANDED).counts["implausible_steps"] == 0


def test_a_coros_run_gets_metres_per_second_and_both_legs():
    found = clean(read_tcx(run_file(seconds=300, speed_m_per_s=3.0))[0], LANDED)
    assert found.columns["speed_m_per_s"] == pytest.approx(3.0)
    assert found.columns["cadence_spm"] == pytest.approx(168)
    assert {"speed_in_km_per_h", "cadence_doubled"} <= set(found.flags)
