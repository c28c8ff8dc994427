"""The same landed files, taken in one by one or many at once in any order, end in the same gold."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from coros_assets.athlete import read_athlete
from coros_assets.bronze.intake import take_in
from coros_assets.bronze.store import BronzeStore
from coros_assets.gold.load import SilverTables, due_batches
from coros_assets.gold.plan import OwnInputs
from coros_assets.home_timezone import HomeTimezone
from coros_assets.silver.load import SilverLoad
from coros_assets.silver.plan import due_dates
from coros_assets.storage.lake import ObjectStore
from coros_assets.storage.parquet import LakeTable
from coros_assets.storage.warehouse import DateBatch
from coros_assets.tables import (
    CONTRACTS,
    GOLD_DATE_TABLES,
    ROSTER_SHIFTS,
    SILVER_ACTIVITIES,
    SILVER_LAPS,
    SILVER_RECORDS,
    WELLNESS_SLEEP,
)
from coros_assets_tests.fit_bytes import activity, file_id, fit, records, sessions
from coros_assets_tests.tcx_text import START, run_file

HOME = HomeTimezone.parse("Europe/Vienna")
NIGHT = datetime(2024, 6, 1, 23, 30, tzinfo=UTC)  # the next date in Vienna, and in the home zone
OWN = OwnInputs(ROSTER_SHIFTS.empty(), WELLNESS_SLEEP.empty(), read_athlete(None))
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def _zip(**files: bytes) -> bytes:
    archive = BytesIO()
    with ZipFile(archive, "w") as file:
        for name, data in files.items():
            file.writestr(f"export/{name}", data)
    return archive.getvalue()


_RUN = run_file(START, 30)
_LATE = run_file(NIGHT, 40)
FILES: Mapping[str, bytes] = {
    "a.tcx": _RUN,
    "again.tcx": _RUN,
    "other_program.tcx": _RUN.replace(b"COROS Wearables", b"Another program"),
    "run.fit": fit(file_id(), records(*((s, 140) for s in range(31))), sessions((0, 1, 0)), activity(7200)),
    "second_watch.tcx": run_file(START.replace(second=3), 28),
    "another_run.tcx": run_file(START.replace(second=30), 30),
    "ride.tcx": _RUN.replace(b'Sport="Running"', b'Sport="Biking"'),
    "late.tcx": _LATE,
    "late_in_new_york.tcx": run_file(NIGHT, 39, at=(40.7, -74.0)),
    "late_indoors.tcx": run_file(NIGHT, 20, at=None),
    "next_day.tcx": run_file(NIGHT.replace(day=3), 25),
    "broken.tcx": _RUN[:300],
    "whole_export.zip": _zip(
        **{"a.tcx": _RUN, "late.fit": _LATE, "new.tcx": run_file(NIGHT.replace(day=2), 20)}
    ),
}


@dataclass
class MemoryLedger:
    """The ledger and gold of the warehouse, as plain dictionaries."""

    files: list[Mapping[str, Any]] = field(default_factory=list)
    dates: dict[date, dict[str, Any]] = field(default_factory=dict)
    gold: dict[date, dict[str, pa.Table]] = field(default_factory=dict)

    def landed_versions(self) -> set[tuple[str, str]]:
        return {(row["path"], row["version"]) for row in self.files}

    def date_states(self) -> dict[date, dict[str, Any]]:
        return self.dates

    def known_files(self, days: Collection[date]) -> dict[date, set[str]]:
        return {day: set(self.dates[day]["bronze_files"]) for day in self.dates.keys() & set(days)}

    def kept_contents(self, contents: Collection[str]) -> dict[str, tuple[str, str]]:
        kept = [row for row in self.files if row["outcome"] == "bronze" and row["sha256"] in contents]
        return {row["sha256"]: (row["path"], row["name"]) for row in kept}

    def record_landed(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self.files += rows

    def record_dates(self, states: Sequence[Mapping[str, Any]]) -> None:
        for state in states:
            known = self.dates.setdefault(
                state["activity_date"], {"silver_digest": None, "gold_digest": None}
            )
            known.update(state)

    def mark_silver(self, marks: Sequence[Mapping[str, Any]]) -> None:
        for mark in marks:
            self.dates[mark["activity_date"]].update(mark)

    def replace_dates(self, batch: DateBatch) -> None:
        for day, digest in batch.gold_digests.items():
            self.dates[day]["gold_digest"] = digest
            self.gold[day] = {
                table.name: rows.filter(pc.equal(rows["activity_date"], day))
                for table, rows in batch.tables.items()
            }

    def tables(self) -> Iterator[tuple[str, pa.Table]]:
        for table in GOLD_DATE_TABLES:
            yield (
                table.name,
                pa.concat_tables([table.empty(), *(day[table.name] for day in self.gold.values())]),
            )


def orders(seed: int) -> Iterator[Sequence[str]]:
    """The names of all files, shuffled and cut into loads."""
    source = random.Random(seed)
    names = list(FILES)
    source.shuffle(names)
    while names:
        size = source.choice([1, 1, 2, 3, len(names)])
        yield names[:size]
        del names[:size]


def arrived(
    folder: Path, loads: Iterator[Sequence[str]], ledger: Any, replace_dates: Callable[[DateBatch], object]
) -> None:
    """Lands the files of each load, whose times of writing never change, and loads them through to gold."""
    landing, lake = ObjectStore(str(folder / "landing")), ObjectStore(str(folder / "lake"))
    bronze = BronzeStore(lake)
    silver = SilverTables(
        *(LakeTable(lake, table) for table in (SILVER_RECORDS, SILVER_LAPS, SILVER_ACTIVITIES))
    )
    for names in loads:
        for name in names:
            path = folder / "landing" / name
            path.write_bytes(FILES[name])
            written = START.timestamp() + 86400 + 60 * (list(FILES).index(name) // 3)
            os.utime(path, (written, written))
        take_in(landing, bronze, ledger, home_timezone=HOME, now=NOW, judge_young_files=True)
        load = SilverLoad(bronze, sorted(due_dates(ledger.date_states(), HOME)), HOME, lake)
        for dated in load.files():
            for name, file in dated.files.items():
                LakeTable(lake, CONTRACTS["silver", name]).write(file, dated.day)
        ledger.mark_silver(load.marks)
        bronze.drop_parsed(load.read)
        for batch in due_batches(ledger.date_states(), silver, OWN, no_damage):
            replace_dates(batch)


def no_damage(days: Collection[date]) -> Any:
    pytest.fail(f"silver of {days} cannot be read")


def as_bytes(tables: Iterator[tuple[str, pa.Table]]) -> dict[str, bytes]:
    """Each table in order of its key, as bytes; no key may stand there twice."""
    keys = {table.name: table.key for table in GOLD_DATE_TABLES}
    found = {}
    for name, rows in tables:
        ordered = rows.sort_by([(column, "ascending") for column in keys[name]]).combine_chunks()
        assert ordered.select(keys[name]).group_by(list(keys[name])).aggregate([]).num_rows == rows.num_rows
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, ordered.schema) as stream:
            stream.write_table(ordered)
        found[name] = sink.getvalue().to_pybytes()
    return found


def gold_of(folder: Path, loads: Iterator[Sequence[str]]) -> dict[str, bytes]:
    ledger = MemoryLedger()
    (folder / "landing").mkdir(parents=True)
    arrived(folder, loads, ledger, ledger.replace_dates)
    return as_bytes(ledger.tables())


def test_all_at_once_every_activity_is_there_once_and_its_other_files_are_linked(tmp_path):
    ledger = MemoryLedger()
    (tmp_path / "landing").mkdir()
    arrived(tmp_path, iter([list(FILES)]), ledger, ledger.replace_dates)
    tables = dict(ledger.tables())
    facts = {row["activity_id"]: row for row in tables["fact_activity"].to_pylist()}
    assert {name: (row["source_format"], row["activity_date"].day) for name, row in facts.items()} == {
        "20240601T170000Z": ("tcx", 1),
        "20240601T170000Z-2": ("fit", 1),
        "20240601T170030Z": ("tcx", 1),
        "20240601T233000Z": ("tcx", 1),
        "20240602T233000Z": ("tcx", 3),
        "20240603T233000Z": ("tcx", 4),
    }
    linked = tables["activity_source"].filter(pc.invert(tables["activity_source"]["is_winner"]))
    assert sorted(linked["source_name"].to_pylist()) == [
        "a.tcx",
        "late.tcx",
        "late_indoors.tcx",
        "other_program.tcx",
        "second_watch.tcx",
    ]


@pytest.mark.parametrize("seed", range(8))
def test_the_order_of_arrival_has_no_influence(seed, tmp_path):
    assert gold_of(tmp_path / "one", orders(seed)) == gold_of(tmp_path / "all", iter([list(FILES)]))


@pytest.mark.slow
def test_a_thousand_orders_of_arrival_end_in_the_same_bytes(tmp_path):
    expected = gold_of(tmp_path / "all", iter([list(FILES)]))
    for seed in range(1000):
        assert gold_of(tmp_path / str(seed), orders(seed)) == expected, f"order {seed}"


def test_the_order_of_arrival_has_no_influence_in_postgresql(stores, tmp_path):
    expected = gold_of(tmp_path / "all", iter([list(FILES)]))
    (tmp_path / "one" / "landing").mkdir(parents=True)
    arrived(tmp_path / "one", orders(1), stores.ledger, stores.warehouse.replace_dates)
    tables = (
        (table.name, table.conform(stores.warehouse.read_table(table.name))) for table in GOLD_DATE_TABLES
    )
    assert as_bytes(tables) == expected
