"""One sync: what COROS has that is not here yet, in steps each of which may be the last.

Belongs here: the order of questions and writes that makes a killed sync harmless. Does not: how one is asked
(`client.py`), or what an answer means (`replies.py`, `days.py`).

After each answer its data are written first and the cursor last. So what a killed sync had written, the next
one asks for again and finds the same.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from coros_assets.bronze.catalogue import content_hash
from coros_assets.bronze.store import COROS_REPLIES
from coros_assets.errors import LoginNeededError, SyncError, WellnessError
from coros_assets.progress import tracked
from coros_assets.storage.turns import only_one
from coros_assets.stores import Stores
from coros_assets.sync.client import Coros, connected
from coros_assets.sync.days import HRV, RESTING, SLEEP, merge
from coros_assets.sync.files import Files
from coros_assets.sync.replies import Activity, listed_activities, reported_days
from coros_assets.sync.state import Pending, StateFile
from coros_assets.sync.transport import Pace
from coros_assets.sync.vault import Vault
from coros_assets.sync.wellness_file import SyncedFile

OVERLAP: Final = timedelta(days=7)
"""How far back every sync asks again: a watch uploads when it meets the phone."""

FIRST: Final = timedelta(days=30)
"""How far back the first sync goes unless it is told otherwise."""

MOST_DAYS: Final = timedelta(days=90)
"""The longest that tools without dates are asked for."""

PAGE: Final = 20
"""Activities in a reply from which on there may be more than COROS tells, whatever limit it is given."""

MOST_LISTED: Final = 100
ACTIVITIES: Final = "activities"
_LOCK: Final = 0x636F7379  # 'cosy'
_DAY: Final = timedelta(days=1)
_LIST: Final = ("querySportRecords",)
_ALL_SPORTS: Final = {
    "sportTypeCodes": [65535],
    "minDistanceKm": 0,
    "maxDistanceKm": 100_000,
    "minDurationMinutes": 0,
    "maxDurationMinutes": 1_000_000,
    "maxAveragePace": "",
    "locationKeyword": "",
}
"""Filters of the list that let everything through."""


@dataclass(frozen=True)
class _Source:
    """A tool by the names it has had, and the days that it is asked for at once."""

    kind: str
    tools: Sequence[str]
    window: timedelta
    what: str


_WEEK: Final = timedelta(days=7)  # the longest that COROS takes for measured series
_SOURCES: Final = (
    _Source(SLEEP, ("querySleepData", "querySleepOverview"), _WEEK, "Sleep"),
    _Source(HRV, ("querySleepHrv",), _WEEK, "Heart-rate variability"),
    _Source(RESTING, ("queryRestingHeartRate",), timedelta(days=30), "Resting heart rate"),
)
_ACTIVITY_WINDOW: Final = timedelta(days=14)


@dataclass
class Synced:
    """What a sync brought: days by kind, files, and sentences on what it did not."""

    days: Counter[str] = field(default_factory=Counter)
    activities_new: int = 0
    files: int = 0
    files_waiting: int = 0
    remarks: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def sync(stores: Stores, since: date | None, pace: Pace) -> Synced:
    """Brings what COROS has into landing and the wellness file, and says what came.

    Args:
        stores: where things are; landing, the wellness folder, the home's cursors and bronze are written.
        since: goes back to this date, else a week before the last sync, at the first one a month.
        pace: how to behave towards COROS.

    Raises:
        LoginNeededError: only the runner can go on.
        SyncError: COROS failed, or another sync is at work; what came before is kept.
    """
    with only_one(stores.warehouse, _LOCK) as is_only:
        if not is_only:
            raise SyncError("Another sync is at work; wait until it has ended.")
        vault = Vault(str(stores.settings.home))
        try:
            return asyncio.run(_Sync(stores, since, pace, vault).run(is_stale=False))
        except LoginNeededError:
            login = None if stores.settings.sync_token.get_secret_value() else vault.read()
            if login is None or not login.refresh_token:
                raise
            # COROS may have ended the access token before its time: renewing it is tried once.
            return asyncio.run(_Sync(stores, since, pace, vault).run(is_stale=True))


class _Sync:
    """One sync under way."""

    def __init__(self, stores: Stores, since: date | None, pace: Pace, vault: Vault) -> None:
        self._stores = stores
        self._pace = pace
        self._vault = vault
        self._zone = stores.home_timezone.at(datetime.now(UTC))
        self._today = datetime.now(ZoneInfo(self._zone)).date()
        self._wellness = SyncedFile(stores.settings.wellness_path, stores.home_timezone)
        self._file = StateFile(stores.settings.home)
        self._state = self._file.read()
        self._synced = Synced()
        for kind in (*(source.kind for source in _SOURCES), ACTIVITIES):
            begin = self._state.ask_from.get(kind) or since or self._today - FIRST
            self._state.ask_from[kind] = min(begin, since or begin, self._today)

    async def run(self, *, is_stale: bool) -> Synced:
        """All steps; one that fails does not keep the others from being taken."""
        self._file.write(self._state)  # killed, it has not forgotten how far back it was to go
        async with connected(self._stores.settings, self._vault, self._pace, is_stale=is_stale) as coros:
            for source in _SOURCES:
                await self._attempt(self._days(coros, source))
            await self._attempt(self._list(coros))
            files = Files(coros, self._stores.landing, self._state, self._file)
            await self._attempt(files.fetch())
        self._synced.files, self._synced.files_waiting = files.landed, len(self._state.pending)
        self._synced.remarks += files.remarks
        return self._synced

    async def _attempt(self, step: Awaitable[None]) -> None:
        try:
            await step
        except LoginNeededError:
            raise
        except (SyncError, WellnessError) as error:
            self._synced.problems.append(str(error))

    async def _days(self, coros: Coros, source: _Source) -> None:
        """The days of one kind, into the wellness file; each reply is kept in bronze as it came."""
        if coros.takes(source.tools, "startDate"):
            windows = self._windows(source.kind, source.window, self._today)
        else:
            windows = [(self._last_days(source), self._today)]
        for first, last in tracked(windows, len(windows), source.what):
            reply = await coros.call(source.tools, self._asked_for(first, last))
            text = reply.text.encode("utf-8", "replace")
            self._stores.lake.put_content(f"{COROS_REPLIES}/{content_hash(text)}.txt", text)
            days = reported_days(reply.tool, source.kind, reply.text)
            near = {day: days[day] for day in days if first - _DAY <= day <= last + _DAY}
            if len(near) < len(days):
                self._synced.remarks.append(f"{source.what}: COROS told of days that were not asked for.")
            changed, left_out = merge(self._wellness.days, source.kind, near, self._stores.home_timezone)
            self._synced.days[source.what] += changed
            self._synced.remarks += [f"A day was left out: {reason}" for reason in left_out]
            self._wellness.write()
            self._advance(source.kind, last)

    def _last_days(self, source: _Source) -> date:
        """The first day to ask a tool for that takes no dates."""
        begin, earliest = self._state.ask_from[source.kind], self._today + _DAY - MOST_DAYS
        if begin < earliest:
            self._synced.remarks.append(f"{source.what}: asked for from {earliest} on; COROS takes no dates.")
        return max(begin, earliest)

    async def _list(self, coros: Coros) -> None:
        """The activities that there are, into the list of those to fetch."""
        windows = self._windows(ACTIVITIES, _ACTIVITY_WINDOW, self._today + _DAY)
        for first, last in tracked(windows, len(windows), "Activities"):
            for found in await self._listed(coros, first, last):
                if found.label_id not in self._state.done and found.label_id not in self._state.pending:
                    self._state.pending[found.label_id] = Pending(
                        sport_type=found.sport_type, start=found.start
                    )
                    self._synced.activities_new += 1
            self._advance(ACTIVITIES, last)

    async def _listed(self, coros: Coros, first: date, last: date) -> list[Activity]:
        values = {**self._asked_for(first, last), "limit": MOST_LISTED}
        reply = await coros.call(_LIST, values, _ALL_SPORTS)
        found = listed_activities(reply.tool, reply.text)
        if len(found) < PAGE or first == last:
            return found
        middle = first + (last - first) // 2
        return await self._listed(coros, first, middle) + await self._listed(coros, middle + _DAY, last)

    def _asked_for(self, first: date, last: date) -> dict[str, Any]:
        return {
            "startDate": f"{first:%Y%m%d}",
            "endDate": f"{last:%Y%m%d}",
            "days": (self._today - first).days + 1,
            "timezone": self._zone,
        }

    def _windows(self, kind: str, window: timedelta, end: date) -> list[tuple[date, date]]:
        begin = self._state.ask_from[kind]
        starts = [begin + step * window for step in range(max(0, (end - begin) // window + 1))]
        return [(first, min(first + window - _DAY, end)) for first in starts]

    def _advance(self, kind: str, last: date) -> None:
        self._state.ask_from[kind] = min(last + _DAY, self._today + _DAY - OVERLAP)
        self._file.write(self._state)
