"""The small files that a runner keeps beside the landing folder, such as the roster.

Belongs here: finding the one that counts, and its identity. Does not: understanding it (`wellness/`,
`athlete.py`), or where it lies (`settings.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from coros_assets.bronze.catalogue import content_hash
from coros_assets.errors import CorosError, first_line


class OwnFile(NamedTuple):
    """A file's name and bytes."""

    name: str
    data: bytes

    @property
    def bronze_name(self) -> str:
        """The name under which bronze keeps these bytes."""
        return content_hash(self.data) + Path(self.name).suffix.lower()

    def digest(self, *context: str) -> str:
        """The identity of what is made of the file, together with all else that it is made from."""
        return content_hash("\n".join([self.name, *context, ""]).encode() + self.data)


def own_file(path: Path, suffixes: Sequence[str]) -> OwnFile | None:
    """The file at `path`, or in a folder the newest one of a name that ends so; None where there is none.

    Raises:
        CorosError: it cannot be read.
    """
    try:
        if path.is_dir():
            files = [entry for entry in path.iterdir() if entry.suffix.lower() in suffixes]
            newest = max(files, key=lambda entry: (entry.stat().st_mtime_ns, entry.name), default=None)
        else:
            newest = path if path.exists() else None
        return OwnFile(newest.name, newest.read_bytes()) if newest else None
    except OSError as error:
        raise CorosError(
            f"{path} cannot be read: {first_line(error)}. Check that you may read it."
        ) from error
