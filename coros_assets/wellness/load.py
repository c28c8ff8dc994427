"""The wellness file of the settings: found, and never replaced by one that cannot be read.

Belongs here: what happens when the file is new, absent or bad. Does not: understanding it (`read.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from coros_assets.errors import WellnessError
from coros_assets.home_timezone import HomeTimezone
from coros_assets.own_files import OwnFile, own_file
from coros_assets.storage.lake import ObjectStore
from coros_assets.storage.parquet import LakeTable, stamped
from coros_assets.tables import WELLNESS_DAILY, WELLNESS_SLEEP
from coros_assets.wellness.read import Wellness, read_wellness

WELLNESS_SUFFIXES: Final = (".csv", ".json", ".txt")


@dataclass(frozen=True)
class WellnessLoad:
    """The tables that count, stamped with the digest of the file judged, and what is wrong with it, if so."""

    tables: Wellness
    problem: str | None


def wellness_file(path: Path) -> OwnFile | None:
    """The wellness file that counts at `path`: a file, or a folder whose newest one counts."""
    return own_file(path, WELLNESS_SUFFIXES)


def wellness_digest(file: OwnFile | None, home: HomeTimezone) -> str:
    """The identity of the tables of a file; empty without one."""
    return file.digest(str(home)) if file else ""


def load_wellness(file: OwnFile | None, lake: ObjectStore, home: HomeTimezone) -> WellnessLoad:
    """The tables of a file; with one that cannot be read those of the last good one, in the lake, stay."""
    tables, problem = Wellness(WELLNESS_DAILY.empty(), WELLNESS_SLEEP.empty()), None
    if file:
        try:
            tables = read_wellness(file.name, file.data, home)
        except WellnessError as error:
            tables, problem = wellness_in(lake), str(error)
    digest = wellness_digest(file, home)
    return WellnessLoad(Wellness(*(stamped(table, digest) for table in tables)), problem)


def wellness_in(lake: ObjectStore) -> Wellness:
    """The tables as the lake has them."""
    return Wellness(
        LakeTable(lake, WELLNESS_DAILY).read_if_whole(), LakeTable(lake, WELLNESS_SLEEP).read_if_whole()
    )
