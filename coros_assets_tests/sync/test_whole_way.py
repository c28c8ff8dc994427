"""From COROS to gold, in the asset graph and by the command."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from datetime import timedelta

import dagster as dg
import pytest
from click.testing import CliRunner

from coros_assets import definitions, resources, sensors
from coros_assets.cli import main
from coros_assets.sync import assets
from coros_assets.sync.vault import SERVICE
from coros_assets.waiting import waiting
from coros_assets_tests.conftest import emptied
from coros_assets_tests.sync.actions import HASTY_SYNC, browser, environment_of, log_in, vault
from coros_assets_tests.sync.conftest import FAST
from coros_assets_tests.sync.runner import TODAY


def rows(stores, table: str, *columns: str) -> list[tuple[object, ...]]:
    found = stores.warehouse.read_table(table)
    return sorted(zip(*(found[column].to_pylist() for column in columns), strict=True))


def run(job: dg.JobDefinition, instance: dg.DagsterInstance, config=None, partition=None) -> None:
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    done = job.execute_in_process(
        instance=instance, run_config=quiet | (config or {}), partition_key=partition
    )
    assert done.success


@pytest.mark.filterwarnings("ignore::dagster.BetaWarning")
def test_what_coros_has_is_in_gold_and_a_second_time_nothing_changes(stores, memory, coros, monkeypatch):
    emptied(stores)
    log_in(stores, coros)
    monkeypatch.setattr(resources, "_stores", lambda: stores)
    monkeypatch.setattr("coros_assets.sync.transport.POLITE", FAST)
    wired = switched_on(monkeypatch)
    complete = {"ops": {"bronze__activity_files": {"config": {"judge_young_files": True}}}}
    with dg.DagsterInstance.ephemeral() as instance:
        run(wired.resolve_job_def("sync"), instance)
        assert waiting(stores).wellness
        run(wired.resolve_job_def(sensors.LOAD), instance, complete, sensors.today())
        assert not waiting(stores)
        run(wired.resolve_job_def("sync"), instance)
        assert not waiting(stores), "a second sync brings nothing that a load would have to do"
    activities = rows(stores, "fact_activity", "activity_id", "activity_date", "sport", "distance_m")
    days = rows(stores, "fact_day", "activity_date", "resting_heart_rate_bpm", "hrv_rmssd_ms")
    assert len(activities) == 3
    assert {(sport, round(distance)) for _, _, sport, distance in activities} == {("running", 2094)}
    measured = {day: (resting, hrv) for day, resting, hrv in days if resting is not None}
    assert len(measured) == 5, "gold's days are those from the first run to the last"
    assert measured[TODAY - timedelta(days=1)] == (49.0, 61.0)


def switched_on(monkeypatch) -> dg.Definitions:
    """The definitions as a process has them whose settings say so."""
    monkeypatch.setenv("COROS_SYNC", "1")
    monkeypatch.setenv("COROS_HOME_TIMEZONE", "Asia/Tokyo")
    return runpy.run_path(definitions.__file__)["defs"]


def test_the_sync_is_in_the_graph_only_where_it_was_switched_on(monkeypatch):
    assert definitions.defs.resolve_asset_graph().has(assets.SYNC) is False
    assert not definitions.defs.schedules
    wired = switched_on(monkeypatch)
    node = wired.resolve_asset_graph().get(assets.SYNC)
    assert {key.to_user_string() for key in node.child_keys} == {
        "landing/activity_files",
        "wellness/daily",
        "wellness/sleep",
    }
    assert (bool(node.description), node.owners, node.group_name) == (True, ["team:coros-assets"], "sync")
    jobs = {name: wired.resolve_job_def(name).asset_layer.executable_asset_keys for name in ("load", "sync")}
    assert assets.SYNC not in jobs["load"], "a load asks nobody"
    assert jobs["sync"] == {assets.SYNC}
    schedule = wired.resolve_schedule_def("sync_every_afternoon")
    assert schedule.default_status == dg.DefaultScheduleStatus.STOPPED
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("0 16 * * *", "Asia/Tokyo")


def test_the_command_logs_in_and_out(stores, memory, coros, monkeypatch):
    monkeypatch.setattr("webbrowser.open", browser)
    monkeypatch.setattr("coros_assets.sync.transport.POLITE", FAST)
    environment = environment_of(stores.settings)
    done = CliRunner().invoke(main, ["sync", "--login"], env=environment)
    assert (done.exit_code, "You are logged in" in done.output) == (0, True), done.output
    assert list(memory.kept) == [(SERVICE, str(stores.settings.home))]
    assert vault(stores).read().resource == coros.url
    done = CliRunner().invoke(main, ["sync", "--logout"], env=environment)
    assert (done.exit_code, memory.kept) == (0, {})
    done = CliRunner().invoke(main, ["sync"], env=environment)
    assert done.exit_code == 1
    assert "Error: There is no login at COROS yet. Run `coros-assets sync --login` once." in done.output
    done = CliRunner().invoke(main, ["sync", "--login", "--since", "2026-01-01"], env=environment)
    assert done.exit_code == 2


def test_without_the_extra_the_command_says_how_to_get_it(stores, memory, monkeypatch):
    monkeypatch.setattr("coros_assets.extras.find_spec", lambda name: None if name == "mcp" else name)
    done = CliRunner().invoke(main, ["sync"], env=environment_of(stores.settings))
    assert done.exit_code == 1
    assert "pip install 'coros-assets[sync]'" in done.output


@pytest.mark.slow
def test_the_command_goes_through_to_answers_and_report(stores, memory, coros, tmp_path):
    token = coros.accounts.issued("someone").access_token
    coros.texts["querySleepHrv"] = "something new"
    done = subprocess.run(
        [sys.executable, "-c", HASTY_SYNC],
        env=os.environ
        | {"COROS_HOME": str(tmp_path / "own"), "COROS_HOME_TIMEZONE": "Europe/Vienna"}
        | {"COROS_SYNC_URL": coros.url, "COROS_SYNC_TOKEN": token},
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stderr.replace("\n", " ")
    assert done.returncode == 1
    assert "Days new or changed: Sleep 12, Resting heart rate 12." in said
    assert "Activities new at COROS: 3; files landed: 3." in said
    assert "Error: COROS's reply to querySleepHrv is not of a form that coros-assets knows" in said
    assert list((tmp_path / "own" / "lake" / "report").glob("*.html"))
