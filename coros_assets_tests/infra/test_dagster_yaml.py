"""What Dagster is told on AWS: it takes it, and it is told the same as on a laptop wherever it can be."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import yaml
from dagster import DagsterInstance
from dagster._core.code_pointer import ModuleCodePointer
from dagster._core.origin import JobPythonOrigin, RepositoryPythonOrigin
from dagster._grpc.types import ExecuteRunArgs
from dagster_aws.s3 import S3ComputeLogManager
from psycopg.conninfo import conninfo_to_dict

from coros_assets.commands.instance import dagster_home
from coros_assets.settings import Settings
from coros_assets_tests.servers import LOOPBACK, postgres_server

INFRA = Path(__file__).parents[2] / "infra"
FILES = INFRA / "files"
UNITS = sorted(FILES.glob("*.service"))
ECS_TAKES = 8192  # characters of what a task is told beside its definition
ONLY_DEPLOYED = {"compute_logs", "run_monitoring"}
# A token comes as a password does, and RDS alone can judge it: here whatever comes is taken.
TAKE_ANY_TOKEN = f"host all coros_dagster {LOOPBACK}/32 trust\n"


def named_in(path: Path) -> set[str]:
    """The environment variables that a file asks for."""
    text = path.read_text(encoding="utf-8")
    return set(re.findall(r"\{env: (\w+)\}", text)) | set(re.findall(r"\$\{(\w+)\}", text))


def test_it_says_what_the_laptop_s_says(settings: Settings):
    laptop = yaml.safe_load((dagster_home(settings) / "dagster.yaml").read_text(encoding="utf-8"))
    deployed = yaml.safe_load((FILES / "dagster.yaml").read_text(encoding="utf-8"))
    assert {part: deployed[part] for part in deployed.keys() - ONLY_DEPLOYED - {"storage"}} == {
        part: laptop[part] for part in laptop.keys() - {"storage"}
    }


@pytest.mark.parametrize("name", ["dagster.yaml", "workspace.yaml", *(unit.name for unit in UNITS)])
def test_every_variable_that_a_file_asks_for_is_set_on_the_machine(name):
    machine = (INFRA / "machine.tf").read_text(encoding="utf-8")
    assert named_in(FILES / name) <= set(re.findall(r"^    ([A-Z_0-9]+) +=", machine, re.MULTILINE))


def test_dagster_runs_on_it_with_a_token_for_a_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with postgres_server(tmp_path) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE ROLE coros_dagster LOGIN")
            connection.execute("CREATE DATABASE dagster OWNER coros_dagster")
            rules = tmp_path / "data" / "pg_hba.conf"
            rules.write_text(TAKE_ANY_TOKEN + rules.read_text())
            connection.execute("SELECT pg_reload_conf()")
        place = conninfo_to_dict(url)
        for name, value in {
            "AWS_ACCESS_KEY_ID": "signs-tokens-only",
            "AWS_SECRET_ACCESS_KEY": "s3cret-that-signs-tokens",
            "AWS_REGION": "eu-central-1",
            "AWS_DEFAULT_REGION": "eu-central-1",
            "COROS_RUN_LOGS_BUCKET": "runs",
            "DAGSTER_DATABASE_HOST": place["host"],
            "DAGSTER_DATABASE_PORT": place["port"],
            "DAGSTER_DATABASE_USER": "coros_dagster",
            "DAGSTER_DATABASE_NAME": "dagster",
        }.items():
            monkeypatch.setenv(name, str(value))
        home = tmp_path / "dagster"
        home.mkdir()
        shutil.copy(FILES / "dagster.yaml", home)
        with DagsterInstance.from_config(str(home)) as instance:
            assert instance.get_runs_count() == 0
            assert isinstance(instance.compute_log_manager, S3ComputeLogManager)
            assert instance.run_monitoring_enabled
            assert (
                len(told_to_a_task(instance)) < ECS_TAKES - 1000
            )  # the launcher's own configuration comes with it


def told_to_a_task(instance: DagsterInstance) -> str:
    """What Dagster's launcher would have a Fargate task run, as JSON."""
    pointer = ModuleCodePointer("coros_assets.definitions", "defs", "/opt/coros-assets/current")
    code = RepositoryPythonOrigin("/opt/coros-assets/current/venv/bin/python", pointer, None, ["dagster"], {})
    run = ExecuteRunArgs(JobPythonOrigin("load", code), str(uuid4()), instance.get_ref())
    return json.dumps({"containerOverrides": [{"name": "run", "command": run.get_command_args()}]})
