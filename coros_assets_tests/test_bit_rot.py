"""Bits that flip, files cut short and files gone, in a lake with every kind of object."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import dagster as dg
import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from coros_assets import resources
from coros_assets.bronze.catalogue import content_hash
from coros_assets.bronze.store import file_key
from coros_assets.commands import rebuild as rebuild_command
from coros_assets.commands.rebuild import rebuild
from coros_assets.commands.status import status
from coros_assets.commands.verify import verify
from coros_assets.stores import Stores
from coros_assets.waiting import waiting
from coros_assets_tests.conftest import emptied, home_settings
from coros_assets_tests.lake_damage import (
    DAMAGE,
    FIRST,
    SHORTER,
    Known,
    damaged,
    gold,
    history,
    kept_keys,
    loaded,
    put_back,
    remembered,
    without_landing,
)
from coros_assets_tests.tcx_text import run_file

OWN_COPIES = ("bronze/athlete/", "bronze/roster/", "bronze/wellness/")  # nothing says that they were there
MARK = "bronze/preferred/"


@pytest.fixture(scope="module")
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


@pytest.fixture(scope="module")
def stores(session_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Stores:
    """Stores of a home that the tests of this module share."""
    return emptied(Stores(home_settings(session_home, tmp_path_factory.mktemp("shared"))))


@pytest.fixture(scope="module")
def wired(stores: Stores, instance: dg.DagsterInstance) -> Iterator[None]:
    """The platform's own wiring, on the stores of the module."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(resources, "_stores", lambda: stores)
        patch.setattr(rebuild_command, "load", lambda settings: _loaded(instance))
        yield


@pytest.fixture(scope="module")
def loaded_once(stores, instance, wired, tmp_path_factory) -> Known:
    """The history, loaded, and how everything was then."""
    history(stores)
    _loaded(instance)
    return remembered(stores, tmp_path_factory.mktemp("copy") / "lake")


@pytest.fixture
def known(stores: Stores, loaded_once: Known) -> Known:
    """The history as it was when it was loaded."""
    put_back(stores, loaded_once)
    return loaded_once


def _loaded(instance: dg.DagsterInstance) -> None:
    result = loaded(instance)
    failed = [check.check_name for check in result.get_asset_check_evaluations() if not check.passed]
    assert (failed, result.success) == ([], True)


def silver_key(table: str, day: str = "2024-06-01") -> str:
    return f"silver/{table}/activity_date={day}/part-0.parquet"


def places(stores: Stores) -> set[str]:
    return {found.place for found in verify(stores).findings}


def unnoticed(stores: Stores) -> set[tuple[str, str]]:
    """Each object damaged in each way, one after the other: how and where it is not noticed, or misnamed."""
    found = set()
    for key in kept_keys(stores):
        data = stores.lake.get(key)
        for how in DAMAGE:
            if not damaged(stores, key, how):
                continue
            named = places(stores)
            if not (key in named or (how == "gone" and named)):
                found.add((how, key.rpartition("/")[0] + "/"))
            stores.lake.put(key, data)
    return found


def test_whatever_object_is_damaged_is_named(stores, known):
    assert verify(stores).findings == []
    assert unnoticed(stores) == {("gone", folder) for folder in OWN_COPIES}
    assert verify(stores).findings == []


@pytest.mark.slow
def test_damage_in_a_bucket_is_named_and_made_good(settings, s3_environment, instance, monkeypatch):
    for name, value in s3_environment.items():
        monkeypatch.setenv(name, value)
    stores = emptied(Stores(settings.model_copy(update={"lake_uri": "s3://runs/damage"})))
    monkeypatch.setattr(resources, "_stores", lambda: stores)
    monkeypatch.setattr(rebuild_command, "load", lambda settings: _loaded(instance))
    history(stores)
    _loaded(instance)
    before = gold(stores)
    assert unnoticed(stores) == {("gone", folder) for folder in OWN_COPIES}
    for key in kept_keys(stores):
        if key.startswith(("silver/", "bronze/files/")):
            damaged(stores, key, "a flipped bit")
    rebuild(stores)
    assert (gold(stores), verify(stores).findings) == (before, [])


def test_everything_is_made_again_from_bronze_alone(stores, known):
    before = gold(stores)
    without_landing(stores)
    shutil.rmtree(stores.lake.folder / "silver")
    stores.lake.delete("report/report.html", "report/made_from.txt")
    with stores.warehouse.connection() as connection:
        connection.execute("DROP SCHEMA gold, ledger CASCADE")
    stores.warehouse.prepare()
    rebuild(stores)
    assert gold(stores) == before
    assert verify(stores).findings == []
    facts = status(stores)
    assert facts["bronze"] == {"files": 3, "duplicates": 0, "quarantined": 1}
    assert stores.lake.get("report/report.html")
    assert not waiting(stores)


def test_damaged_bytes_are_restored_from_landing(stores, known):
    before = gold(stores)
    key = file_key(content_hash(SHORTER))
    damaged(stores, key, "a flipped bit")
    rebuild(stores)
    assert stores.lake.get(key) == SHORTER
    assert (gold(stores), verify(stores).findings) == (before, [])


def test_without_a_copy_a_damaged_file_keeps_its_rows_is_named_and_stops_no_other(stores, known, instance):
    before, key = gold(stores), file_key(content_hash(SHORTER))
    without_landing(stores)
    damaged(stores, key, "a flipped bit")
    landing = Path(stores.landing.folder)
    (landing / "same_day.tcx").write_bytes(run_file(FIRST - timedelta(hours=8), 300))
    (landing / "other_day.tcx").write_bytes(run_file(FIRST + timedelta(days=30), 300))
    _loaded(instance)
    rows = gold(stores)
    assert set(before["fact_activity"]) < set(rows["fact_activity"])
    assert len(rows["fact_activity"]) == 4
    [problem] = status(stores)["damaged"]
    assert problem.startswith(f"shorter.tcx: {key} in ")
    assert "is damaged" in problem
    assert places(stores) == {key, "2024-06-01"}
    assert not waiting(stores)
    (landing / "again.tcx").write_bytes(SHORTER)
    _loaded(instance)
    assert status(stores)["damaged"] == []
    assert stores.lake.get(key) == SHORTER
    assert verify(stores).findings == []


