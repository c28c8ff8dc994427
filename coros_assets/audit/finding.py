"""What an audit has found.

Belongs here: the shape of a finding, and what is to be done. Does not: finding anything (the modules beside).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

REBUILD: Final = "Run `coros-assets rebuild`; it is made again from bronze."
BRING_AGAIN: Final = (
    "Bring the activity file in again with `coros-assets ingest FILE`, or put back the object from a backup."
)
HARMLESS: Final = "It is not used and does no harm; it may be deleted."


@dataclass(frozen=True)
class Finding:
    """Something that is not as it was written: where, what, and what to do, a sentence each."""

    place: str
    problem: str
    remedy: str
