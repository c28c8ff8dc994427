"""Runs whose process is gone, in Dagster's storage on the embedded server."""

import time
from collections.abc import Iterator

import dagster as dg
import psycopg2
import pytest
from dagster import DagsterEvent, DagsterEventType, DagsterRunStatus
from sqlalchemy import text

from coros_assets import live_runs
from coros_assets.commands.instance import open_instance
from coros_assets.definitions import defs
from coros_assets.live_runs import alive, end_abandoned
from coros_assets.sensors import LOAD, new_landing_files, today
from coros_assets_tests.tcx_text import run_file

ASKED = 30


@pytest.fixture
def instance(settings) -> Iterator[dg.DagsterInstance]:
    with open_instance(settings) as instance:
        yield instance
        for record in instance.get_run_records():
            instance.delete_run(record.dagster_run.run_id)


def started(instance: dg.DagsterInstance, seconds_ago: float) -> str:
    run = instance.create_run_for_job(defs.resolve_job_def(LOAD), tags={"dagster/partition": today()})
    start = DagsterEvent(event_type_value=DagsterEventType.RUN_START.value, job_name=LOAD)
    instance.report_dagster_event(start, run.run_id, timestamp=time.time() - seconds_ago)
    return run.run_id


def status(instance: dg.DagsterInstance, run_id: str) -> DagsterRunStatus:
    return instance.get_run_by_id(run_id).status


def test_a_run_whose_process_is_gone_is_ended_and_one_at_work_is_not(instance):
    gone, at_work, begun = started(instance, 300), started(instance, 300), started(instance, 1)
    with alive(instance, at_work):
        end_abandoned(instance, LOAD)
    assert [status(instance, run) for run in (gone, at_work, begun)] == [
        DagsterRunStatus.FAILURE,
        DagsterRunStatus.STARTED,
        DagsterRunStatus.STARTED,
    ]


def test_the_lock_of_a_run_goes_with_its_connection(instance):
    run_id = started(instance, 300)
    with instance.run_storage.connect() as connection, instance.run_storage.connect() as other:
        connection.execute(live_runs._HOLD, {"run_id": run_id})
        end_abandoned(instance, LOAD)
        assert status(instance, run_id) is DagsterRunStatus.STARTED
        holder = connection.execute(text("SELECT pg_backend_pid()")).scalar()
        other.execute(text(f"SELECT pg_terminate_backend({holder}, 5000)"))
        end_abandoned(instance, LOAD)
        connection.invalidate()
    assert status(instance, run_id) is DagsterRunStatus.FAILURE


def test_the_sensor_does_not_wait_for_a_run_whose_process_is_gone(instance, stores):
    stores.landing.put("run.tcx", run_file())
    cursor = None
    started(instance, 300)
    for _ in range(2):
        context = dg.build_sensor_context(
            instance, cursor=cursor, definitions=defs, resources={"stores": stores}
        )
        said, cursor = new_landing_files.evaluate_tick(context), context.cursor
    assert len(said.run_requests) == 1


@pytest.mark.parametrize("keeps", [True, False])
def test_a_run_keeps_its_connections_to_dagster_s_storage_but_not_its_lock(
    instance, stores, monkeypatch, keeps
):
    connected, connect = [], psycopg2.connect

    def counted(*args: object, **options: object) -> object:
        connected.append(connect(*args, **options))
        return connected[-1]

    @dg.op
    def asks(context: dg.OpExecutionContext, stores: dg.ResourceParam) -> None:
        del connected[:]
        for _ in range(ASKED):
            context.instance.get_run_by_id(context.run_id)
        found.append(len(connected))

    @dg.job(name=LOAD, resource_defs=dict(defs.get_repository_def().get_top_level_resources()))
    def load() -> None:
        asks()

    found: list[int] = []
    monkeypatch.setattr("coros_assets.resources._stores", lambda: stores)
    monkeypatch.setattr(psycopg2, "connect", counted)
    if not keeps:  # the control: as Dagster does by itself
        monkeypatch.setattr(instance, "optimize_for_webserver", lambda **_: None)
    run_id = load.execute_in_process(instance=instance).run_id
    assert (found[0] < ASKED) is keeps
    with instance.run_storage.connect() as other:
        assert other.execute(live_runs._IS_FREE, {"run_id": run_id}).scalar()


def test_a_run_is_at_work_while_it_uses_the_stores(instance, stores, monkeypatch):
    seen = []
    monkeypatch.setattr("coros_assets.resources._stores", lambda: stores)
    monkeypatch.setattr(live_runs, "_BEGINS_WITHIN_S", -1)

    @dg.op
    def looks(context: dg.OpExecutionContext, stores: dg.ResourceParam) -> None:
        end_abandoned(context.instance, LOAD)
        seen.append(status(context.instance, context.run_id))

    @dg.job(name=LOAD, resource_defs=dict(defs.get_repository_def().get_top_level_resources()))
    def load() -> None:
        looks()

    load.execute_in_process(instance=instance)
    assert seen == [DagsterRunStatus.STARTED]
