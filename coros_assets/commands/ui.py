"""The Dagster web server and daemon on this machine only.

Belongs here: starting them with the right home. Does not: what they show (`definitions.py`).
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Final

from coros_assets.commands.instance import dagster_home
from coros_assets.errors import CorosError
from coros_assets.settings import Settings
from coros_assets.stores import Stores

HOST: Final = "127.0.0.1"  # the web server has no login
_WORKSPACE: Final = Path(__file__).parents[2] / "workspace.yaml"


def run_ui(settings: Settings, port: int) -> None:
    """Runs web server and daemon until they are stopped.

    Raises:
        CorosError: the port is taken, or they fail to start.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise CorosError(
                f"Port {port} is taken; stop what uses it or choose another with --port."
            ) from error
    Stores(settings).warehouse.prepare()
    environment = os.environ | {
        "DAGSTER_HOME": str(dagster_home(settings)),
        "DAGSTER_DISABLE_TELEMETRY": "1",
        "COROS_HOME": str(settings.home),
        "PYTHONWARNINGS": "ignore",
    }
    target = ["-w", str(_WORKSPACE)] if _WORKSPACE.exists() else ["-m", "coros_assets.definitions"]
    command = [
        sys.executable,
        "-m",
        "dagster",
        "dev",
        *target,
        "-h",
        HOST,
        "-p",
        str(port),
        "--log-level",
        "warning",
    ]
    try:
        code = subprocess.run(command, env=environment, check=False).returncode  # noqa: S603  no shell, own words
    except KeyboardInterrupt:
        return
    if code:
        raise CorosError(f"Dagster stopped with exit code {code}; its own words are above.")
