"""Everything that is kept, checked against what was written.

Belongs here: which checks there are, and their order. Does not: the checks (`audit/`) or printing (`cli.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coros_assets.audit.finding import Finding
from coros_assets.audit.layers import check_layers
from coros_assets.audit.objects import check_objects
from coros_assets.stores import Stores


@dataclass(frozen=True)
class Verified:
    """How many objects and bytes were read, and what was found."""

    objects: int
    size_bytes: int
    findings: Sequence[Finding]


def verify(stores: Stores) -> Verified:
    """Reads every object of the lake and counts the rows of gold; changes nothing."""
    checked = check_objects(stores.lake)
    size = sum(found.size_bytes for found in checked.objects)
    return Verified(len(checked.objects), size, [*checked.findings, *check_layers(stores, checked)])
