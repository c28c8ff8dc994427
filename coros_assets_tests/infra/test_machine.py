"""The machine of `infra/`, whole: a file lands and is in gold, also after its services were killed.

PostgreSQL with TLS, S3 and the queue are servers of this machine. What stands for AWS: `in_place_of_aws`, and
that nobody judges tokens. Its user, cgroups and sandboxes of systemd, and `install-release`, are not tried.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil
import psycopg
import pytest
from obstore.store import S3Store
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from coros_assets_tests.infra.machine import Unit, machine
from coros_assets_tests.infra.test_roles import psql
from coros_assets_tests.servers import LOOPBACK, free_port, keep_versions, postgres_server, wait_until
from coros_assets_tests.sqs import Queue, created, queue
from coros_assets_tests.tcx_text import run_file
from coros_assets_tests.tls import HOST, Authority, over_tls, require_tls

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

FIGURES = logging.getLogger(__name__)
BUCKETS = ("landing", "lake", "operations")
FIRST, SECOND = (datetime(2024, 6, day, 17, tzinfo=UTC) for day in (1, 2))
ARRIVES_WITHIN_S = 180  # much more than it takes: machines that run tests are busy
# RDS alone can judge a token: here whoever comes by TLS as one of these is let in.
TAKE_ANY_TOKEN = f"hostssl all coros_owner,coros_loader,coros_dagster,coros_analyst {LOOPBACK}/32 trust"


@dataclass
class Deployed:
    """The machine at work, and the doors to it."""

    units: dict[str, Unit]
    landing: S3Store
    told: Queue
    gold: str
    ui: str

    def drop(self, name: str, start: datetime) -> float:
        """Lands a run, as an upload does, and lets the queue know as S3 does; the time of it."""
        self.landing.put(name, run_file(start))
        landed = time.monotonic()
        self.told.send(created(name))
        return landed

    def activities(self) -> set[str]:
        with psycopg.connect(self.gold) as connection:
            return {
                name
                for (name,) in connection.execute("SELECT activity_id FROM gold.fact_activity").fetchall()
            }

    def arrived(self, start: datetime) -> bool:
        return f"{start:%Y%m%dT%H%M%SZ}" in self.activities()

    def graphql(self, query: str) -> dict:
        body = json.dumps({"query": query}).encode()
        request = urllib.request.Request(f"{self.ui}/graphql", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.load(response)["data"]

    def last_tick(self) -> str:
        """What the sensor said at its last tick; nothing while the web server or the code server is down."""
        selector = (
            'repositoryName: "__repository__", repositoryLocationName: "coros_assets",'
            ' sensorName: "new_landing_files"'
        )
        with suppress(OSError):
            found = self.graphql(
                f"{{ sensorOrError(sensorSelector: {{{selector}}}) {{ ... on Sensor"
                " { sensorState { ticks(limit: 1) { skipReason } } } } }"
            )["sensorOrError"]
            if ticks := found.get("sensorState", {}).get("ticks"):
                return ticks[0]["skipReason"] or ""
        return ""

    def wait_for_quiet(self) -> None:
        wait_until(lambda: self.last_tick().startswith("Nothing arrived"), "A quiet sensor", ARRIVES_WITHIN_S)

    def last_run(self) -> dict:
        asked = "status creationTime startTime endTime stepStats { stepKey endTime }"
        found = self.graphql(f"{{ runsOrError(limit: 1) {{ ... on Runs {{ results {{ {asked} }} }} }} }}")
        return found["runsOrError"]["results"][0]

    def memory_mb(self) -> dict[str, int]:
        """What each service and its children have in memory."""
        mains = {name: psutil.Process(unit.process.pid) for name, unit in self.units.items()}
        return {
            name: sum(each.memory_info().rss for each in [main, *main.children(recursive=True)]) // 2**20
            for name, main in mains.items()
        }


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Authority]]:
    """A server as RDS is after `infra/sql/README.md`: TLS or nothing, the roles of `roles.sql`."""
    folder = tmp_path_factory.mktemp("rds")
    authority = Authority(tmp_path_factory.mktemp("authority"))
    with postgres_server(folder) as runs:
        with psycopg.connect(runs, autocommit=True) as connection:
            connection.execute("CREATE ROLE rds_iam")
            connection.execute("CREATE DATABASE coros")
        url = runs.removesuffix("runs") + "coros"
        psql(url, "roles.sql")
        require_tls(url, folder, authority, TAKE_ANY_TOKEN)
        yield url, authority


@pytest.fixture(scope="module")
def deployed(tmp_path_factory, warehouse, s3_environment) -> Iterator[Deployed]:
    url, authority = warehouse
    folder = tmp_path_factory.mktemp("machine")
    for bucket in BUCKETS:
        keep_versions(bucket, s3_environment)
    (folder / "etc").mkdir()
    (folder / "etc" / "rds-ca.pem").write_bytes(authority.root.read_bytes())
    with queue() as told:
        here = in_place_of_aws(url, s3_environment["AWS_REGION"], told.url)
        ports = {f"DAGSTER_{part}_SERVER_PORT": str(free_port()) for part in ("CODE", "WEB")}
        more = {**s3_environment, **ports, "PGHOSTADDR": LOOPBACK}
        with pytest.MonkeyPatch.context() as patch, machine(folder, here, more) as (units, settings):
            for name in ("PGSSLMODE", "PGSSLROOTCERT"):
                patch.setenv(name, settings[name])
            gold = make_conninfo(over_tls(url), user="coros_analyst", password="")
            make_tables(settings, url)
            options = {key.removeprefix("AWS_").lower(): value for key, value in s3_environment.items()}
            landing = S3Store("landing", prefix="activities", config=options)
            ui = f"http://{LOOPBACK}:{ports['DAGSTER_WEB_SERVER_PORT']}"
            yield Deployed(units, landing, told, gold, ui)


def in_place_of_aws(warehouse: str, region: str, arrivals: str) -> dict[str, str]:
    """What Terraform would know after an apply; the machine adds where its folders are."""
    port = str(conninfo_to_dict(warehouse)["port"])
    return {
        "var.region": region,
        "var.home_timezone": "Europe/Vienna",
        "aws_db_instance.warehouse.address": HOST,
        "local.database_port": port,
        "tostring(local.database_port)": port,
        "aws_sqs_queue.arrivals.url": arrivals,
        **{f"local.buckets.{use}": use for use in BUCKETS},
    }


def make_tables(settings: dict[str, str], url: str) -> None:
    """As `infra/sql/README.md` says: once, as their owner."""
    owner = settings["COROS_WAREHOUSE_URL"].replace("coros_loader@", "coros_owner@")
    program = Path(sys.executable).with_name("coros-assets")
    subprocess.run([program, "status"], env={**settings, "COROS_WAREHOUSE_URL": owner}, check=True)


def measure(deployed: Deployed, name: str, start: datetime) -> None:
    landed = deployed.drop(name, start)
    wait_until(lambda: deployed.arrived(start), f"{name} in gold", ARRIVES_WITHIN_S)
    seconds = time.monotonic() - landed
    wait_until(lambda: deployed.last_run()["status"] == "SUCCESS", "The end of the run")
    run = deployed.last_run()
    loaded = next(step["endTime"] for step in run["stepStats"] if step["stepKey"] == "gold_facts")
    FIGURES.info(
        "%s: %.1f s from the bucket to gold; the run waited %.1f s, had the row in gold after %.1f s, "
        "and took %.1f s; memory %s MB",
        name,
        seconds,
        run["startTime"] - run["creationTime"],
        loaded - run["startTime"],
        run["endTime"] - run["startTime"],
        deployed.memory_mb(),
    )


def test_a_file_in_the_bucket_is_in_gold_by_itself(deployed):
    deployed.wait_for_quiet()
    measure(deployed, "first.tcx", FIRST)
    deployed.wait_for_quiet()
    assert deployed.told.received == []


def test_killed_services_come_back_and_the_next_file_is_in_gold(deployed):
    deployed.wait_for_quiet()
    for name in ("coros-daemon", "coros-code-server"):
        before = deployed.units[name].starts
        deployed.units[name].kill()
        wait_until(lambda name=name, before=before: deployed.units[name].starts > before, name)
    measure(deployed, "second.tcx", SECOND)
