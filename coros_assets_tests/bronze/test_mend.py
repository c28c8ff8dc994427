"""What bronze can tell of itself when the ledger, the catalogue or bytes are lost."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from coros_assets.bronze.catalogue import content_hash
from coros_assets.bronze.intake import take_in
from coros_assets.bronze.mend import mend_catalogue, mend_quarantine, recollect, uncatalogued
from coros_assets.bronze.store import file_key, quarantine_key
from coros_assets.errors import DamagedError
from coros_assets.home_timezone import HomeTimezone
from coros_assets.stores import Stores
from coros_assets_tests.tcx_text import run_file

DAY = date(2024, 6, 1)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
RUN = run_file(seconds=60)
HASH = content_hash(RUN)
HOME = HomeTimezone.parse("Europe/Vienna")


def landed(stores: Stores, **files: bytes) -> None:
    for name, data in files.items():
        Path(stores.landing.folder, name.replace("_", ".")).write_bytes(data)
    take_in(stores.landing, stores.bronze, stores.ledger, home_timezone=HOME, now=NOW, judge_young_files=True)


def archive(**files: bytes) -> bytes:
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as file:
        for name, data in files.items():
            file.writestr(name.replace("_", "."), data)
    return made.getvalue()


def lose_ledger(stores: Stores) -> None:
    with stores.warehouse.connection() as connection:
        connection.execute("TRUNCATE ledger.landing_file, ledger.date_state")


def lose_entries(stores: Stores) -> None:
    stores.lake.delete(*[found.key for found in stores.lake.list("bronze/catalogue")])


def mend(stores: Stores) -> set[date]:
    return mend_catalogue(uncatalogued(stores.bronze), stores.bronze, stores.ledger, home_timezone=HOME)


def test_a_lost_entry_is_made_again_as_it_was(stores):
    landed(stores, a_tcx=RUN, b_tcx=RUN)
    before = stores.bronze.entries([DAY])
    assert len(before) == 2
    lose_entries(stores)
    assert mend(stores) == {DAY}
    assert stores.bronze.entries([DAY]) == before
    assert uncatalogued(stores.bronze) == set()


def test_with_entry_and_ledger_lost_a_file_is_called_by_its_hash(stores):
    landed(stores, a_tcx=RUN)
    lose_entries(stores)
    lose_ledger(stores)
    assert mend(stores) == {DAY}
    [entry] = stores.bronze.entries([DAY])
    assert (entry.name, entry.sha256, entry.recordings[0].points) == (HASH, HASH, 61)


def test_a_damaged_entry_of_damaged_bytes_stays_and_is_found_again(stores):
    landed(stores, a_tcx=RUN)
    [key] = [found.key for found in stores.lake.list("bronze/catalogue")]
    stores.lake.put(key, b"?" + stores.lake.get(key)[1:])
    stores.lake.put(file_key(HASH), b"?" + RUN[1:])
    Path(stores.landing.folder, "a.tcx").unlink()
    assert mend(stores) == set()
    assert uncatalogued(stores.bronze) == {HASH}


def test_a_lost_ledger_remembers_every_file_with_its_reason(stores):
    landed(stores, a_tcx=RUN, b_tcx=RUN, bad_tcx=b"no xml", all_zip=archive(c_tcx=RUN, d_fit=b"no fit"))
    query = "SELECT * FROM ledger.landing_file ORDER BY name"
    before = stores.warehouse.read(query).drop_columns(["version"])
    lose_ledger(stores)
    recollect(stores.bronze, stores.ledger)
    assert stores.warehouse.read(query).drop_columns(["version"]).equals(before)


def test_bytes_are_restored_from_an_archive_in_landing(stores):
    landed(stores, all_zip=archive(other_tcx=run_file(seconds=30), c_tcx=RUN))
    stores.lake.put(file_key(HASH), RUN[:-1])
    assert stores.bronze.data(HASH) == RUN
    assert stores.lake.get(file_key(HASH)) == RUN


def test_bytes_of_another_content_in_landing_restore_nothing(stores):
    landed(stores, a_tcx=RUN)
    Path(stores.landing.folder, "a.tcx").write_bytes(run_file(seconds=30))
    stores.lake.delete(file_key(HASH))
    with pytest.raises(DamagedError, match=rf"{HASH} in .* is gone, .* `coros-assets ingest FILE`"):
        stores.bronze.data(HASH)


def test_a_file_that_is_landed_again_takes_the_place_of_its_damaged_bytes(stores):
    assert stores.bronze.keep(HASH, RUN)
    assert not stores.bronze.keep(HASH, RUN)
    stores.lake.put(file_key(HASH), b"")
    assert stores.bronze.keep(HASH, RUN)
    assert stores.bronze.data(HASH) == RUN


def test_quarantine_is_mended_from_ledger_and_landing(stores):
    landed(stores, bad_tcx=b"no xml")
    [refusal] = stores.bronze.refusals()
    for found in list(stores.lake.list("bronze/quarantine")):
        stores.lake.put(found.key, b"")
    assert stores.bronze.refusals() == []
    mend_quarantine(stores.bronze, stores.ledger)
    assert stores.bronze.refusals() == [refusal]
    assert stores.lake.get(quarantine_key(refusal.sha256)) == b"no xml"
