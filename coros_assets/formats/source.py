"""The bytes of a file that may be too large for memory.

Belongs here: what readers of archives ask of them. Does not: where they lie (`storage/lake.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol, TypeAlias


class LargeBytes(Protocol):
    """Bytes of which a slice is read when it is asked for."""

    def __len__(self) -> int:
        """Their number."""

    def __getitem__(self, where: slice, /) -> bytes:
        """Some of them that follow each other."""

    def pieces(self) -> Iterator[memoryview]:
        """All of them, some at a time."""


Source: TypeAlias = bytes | memoryview | LargeBytes
