"""What is remembered of an erased activity beside lake and gold: Dagster's records, logs, unfinished files.

Belongs here: removing those traces on this machine. Does not: the activity itself (`bronze/erasure.py`), or
what a database keeps of deleted rows (`storage/leftovers.py`).
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from datetime import UTC, date
from pathlib import Path
from typing import Final

import psycopg

from coros_assets.bronze.take import YOUNG
from coros_assets.bronze.tombstones import Order
from coros_assets.formats.read import READ_SUFFIXES
from coros_assets.report.assets import REPORT_KEY
from coros_assets.storage.embedded import DAGSTER_DATABASE, embedded_url
from coros_assets.storage.folder import unfinished_below
from coros_assets.storage.statements import statement
from coros_assets.stores import Stores

_DAGSTER_CONFIG: Final = "dagster.yaml"


def forget_in_dagster(stores: Stores, order: Order, emptied: Sequence[date]) -> None:
    """Removes the order's files and activity from Dagster's records, and the reports of dates that changed.

    `emptied` are those dates that have no activity any more; the others were reported anew since.
    """
    words = {spelling for word in order.words for spelling in (word, json.dumps(word)[1:-1])}
    parameters = {
        "words": sorted(words),
        "emptied": [day.isoformat() for day in emptied],
        "dates": [day.isoformat() for day in order.dates],
        "begun": order.begun.astimezone(UTC).replace(tzinfo=None),
    }
    with psycopg.connect(embedded_url(stores.settings.home, DAGSTER_DATABASE)) as connection:
        connection.execute(statement(__package__, "forget_events"), parameters)
        connection.execute(statement(__package__, "forget_asset_status"), parameters)


def forget_in_logs(home: Path, words: Sequence[str]) -> None:
    """Removes the logs of Dagster's runs that name an erased file, and empties PostgreSQL's if it does."""
    for folder, _, names in os.walk(home / "dagster"):
        for path in (Path(folder) / name for name in names if name != _DAGSTER_CONFIG):
            if _names_any(path, words):
                path.unlink(missing_ok=True)
    server_log = home / "postgres" / "log"
    if _names_any(server_log, words):
        os.truncate(server_log, 0)  # the server goes on writing into it


def remove_copies(stores: Stores) -> None:
    """Removes copies that nothing names: the report of a lake that is no folder, files cut off in writing.

    Nobody may load meanwhile; what another program is writing into landing is left to it.
    """
    if stores.lake.folder is None:
        (stores.settings.home / REPORT_KEY).unlink(missing_ok=True)
    else:
        for path in unfinished_below(stores.lake.folder):
            path.unlink(missing_ok=True)
        _remove_empty_folders(stores.lake.folder)  # whose names are dates and hashes
    if stores.landing.folder is not None:
        old = time.time() - YOUNG.total_seconds()
        for path in unfinished_below(stores.landing.folder):
            is_ours = path.name.rpartition("#")[0].lower().endswith(READ_SUFFIXES)
            if is_ours and path.stat().st_mtime < old:
                path.unlink(missing_ok=True)


def _remove_empty_folders(root: Path) -> None:
    for folder, _, _ in os.walk(root, topdown=False):
        if not any(Path(folder).iterdir()):
            Path(folder).rmdir()


def _names_any(path: Path, words: Sequence[str]) -> bool:
    """True if a log names one of the words; lines are read one by one, as a log may be long."""
    wanted = [word.encode() for word in words]
    try:
        with path.open("rb") as lines:
            return any(word in line for line in lines for word in wanted)
    except FileNotFoundError:
        return False
