"""The whole line on small files, in a real Dagster instance on embedded parts."""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
from pydantic import SecretStr

from coros_assets import resources
from coros_assets.bronze.catalogue import content_hash
from coros_assets.commands.choose import choose_file
from coros_assets.definitions import defs
from coros_assets.errors import CorosError
from coros_assets.own_inputs import problems
from coros_assets.sensors import LOAD, new_landing_files, today
from coros_assets.stores import Stores
from coros_assets.tables import FACT_ACTIVITY
from coros_assets.waiting import waiting
from coros_assets.wellness.load import wellness_in
from coros_assets_tests.conftest import emptied
from coros_assets_tests.tcx_text import run_file

SILVER = dg.AssetKey(["silver", "records"])
RECENT, OLD = datetime(2024, 6, 1, 17, tzinfo=UTC), datetime(2014, 3, 2, 6, tzinfo=UTC)


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


@pytest.fixture(autouse=True)
def _wired(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> None:
    """The platform's own wiring, on the stores of the test."""
    monkeypatch.setattr(resources, "_stores", lambda: stores)


def land(stores: Stores, start: datetime, seconds: int = 1200) -> Path:
    path = Path(stores.landing.folder) / f"{start:%Y-%m-%d}.tcx"
    path.write_bytes(run_file(start, seconds))
    return path


def load(instance: dg.DagsterInstance, **tags: str) -> dg.ExecuteInProcessResult:
    partition = {} if tags else {"partition_key": today()}
    ranged = {f"dagster/asset_partition_range_{end}": day for end, day in tags.items()}
    return defs.resolve_job_def(LOAD).execute_in_process(
        instance=instance,
        tags=ranged,
        raise_on_error=False,
        run_config={"loggers": {"console": {}}},
        **partition,
    )


def written_dates(result: dg.ExecuteInProcessResult) -> int:
    [event] = [
        e for e in result.get_asset_materialization_events() if e.asset_key.path == ["gold", "fact_activity"]
    ]
    return event.materialization.metadata["dates_written"].value


def test_a_landed_file_goes_through_to_answers_and_report(stores, instance):
    land(stores, RECENT)
    result = load(instance)
    assert result.success
    assert all(check.passed for check in result.get_asset_check_evaluations())
    [row] = stores.warehouse.read_table("fact_activity").to_pylist()
    assert (row["activity_date"], row["distance_m"], row["average_heart_rate_bpm"]) == (
        date(2024, 6, 1),
        3600,
        150,
    )
    assert row["schedule_period"] == "unknown"
    verdicts = stores.warehouse.read_table("answer_night_shift")["verdict"].to_pylist()
    assert set(verdicts) == {"not_enough_data"}
    assert b"<html" in stores.lake.get("report/report.html")


def test_the_same_line_runs_on_s3_and_on_a_server_with_a_password(
    settings, s3_environment, postgres_url, instance, monkeypatch
):
    for name, value in s3_environment.items():
        monkeypatch.setenv(name, value)
    places = {"landing_uri": "s3://runs/landing", "lake_uri": "s3://runs/lake"}
    secret = {"warehouse_url": SecretStr(postgres_url)}
    stores = emptied(Stores(settings.model_copy(update=places | secret)))
    monkeypatch.setattr(resources, "_stores", lambda: stores)
    stores.landing.put("deep/run.tcx", run_file(RECENT))
    stores.landing.put("deep/bad.tcx", b"no xml")
    result = defs.resolve_job_def(LOAD).execute_in_process(
        instance=instance,
        partition_key=today(),
        run_config={"ops": {"bronze__activity_files": {"config": {"judge_young_files": True}}}},
    )
    assert result.success
    assert stores.warehouse.read_table("fact_activity")["distance_m"].to_pylist() == [3600]
    assert stores.warehouse.read_table("quarantined_file")["name"].to_pylist() == ["deep/bad.tcx"]
    assert stores.lake.get("report/report.html")
    assert written_dates(load(instance)) == 0


def test_nothing_landed_is_no_failure(stores, instance):
    assert load(instance).success
    assert stores.warehouse.read_table("fact_day").num_rows == 0


def test_a_file_ten_years_before_the_others_touches_only_its_own_date(stores, instance):
    land(stores, RECENT)
    load(instance)
    land(stores, OLD)
    assert written_dates(load(instance)) == 1
    assert instance.get_materialized_partitions(SILVER) == {"2014-03-02", "2024-06-01", today()}
    assert written_dates(load(instance)) == 0


def test_a_range_of_partitions_is_made_again_in_one_run_and_changes_nothing(stores, instance):
    land(stores, RECENT)
    load(instance)
    key = "silver/records/activity_date=2024-06-01/part-0.parquet"
    before = stores.lake.get(key)
    result = load(instance, start="2024-05-30", end="2024-06-03")
    assert result.success
    assert written_dates(result) == 0
    assert stores.lake.get(key) == before
    assert {"2024-05-30", "2024-06-03"} <= instance.get_materialized_partitions(SILVER)


def test_silver_that_was_lost_or_killed_half_way_is_made_again(stores, instance):
    land(stores, RECENT)
    load(instance)
    with stores.warehouse.connection() as connection:
        connection.execute("UPDATE ledger.date_state SET silver_digest = NULL, gold_digest = NULL")
    for table in ("records", "laps", "activities"):
        stores.lake.delete(f"silver/{table}/activity_date=2024-06-01/part-0.parquet")
    assert load(instance).success
    assert stores.warehouse.read_table("fact_activity").num_rows == 1


def test_a_lost_warehouse_is_filled_again_from_the_lake_without_the_landed_files(stores, instance):
    path = land(stores, RECENT)
    load(instance)
    path.unlink()
    with stores.warehouse.connection() as connection:
        connection.execute("DROP SCHEMA gold, ledger CASCADE")
    stores.warehouse.prepare()
    assert load(instance).success
    assert stores.warehouse.read_table("fact_activity").num_rows == 1


def test_a_failed_check_stops_what_is_downstream_of_it(stores, instance):
    land(stores, RECENT)
    load(instance)
    with stores.warehouse.connection() as connection:
        connection.execute("UPDATE ledger.date_state SET bronze_points = bronze_points + 1")
        connection.execute("UPDATE ledger.landing_file SET outcome = 'lost'")
    land(stores, OLD)
    result = load(instance)
    assert not result.success
    assert [c.check_name for c in result.get_asset_check_evaluations() if not c.passed] == [
        "every_landed_file_has_one_fate"
    ]
    assert stores.warehouse.read_table("fact_activity").num_rows == 1


def test_a_roster_labels_history_without_reading_files_again(stores, instance):
    land(stores, RECENT)
    load(instance)
    folder = stores.settings.roster_path
    folder.mkdir()
    (folder / "shifts.csv").write_text(
        "start,end\n2024-05-31 19:00,2024-06-01 07:00\n2024-06-05 07:00,2024-06-05 19:00\n"
    )
    assert written_dates(load(instance)) == 1
    [row] = stores.warehouse.read_table("fact_activity").to_pylist()
    assert (row["schedule_period"], row["hours_since_shift_end"]) == ("night", 12)
    (folder / "shifts.csv").write_text("when,what\nnow,then\n")
    result = load(instance)
    assert result.success
    assert [c.check_name for c in result.get_asset_check_evaluations() if not c.passed] == [
        "roster_is_readable"
    ]
    assert stores.warehouse.read_table("dim_shift").num_rows == 2


def test_codes_of_the_roster_label_history_as_the_roster_does(stores, instance):
    land(stores, RECENT)
    folder = stores.settings.roster_path
    folder.mkdir()
    (folder / "shifts.csv").write_text("date,code\n2024-05-31,N\n2024-06-05,D\n")
    load(instance)
    [row] = stores.warehouse.read_table("fact_activity").to_pylist()
    assert (row["schedule_period"], row["hours_since_shift_end"]) == ("night", 12)
    stores.settings.roster_codes_path.write_text('N = "21:00-06:00"')
    assert waiting(stores).roster
    assert written_dates(load(instance)) == 1
    [row] = stores.warehouse.read_table("fact_activity").to_pylist()
    assert row["hours_since_shift_end"] == 13
    assert not waiting(stores)


def keep_wellness(stores: Stores, *rows: str) -> None:
    folder = stores.settings.wellness_path
    folder.mkdir(exist_ok=True)
    (folder / "wellness.csv").write_text("\n".join(["date,resting_hr,hrv,sleep_start,sleep_end", *rows]))


def test_a_wellness_file_is_taken_in_and_a_bad_one_leaves_the_last_good_one(stores, instance):
    land(stores, RECENT)
    load(instance)
    assert not waiting(stores)
    keep_wellness(stores, "2024-06-01,51,62,2024-05-31 23:00,2024-06-01 07:00")
    assert waiting(stores).wellness
    assert written_dates(load(instance)) == 1
    assert not waiting(stores)
    [run] = stores.warehouse.read_table("fact_activity").to_pylist()
    assert (run["hours_since_sleep_end"], run["sleep_last_24h_h"]) == (12, None)
    [day] = stores.warehouse.read_table("fact_day").to_pylist()
    assert (day["resting_heart_rate_bpm"], day["hrv_rmssd_ms"], day["sleep_h"]) == (51, 62, 8)
    assert [found.key.startswith("bronze/wellness/") for found in stores.lake.list("bronze/wellness")] == [
        True
    ]
    keep_wellness(stores, "2024-06-01,351,62,2024-05-31 23:00,2024-06-01 07:00")
    assert waiting(stores).wellness
    result = load(instance)
    assert result.success
    [bad] = [check for check in result.get_asset_check_evaluations() if not check.passed]
    assert bad.check_name == "wellness_is_readable"
    assert "row 2 has resting_heart_rate_bpm '351'" in bad.metadata["problem"].value
    assert not waiting(stores)
    assert [table.num_rows for table in wellness_in(stores.lake)] == [1, 1]


def test_a_new_night_moves_only_the_runs_around_it_and_a_new_pulse_none(stores, instance):
    land(stores, RECENT)
    land(stores, OLD)
    load(instance)
    nights = ["2024-05-31,51,62,2024-05-30 23:00,2024-05-31 07:00", "2024-06-01,51,62,,"]
    keep_wellness(stores, *nights)
    assert written_dates(load(instance)) == 1
    keep_wellness(stores, *nights[:1], "2024-06-01,57,62,,")
    assert written_dates(load(instance)) == 0
    days = stores.warehouse.read_table("fact_day").to_pylist()
    assert days[-1]["resting_heart_rate_bpm"] == 57
    assert not waiting(stores)


def keep_athlete(stores: Stores, *entries: str) -> None:
    text = "\n".join(f"[[athlete]]\nvalid_from = {entry}" for entry in entries)
    stores.settings.athlete_path.write_text(text.replace(" ; ", "\n"))


def trimps(stores: Stores) -> dict[date, float]:
    rows = stores.warehouse.read_table("fact_activity").to_pylist()
    return {row["activity_date"]: row["trimp"] for row in rows}


def test_a_changed_value_moves_the_dates_it_is_valid_for_and_says_so_beforehand(stores, instance):
    for days_before in (0, 1, 400):
        land(stores, RECENT - timedelta(days=days_before))
    first = "2020-01-01 ; max_heart_rate_bpm = 190"
    keep_athlete(stores, first)
    load(instance)
    before = trimps(stores)
    keep_athlete(stores, first, "2024-06-01 ; max_heart_rate_bpm = 185")
    work = waiting(stores)
    assert (work.athlete, work.gold_dates) == (True, (date(2024, 6, 1),))
    assert work.reasons == (("athlete setting", 1),)
    assert written_dates(load(instance)) == 1
    after = trimps(stores)
    assert [day for day in before if before[day] != after[day]] == [date(2024, 6, 1)]
    assert not waiting(stores)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("2020-01-01 ; max_heart_rate_bpm = 105 ; resting_heart_rate_bpm = 110", "are out of order"),
        ("2020-01-01 ; max_hr = 190", "unknown key 'max_hr'"),
        ("2020-13-01", "is not TOML"),
    ],
)
def test_a_bad_athlete_file_leaves_the_last_good_one_and_is_warned_of(stores, instance, entry, said):
    land(stores, RECENT)
    keep_athlete(stores, "2020-01-01 ; max_heart_rate_bpm = 190 ; home_timezone = 'Asia/Tokyo'")
    load(instance)
    before, home = trimps(stores), str(stores.home_timezone)
    assert home == "Europe/Vienna; 2020-01-01 Asia/Tokyo"
    keep_athlete(stores, entry)
    assert waiting(stores).athlete
    result = load(instance)
    assert result.success
    [bad] = [check for check in result.get_asset_check_evaluations() if not check.passed]
    assert bad.check_name == "athlete_file_is_readable"
    assert said in bad.metadata["problem"].value
    assert [said in problem for problem in problems(stores)] == [True]
    assert (trimps(stores), str(stores.home_timezone)) == (before, home)
    assert not waiting(stores)


