"""Erasing: nothing of the activity is left in any store, no copy comes back, and everything else stays."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import psycopg
import pytest
from pydantic import SecretStr

from coros_assets import resources
from coros_assets.bronze import erasure
from coros_assets.bronze.catalogue import content_hash
from coros_assets.commands import erase as erasing
from coros_assets.commands.erase import erase, finish_erasures, plan_activity, plan_file
from coros_assets.commands.instance import open_instance
from coros_assets.commands.load import load
from coros_assets.commands.status import status
from coros_assets.errors import CorosError
from coros_assets.storage.embedded import WAREHOUSE_DATABASE, embedded_url
from coros_assets.storage.lake import ObjectStore
from coros_assets.stores import Stores
from coros_assets.waiting import waiting
from coros_assets_tests import canary
from coros_assets_tests.byte_search import files_of, found_in, objects_of, spellings_of_text
from coros_assets_tests.conftest import emptied
from coros_assets_tests.servers import keep_versions
from coros_assets_tests.tcx_text import run_file

NEEDLES = canary.NEEDLES | {
    f"hash of {name}": spellings_of_text(content_hash(data))
    for name, data in {"tcx": canary.tcx(), "fit": canary.fit_file(), "gpx": canary.gpx()}.items()
}
OTHERS = ["20240601T190000Z", "20240603T170000Z", "20240605T170000Z"]

Found = set[tuple[str, str, str]]


@pytest.fixture(autouse=True)
def _wired(stores: Stores, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "_stores", lambda: stores)


def landed(stores: Stores, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        stores.landing.put(name, data)
    load(stores.settings)


def where(stores: Stores) -> Found:
    """Which needle is where: store, needle, file; the server's two databases and its logs are `postgres`."""
    home = stores.settings.home
    with psycopg.connect(embedded_url(home, WAREHOUSE_DATABASE), autocommit=True) as connection:
        connection.execute("CHECKPOINT")  # what is in memory only would not be found
    places: dict[str, Iterator[tuple[str, bytes]]] = {
        "postgres": files_of(home / "postgres"),
        "home": (file for file in files_of(home) if not file[0].startswith("postgres")),
    }
    for name, store in (("landing", stores.landing), ("lake", stores.lake)):
        places[name] = objects_of(store) if store.folder is None else files_of(store.folder)
    return {(name, *hit) for name, files in places.items() for hit in found_in(files, NEEDLES)}


def activities(stores: Stores) -> list[str]:
    return sorted(stores.warehouse.read_table("fact_activity")["activity_id"].to_pylist())


def plant_traces(stores: Stores) -> None:
    """Events and logs that name the file, as a failure or another version of Dagster might write them."""
    named = dg.AssetMaterialization(
        ["silver", "records"], partition="2024-06-01", metadata={"of": "kanari.fit"}
    )
    with open_instance(stores.settings) as instance:
        instance.report_runless_asset_event(named)
    logs = stores.settings.home / "dagster" / "storage" / "run" / "compute_logs"
    logs.mkdir(parents=True)
    (logs / "step.err").write_text("reading export/kanari.fit\n")
    with (stores.settings.home / "postgres" / "log").open("a") as log:
        log.write("DETAIL:  Key (name)=(export/kanari.fit) already exists.\n")
    (Path(stores.lake.folder) / "bronze" / "files" / "1d7dd#1").write_bytes(canary.fit_file())  # a killed put


