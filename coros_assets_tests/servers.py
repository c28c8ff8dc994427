"""Real servers for tests, on loopback only, and a real browser: as the system has them installed."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from obstore.exceptions import BaseError
from obstore.store import S3Store
from playwright.sync_api import Browser, sync_playwright

LOOPBACK = "127.0.0.1"
S3_KEY, S3_SECRET, BUCKET = "test-key", "test-secret", "runs"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return probe.getsockname()[1]


def missing(what: str) -> None:
    """Skips a test on a runner's laptop; fails it where everything must be there."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is not installed")
    pytest.skip(f"{what} is not installed")


def wait_until(is_ready: Callable[[], bool], what: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not is_ready():
        if time.monotonic() > end:
            raise TimeoutError(f"{what} was not ready within {seconds} s")
        time.sleep(0.2)


@contextmanager
def postgres_server(folder: Path) -> Iterator[str]:
    """The URL, with password, of a PostgreSQL server of the system's newest version."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or [Path(shutil.which("initdb") or "")]
    binaries = found[-1].parent
    if not (binaries / "initdb").exists():
        missing("A PostgreSQL server")
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    data, password_file, port = folder / "data", folder / "password", free_port()
    password_file.write_text("s3cret/word")
    if as_user:
        for parent in [folder, *folder.parents]:
            if not parent.stat().st_mode & stat.S_IXOTH:  # pytest's own are closed to other users
                parent.chmod(0o755)
        shutil.chown(folder, "postgres")
        shutil.chown(password_file, "postgres")

    def run(*command: str | Path) -> None:
        subprocess.run([*as_user, *map(str, command)], check=True, capture_output=True, cwd=folder)

    run(binaries / "initdb", "-D", data, "-U", "owner", "--pwfile", password_file, "--auth", "scram-sha-256")
    options = f"-p {port} -h {LOOPBACK} -k {folder} -c fsync=off"
    run(binaries / "pg_ctl", "-D", data, "-o", options, "-l", folder / "log", "-w", "start")
    try:
        url = f"postgresql://owner:s3cret%2Fword@{LOOPBACK}:{port}/postgres"
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE runs")
        yield url.removesuffix("postgres") + "runs"
    finally:
        run(binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop")


@contextmanager
def s3_server(folder: Path) -> Iterator[dict[str, str]]:
    """The environment in which `s3://runs/...` reaches a SeaweedFS server of this machine."""
    program = Path(sys.executable).with_name("weed")
    if not program.exists():
        missing("The S3 server of the development dependencies")
    identity = {
        "name": "tests",
        "credentials": [{"accessKey": S3_KEY, "secretKey": S3_SECRET}],
        "actions": ["Admin", "Read", "Write", "List"],
    }
    config = folder / "s3.json"
    config.write_text(json.dumps({"identities": [identity]}))
    parts = ("master", "volume", "filer", "s3")
    ports = {f"{part}.{kind}": free_port() for part in parts for kind in ("port", "port.grpc")}
    arguments = [f"-{name}={port}" for name, port in ports.items()]
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [
                program,
                "server",
                "-s3",
                f"-dir={folder}",
                f"-ip={LOOPBACK}",
                f"-ip.bind={LOOPBACK}",
                *arguments,
                f"-s3.config={config}",
                "-s3.autoCreateBucket",
                "-master.telemetry=false",
                "-s3.port.iceberg=0",
                "-s3.port.lance=0",
                "-volume.max=40",
                "-master.volumeSizeLimitMB=64",
            ],
            stdout=subprocess.DEVNULL,
            stderr=log,
        )
    environment = {
        "AWS_ACCESS_KEY_ID": S3_KEY,
        "AWS_SECRET_ACCESS_KEY": S3_SECRET,
        "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": f"http://{LOOPBACK}:{ports['s3.port']}",
        "AWS_ALLOW_HTTP": "true",
    }

    def answers() -> bool:
        try:
            options = {key.removeprefix("AWS_").lower(): value for key, value in environment.items()}
            S3Store(BUCKET, config=options, retry_config={"max_retries": 0}).put("ready", b"1")
        except BaseError:
            return False
        return True

    try:
        wait_until(answers, "The S3 server")
        yield environment
    finally:
        server.send_signal(signal.SIGKILL)
        server.wait()


def keep_versions(bucket: str, environment: dict[str, str]) -> None:
    """Makes a bucket of the S3 server that keeps every version of an object.

    The object store's library has no request for that, so it is signed here: AWS Signature Version 4.
    """
    enabled = b"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
    host = environment["AWS_ENDPOINT_URL"].removeprefix("http://")
    for query, body in (("", b""), ("versioning=", enabled)):
        now = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
        scope, content = f"{now[:8]}/us-east-1/s3/aws4_request", hashlib.sha256(body).hexdigest()
        headers = {"host": host, "x-amz-content-sha256": content, "x-amz-date": now}
        lines = [f"{name}:{value}" for name, value in headers.items()]
        request = "\n".join(["PUT", f"/{bucket}", query, *lines, "", ";".join(headers), content])
        to_sign = f"AWS4-HMAC-SHA256\n{now}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
        key = f"AWS4{S3_SECRET}".encode()
        for part in scope.split("/"):
            key = hmac.digest(key, part.encode(), "sha256")
        signature = hmac.digest(key, to_sign.encode(), "sha256").hex()
        credential = f"Credential={S3_KEY}/{scope}, SignedHeaders={';'.join(headers)}, Signature={signature}"
        sent = urllib.request.Request(f"http://{host}/{bucket}?{query}", body, method="PUT")
        for name, value in (headers | {"authorization": f"AWS4-HMAC-SHA256 {credential}"}).items():
            sent.add_header(name, value)
        with urllib.request.urlopen(sent, timeout=30):
            pass


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium, which asks nothing of the network by itself."""
    program = shutil.which("chromium")
    if program is None:
        missing("The browser chromium")
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu", *quiet]
        )
        yield browser
        browser.close()