def test_another_home_moves_only_runs_whose_file_says_no_place(stores, instance):
    landing = Path(stores.landing.folder)
    late = datetime(2024, 6, 1, 16, 30, tzinfo=UTC)  # the next date in Tokyo
    (landing / "outdoors.tcx").write_bytes(run_file(late))
    (landing / "indoors.tcx").write_bytes(run_file(late + timedelta(days=7), at=None))
    load(instance)
    keep_athlete(stores, "2024-05-01 ; home_timezone = 'Asia/Tokyo'")
    assert dict(waiting(stores).reasons) == {"home zone": 2}
    assert load(instance).success
    rows = stores.warehouse.read_table("fact_activity").to_pylist()
    assert {row["activity_date"]: (row["timezone"], row["timezone_source"]) for row in rows} == {
        date(2024, 6, 1): ("Europe/Vienna", "position"),
        date(2024, 6, 9): ("Asia/Tokyo", "home"),
    }
    assert not waiting(stores)


def test_a_changed_roster_says_how_many_dates_wait_because_of_it(stores, instance):
    land(stores, RECENT)
    land(stores, OLD)
    load(instance)
    stores.settings.roster_path.mkdir()
    (stores.settings.roster_path / "r.csv").write_text("start,end\n2024-06-01 07:00,2024-06-01 19:00\n")
    assert waiting(stores).reasons == (("roster", 1),)
    assert written_dates(load(instance)) == 1


