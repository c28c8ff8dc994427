from dataclasses import replace
from datetime import UTC, date, datetime
from string import ascii_lowercase

import pyarrow as pa
import pytest

from coros_assets.bronze.inspect import LandedFile, inspect
from coros_assets.formats.read import read_activities
from coros_assets.home_timezone import HomeTimezone
from coros_assets.silver.build import build_date
from coros_assets.silver.clean import clean
from coros_assets.silver.localise import local_start
from coros_assets.silver.plan import date_plans
from coros_assets.silver.recordings import packed, recordings, unpacked
from coros_assets_tests.tcx_text import run_file

LANDED = datetime(2026, 11, 1, tzinfo=UTC)
VIENNA = (48.2, 16.37)
TOKYO = (35.68, 139.77)
HONOLULU = (21.31, -157.86)
KIRITIMATI = (1.87, -157.4)


def build(day: date, *files: bytes, home: str = "UTC") -> dict[str, pa.Table]:
    """Silver of a date from files named a, b, … that were landed together."""
    zone = HomeTimezone.parse(home)
    landed = [
        LandedFile(name, name, data, LANDED, LANDED, zone)
        for name, data in zip(ascii_lowercase, files, strict=False)
    ]
    inspected = [inspect(file) for file in landed]
    [plan] = date_plans([day], [entry for file in inspected for entry in file.entries], set())
    return build_date(plan, {file.sha256: unpacked(file.parsed, zone) for file in inspected})


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
    [found] = recordings(data, LANDED, HomeTimezone.parse(home)).facts.to_pylist()
    assert found["start_time_local"].isoformat()[:16] == local
    assert (found["timezone"], found["timezone_source"]) == (zone, zone_source)


def test_a_date_holds_its_activities_with_their_records_and_laps():
    data = run_file(datetime(2024, 6, 1, 17, tzinfo=UTC), 600)
    silver = build(date(2024, 6, 1), data)
    [row] = silver["activities"].to_pylist()
    assert (row["activity_id"], row["points"], row["timer_time_s"]) == ("20240601T170000Z", 601, 600)
    assert silver["records"].num_rows == 601
    assert silver["laps"].num_rows == 1
    assert build(date(2024, 6, 2), data)["activities"].num_rows == 0


def test_a_second_copy_is_linked_and_its_points_are_not_doubled():
    data = run_file(datetime(2024, 6, 1, 17, tzinfo=UTC), 600)
    copy = data.replace(b"COROS Wearables", b"Another program")
    silver = build(date(2024, 6, 1), data, copy)
    assert silver["activities"]["is_winner"].to_pylist().count(True) == 1
    assert silver["records"].num_rows == 601


def test_two_files_that_put_one_run_on_two_dates_make_one_activity_on_the_date_of_the_better_file():
    start = datetime(2024, 6, 1, 23, tzinfo=UTC)
    longer, shorter = run_file(start, 600), run_file(start, 400, at=None)
    first, second = date(2024, 6, 1), date(2024, 6, 2)
    [one, other] = build(second, longer, shorter)["activities"].sort_by("points").to_pylist()
    assert (one["is_winner"], other["is_winner"]) == (False, True)
    assert (one["activity_id"], one["activity_date"]) == (other["activity_id"], second)
    assert build(first, longer, shorter)["activities"].num_rows == 0


def test_what_the_reader_made_is_used_only_by_the_same_readers_and_home_zone():
    data = run_file(datetime(2024, 6, 1, 17, tzinfo=UTC), 60)
    utc, tokyo = HomeTimezone.parse("UTC"), HomeTimezone.parse("Asia/Tokyo")
    found = recordings(data, LANDED, utc)
    again = unpacked(packed(found, utc), utc)
    assert (again.facts, again.records, again.laps) == (found.facts, found.records, found.laps)
    assert unpacked(packed(found, utc), tokyo) is None


def test_coros_files_get_their_local_dates_and_their_whole_distance(activity_files):
    expected = {
        "20.tcx": ("2025-09-20", 17071),
        "27-8K.tcx": ("2024-06-27", 8130),
        "6.tcx": ("2025-09-06", 16532),
        "7-8K.tcx": ("2025-06-07", 8089),
    }
    folder = activity_files / "sytandas+runalyze" / "test_data"
    for name, (day, distance_m) in expected.items():
        silver = build(date.fromisoformat(day), (folder / name).read_bytes())
        assert silver["activities"]["timezone"].to_pylist() == ["Asia/Kolkata"]
        assert silver["records"]["distance_m"].drop_null()[-1].as_py() == distance_m


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
    start = local_start(activity, HomeTimezone.parse("Europe/Vienna"))
    assert (start.timezone, start.timezone_source) == (zone, zone_source)
