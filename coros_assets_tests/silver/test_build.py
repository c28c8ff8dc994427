from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from coros_assets.bronze.store import content_hash
from coros_assets.formats.read import read_activities
from coros_assets.silver.build import SourceFile, build_date, located_activities
from coros_assets.silver.clean import clean
from coros_assets.silver.localise import local_start
from coros_assets_tests.tcx_text import run_file

LANDED = datetime(2026, 11, 1, tzinfo=UTC)
VIENNA = (48.2, 16.37)
TOKYO = (35.68, 139.77)
HONOLULU = (21.31, -157.86)
KIRITIMATI = (1.87, -157.4)


def source(data: bytes, name: str = "run.tcx") -> SourceFile:
    return SourceFile(content_hash(data), name, LANDED, data)


@pytest.mark.parametrize(
    ("start", "at", "home", "local", "zone", "zone_source"),
    [
        ("2024-06-01T23:30", VIENNA, "UTC", "2024-06-02T01:30", "Europe/Vienna", "position"),
        ("2024-06-01T23:30", TOKYO, "UTC", "2024-06-02T08:30", "Asia/Tokyo", "position"),
        ("2024-06-01T05:00", HONOLULU, "UTC", "2024-05-31T19:00", "Pacific/Honolulu", "position"),
        ("2024-06-01T11:00", KIRITIMATI, "UTC", "2024-06-02T01:00", "Pacific/Kiritimati", "position"),
        ("2024-03-31T00:59", VIENNA, "UTC", "2024-03-31T01:59", "Europe/Vienna", "position"),
        ("2024-03-31T01:00", VIENNA, "UTC", "2024-03-31T03:00", "Europe/Vienna", "position"),
        ("2024-10-27T00:30", VIENNA, "UTC", "2024-10-27T02:30", "Europe/Vienna", "position"),
        ("2024-10-27T01:30", VIENNA, "UTC", "2024-10-27T02:30", "Europe/Vienna", "position"),
        ("2024-06-01T23:30", None, "America/New_York", "2024-06-01T19:30", "America/New_York", "home"),
    ],
)
def test_the_date_is_that_of_the_clock_where_the_run_was(start, at, home, local, zone, zone_source):
    data = run_file(datetime.fromisoformat(start).replace(tzinfo=UTC), 60, at)
    [found] = located_activities(source(data), home)
    assert (found.start.time.isoformat()[:16], found.start.timezone, found.start.timezone_source) == (
        local,
        zone,
        zone_source,
    )


def test_a_date_holds_its_activities_with_their_records_and_laps():
    data = run_file(datetime(2024, 6, 1, 17, tzinfo=UTC), 600)
    silver = build_date([source(data)], date(2024, 6, 1), "UTC")
    [row] = silver.activities.to_pylist()
    assert (row["activity_id"], row["points"], row["timer_time_s"]) == ("20240601T170000Z", 601, 600)
    assert silver.records.num_rows == 601
    assert silver.laps.num_rows == 1
    assert build_date([source(data)], date(2024, 6, 2), "UTC").activities.num_rows == 0


def test_a_second_copy_is_linked_and_its_points_are_not_doubled():
    data = run_file(datetime(2024, 6, 1, 17, tzinfo=UTC), 600)
    copy = data.replace(b"COROS Wearables", b"Another program")
    files = [source(data, "a.tcx"), source(copy, "b.tcx")]
    silver = build_date(files, date(2024, 6, 1), "UTC")
    assert silver.activities["is_winner"].to_pylist().count(True) == 1
    assert silver.records.num_rows == 601
    assert build_date(files[::-1], date(2024, 6, 1), "UTC") == silver


def test_two_sports_that_start_in_the_same_second_get_two_names():
    start = datetime(2024, 6, 1, 17, tzinfo=UTC)
    ride = run_file(start, 600).replace(b'Sport="Running"', b'Sport="Biking"')
    silver = build_date([source(run_file(start, 600)), source(ride)], date(2024, 6, 1), "UTC")
    assert set(silver.activities["activity_id"].to_pylist()) == {"20240601T170000Z", "20240601T170000Z-2"}


def test_coros_files_get_their_local_dates_and_their_whole_distance(activity_files):
    expected = {
        "20.tcx": ("2025-09-20", 17071),
        "27-8K.tcx": ("2024-06-27", 8130),
        "6.tcx": ("2025-09-06", 16532),
        "7-8K.tcx": ("2025-06-07", 8089),
    }
    folder = activity_files / "sytandas+runalyze" / "test_data"
    for name, (day, distance_m) in expected.items():
        silver = build_date([source((folder / name).read_bytes())], date.fromisoformat(day), "UTC")
        assert silver.activities["timezone"].to_pylist() == ["Asia/Kolkata"]
        assert silver.records["distance_m"].drop_null()[-1].as_py() == distance_m


@pytest.mark.parametrize(
    ("at", "offset_s", "zone", "zone_source"),
    [
        (VIENNA, 2 * 3600, "Europe/Vienna", "file"),
        (None, 2 * 3600, "Europe/Vienna", "file"),
        (VIENNA, 8 * 3600, "Etc/GMT-8", "file"),
        (None, -5 * 3600, "Etc/GMT+5", "file"),
        (VIENNA, 5400, "Europe/Vienna", "position"),
        (None, None, "Europe/Vienna", "home"),
    ],
)
def test_the_clock_of_the_file_counts_first_and_a_name_that_agrees_with_it(at, offset_s, zone, zone_source):
    [raw] = read_activities(run_file(datetime(2024, 6, 1, 22, 30, tzinfo=UTC), 60, at))
    activity = clean(replace(raw, utc_offset_s=offset_s), LANDED)
    start = local_start(activity, "Europe/Vienna")
    assert (start.timezone, start.timezone_source) == (zone, zone_source)
