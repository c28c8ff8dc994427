"""Bytes of bronze that still lie in landing.

Belongs here: finding them by their hash. Does not: putting them anywhere (`store.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

from coros_assets.bronze.catalogue import content_hash
from coros_assets.formats.archives import unpacked
from coros_assets.storage.lake import ObjectStore
from coros_assets.storage.ledger import Ledger


@dataclass(frozen=True)
class LandedCopies:
    """The landed files that the ledger knows."""

    landing: ObjectStore
    ledger: Ledger

    def find(self, sha256: str) -> bytes | None:
        """The bytes of this hash, if they still lie in landing, alone or in an archive."""
        for landed in self.ledger.landings(sha256):
            try:
                data = self.landing.get(landed["path"])
            except KeyError:
                continue
            for file in unpacked(landed["path"], data):
                if content_hash(file.data) == sha256:
                    return bytes(file.data[:])
        return None
