"""The Dagster UI in a real browser: the graph is there, and a dropped file arrives by itself."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import psutil
import psycopg
import pytest
from playwright.sync_api import Page, expect

from coros_assets.storage.embedded import WAREHOUSE_DATABASE, embedded_url
from coros_assets.storage.postgres import as_user
from coros_assets.storage.reader import LONGEST_READ_S, READER_ROLE
from coros_assets_tests.servers import chromium, free_port, wait_until
from coros_assets_tests.tcx_text import run_file

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

PROGRAM = Path(sys.executable).with_name("coros-assets")
ARRIVES_WITHIN_S = 180
SECRET = "c4n4ry"


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("ui") / "home"


@pytest.fixture(scope="module")
def environment(home) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COROS_")}
    return kept | {
        "COROS_HOME": str(home),
        "COROS_HOME_TIMEZONE": "Europe/Vienna",
        "AWS_SECRET_ACCESS_KEY": SECRET,
    }


@pytest.fixture(scope="module")
def address(home, environment) -> Iterator[str]:
    """The UI of an empty home, as the command starts it."""
    port = free_port()
    home.parent.mkdir(exist_ok=True)
    with (home.parent / "ui.log").open("w") as log:
        server = subprocess.Popen(
            [PROGRAM, "ui", "--port", str(port)], env=environment, stdout=log, stderr=log
        )
    try:
        wait_until(lambda: answers(f"http://127.0.0.1:{port}/server_info"), "The UI", 120)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(60)


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with chromium() as browser:
        yield browser.new_page(viewport={"width": 1500, "height": 950})


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except OSError:
        return False


def graphql(address: str, query: str, **variables: object) -> dict:
    body = json.dumps({"query": query, "variables": variables}).encode()
    request = urllib.request.Request(f"{address}/graphql", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)["data"]


def materialized_ranges(address: str) -> list[dict]:
    query = """query($key: AssetKeyInput!) { assetNodeOrError(assetKey: $key) { ... on AssetNode {
        assetPartitionStatuses { ... on TimePartitionStatuses { ranges { status startKey endKey } } } } } }"""
    node = graphql(address, query, key={"path": ["silver", "records"]})["assetNodeOrError"]
    return node["assetPartitionStatuses"]["ranges"]


def activities(environment: dict[str, str]) -> str:
    query = "SELECT activity_id FROM gold.fact_activity ORDER BY 1"
    command = [PROGRAM, "sql", query, "--format", "csv"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


def test_the_graph_shows_every_layer(page, address):
    page.goto(f"{address}/asset-groups")
    for group in ("landing", "bronze", "silver", "roster", "gold", "answers", "report"):
        expect(page.get_by_text(group, exact=True).first).to_be_visible(timeout=60_000)


def test_a_file_dropped_into_landing_becomes_a_partition_and_rows_by_itself(page, address, home, environment):
    landing = home / "landing"
    wait_until(landing.exists, "The landing folder")
    (landing / "run.tcx").write_bytes(run_file(datetime(2024, 6, 1, 17, tzinfo=UTC)))
    wait_until(
        lambda: any(
            found["startKey"] <= "2024-06-01" <= found["endKey"] for found in materialized_ranges(address)
        ),
        "The new partition",
        ARRIVES_WITHIN_S,
    )
    wait_until(lambda: "20240601T170000Z" in activities(environment), "The row in gold", ARRIVES_WITHIN_S)
    page.goto(f"{address}/assets/silver/records?partition=2024-06-01&view=partitions")
    expect(page.get_by_text("2024-06-01").first).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Materialized (2)")).to_be_visible(timeout=60_000)


def test_a_range_of_dates_is_backfilled_in_a_single_run(address):
    launch = """mutation($parameters: LaunchBackfillParams!) {
        launchPartitionBackfill(backfillParams: $parameters) {
        ... on LaunchBackfillSuccess { backfillId } } }"""
    assets = [["bronze", "activity_files"], *(["silver", name] for name in ("records", "laps", "activities"))]
    launched = graphql(
        address,
        launch,
        parameters={
            "assetSelection": [{"path": path} for path in assets],
            "partitionNames": [f"2024-06-{day:02}" for day in range(1, 11)],
        },
    )["launchPartitionBackfill"]
    state = """query($id: String!) { partitionBackfillOrError(backfillId: $id) { ... on PartitionBackfill {
        status runs(limit: 20) { id status } } } }"""
    found: dict = {}

    def is_done() -> bool:
        found.update(graphql(address, state, id=launched["backfillId"])["partitionBackfillOrError"])
        return found["status"].startswith("COMPLETED")

    wait_until(is_done, "The backfill", 240)
    assert found["status"] == "COMPLETED_SUCCESS"
    assert [run["status"] for run in found["runs"]] == ["SUCCESS"]


def processes(home: Path) -> list[psutil.Process]:
    """Every process of this machine that works for a home: web server, daemon, code servers, PostgreSQL."""
    found = []
    for each in psutil.process_iter():
        with suppress(psutil.Error):
            if str(home) in " ".join([*each.cmdline(), each.environ().get("COROS_HOME", ""), each.cwd()]):
                found.append(each)
    return found


def test_everything_listens_on_this_machine_only_and_says_no_password(home, address):
    found = processes(home)
    named = "\n".join(" ".join(each.cmdline()) for each in found)
    for part in ("dagster_webserver", "dagster._daemon", "code-server", "postgres"):
        assert part in named
    listening = [
        at for each in found for at in each.net_connections("inet") if at.status == psutil.CONN_LISTEN
    ]
    assert int(address.rsplit(":", 1)[1]) in {at.laddr.port for at in listening}
    assert {at.laddr.ip for at in listening} <= {"127.0.0.1", "::1"}
    assert SECRET not in named


def test_a_reader_that_lifted_its_time_outs_is_ended_while_the_ui_runs(home, address):
    url = as_user(embedded_url(home, WAREHOUSE_DATABASE), READER_ROLE)
    with psycopg.connect(url) as reader:
        reader.execute("SET statement_timeout = 0")
        reader.execute("SET idle_in_transaction_session_timeout = 0")

        def is_ended() -> bool:
            try:
                reader.execute("SELECT 1")
            except psycopg.OperationalError:
                return True
            return False

        wait_until(is_ended, "The end of the session", LONGEST_READ_S + 30)
