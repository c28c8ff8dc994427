"""The sync's wellness file among the runner's own.

Belongs here: reading and replacing it. Does not: merging days (`days.py`), or which file counts
(`wellness/load.py`).
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Final

from coros_assets.errors import SyncError
from coros_assets.home_timezone import HomeTimezone
from coros_assets.storage.lake import ObjectStore
from coros_assets.sync.days import SyncedDays, by_day, read_synced
from coros_assets.wellness.load import WELLNESS_SUFFIXES, wellness_file
from coros_assets.wellness.read import read_rows, read_wellness

FILE_NAME: Final = "coros_sync.json"


class SyncedFile:
    """The file `coros_sync.json` in the wellness folder."""

    def __init__(self, folder: Path, home: HomeTimezone) -> None:
        """Reads what there is: the days synced so far, and those of a file of the runner's that counts now.

        Raises:
            SyncError: COROS_WELLNESS names a file, which only its owner should write.
            WellnessError: the file that counts cannot be read.
        """
        if folder.is_file() or folder.suffix.lower() in WELLNESS_SUFFIXES:
            raise SyncError(
                f"COROS_WELLNESS names the file {folder}, which the sync does not write into: unset it, or "
                "name the folder that the file lies in."
            )
        self._folder = folder
        self._home = home
        self.days = SyncedDays()
        with suppress(FileNotFoundError):
            self.days = read_synced(FILE_NAME, (folder / FILE_NAME).read_bytes())
        counting = wellness_file(folder)
        self._counts = counting is not None and counting.name == FILE_NAME
        if counting and not self._counts:
            read_wellness(counting.name, counting.data, home)
            self.days.earlier = by_day(counting.name, read_rows(counting.name, counting.data))

    def write(self) -> None:
        """Makes the days the wellness file that counts, if they are not yet.

        Raises:
            WellnessError: the wellness tables would refuse them; nothing is written.
        """
        data = self.days.file()
        if not any(self.days.counting(kind) for kind in self.days.coros) or self._is_written(data):
            return
        read_wellness(FILE_NAME, data, self._home)
        ObjectStore(str(self._folder)).put(FILE_NAME, data)
        self._counts = True

    def _is_written(self, data: bytes) -> bool:
        with suppress(FileNotFoundError):
            return self._counts and (self._folder / FILE_NAME).read_bytes() == data
        return False
