"""Syncs against a scripted COROS: what comes, what is asked for, and that nothing comes twice."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta

import pytest

from coros_assets.errors import SyncError, WellnessError
from coros_assets.storage.turns import only_one
from coros_assets.sync import pull
from coros_assets.wellness.load import wellness_file
from coros_assets.wellness.read import read_wellness
from coros_assets_tests.sync.actions import log_in, state_of, synced
from coros_assets_tests.sync.coros_server import coros_server
from coros_assets_tests.sync.runner import TODAY, Night, add_run
from coros_assets_tests.wellness.builders import VIENNA, mornings

DAY = timedelta(days=1)


def counting(stores) -> dict[str, dict[str, object]]:
    """The mornings of the wellness file that counts."""
    file = wellness_file(stores.settings.wellness_path)
    return mornings(read_wellness(file.name, file.data, VIENNA))


def kept(stores) -> dict[str, bytes]:
    """Everything that a sync leaves: landing, the wellness file and the state."""
    files = {found.key: stores.landing.get(found.key) for found in stores.landing.list()}
    wellness = stores.settings.wellness_path / "coros_sync.json"
    state = json.loads((stores.settings.home / "sync" / "coros.json").read_text())
    del state["file_requests"]
    return files | {"wellness": wellness.read_bytes(), "state": json.dumps(state, sort_keys=True).encode()}


def test_nights_become_mornings_and_runs_become_files(stores, memory, coros, has):
    log_in(stores, coros)
    done = synced(stores)
    assert (done.files, done.files_waiting, done.problems, done.remarks) == (3, 0, [], [])
    assert dict(done.days) == {"Sleep": 12, "Heart-rate variability": 12, "Resting heart rate": 12}
    found = counting(stores)
    assert sorted(found) == sorted(map(str, has.nights))
    assert found[str(TODAY)] == {
        "resting_heart_rate_bpm": 48.0,
        "hrv_rmssd_ms": 60.0,
        "sleep_h": pytest.approx(7.333333),
        "day_sleep_h": 0.0,
        "main_sleep_is_day": False,
    }
    landed = {found.key: stores.landing.get(found.key) for found in stores.landing.list()}
    assert landed == {f"coros_sync/{label}.fit": data for label, data in has.files.items()}


def test_a_second_sync_asks_for_the_last_week_and_changes_nothing(stores, memory, coros):
    log_in(stores, coros)
    synced(stores)
    before = kept(stores)
    coros.asked.clear()
    done = synced(stores)
    assert (done.files, done.activities_new, sum(done.days.values())) == (0, 0, 0)
    assert kept(stores) == before
    week_ago = f"{TODAY - 6 * DAY:%Y%m%d}"
    assert [call["startDate"] for call in coros.calls("querySleepOverview")] == [week_ago]
    assert [call["startDate"] for call in coros.calls("querySportRecords")] == [week_ago]
    assert [call["days"] for call in coros.calls("queryRestingHeartRate")] == [7]
    assert coros.calls("downloadActivityFitFiles") == []


def test_a_night_that_the_watch_uploads_late_replaces_what_was_there(stores, memory, coros, has):
    log_in(stores, coros)
    has.nights[TODAY - DAY] = Night(asleep="1h 5min", end="00:10", hrv_ms=40)
    synced(stores)
    has.nights[TODAY - DAY] = Night(hrv_ms=66)
    synced(stores)
    assert counting(stores)[str(TODAY - DAY)]["hrv_rmssd_ms"] == 66.0
    assert counting(stores)[str(TODAY - DAY)]["sleep_h"] == pytest.approx(7.333333)


def test_a_day_of_which_coros_tells_no_more_stays(stores, memory, coros, has):
    log_in(stores, coros)
    synced(stores)
    del has.nights[TODAY - DAY]
    synced(stores)
    assert counting(stores)[str(TODAY - DAY)]["hrv_rmssd_ms"] == 61.0


def test_days_of_the_runners_own_file_are_carried_over(stores, memory, coros, has):
    folder = stores.settings.wellness_path
    folder.mkdir()
    old, both = TODAY - 400 * DAY, TODAY - 2 * DAY
    (folder / "wellness.csv").write_text(
        "date,resting_heart_rate_bpm,sleep_start,sleep_end,is_nap\n"
        f"{old},55,{old - DAY} 22:00,{old} 06:00,\n,,{old} 14:00,{old} 14:30,true\n{both},99,,,\n"
    )
    log_in(stores, coros)
    synced(stores)
    found = counting(stores)
    assert (found[str(old)]["resting_heart_rate_bpm"], found[str(old)]["sleep_h"]) == (55.0, 8.0)
    assert found[str(both)]["resting_heart_rate_bpm"] == 50.0
    before = kept(stores)
    synced(stores)
    assert kept(stores) == before
    (folder / "wellness.csv").write_text(f"date,hrv\n{old},70\n")  # newer than the sync's, so it counts
    assert sorted(counting(stores)) == [str(old)]
    synced(stores)
    found = counting(stores)
    assert found[str(old)] == {"hrv_rmssd_ms": 70.0}
    assert len(found) == 1 + len(has.nights)


def test_a_bad_file_of_the_runner_is_named_before_anything_is_asked(stores, memory, coros):
    log_in(stores, coros)
    stores.settings.wellness_path.mkdir()
    (stores.settings.wellness_path / "mine.csv").write_text("date,hrv\n2026-01-01,much\n")
    with pytest.raises(WellnessError, match=r"mine\.csv: row 2"):
        synced(stores)
    assert coros.asked == []


def test_a_file_that_the_settings_name_is_not_written_into(stores, memory, coros, tmp_path):
    settings = stores.settings.model_copy(update={"wellness": str(tmp_path / "mine.csv")})
    vars(settings).pop("wellness_path", None)
    with pytest.raises(SyncError, match="COROS_WELLNESS names the file"):
        synced(type(stores)(settings))


def test_since_goes_back_in_windows_that_coros_takes(stores, memory, coros, has):
    long_ago = TODAY - 100 * DAY
    has.nights[long_ago] = Night(hrv_ms=33)
    add_run(has, "47", datetime.combine(long_ago, datetime.min.time(), tzinfo=pull.UTC))
    log_in(stores, coros)
    synced(stores)
    assert str(long_ago) not in counting(stores)
    done = synced(stores, since=long_ago)
    assert counting(stores)[str(long_ago)]["hrv_rmssd_ms"] == 33.0
    assert "coros_sync/47.fit" in {found.key for found in stores.landing.list()}
    asked = coros.calls("querySleepHrv")
    assert max(length(call) for call in asked) == 7
    assert max(call["days"] for call in coros.calls("queryRestingHeartRate")) == 90
    assert done.remarks == [
        f"Resting heart rate: asked for from {TODAY - 89 * DAY} on; COROS takes no dates."
    ]


def length(call) -> int:
    first, last = (date.fromisoformat(call[name]) for name in ("startDate", "endDate"))
    return (last - first).days + 1


def test_a_list_as_long_as_coros_ever_gives_is_asked_for_in_halves(stores, memory, coros, has):
    start = datetime.combine(TODAY - 12 * DAY, datetime.min.time(), tzinfo=pull.UTC)
    for number in range(43):
        add_run(has, f"9{number:03}", start + number * timedelta(hours=6))
    log_in(stores, coros)
    done = synced(stores)
    assert done.activities_new == 46
    assert done.files == 45, "the day's allowance"
    assert done.files_waiting == 1
    assert len(coros.calls("downloadActivityFitFiles")) == 45
    oldest = f"coros_sync/{min(has.runs, key=has.runs.get)}.fit"
    assert oldest not in {found.key for found in stores.landing.list()}, "the latest runs come first"
    assert synced(stores).files == 0
    with state_of(stores) as state:
        state["file_requests"] = []  # a day later
    assert synced(stores).files == 1


def test_an_allowance_that_others_spent_ends_the_fetching_and_counts_against_no_run(
    stores, memory, coros, has
):
    for number in range(8):
        add_run(has, f"8{number}", datetime.combine(TODAY, datetime.min.time(), tzinfo=pull.UTC))
    coros.files_given = 49
    log_in(stores, coros)
    done = synced(stores)
    assert done.files == 1
    assert "allowance may be spent" in done.remarks[-1]
    assert len(coros.calls("downloadActivityFitFiles")) == 6
    with state_of(stores) as state:
        assert {pending["tries"] for pending in state["pending"].values()} == {0}
    coros.files_given = 0
    assert synced(stores).files == 10


def test_activities_without_files_hold_up_no_others_and_end(stores, memory, coros, has):
    start = datetime.combine(TODAY, datetime.min.time(), tzinfo=pull.UTC)
    has.runs |= {f"7{number}": start + timedelta(minutes=number) for number in range(6)}
    log_in(stores, coros)
    assert synced(stores).files == 0
    assert synced(stores).files == 3
    left = []
    while left[-3:] != [0, 0, 0] and len(left) < 20:
        with state_of(stores) as state:
            state["file_requests"] = []  # a day later
        left.append(synced(stores).files_waiting)
    assert left[0] == 6
    assert left[-1] == 0


def test_an_activity_without_a_file_is_given_up_after_three_syncs(stores, memory, coros, has):
    has.runs["77"] = datetime.combine(TODAY, datetime.min.time(), tzinfo=pull.UTC)
    log_in(stores, coros)
    assert [synced(stores).files_waiting for _ in range(4)] == [1, 1, 0, 0]
    assert len([call for call in coros.calls("downloadActivityFitFiles") if call["labelId"] == "77"]) == 3


def test_an_identifier_never_becomes_a_path(stores, memory, coros, has, tmp_path):
    has.runs.clear()
    labels = ("../../../etc/passwd", "..", "a/b", "C:\\x", "x\x00y", "é" * 90, "." * 199)
    for hour, label in enumerate(labels):
        add_run(has, label, datetime.combine(TODAY, time(hour), tzinfo=pull.UTC))
    log_in(stores, coros)
    synced(stores)
    landed = [found.key for found in stores.landing.list()]
    assert len(landed) == len(labels)
    assert all(key.startswith("coros_sync/x-") and key.isascii() for key in landed)
    outside = [file for file in tmp_path.rglob("*.fit") if not file.is_relative_to(tmp_path / "landing")]
    assert outside == []
    coros.asked.clear()
    synced(stores)
    assert coros.calls("downloadActivityFitFiles") == []


def test_a_day_that_no_table_takes_is_left_out_and_named(stores, memory, coros, has):
    has.nights[TODAY - DAY].resting_bpm = 7
    has.nights[TODAY - 2 * DAY].end = "23:30"  # it ends a day after it should, inside the next sleep
    log_in(stores, coros)
    done = synced(stores)
    assert [remark.split(":")[0] for remark in done.remarks] == ["A day was left out"] * len(done.remarks)
    assert any("'7'" in remark for remark in done.remarks)
    assert "resting_heart_rate_bpm" not in counting(stores)[str(TODAY - DAY)]
    assert counting(stores)[str(TODAY)]["resting_heart_rate_bpm"] == 48.0


def test_one_tool_that_is_gone_does_not_keep_the_others_from_being_asked(session_home, memory, stores, has):
    with coros_server(hidden_tools={"querySleepHrv"}) as other:
        other.begin(has)
        moved = type(stores)(stores.settings.model_copy(update={"sync_url": other.url}))
        log_in(moved, other)
        done = synced(moved)
    assert done.problems == ["COROS's server has no tool querySleepHrv now; run the sync again later."]
    assert done.files == 3
    assert "hrv_rmssd_ms" not in counting(stores)[str(TODAY)]
    assert counting(stores)[str(TODAY)]["resting_heart_rate_bpm"] == 48.0


def test_a_state_that_is_damaged_is_begun_anew_without_doubling_anything(stores, memory, coros):
    log_in(stores, coros)
    synced(stores)
    before = kept(stores)
    (stores.settings.home / "sync" / "coros.json").write_bytes(b'{"pending": 3')
    done = synced(stores)
    assert done.files == 0
    assert coros.calls("downloadActivityFitFiles")[3:] == []
    assert kept(stores) == before


def test_a_file_that_the_runner_brought_in_under_its_name_is_not_fetched(stores, memory, coros, has):
    label = next(iter(has.files))
    stores.landing.put(f"my export/{label}.fit", has.files[label])
    log_in(stores, coros)
    assert synced(stores).files == 2
    assert label not in [call["labelId"] for call in coros.calls("downloadActivityFitFiles")]


def test_a_full_disk_is_named_and_a_mistake_is_not_hidden(stores, memory, coros, monkeypatch):
    log_in(stores, coros)
    for error, raised in ((OSError(28, "No space left on device"), SyncError), (KeyError("x"), KeyError)):

        def fails(*_: object, error: Exception = error) -> None:
            raise error

        monkeypatch.setattr("coros_assets.sync.wellness_file.SyncedFile.write", fails)
        with pytest.raises(raised) as found:
            synced(stores)
        assert str(error) in str(found.value)


def test_two_syncs_at_once_are_refused(stores, memory, coros):
    with only_one(stores.warehouse, pull._LOCK), pytest.raises(SyncError, match="Another sync is at work"):
        synced(stores)


def test_nothing_is_asked_of_a_runner_with_nothing(stores, memory, coros, has):
    has.nights.clear()
    has.runs.clear()
    log_in(stores, coros)
    done = synced(stores)
    assert (done.problems, done.remarks, done.files) == ([], [], 0)
    assert wellness_file(stores.settings.wellness_path) is None
