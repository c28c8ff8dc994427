"""Every object of the lake against its hash.

Belongs here: how an object of each kind is checked by itself. Does not: what objects say of each other
(`layers.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

import pyarrow as pa

from coros_assets.audit.finding import BRING_AGAIN, HARMLESS, REBUILD, Finding
from coros_assets.bronze.catalogue import content_hash
from coros_assets.bronze.store import (
    CATALOGUE,
    COROS_REPLIES,
    FILES,
    PARSED,
    PREFERRED,
    QUARANTINE,
    REFUSAL_SUFFIX,
    read_entry,
)
from coros_assets.formats.xml_guard import MAX_BYTES
from coros_assets.parallel import mapped
from coros_assets.progress import tracked
from coros_assets.storage.lake import ObjectStore, StoredBytes, StoredObject
from coros_assets.storage.parquet import Described, described
from coros_assets.storage.seal import unsealed

BYTES_PER_JOB: Final = 32 * 2**20  # some 50 ms of hashing, against 1 ms from process to process
OBJECTS_PER_JOB: Final = 250
_OWN_FILES: Final = ("bronze/athlete", "bronze/roster", "bronze/wellness")
_BY_HASH: Final = (FILES, QUARANTINE, COROS_REPLIES, *_OWN_FILES)
_LAKE_LAYERS: Final = ("silver", "roster", "wellness", "athlete")
_OWN_FILE: Final = "The next load writes it again if the file of yours that it was made from is still there."
_REMEDIES: Final = {COROS_REPLIES: HARMLESS, **dict.fromkeys(_OWN_FILES, _OWN_FILE)}


@dataclass(frozen=True)
class Checked:
    """What was looked at: all of the lake's objects, what is wrong with some, and what silver says it is."""

    objects: Sequence[StoredObject]
    findings: Sequence[Finding]
    silver: dict[str, Described]


def check_objects(lake: ObjectStore) -> Checked:
    """Reads every object of bronze, silver and the runner's own tables and compares it with its hash."""
    kept = [found for found in lake.list() if _kind(found.key)]
    jobs = list(_jobs(lake, kept))
    findings: list[Finding] = []
    silver: dict[str, Described] = {}
    for found, tables in tracked(mapped(_checked, jobs), len(jobs), "Checking files"):
        findings += found
        silver |= tables
    return Checked(kept, findings, silver)


@dataclass(frozen=True)
class _Job:
    lake: ObjectStore
    objects: Sequence[StoredObject]


def _jobs(lake: ObjectStore, objects: Iterable[StoredObject]) -> Iterator[_Job]:
    group: list[StoredObject] = []
    size = 0
    for found in objects:
        group.append(found)
        size += found.size_bytes
        if size >= BYTES_PER_JOB or len(group) >= OBJECTS_PER_JOB:
            yield _Job(lake, group)
            group, size = [], 0
    if group:
        yield _Job(lake, group)


def _kind(key: str) -> str | None:
    """The folder that says what an object is; None for what is made anew anyway, such as the report."""
    layer = key.partition("/")[0]
    if layer in _LAKE_LAYERS:
        return layer
    folder = "/".join(key.split("/")[:2])
    return folder if folder in (*_BY_HASH, CATALOGUE, PARSED, PREFERRED) else None


def _checked(job: _Job) -> tuple[list[Finding], dict[str, Described]]:
    findings: list[Finding] = []
    silver: dict[str, Described] = {}
    for found in job.objects:
        kind = _kind(found.key)
        if kind in _LAKE_LAYERS:
            try:
                silver[found.key] = described(job.lake.get(found.key))
            except (pa.ArrowException, OSError):
                findings.append(_damaged(found.key, REBUILD))
        elif (remedy := _remedy(found, job.lake)) is not None:
            findings.append(_damaged(found.key, remedy))
    return findings, silver


def _remedy(found: StoredObject, lake: ObjectStore) -> str | None:
    """What to do about an object of bronze; None if it is whole."""
    key = found.key
    if key.startswith(CATALOGUE):
        return None if read_entry(key, lake.get(key)) else REBUILD
    if key.startswith(PARSED):
        return HARMLESS if unsealed(lake.get(key)) is None else None
    if key.startswith(PREFERRED):
        return HARMLESS if found.size_bytes else None
    if key.startswith(QUARANTINE) and key.endswith(REFUSAL_SUFFIX):
        return BRING_AGAIN if unsealed(lake.get(key)) is None else None
    # What is larger than an activity file is hashed in pieces, which takes twice as long as at once.
    is_large = found.size_bytes > MAX_BYTES
    content = content_hash(StoredBytes(lake, key, found.size_bytes) if is_large else lake.get(key))
    if content == PurePosixPath(key).name.partition(".")[0]:
        return None
    return _REMEDIES.get(_kind(key) or "", BRING_AGAIN)


def _damaged(key: str, remedy: str) -> Finding:
    return Finding(key, "It is damaged: its bytes are not those that were written.", remedy)