def test_the_sensor_asks_for_one_run_once_files_have_stopped_arriving(stores, instance):
    def tick(cursor: str | None) -> tuple[dg.SensorResult, str | None]:
        context = dg.build_sensor_context(
            instance, cursor=cursor, definitions=defs, resources={"stores": stores}
        )
        return new_landing_files.evaluate_tick(context), context.cursor

    load(instance)
    assert tick(None)[0].skip_message == "Everything landed is loaded."
    land(stores, RECENT)
    land(stores, OLD)
    first, cursor = tick(None)
    assert "arriving" in first.skip_message
    land(stores, RECENT, seconds=1300)
    second, cursor = tick(cursor)
    assert "arriving" in second.skip_message
    third, cursor = tick(cursor)
    [request] = third.run_requests
    assert request.partition_key == today()
    load(instance)
    assert tick(cursor)[0].skip_message == "Everything landed is loaded."


def test_a_copy_in_another_zone_is_shown_and_not_merged(stores, instance):
    land(stores, RECENT)
    land(stores, RECENT + timedelta(hours=12, minutes=45))
    land(stores, RECENT + timedelta(hours=33, minutes=52))
    assert load(instance).success
    pairs = stores.warehouse.read_table("suspected_copy").to_pylist()
    assert [(pair["activity_id"], pair["offset_h"]) for pair in pairs] == [("20240601T170000Z", 12.75)]
    assert stores.warehouse.row_count(FACT_ACTIVITY) == 3


