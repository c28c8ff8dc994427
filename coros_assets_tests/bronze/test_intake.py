from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from coros_assets.bronze.catalogue import content_hash
from coros_assets.bronze.intake import Intake, pending_files, refresh_dates, reread, take_in
from coros_assets.bronze.take import YOUNG
from coros_assets.home_timezone import HomeTimezone
from coros_assets_tests.tcx_text import run_file

START = datetime(2024, 6, 1, 17, tzinfo=UTC)
DAY = date(2024, 6, 1)


def land(stores, name: str, data: bytes) -> None:
    path = Path(stores.landing.folder) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def intake(
    stores, *, now: datetime | None = None, judge_young_files: bool = True, zone="Europe/Vienna"
) -> Intake:
    return take_in(
        stores.landing,
        stores.bronze,
        stores.ledger,
        home_timezone=HomeTimezone.parse(zone),
        now=now or datetime.now(UTC),
        judge_young_files=judge_young_files,
    )


def fates(stores) -> dict[str, str]:
    rows = stores.warehouse.read("SELECT name, outcome FROM ledger.landing_file").to_pylist()
    return {row["name"]: row["outcome"] for row in rows}


def test_a_file_landed_twice_is_kept_once_and_looked_at_once(stores):
    land(stores, "a.tcx", run_file(START, 60))
    land(stores, "deep/down/b.TCX", run_file(START, 60))
    first = intake(stores)
    assert (first.new, first.duplicate, first.touched) == (1, 1, {DAY})
    assert fates(stores) == {"a.tcx": "bronze", "deep/down/b.TCX": "duplicate"}
    assert (intake(stores).new, pending_files(stores.landing, stores.ledger)) == (0, [])


def test_bronze_keeps_the_decompressed_bytes_under_their_hash(stores):
    data = run_file(START, 60)
    land(stores, "a.tsx", data)
    intake(stores)
    [entry] = stores.bronze.entries([DAY])
    assert (entry.sha256, entry.recordings[0].points) == (content_hash(data), 61)
    assert stores.bronze.data(entry.sha256) == data


def test_a_file_that_cannot_be_read_is_kept_with_its_reason_and_stops_nothing(stores):
    land(stores, "bad.tcx", b"\x00\x01 no xml at all")
    land(stores, "good.tcx", run_file(START, 60))
    done = intake(stores)
    assert (done.new, done.quarantined) == (1, 1)
    [row] = stores.warehouse.read_table("quarantined_file").to_pylist()
    assert row["name"] == "bad.tcx"
    assert "neither FIT nor XML" in row["reason"]
    assert stores.lake.get(f"bronze/quarantine/{row['sha256']}") == b"\x00\x01 no xml at all"


def test_a_young_file_that_cannot_be_read_waits_unless_it_is_known_to_be_whole(stores):
    land(stores, "half.tcx", run_file(START, 60)[:-50])
    assert intake(stores, judge_young_files=False).quarantined == 0
    land(stores, "half.tcx", run_file(START, 60))
    assert intake(stores, judge_young_files=False).new == 1
    land(stores, "other.tcx", b"never whole")
    later = datetime.now(UTC) + YOUNG + timedelta(minutes=1)
    assert intake(stores, judge_young_files=False, now=later).quarantined == 1


def test_a_file_overwritten_in_landing_is_taken_in_again(stores):
    land(stores, "a.tcx", run_file(START, 60))
    intake(stores)
    land(stores, "a.tcx", run_file(START, 90))
    assert intake(stores).new == 1
    assert len(stores.bronze.entries([DAY])) == 2


def test_an_intake_killed_before_its_ledger_ends_the_same_when_it_is_run_again(stores, monkeypatch):
    land(stores, "a.tcx", run_file(START, 60))
    with monkeypatch.context() as patch:
        patch.setattr(stores.ledger, "record_landed", lambda rows: pytest.fail("killed"))
        with pytest.raises(pytest.fail.Exception):
            intake(stores)
    assert intake(stores).new == 1
    assert fates(stores) == {"a.tcx": "bronze"}
    assert len(stores.bronze.entries([DAY])) == 1


def test_another_home_zone_moves_runs_without_position_to_their_new_date(stores):
    land(stores, "indoor.tcx", run_file(START.replace(hour=23), 60, at=None))
    assert intake(stores).touched == {date(2024, 6, 2)}
    touched = reread(
        [date(2024, 6, 2)],
        stores.bronze,
        stores.ledger,
        home_timezone=HomeTimezone.parse("America/New_York"),
    )
    assert touched == {DAY, date(2024, 6, 2)}
    refresh_dates(touched, stores.bronze, stores.ledger)
    states = stores.ledger.date_states()
    assert {day: state["bronze_activities"] for day, state in states.items()} == {DAY: 1, date(2024, 6, 2): 0}


def test_a_file_that_newer_readers_refuse_goes_to_quarantine_with_its_bytes(stores):
    land(stores, "a.tcx", run_file(START, 60))
    intake(stores)
    [entry] = stores.bronze.entries([DAY])
    refused = content_hash(b"what they refuse")
    stores.bronze.keep(refused, b"what they refuse")
    stores.bronze.replace(entry, [replace(entry, sha256=refused, parser_version="1")])
    with stores.warehouse.connection() as connection:
        connection.execute("UPDATE ledger.landing_file SET sha256 = %s", [refused])
    home = HomeTimezone.parse("Europe/Vienna")
    assert reread([DAY], stores.bronze, stores.ledger, home_timezone=home) == {DAY}
    assert fates(stores) == {"a.tcx": "quarantined"}
    assert stores.lake.get(f"bronze/quarantine/{refused}") == b"what they refuse"
    assert [refusal.name for refusal in stores.bronze.refusals()] == ["a.tcx"]
    assert stores.bronze.entries([DAY]) == []


def test_what_the_reader_made_is_forgotten_where_it_is_still_kept(stores):
    stores.bronze.keep_parsed("used", b"1")
    stores.bronze.keep_parsed("needed", b"2")
    stores.bronze.drop_parsed({"never kept", "used"})
    assert (stores.bronze.parsed("used"), stores.bronze.parsed("needed")) == (None, b"2")


def test_files_that_are_no_activity_files_are_left_where_they_are(stores):
    land(stores, "2024-06-01_123-metadata.json", b"{}")
    land(stores, "notes.txt", b"....")
    assert intake(stores).new == 0
    assert fates(stores) == {}


def test_every_file_of_an_archive_has_its_own_fate_and_the_archive_is_looked_at_once(stores):
    archive = BytesIO()
    with ZipFile(archive, "w", ZIP_DEFLATED) as file:
        file.writestr("export/2024-06-01_1.tcx", run_file(START, 60))
        file.writestr("export/2024-06-01_1-metadata.json", "{}")
        file.writestr("export/again.tcx", run_file(START, 60))
        file.writestr("export/bad.fit", b"no activity")
    land(stores, "all.zip", archive.getvalue())
    done = intake(stores)
    assert (done.new, done.duplicate, done.quarantined) == (1, 1, 1)
    assert fates(stores) == {
        "all.zip/export/2024-06-01_1.tcx": "bronze",
        "all.zip/export/again.tcx": "duplicate",
        "all.zip/export/bad.fit": "quarantined",
    }
    assert pending_files(stores.landing, stores.ledger) == []
