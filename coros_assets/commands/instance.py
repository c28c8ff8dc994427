"""Dagster's own home: its storage in the embedded PostgreSQL, telemetry off.

Belongs here: writing `dagster.yaml` and opening the instance. Does not: runs (`load.py`).
"""

from __future__ import annotations

import os
from pathlib import Path
from string import Template
from typing import Final

from dagster import DagsterInstance

from coros_assets.settings import Settings
from coros_assets.storage.embedded import DAGSTER_DATABASE, embedded_url

_CONFIG: Final = Template("""\
# Written by coros-assets at every start; the database is the embedded server's.
storage:
  postgres:
    postgres_url: $url
telemetry:
  enabled: false
nux:
  enabled: false
concurrency:
  runs:
    max_concurrent_runs: 1
retention:
  sensor:
    purge_after_days:
      skipped: 1
      failure: 30
      success: 30
""")


def dagster_home(settings: Settings) -> Path:
    """The folder to use as DAGSTER_HOME, with its configuration written."""
    home = settings.home / "dagster"
    home.mkdir(parents=True, exist_ok=True)
    # dagster-postgres speaks psycopg2, which SQLAlchemy 2.1 no longer takes a bare postgresql:// for.
    url = embedded_url(settings.home, DAGSTER_DATABASE).replace("postgresql://", "postgresql+psycopg2://", 1)
    config = home / "dagster.yaml"
    written = _CONFIG.substitute(url=url)
    if not config.exists() or config.read_text(encoding="utf-8") != written:
        part = config.with_suffix(f".{os.getpid()}.part")
        part.write_text(written, encoding="utf-8")
        part.replace(config)
    return home


def open_instance(settings: Settings) -> DagsterInstance:
    """The Dagster instance of this home; the caller disposes of it."""
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "1"
    return DagsterInstance.from_config(str(dagster_home(settings)))
