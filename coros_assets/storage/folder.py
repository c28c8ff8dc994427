"""The files below a folder as objects of a store.

Belongs here: listing, for a folder in which others leave files of any name: the object store's own listing
stops at the first name that it cannot have as a key. Does not: reading or writing them (`lake.py`).
"""

from __future__ import annotations

import errno
import logging
import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path, PurePath, PurePosixPath
from typing import Final

_UNFINISHED: Final = re.compile(r"#\d+$")  # how the store names what it is still writing
_NO_KEY: Final = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")  # controls, and bytes that are no UTF-8
_log = logging.getLogger(__name__)


def files_below(folder: Path, prefix: str) -> Iterator[tuple[str, os.stat_result]]:
    """Every file below `folder/prefix`: its path below `folder`, and what the system knows of it.

    A folder that is not there has none. Links are followed, each folder is gone through once. What is no
    file, and what has a name that is no key, is passed over, the latter with a warning.

    Raises:
        OSError: a folder cannot be listed.
    """
    known: set[tuple[int, int]] = set()
    waiting = [PurePosixPath(prefix)]
    while waiting:
        below = waiting.pop()
        for name, found in _entries(folder / below, known):
            key = str(below / name)
            if _NO_KEY.search(key):
                _warn(key)
            elif stat.S_ISDIR(found.st_mode):
                waiting.append(below / name)
            elif stat.S_ISREG(found.st_mode) and not _UNFINISHED.search(name):
                yield key, found


def as_key(path: PurePath) -> str:
    """The path as a key of a store, with replacement characters for what no key can hold."""
    return _NO_KEY.sub("\N{REPLACEMENT CHARACTER}", path.as_posix())


def unfinished_below(folder: Path) -> Iterator[Path]:
    """Files that the store was writing when it was killed, or is writing now."""
    for below, _, names in os.walk(folder):
        yield from (Path(below) / name for name in names if _UNFINISHED.search(name))


def _entries(place: Path, known: set[tuple[int, int]]) -> Iterator[tuple[str, os.stat_result]]:
    """What is in a folder that is not among the known, which it joins."""
    with suppress(FileNotFoundError):
        here = place.stat()
        if (here.st_dev, here.st_ino) in known:
            return
        known.add((here.st_dev, here.st_ino))
        with os.scandir(place) as entries:
            for entry in entries:
                if (found := _stat(entry)) is not None:
                    yield entry.name, found


def _stat(entry: os.DirEntry[str]) -> os.stat_result | None:
    try:
        return entry.stat()
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ELOOP):  # a link to nothing or itself, or removed meanwhile
            return None
        raise


@cache
def _warn(key: str) -> None:
    _log.warning("%a is passed over: its name holds what no name should; rename it to have it read.", key)
