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
from functools import cache
from pathlib import Path
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
    for place, folders, names in os.walk(folder / prefix, onerror=_raise_unless_gone, followlinks=True):
        here = Path(place).stat()
        if (here.st_dev, here.st_ino) in known:
            folders.clear()
            continue
        known.add((here.st_dev, here.st_ino))
        for name in names:
            path = Path(place, name)
            if not _UNFINISHED.search(name) and (of_file := _file(path)):
                key = path.relative_to(folder).as_posix()
                if _NO_KEY.search(key):
                    _warn(key)
                else:
                    yield key, of_file


def _raise_unless_gone(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise error


def _file(path: Path) -> os.stat_result | None:
    try:
        found = path.stat()
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ELOOP):  # a link to nothing or itself, or removed meanwhile
            return None
        raise
    return found if stat.S_ISREG(found.st_mode) else None


@cache
def _warn(key: str) -> None:
    _log.warning("%a is passed over: its name holds what no name should; rename it to have it read.", key)
