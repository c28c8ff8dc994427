"""The runner's own choice between several files of one activity.

Belongs here: finding the file that is meant, and remembering the choice. Does not: what a choice does
(`silver/duplicates.py`).
"""

from __future__ import annotations

from coros_assets.bronze.intake import refresh_dates
from coros_assets.errors import CorosError
from coros_assets.storage.statements import statement
from coros_assets.stores import Stores


def choose_file(stores: Stores, hash_start: str, *, undo: bool) -> str:
    """Makes the file whose SHA-256 begins so the one that is used of its activities, or takes that back.

    Returns the name of the file; the dates concerned then wait to be made anew.

    Raises:
        CorosError: no file of an activity has such a hash, or several have.
    """
    query = statement(__package__, "files_by_hash")
    found = stores.warehouse.read(query, {"hash": hash_start.lower()}).to_pylist()
    hashes = {file["source_sha256"] for file in found}
    if not hashes:
        raise CorosError(
            f"No file of an activity has a hash that begins with {hash_start}; "
            "the table gold.activity_source lists them all."
        )
    if len(hashes) > 1:
        raise CorosError(f"{len(hashes)} files have a hash that begins with {hash_start}; give more of it.")
    mark = stores.bronze.stop_preferring if undo else stores.bronze.prefer
    mark(*hashes)
    refresh_dates((file["activity_date"] for file in found), stores.bronze, stores.ledger)
    name: str = found[0]["source_name"]
    return name