@pytest.mark.slow
def test_nothing_of_an_erased_activity_is_left_in_any_store(stores: Stores) -> None:
    landed(stores, canary.forms() | canary.STAY)
    plant_traces(stores)
    before = where(stores)
    assert {store for store, _, _ in before} == {"landing", "lake", "postgres", "home"}
    assert {needle for _, needle, _ in before} == NEEDLES.keys()
    for part in (
        "files",
        "quarantine",
        "catalogue",
        "records",
        "laps",
        "activities",
        "pg_wal",
        "base",
        "log",
    ):
        assert any(part in name for store, _, name in before if store in {"lake", "postgres"}), part
    plan = plan_activity(stores, canary.ACTIVITY)
    assert plan.activities == (canary.ACTIVITY, f"{canary.ACTIVITY}-2")  # the GPX does not say the sport
    assert erase(stores, plan) == []
    assert where(stores) == set()
    assert activities(stores) == OTHERS
    assert {found.key for found in stores.landing.list()} == {*canary.STAY, "export/all.zip"}
    facts = status(stores)
    assert all(found["holds"] for found in facts["reconciliation"])
    assert facts["erasures"] == {"refused": [], "unfinished": 0}
    assert not waiting(stores)


@pytest.mark.slow
def test_a_copy_that_is_landed_again_is_refused_and_one_that_is_not_is_taken_in(stores: Stores) -> None:
    landed(stores, {"kanari.tcx": canary.tcx()})
    erase(stores, plan_activity(stores, canary.ACTIVITY))
    assert activities(stores) == []
    assert stores.lake.get("report/report.html")
    landed(stores, {"kanari.fit": canary.fit_file()} | canary.STAY)
    [refused] = status(stores)["erasures"]["refused"]
    assert refused["name"] == "kanari.fit"
    assert "It was erased" in refused["reason"]
    assert activities(stores) == OTHERS[:2]
    assert {store for store, _, _ in where(stores)} == {
        "landing",
        "postgres",
    }  # where it lies, and what it is called
    plan = plan_activity(stores, canary.ACTIVITY)
    assert (plan.erasure, plan.lines[0][:20]) == (None, "It was erased before")
    erase(stores, plan)
    assert where(stores) == set()


@pytest.mark.slow
def test_no_form_of_an_erased_activity_comes_back(stores: Stores) -> None:
    landed(stores, {"kanari.tcx": canary.tcx()} | canary.STAY)
    erase(stores, plan_activity(stores, canary.ACTIVITY))
    landed(stores, canary.forms() | canary.more_forms())
    assert {file["name"].removeprefix("export/") for file in status(stores)["erasures"]["refused"]} == {
        "kanari.tcx",
        "kanari.tcx.gz",
        "kanari.fit",
        "all.zip/deep/kanari.gpx",
        "all.zip/inner.zip/kanari.tcx",
        "only.zip/kanari.fit",
        "kanari-cut.tcx",
        "kanari-cut.fit",
        "kanari-cut.tcx.gz",
    }
    assert activities(stores) == OTHERS
    assert {needle for store, needle, _ in where(stores) if store == "lake"} == set()
    erase(stores, plan_activity(stores, canary.ACTIVITY))
    assert where(stores) == set()
    assert activities(stores) == OTHERS


@pytest.mark.slow
def test_of_one_erased_file_the_next_best_is_used_and_the_activity_stays(stores: Stores) -> None:
    landed(stores, {"run.fit": canary.fit_file(), "run.tcx": canary.tcx()})
    with pytest.raises(CorosError, match="No landed file is called"):
        plan_file(stores, "other.fit")
    plan = plan_file(stores, "run.fit")
    assert (plan.files, plan.activities, plan.kept) == (("run.fit",), (), (canary.ACTIVITY,))
    erase(stores, plan)
    [used] = stores.warehouse.read_table("activity_source").to_pylist()
    assert (used["source_name"], used["is_winner"]) == ("run.tcx", True)
    landed(stores, {"again.fit": canary.fit_file()})
    assert [file["name"] for file in status(stores)["erasures"]["refused"]] == ["again.fit"]
    assert stores.warehouse.read_table("activity_source").num_rows == 1


