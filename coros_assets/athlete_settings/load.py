"""The athlete file of the settings: found, and never replaced by one that cannot be read.

Belongs here: what happens when the file is new, absent or bad. Does not: understanding it (`athlete.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa

from coros_assets.athlete import VALID_FROM, AthleteError, AthleteHistory, read_athlete
from coros_assets.own_files import OwnFile, own_file
from coros_assets.storage.lake import ObjectStore
from coros_assets.storage.parquet import LakeTable, stamped
from coros_assets.tables import ATHLETE_SETTINGS

ATHLETE_SUFFIXES: Final = (".toml",)


@dataclass(frozen=True)
class AthleteLoad:
    """The entries that count, stamped with the digest of the file judged, and what is wrong with it."""

    entries: pa.Table
    problem: str | None


def athlete_file(path: Path) -> OwnFile | None:
    """The athlete file at `path`; it need not exist."""
    return own_file(path, ATHLETE_SUFFIXES)


def athlete_digest(file: OwnFile | None) -> str:
    """The identity of the entries of a file; empty without one."""
    return file.digest() if file else ""


def load_athlete(file: OwnFile | None, lake: ObjectStore) -> AthleteLoad:
    """The entries of a file; with one that cannot be read those of the last good one, in the lake, stay."""
    problem = None
    try:
        entries = entries_of(read_athlete(file.data if file else None))
    except AthleteError as error:
        entries, problem = athlete_entries(lake), str(error)
    return AthleteLoad(stamped(entries, athlete_digest(file)), problem)


def athlete_entries(lake: ObjectStore) -> pa.Table:
    """The entries as the lake has them."""
    return LakeTable(lake, ATHLETE_SETTINGS).read_if_whole()


def entries_of(history: AthleteHistory) -> pa.Table:
    """A history as rows of `ATHLETE_SETTINGS`, which `AthleteHistory.of` reads."""
    rows = [{VALID_FROM: day, **values} for day, values in history.entries]
    return pa.Table.from_pylist(rows, schema=ATHLETE_SETTINGS.arrow_schema)