def test_the_runner_may_choose_another_file_and_take_that_back(stores, instance):
    shorter, longer = run_file(RECENT, 1190), run_file(RECENT, 1200)
    folder = Path(stores.landing.folder)
    (folder / "shorter.tcx").write_bytes(shorter)
    (folder / "longer.tcx").write_bytes(longer)
    os.utime(folder / "shorter.tcx", (0, 0))
    assert load(instance).success

    def used() -> str:
        sources = stores.warehouse.read_table("activity_source")
        [name] = sources.filter(sources["is_winner"])["source_name"].to_pylist()
        return name

    assert used() == "longer.tcx"
    assert choose_file(stores, content_hash(shorter)[:12].upper(), undo=False) == "shorter.tcx"
    assert load(instance).success
    assert used() == "shorter.tcx"
    reasons = stores.warehouse.read("SELECT choice_reason FROM gold.activity_source").to_pydict()
    assert sorted(reasons["choice_reason"]) == ["you chose another file", "your choice"]
    choose_file(stores, content_hash(shorter), undo=True)
    assert load(instance).success
    assert used() == "longer.tcx"
    with pytest.raises(CorosError, match="No file of an activity"):
        choose_file(stores, "5e1f", undo=False)
    with pytest.raises(CorosError, match="2 files"):
        choose_file(stores, "", undo=False)
