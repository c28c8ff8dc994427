"""The FIT files of activities that COROS listed, into landing, within COROS's allowance.

Belongs here: which file is asked for next, and what becomes of one that does not come. Does not: the list
(`pull.py`), or what is in a file (`formats/`).

When its allowance is spent COROS says nothing: it answers as for an activity without a file. So activities
are given up only after several syncs, and several empty answers in a row end the sync's fetching and count
against none of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import islice
from pathlib import PurePosixPath
from typing import Final

from coros_assets.errors import LoginNeededError, SyncError
from coros_assets.progress import tracked
from coros_assets.storage.lake import ObjectStore
from coros_assets.sync.client import Coros
from coros_assets.sync.replies import (
    BusyError,
    file_address,
    file_blob,
    file_name,
    is_whole_fit,
)
from coros_assets.sync.state import Pending, StateFile, SyncState

MAX_FILE_BYTES: Final = 16 * 2**20
EMPTY_IN_A_ROW: Final = 5

FOLDER: Final = "coros_sync"
LANDED: Final = "landed"
NO_FILE: Final = "no file"
_TOOLS: Final = ("downloadActivityFitFiles", "queryActivityFitFileDownloadUrls")


class Files:
    """The fetching of one sync."""

    def __init__(self, coros: Coros, landing: ObjectStore, state: SyncState, file: StateFile) -> None:
        """Asks for nothing yet."""
        self.landed = 0
        self.remarks: list[str] = []
        self._coros = coros
        self._landing = landing
        self._state = state
        self._file = file
        self._empty: list[str] = []

    async def fetch(self) -> None:
        """Fetches files until all are here or no more are allowed: first what had the fewest empty answers,
        of those the latest activities.

        Raises:
            BusyError: COROS has no time.
        """
        self._drop_present()
        pending = sorted(
            self._state.pending.items(), key=lambda item: (-item[1].empty, item[1].start), reverse=True
        )
        allowed = self._state.files_left(datetime.now(UTC))
        for label_id, activity in tracked(islice(pending, allowed), min(len(pending), allowed), "Files"):
            self._state.count_file_request(datetime.now(UTC))
            self._file.write(self._state)
            data = await self._data(label_id, activity)
            if data is None:
                activity.empty += 1
                self._empty.append(label_id)
                if len(self._empty) == EMPTY_IN_A_ROW:
                    self.remarks.append(
                        f"COROS gave no file {EMPTY_IN_A_ROW} times in a row: its daily allowance may be "
                        "spent. The next sync goes on."
                    )
                    self._give_up(self._empty)
                    self._empty = []
                    break
            else:
                self._landing.put_new(f"{FOLDER}/{file_name(label_id)}", data)
                self.landed += 1
                self._finish(label_id, LANDED)
                self._count_empty()
        self._count_empty()
        self._file.write(self._state)

    def _drop_present(self) -> None:
        """What lies in landing under its name is done: a sync landed it and was killed, or the runner did."""
        present = {PurePosixPath(found.key).name for found in self._landing.list()}
        for label_id in [each for each in self._state.pending if file_name(each) in present]:
            self._finish(label_id, LANDED)

    def _finish(self, label_id: str, word: str) -> None:
        del self._state.pending[label_id]
        self._state.done[label_id] = word

    def _count_empty(self) -> None:
        """Counts a try for each activity that was answered without a file while others had one."""
        for label_id in self._empty:
            self._state.pending[label_id].tries += 1
        self._give_up(self._empty)
        self._empty = []

    def _give_up(self, label_ids: Iterable[str]) -> None:
        for label_id in label_ids:
            if self._state.pending[label_id].is_hopeless:
                self._finish(label_id, NO_FILE)

    async def _data(self, label_id: str, activity: Pending) -> bytes | None:
        """The whole file of an activity; None where COROS gives none, or something else."""
        try:
            reply = await self._coros.call(_TOOLS, {"labelId": label_id, "sportType": activity.sport_type})
            data = file_blob(reply.content)
            if data is None and (address := file_address(reply.content, reply.text)):
                data = await self._coros.fetch(address)
        except (LoginNeededError, BusyError):
            raise
        except SyncError as error:
            self.remarks.append(str(error))
            return None
        if data is None or (len(data) <= MAX_FILE_BYTES and is_whole_fit(data)):
            return data
        self.remarks.append("COROS gave a file that is no whole FIT file; the next sync asks for it again.")
        return None
