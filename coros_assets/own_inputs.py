"""The runner's own files as a load would take them in now: athlete settings, roster, wellness.

Belongs here: comparing the files with what was taken in. Does not: taking them in (the assets), or what
must be made again because of them (`waiting.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

from coros_assets.athlete import AthleteHistory
from coros_assets.athlete_settings.load import (
    AthleteLoad,
    athlete_digest,
    athlete_entries,
    athlete_file,
    load_athlete,
)
from coros_assets.contract import Table
from coros_assets.gold.plan import OwnInputs
from coros_assets.home_timezone import HomeTimezone
from coros_assets.roster.load import load_roster, roster_digest
from coros_assets.storage.parquet import LakeTable
from coros_assets.stores import Stores
from coros_assets.tables import ATHLETE_SETTINGS, ROSTER_SHIFTS
from coros_assets.wellness.load import load_wellness, wellness_digest, wellness_file, wellness_in


@dataclass(frozen=True)
class OwnNow:
    """What a load would work with, and which of the files changed since the last one."""

    home_timezone: HomeTimezone
    gold: OwnInputs
    athlete: bool
    roster: bool
    wellness: bool


def own_now(stores: Stores) -> OwnNow:
    """The runner's own files now; a file is read only if it changed."""
    lake, settings = stores.lake, stores.settings
    entries, shifts, wellness = (
        athlete_entries(lake),
        LakeTable(lake, ROSTER_SHIFTS).read_if_whole(),
        wellness_in(lake),
    )
    athlete_changed = athlete_digest(athlete_file(settings.athlete_path)) != LakeTable.digest(entries)
    athlete = AthleteHistory.of(_athlete(stores).entries if athlete_changed else entries)
    home = settings.home_timezone.followed_by(athlete.home_moves)
    roster_changed = roster_digest(settings, home) != LakeTable.digest(shifts)
    if roster_changed:
        shifts = load_roster(settings, lake, home).shifts
    file = wellness_file(settings.wellness_path)
    wellness_changed = {wellness_digest(file, home)} != set(map(LakeTable.digest, wellness))
    if wellness_changed:
        wellness = load_wellness(file, lake, home).tables
    return OwnNow(
        home, OwnInputs(shifts, wellness.sleep, athlete), athlete_changed, roster_changed, wellness_changed
    )


def own_digest_now(stores: Stores, table: Table) -> str:
    """The digest of the file that one of the runner's own tables in the lake would be made from now."""
    settings, home = stores.settings, stores.home_timezone
    if table == ATHLETE_SETTINGS:
        return athlete_digest(athlete_file(settings.athlete_path))
    if table == ROSTER_SHIFTS:
        return roster_digest(settings, home)
    return wellness_digest(wellness_file(settings.wellness_path), home)


def home_now(stores: Stores) -> HomeTimezone:
    """The home zone as settings and athlete file say it now."""
    return stores.settings.home_timezone.followed_by(AthleteHistory.of(_athlete(stores).entries).home_moves)


def problems(stores: Stores) -> list[str]:
    """What is wrong with the runner's own files, a sentence each; the last good ones count meanwhile."""
    lake, settings, home = stores.lake, stores.settings, home_now(stores)
    found = [
        _athlete(stores).problem,
        load_roster(settings, lake, home).problem,
        load_wellness(wellness_file(settings.wellness_path), lake, home).problem,
    ]
    return [problem for problem in found if problem]


def _athlete(stores: Stores) -> AthleteLoad:
    return load_athlete(athlete_file(stores.settings.athlete_path), stores.lake)