def test_without_copy_and_without_silver_gold_still_keeps_its_rows(stores, known):
    before, key = gold(stores), file_key(content_hash(SHORTER))
    without_landing(stores)
    damaged(stores, key, "empty")
    shutil.rmtree(stores.lake.folder / "silver")
    rebuild(stores)
    assert gold(stores) == before
    assert key in places(stores)
    assert len(status(stores)["damaged"]) == 1


def test_without_copy_silver_and_warehouse_the_other_file_of_the_activity_is_used(stores, known):
    without_landing(stores)
    damaged(stores, file_key(content_hash(SHORTER)), "gone")
    shutil.rmtree(stores.lake.folder / "silver")
    with stores.warehouse.connection() as connection:
        connection.execute("DROP SCHEMA gold, ledger CASCADE")
    stores.warehouse.prepare()
    rebuild(stores)
    sources = stores.warehouse.read_table("activity_source").to_pylist()
    assert sorted(row["source_name"] for row in sources if row["is_winner"]) == ["first.tcx", "second.tcx"]
    [problem] = status(stores)["damaged"]
    assert "is gone, and there is no copy in landing" in problem


@pytest.mark.parametrize("how", ["a flipped bit", "gone"])
def test_silver_that_gold_needs_is_made_again_in_the_same_load(stores, known, instance, how):
    for table in ("records", "activities"):
        damaged(stores, silver_key(table), how)
    codes = stores.settings.roster_path / "r.csv"
    codes.write_text("start,end\n2024-05-31 20:00,2024-06-01 06:00\n")
    _loaded(instance)
    rows = stores.warehouse.read_table("fact_activity").to_pylist()
    assert sorted(row["hours_since_shift_end"] or 0 for row in rows) == [0, 13]
    assert verify(stores).findings == []


@pytest.mark.parametrize("how", ["a flipped bit", "gone"])
def test_a_catalogue_entry_is_made_again_when_its_neighbourhood_is_read(stores, known, instance, how):
    before = gold(stores)
    for key in kept_keys(stores):
        if key.startswith(f"bronze/catalogue/activity_date=2024-06-01/{content_hash(SHORTER)}"):
            entry = stores.lake.get(key)
            damaged(stores, key, how)
    (Path(stores.landing.folder) / "next.tcx").write_bytes(run_file(FIRST + timedelta(days=1), 300))
    _loaded(instance)
    assert set(before["activity_source"]) < set(gold(stores)["activity_source"])
    assert entry in {stores.lake.get(key) for key in kept_keys(stores)}
    assert verify(stores).findings == []


def test_the_runners_own_tables_are_made_again_by_the_next_load(stores, known, instance):
    before = gold(stores)
    for key in ("athlete/settings", "roster/shifts", "wellness/daily", "wellness/sleep"):
        damaged(stores, f"{key}.parquet", "a flipped bit")
    assert waiting(stores)
    _loaded(instance)
    assert (gold(stores), verify(stores).findings) == (before, [])


def test_what_the_reader_made_is_not_used_when_it_is_damaged(stores, known, instance):
    data = run_file(FIRST + timedelta(days=3), 300)
    stores.bronze.keep_parsed(content_hash(data), b"what a reader made")
    [key] = [key for key in kept_keys(stores) if key.startswith("bronze/parsed")]
    damaged(stores, key, "a flipped bit")
    assert stores.bronze.parsed(content_hash(data)) is None


# An example takes two seconds: it is shown as it was found, not made smaller first.
_ANYWHERE = hypothesis_settings(
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


_ANY = st.integers(0, 2**32)
_WHERE = {"which": _ANY, "at": _ANY, "flips": st.booleans(), "has_landing": st.booleans()}


def damaged_anywhere(
    stores: Stores, known: Known, which: int, at: int, flips: bool, has_landing: bool
) -> None:
    """A bit of an object is flipped, or it ends there: it is named, and rebuilt gold is the same."""
    put_back(stores, known)
    before, keys = gold(stores), kept_keys(stores)
    key = keys[which % len(keys)]
    kept = stores.lake.get(key)
    byte, bit = divmod(at % (8 * len(kept)), 8) if kept else (0, 0)
    rest = bytes([kept[byte] ^ (1 << bit)]) + kept[byte + 1 :] if flips and kept else b""
    other = kept[:byte] + rest
    stores.lake.put(key, other)
    if not has_landing:
        without_landing(stores)
    assert (key in places(stores)) == (other != kept)
    rebuild(stores)
    assert gold(stores) == before
    remaining = {found.place for found in verify(stores).findings}
    assert remaining <= {key, "2024-06-01", "2024-06-08"}
    assert not remaining or key in remaining


@hypothesis_settings(_ANYWHERE, max_examples=2)
@given(**_WHERE)
def test_a_bit_anywhere_is_named_and_mended(stores, known, which, at, flips, has_landing):
    damaged_anywhere(stores, known, which, at, flips, has_landing)


@pytest.mark.slow
@pytest.mark.timeout(900)
@hypothesis_settings(_ANYWHERE, max_examples=20)
@given(**_WHERE)
def test_many_bits_anywhere_are_named_and_mended(stores, known, which, at, flips, has_landing):
    damaged_anywhere(stores, known, which, at, flips, has_landing)