@pytest.mark.slow
def test_a_file_of_several_activities_goes_as_a_whole_and_what_others_hold_stays(stores: Stores) -> None:
    later = run_file(canary.START.replace(day=9), 700, (47.5, 15.5))
    other = run_file(canary.START.replace(day=20), 700, (47.5, 15.5))
    body = b"".join(
        data.split(b"<Activities>")[1].split(b"</Activities>")[0] for data in (canary.tcx(), later, other)
    )
    whole = (
        canary.tcx().split(b"<Activities>")[0]
        + b"<Activities>"
        + body
        + b"</Activities></TrainingCenterDatabase>"
    )
    landed(stores, {"whole.tcx": whole, "later.tcx": later})
    assert len(activities(stores)) == 3
    plan = plan_activity(stores, canary.ACTIVITY)
    assert plan.activities == (canary.ACTIVITY, "20240620T170000Z")
    assert plan.kept == ("20240609T170000Z",)
    erase(stores, plan)
    assert activities(stores) == ["20240609T170000Z"]
    landed(stores, {"other.tcx": other})
    assert activities(stores) == ["20240609T170000Z", "20240620T170000Z"]


def test_what_is_no_activity_is_refused_in_words(stores: Stores) -> None:
    for name, words in (("20240601T170000Z", "There is no activity"), ("run.tcx", "--file")):
        with pytest.raises(CorosError, match=words):
            plan_activity(stores, name)


STEPS: list[tuple[object, str]] = [
    (erasing, "remove_erased"),
    (erasing, "load"),
    (erasing, "clear_landing"),
    (erasing, "forget_in_dagster"),
    (erasing, "rewrite"),
    (erasing, "remove_copies"),
    (erasure, "_remove"),
    (erasure, "refresh_dates"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("module", "name"), STEPS, ids=[name for _, name in STEPS])
def test_an_erasure_that_was_killed_is_ended_by_the_next_load(
    stores: Stores, monkeypatch: pytest.MonkeyPatch, module: object, name: str
) -> None:
    landed(stores, {"kanari.tcx": canary.tcx(), "cut/kanari.tcx": canary.tcx()[:-300]} | canary.STAY)
    plan = plan_activity(stores, canary.ACTIVITY)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(module, name, killed)
        with pytest.raises(KeyboardInterrupt):
            erase(stores, plan)
    assert where(stores) != set()
    assert status(stores)["erasures"]["unfinished"] == 1
    load(stores.settings)
    finish_erasures(stores)
    assert where(stores) == set()
    assert activities(stores) == OTHERS[:2]
    assert status(stores)["erasures"] == {"refused": [], "unfinished": 0}


@pytest.mark.slow
def test_on_s3_and_a_server_with_a_password_every_object_and_row_goes(
    settings, s3_environment, postgres_url, monkeypatch
):
    for name, value in s3_environment.items():
        monkeypatch.setenv(name, value)
    places = {"landing_uri": "s3://runs/erase/landing", "lake_uri": "s3://runs/erase/lake"}
    stores = emptied(Stores(settings.model_copy(update=places | {"warehouse_url": SecretStr(postgres_url)})))
    monkeypatch.setattr(resources, "_stores", lambda: stores)
    landed(stores, canary.forms() | canary.STAY)
    assert {store for store, _, _ in where(stores)} >= {"landing", "lake"}
    [remark] = erase(stores, plan_activity(stores, canary.ACTIVITY))
    assert "backups and replicas" in remark
    assert not stores.lake.keeps_versions()
    assert where(stores) == set()
    assert activities(stores) == OTHERS
    rows = [
        row
        for table in ("activity_source", "fact_lap")
        for row in stores.warehouse.read_table(table).to_pylist()
    ]
    assert not any("kanari" in str(row) for row in rows)


@pytest.mark.slow
def test_of_a_bucket_that_keeps_old_versions_it_is_said_what_is_left(s3_environment, monkeypatch):
    for name, value in s3_environment.items():
        monkeypatch.setenv(name, value)
    keep_versions("kept", s3_environment)
    store = ObjectStore("s3://kept/lake")
    assert not store.keeps_versions()  # nothing in it that could tell
    store.put("a", b"1")
    assert store.keeps_versions()
