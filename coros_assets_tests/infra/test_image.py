"""The image of a run on Fargate: its steps as far as they run without an engine, and what tasks need of it.

Not run here: the base image, the certificates that are added, the user and the volumes.
"""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from obstore.store import S3Store

from coros_assets_tests.infra.machine import FILES, INFRA, PROGRAMS
from coros_assets_tests.servers import BUCKET

FIGURES = logging.getLogger(__name__)
ROOT = INFRA.parent
IMAGE = INFRA / "image"
OWN = {
    "own/athlete.toml": b"[[athlete]]",
    "own/roster/old.ics": b"old",
    "own/roster/new.ics": b"new",
    "own/wellness/w.csv": b"date",
    "own/notes.txt": b"not the program's",
    "own/roster/deep/x.ics": b"too deep",
}


def stages() -> list[list[tuple[str, str]]]:
    """The instructions of each stage of the Dockerfile, with what follows them."""
    text = re.sub(r"^#.*\n", "", (IMAGE / "Dockerfile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    lines = [line for line in text.replace("\\\n", " ").splitlines() if line.strip()]
    found: list[list[tuple[str, str]]] = []
    for name, _, rest in (line.partition(" ") for line in lines):
        if name == "FROM":
            found.append([])
        if found:
            found[-1].append((name, rest.strip()))
    return found


def said(stage: list[tuple[str, str]], name: str) -> list[str]:
    return [rest for instruction, rest in stage if instruction == name]


def test_the_program_lies_where_it_lies_on_the_machine():
    install, run = stages()
    assert any(step.endswith(f"-m venv {PROGRAMS.removesuffix('/bin')}") for step in said(install, "RUN"))
    (environment,) = said(run, "ENV")
    assert f"PATH={PROGRAMS}:" in environment
    service = (FILES / "coros-code-server.service").read_text(encoding="utf-8")
    assert said(run, "WORKDIR") == re.findall(r"^WorkingDirectory=(.*)$", service, re.MULTILINE)
    assert (IMAGE / "with-own-files").read_text(encoding="utf-8").startswith(f"#!{PROGRAMS}/python\n")


def test_it_writes_only_where_the_task_mounts_and_finds_the_authorities_where_the_task_says():
    run = stages()[-1]
    scratch = re.search(r"ecs_scratch += (\{.*?\})", (INFRA / "ecs.tf").read_text(encoding="utf-8"))
    assert set(json.loads(said(run, "VOLUME")[0])) == set(re.findall(r'"(.*?)"', scratch[1]))
    machine = (INFRA / "machine.tf").read_text(encoding="utf-8")
    authorities = re.search(r'PGSSLROOTCERT += "(.*?)"', machine)[1]
    assert said(run, "ADD")[0].endswith(f" {authorities}")


def test_nobody_is_root_in_it_and_it_is_made_from_a_release_alone():
    install, run = stages()
    assert said(run, "USER") == ["coros"]
    assert [source.split()[0] for source in said(install, "COPY")] == ["--from=release"]
    assert not any("pip" in step or "apt" in step for step in said(run, "RUN"))
    assert sum("--require-hashes" in step for step in said(install, "RUN")) == 1


def test_a_task_fetches_the_runner_s_own_files_before_it_begins(tmp_path, s3_environment):
    options = {key.removeprefix("AWS_").lower(): value for key, value in s3_environment.items()}
    store = S3Store(BUCKET, config=options)
    for name, data in OWN.items():
        store.put(f"image/{name}", data)
    home = tmp_path / "home"
    settings = {"COROS_OWN_FILES_URI": f"s3://{BUCKET}/image/own", "COROS_HOME": str(home)}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COROS_")}
    then = [sys.executable, "-c", "import sys; print(sys.argv[1:])", "api", "execute_run"]
    done = subprocess.run(
        [sys.executable, IMAGE / "with-own-files", *then],
        env=kept | dict(s3_environment) | settings,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "['api', 'execute_run']\n"
    fetched = {str(path.relative_to(home)) for path in home.rglob("*") if path.is_file()}
    assert fetched == {"athlete.toml", "roster/old.ics", "roster/new.ics", "wellness/w.csv"}
    age = datetime.now(UTC) - datetime.fromtimestamp((home / "athlete.toml").stat().st_mtime, UTC)
    stored = store.head("image/own/athlete.toml")["last_modified"]
    assert abs(age - (datetime.now(UTC) - stored)) < timedelta(seconds=2)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_its_steps_make_a_program_that_runs(tmp_path):
    release = made_release(tmp_path / "source")
    places = {"/opt/coros-assets": str(tmp_path / "opt"), "/release": str(release)}
    for step in said(stages()[0], "RUN"):
        for path, here in places.items():
            step = step.replace(path, here)  # noqa: PLW2901  one step, in its places
        subprocess.run(["/bin/sh", "-c", step], check=True, cwd=tmp_path, env=bare_environment())
    programs = Path(PROGRAMS.replace("/opt/coros-assets", places["/opt/coros-assets"]))
    for command in (["coros-assets", "--version"], ["dagster", "--version"], ["dagster-daemon", "--version"]):
        subprocess.run([programs / command[0], *command[1:]], check=True, env=bare_environment())
    loaded = "import boto3, coros_assets.definitions as d; assert d.defs.resolve_job_def('load')"
    subprocess.run([programs / "python", "-c", loaded], check=True, env=bare_environment(), cwd=tmp_path)
    assert not (programs / "pip").exists()
    assert not list(programs.glob("pytest*"))
    size = sum(path.stat().st_size for path in programs.parent.rglob("*") if path.is_file())
    FIGURES.info("The program and what it needs: %.0f MB", size / 1e6)


def bare_environment() -> Mapping[str, str]:
    """What pip needs to reach the index, and nothing that shows the way to this source."""
    return {
        name: value
        for name, value in os.environ.items()
        if name in ("PATH", "HOME") or name.startswith(("PIP_", "UV_", "SSL_"))
    }


def made_release(source: Path) -> Path:
    """`make release` in a copy of the source, with the tools of this environment."""
    paths = os.pathsep.join([os.environ["PATH"], str(ROOT / ".venv-infra" / "bin")])
    make = shutil.which("make")
    if make is None or shutil.which("uv", path=paths) is None:
        pytest.skip("`make release` needs make, and uv, which `make infra-check` installs")
    shutil.copytree(
        ROOT / "coros_assets", source / "coros_assets", ignore=shutil.ignore_patterns("__pycache__")
    )
    for name in ("pyproject.toml", "setup.cfg", "README.md", "Makefile", "requirements.lock"):
        shutil.copy(ROOT / name, source / name)
    binaries = Path(sys.executable).parent
    command = [make, "-o", "install", "release", f"BIN={binaries}"]
    subprocess.run(command, cwd=source, env=os.environ | {"PATH": paths}, check=True)
    (release,) = (source / "dist").iterdir()
    return release
