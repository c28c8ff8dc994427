"""How far the sync has come: a small file in the home, which holds no secret.

Belongs here: the cursors, written whole or not at all, and COROS's allowance of files. Does not: what is
done with them (`pull.py`).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from pydantic import BaseModel, Field, ValidationError

from coros_assets.storage.lake import ObjectStore

STATE_KEY: Final = "coros.json"

FILES_PER_DAY: Final = 45
"""COROS gives an account 50 FIT files a day (github.com/coroslab/COROS-MCP); five are for other programs."""

ALLOWANCE_WINDOW: Final = timedelta(hours=24)
"""Whenever COROS's day begins, files of the last 24 hours are all that can count."""

MOST_TRIES: Final = 3
"""Syncs that get no file for an activity, while others get theirs, before COROS is taken to have none."""

MOST_EMPTY: Final = 10
"""The same where all that was asked for came without a file, as when the allowance is spent."""


class Pending(BaseModel):
    """An activity whose file is still to be fetched; `empty` answers it had, `tries` of them among others."""

    sport_type: int
    start: datetime
    empty: int = 0
    tries: int = 0

    @property
    def is_hopeless(self) -> bool:
        """True if it was asked for often enough."""
        return self.tries >= MOST_TRIES or self.empty >= MOST_EMPTY


class SyncState(BaseModel):
    """The date from which each kind is to be asked for next, activities to come and those that are done.

    `done` has a word on each activity: `landed` or why there is no file. It also keeps an activity that the
    runner erased from being fetched again.
    """

    ask_from: dict[str, date] = Field(default_factory=dict)
    pending: dict[str, Pending] = Field(default_factory=dict)
    done: dict[str, str] = Field(default_factory=dict)
    file_requests: list[datetime] = Field(default_factory=list)

    def files_left(self, now: datetime) -> int:
        """How many more files may be asked for."""
        return max(0, FILES_PER_DAY - len(self._counting(now)))

    def count_file_request(self, now: datetime) -> None:
        """Counts a request, whatever comes of it: COROS may have counted it."""
        self.file_requests = [*self._counting(now), now]

    def _counting(self, now: datetime) -> list[datetime]:
        return [asked for asked in self.file_requests if asked > now - ALLOWANCE_WINDOW]


class StateFile:
    """The state on disk."""

    def __init__(self, home: Path) -> None:
        """Remembers the place; makes the folder when something is written."""
        self._folder = home / "sync"

    def read(self) -> SyncState:
        """The state; one that is damaged counts as none, for what is asked for again is not doubled."""
        try:
            return SyncState.model_validate_json((self._folder / STATE_KEY).read_bytes())
        except (FileNotFoundError, ValidationError):
            return SyncState()

    def write(self, state: SyncState) -> None:
        """Replaces it as a whole."""
        ObjectStore(str(self._folder)).put(STATE_KEY, state.model_dump_json(indent=1).encode())
