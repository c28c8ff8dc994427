"""Finds and removes erased files and their activity in landing, lake, ledger and gold.

Belongs here: the order of removals, which makes a killed erasure harmless: it is done again from its order
until nothing is left. Does not: what is recognised (`tombstones.py`), or traces in Dagster and in
PostgreSQL's own files (`commands/erase.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain

from coros_assets.bronze.inspect import LandedFile, inspect
from coros_assets.bronze.intake import refresh_dates
from coros_assets.bronze.store import BronzeStore
from coros_assets.bronze.take import ERASED_REASON
from coros_assets.bronze.tombstones import Order, Tombstones, put_tombstone, read_tombstones
from coros_assets.errors import CorosError
from coros_assets.formats.archives import Unpacked, unpacked
from coros_assets.formats.source import Source
from coros_assets.formats.xml_guard import MAX_BYTES
from coros_assets.formats.zip_members import MARKS
from coros_assets.formats.zip_without import without
from coros_assets.home_timezone import HomeTimezone
from coros_assets.silver.plan import neighbourhood
from coros_assets.storage.lake import ObjectStore, StoredBytes, StoredObject
from coros_assets.storage.ledger import Ledger
from coros_assets.storage.parquet import LakeTable
from coros_assets.tables import SILVER_TABLES


@dataclass(frozen=True)
class Places:
    """Where activity files and what is made of them lie."""

    landing: ObjectStore
    bronze: BronzeStore
    ledger: Ledger
    home_timezone: HomeTimezone


def completed(order: Order, tombstones: Tombstones, places: Places) -> Order:
    """The order with every file of bronze and quarantine that the tombstones cover, and their dates."""
    bronze = places.bronze
    covered = {
        entry.sha256
        for entry in bronze.entries(neighbourhood(order.dates))
        if any(tombstones.cover_recording(each.start_us, each.end_us) for each in entry.recordings)
    }
    pieces = [
        found.key.rpartition("/")[2]
        for found in bronze.quarantined()
        if tombstones.cover_piece(_source(bronze.lake, found))
    ]
    contents = {*order.sha256s, *covered, *pieces}
    entries = bronze.entries_of(contents)
    names = {*order.names, *(entry.name for entry in entries), *places.ledger.landed_names(contents)}
    dates = {*order.dates, *(entry.activity_date for entry in entries)}
    return replace(
        order, sha256s=tuple(sorted(contents)), names=tuple(sorted(names)), dates=tuple(sorted(dates))
    )


def remove_erased(places: Places) -> None:
    """Removes what unfinished erasures have to from lake, ledger and gold; their orders stay.

    No load may run meanwhile: it could write again what it read before.
    """
    lake = places.bronze.lake
    tombstones = read_tombstones(lake)
    for erasure in tombstones.to_be_removed:
        if erasure.order:
            order = completed(erasure.order, tombstones, places)
            put_tombstone(lake, tombstones.for_files(erasure, order))
            _remove(order, tombstones, places)
            put_tombstone(lake, tombstones.for_files(erasure, replace(order, is_removed=True)))


def _remove(order: Order, tombstones: Tombstones, places: Places) -> None:
    dates = places.bronze.forget(set(order.sha256s)) | set(order.dates)
    refresh_dates(dates, places.bronze, places.ledger)
    emptied = places.ledger.empty_dates(dates)
    for table in SILVER_TABLES:
        LakeTable(places.bronze.lake, table).delete(emptied)
    places.ledger.forget_dates(emptied)
    places.ledger.refuse({each: tombstones.content_mark(each) for each in order.sha256s}, ERASED_REASON)


def clear_landing(places: Places) -> list[str]:
    """Removes erased files from landing, an archive by writing it anew without them.

    Returns a sentence for each landed object that could not be changed.
    """
    tombstones, remaining = read_tombstones(places.bronze.lake), []
    paths = {row["path"] for row in places.ledger.refused()}
    for found in list(places.landing.list()):
        if found.key not in paths:
            continue
        try:
            _clear(found, _Judge(tombstones, places.home_timezone), places.landing)
        except (CorosError, KeyError) as error:
            paths.remove(found.key)
            remaining.append(
                f"{found.key} in {places.landing.uri} still holds it: {error} Remove it by hand."
            )
    for found in places.landing.list():
        if found.key in paths:
            places.ledger.landed_again(found.key, found.version)
    places.ledger.forget_refused(paths)
    return remaining


@dataclass(frozen=True)
class _Judge:
    """True for a file that was erased."""

    tombstones: Tombstones
    home_timezone: HomeTimezone

    def __call__(self, file: Unpacked) -> bool:
        now = datetime.now(UTC)
        landed = LandedFile(file.name, file.name, bytes(file.data[:]), now, now, self.home_timezone)
        return self.tombstones.cover(inspect(landed), file.data)


def _clear(found: StoredObject, is_erased: _Judge, landing: ObjectStore) -> None:
    data = _source(landing, found)
    if not bytes(data[:4]).startswith(MARKS):
        if any(map(is_erased, unpacked(found.key, data))):
            landing.delete(found.key)
        return
    pieces: Iterator[memoryview] | None = without(found.key, data, is_erased)
    if pieces is None:
        return
    first = next(pieces, None)
    if first is None:
        landing.delete(found.key)
    else:
        landing.put_pieces(found.key, chain([first], pieces))


def _source(store: ObjectStore, found: StoredObject) -> Source:
    """The bytes of an object; those of one larger than any activity file stay where they are."""
    if found.size_bytes > MAX_BYTES:
        return StoredBytes(store, found.key, found.size_bytes)
    return store.get(found.key)
