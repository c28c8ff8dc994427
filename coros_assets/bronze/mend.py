"""What describes bronze, made again from bronze itself: catalogue entries from bytes, the ledger from both.

Belongs here: the way back after something was damaged or lost. Does not: the way forward (`intake.py`).
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any, Final

from coros_assets.bronze.catalogue import Arrival, CatalogueEntry, Refusal
from coros_assets.bronze.inspect import LandedFile, inspect
from coros_assets.bronze.store import BronzeStore
from coros_assets.errors import DamagedError
from coros_assets.home_timezone import HomeTimezone
from coros_assets.progress import tracked
from coros_assets.storage.ledger import Ledger

_UNSEEN: Final = ""  # a version that no landed object has: if the file is still there it is looked at again


def mend_catalogue(
    contents: Collection[str], bronze: BronzeStore, ledger: Ledger, *, home_timezone: HomeTimezone
) -> set[date]:
    """Enters files anew of which catalogue entries are damaged or gone; the dates concerned are returned.

    Names and times come from the ledger; of a file that it does not know either, the name is the hash. Of a
    file whose bytes are damaged too, or that is no longer read, nothing changes.
    """
    dates: set[date] = set()
    for sha256 in tracked(sorted(contents), len(contents), "Mending catalogue"):
        if entries := _entries(sha256, bronze, ledger, home_timezone):
            dates |= bronze.drop_damaged_entries(sha256)
        for entry in entries:
            bronze.enter(entry)
            dates.add(entry.activity_date)
    return dates


def uncatalogued(bronze: BronzeStore) -> set[str]:
    """The hashes of files that have no catalogue entry, and were not refused, or a damaged one."""
    entries = bronze.entries(bronze.dates())
    known = {entry.sha256 for entry in entries} | {refusal.sha256 for refusal in bronze.refusals()}
    return bronze.contents() - known | bronze.suspects


def mend_quarantine(bronze: BronzeStore, ledger: Ledger) -> None:
    """Writes anew, from landing and ledger, what of quarantined bytes and reasons is damaged or gone."""
    known = set(bronze.refusals())
    for row in ledger.quarantined():
        if (refusal := Refusal(**row)) not in known:
            bronze.note_refusal(refusal)
        with suppress(DamagedError):
            bronze.refused_data(refusal.sha256)


def recollect(bronze: BronzeStore, ledger: Ledger) -> None:
    """Fills a ledger that knows of no landed file with what catalogue and quarantine remember of them."""
    if not ledger.landed_versions():
        ledger.record_landed(_remembered(bronze))


def _remembered(bronze: BronzeStore) -> list[dict[str, Any]]:
    """Rows of `ledger.landing_file`."""
    entries = sorted(bronze.entries(bronze.dates()), key=lambda entry: (entry.taken_in_at, entry.name))
    rows = [_row(known) | {"reason": known.reason} for known in bronze.refusals()]
    rows += [_row(entry) | {"reason": None} for entry in entries]
    return list({(row["path"], row["name"], row["sha256"]): row for row in rows}.values())


def _row(known: Arrival) -> dict[str, Any]:
    return {
        "path": known.path,
        "is_erased": False,
        "name": known.name,
        "sha256": known.sha256,
        "version": _UNSEEN,
        "size_bytes": known.size_bytes,
        "landed_at": known.landed_at,
        "parser_version": known.parser_version,
        "first_seen": known.taken_in_at,
    }


def _entries(
    sha256: str, bronze: BronzeStore, ledger: Ledger, home_timezone: HomeTimezone
) -> list[CatalogueEntry]:
    try:
        data = bronze.data(sha256)
    except DamagedError:
        return []
    now = datetime.now(UTC)
    unknown = {"path": sha256, "name": sha256, "landed_at": now, "first_seen": now}
    return [
        entry
        for landed in ledger.landings(sha256) or [unknown]
        for entry in inspect(
            LandedFile(
                landed["path"],
                landed["name"],
                data,
                landed["landed_at"],
                landed["first_seen"],
                home_timezone,
            )
        ).entries
    ]
