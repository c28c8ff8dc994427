"""The Dagster web server and daemon on this machine only.

Belongs here: starting them with the right home. Does not: what they show (`definitions.py`).
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

import psycopg

from coros_assets.commands.instance import dagster_home
from coros_assets.errors import CorosError
from coros_assets.settings import Settings
from coros_assets.storage.reader import LONGEST_READ_S
from coros_assets.storage.warehouse import Warehouse
from coros_assets.stores import Stores

HOST: Final = "127.0.0.1"  # the web server has no login
_READERS_WATCHED_EVERY_S: Final = 10
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
    warehouse = Stores(settings).warehouse
    environment = os.environ | {
        "DAGSTER_HOME": str(dagster_home(settings)),
        "DAGSTER_DISABLE_TELEMETRY": "1",
        "COROS_HOME": str(settings.home),
        "PYTHONWARNINGS": "ignore",
    }
    target = ["-w", str(_WORKSPACE)] if _WORKSPACE.exists() else ["-m", "coros_assets.definitions"]
    options = ["-h", HOST, "-p", str(port), "--log-level", "warning"]
    command = [sys.executable, "-m", "dagster", "dev", *target, *options]
    for wish_to_stop in (signal.SIGINT, signal.SIGTERM):  # a background job begins deaf to SIGINT
        signal.signal(wish_to_stop, signal.default_int_handler)
    # In a session of its own it hears of Ctrl-C from here alone, once, and can end its own processes.
    dagster = subprocess.Popen(command, env=environment, start_new_session=True)  # noqa: S603  own words
    try:
        code = _ended(dagster, warehouse)
    except KeyboardInterrupt:
        dagster.send_signal(signal.SIGINT)
        dagster.wait()
        return
    raise CorosError(f"Dagster stopped by itself with exit code {code}; its own words are above.")


def _ended(dagster: subprocess.Popen[bytes], warehouse: Warehouse) -> int:
    """The exit code of Dagster when it ends; until then no reader's transaction goes on forever."""
    while True:
        try:
            return dagster.wait(_READERS_WATCHED_EVERY_S)
        except subprocess.TimeoutExpired:
            with suppress(CorosError, psycopg.Error):  # a server that does not answer has no readers
                warehouse.end_long_reads(LONGEST_READ_S)
