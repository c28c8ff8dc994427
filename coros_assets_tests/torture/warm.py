"""What the processes of a sweep are forked from: everything imported, and one load done.

Belongs here: that first load, which leaves no thread, connection or runtime behind that a fork would break.
Imported by the fork server only, with the environment that `sweep.py` sets.
"""

from __future__ import annotations

import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from obstore.exceptions import AlreadyExistsError

from coros_assets.storage import lake
from coros_assets_tests.torture import child
from coros_assets_tests.torture.history import history, written

URL = "TORTURE_WARM_URL"


class PlainFolder:
    """A folder as the object store's library has it, without that library's threads."""

    def __init__(self, uri: str) -> None:
        self._folder = lake._folder(uri)

    def get(self, key: str) -> Any:
        return SimpleNamespace(bytes=(self._folder / key).read_bytes)

    def put(self, key: str, data: bytes, mode: str = "overwrite") -> None:
        path = self._folder / key
        if mode == "create" and path.exists():
            raise AlreadyExistsError(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def delete(self, keys: tuple[str, ...]) -> None:
        for key in keys:
            (self._folder / key).unlink(missing_ok=True)


def warmed(url: str) -> None:
    before, opened = dict(os.environ), lake._opened
    lake._opened = PlainFolder
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        inputs = written(history(0), folder)[1]
        child.run(
            child.Job(inputs, folder / "lake", url, datetime.now(UTC), folder / "record"), watched=False
        )
    lake._opened = opened
    os.environ.clear()
    os.environ.update(before)


if URL in os.environ:
    warmed(os.environ[URL])
