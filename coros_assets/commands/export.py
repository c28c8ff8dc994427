"""Everything a runner has here, as files that need no coros-assets.

Belongs here: what is taken out, under which names. Does not: hiding positions (`privacy.py`), or how files
and the manifest are written (`export_folder.py`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final

from coros_assets.athlete import read_athlete
from coros_assets.athlete_settings.load import athlete_file
from coros_assets.bronze.catalogue import CatalogueEntry
from coros_assets.bronze.store import COROS_REPLIES
from coros_assets.commands.export_folder import ExportFolder, as_csv, as_parquet, safe_name
from coros_assets.contract import Table
from coros_assets.formats.read import READ_SUFFIXES
from coros_assets.own_files import own_file
from coros_assets.privacy import Circle, hidden_circle, home_secret, masked
from coros_assets.progress import tracked
from coros_assets.report.assets import REPORT_KEY
from coros_assets.roster.load import ROSTER_SUFFIXES
from coros_assets.storage.parquet import LakeTable, encoded
from coros_assets.stores import Stores
from coros_assets.tables import (
    ANSWER_TABLES,
    ATHLETE_SETTINGS,
    GOLD_TABLES,
    QUARANTINED_FILE,
    ROSTER_SHIFTS,
    SILVER_RECORDS,
    SILVER_TABLES,
    WELLNESS_TABLES,
)
from coros_assets.wellness.load import WELLNESS_SUFFIXES

_HASH_DIGITS: Final = 16  # at the end of a raw file's name, so that no two are equal
_OWN_IN_BRONZE: Final = ("athlete", "roster", "wellness")

Step = Callable[[], object]


def export_everything(stores: Stores, into: Path, layout: str) -> int:
    """Writes everything below the folder `into`, gold as `parquet` or `csv`; returns the number of files.

    Inside the runner's privacy zones silver has no positions there; raw files are what they are.

    Raises:
        CorosError: the folder is not empty or cannot be written, or the athlete file cannot be read.
    """
    file = athlete_file(stores.settings.athlete_path)
    zones = read_athlete(file.data if file else None).zones
    circles = [hidden_circle(zone, home_secret(stores.settings.home)) for zone in zones]
    folder = ExportFolder(into)
    with stores.turns.beside_others():  # nothing is erased meanwhile
        steps = [
            *_raw(stores, folder),
            *_own(stores, folder),
            *_silver(stores, folder, circles),
            *_gold(stores, folder, layout),
            *_products(stores, folder),
        ]
        for step in tracked(steps, len(steps), "Exporting"):
            step()
    folder.finish()
    return len(folder.files)


def _raw(stores: Stores, folder: ExportFolder) -> Iterator[Step]:
    """Bronze under readable names; of several names of the same bytes the first landed counts."""
    first: dict[str, CatalogueEntry] = {}
    for entry in sorted(stores.bronze.entries(stores.bronze.dates()), key=lambda each: each.landed_at):
        first.setdefault(entry.sha256, entry)
    for sha256, entry in first.items():
        name = safe_name(entry.name, READ_SUFFIXES)
        suffix = entry.recordings[0].source_format
        path = f"raw/{entry.activity_date.year}/{entry.activity_date}_{name}_{sha256[:_HASH_DIGITS]}.{suffix}"
        yield partial(_bronze_file, stores, folder, sha256, path, entry.name)
    names = {
        row["sha256"]: row["name"] for row in stores.warehouse.read_table(QUARANTINED_FILE.name).to_pylist()
    }
    for found in stores.bronze.quarantined():
        sha256 = found.key.rpartition("/")[2]
        landed = names.get(sha256, "unnamed")
        path = f"raw/quarantined/{safe_name(landed, READ_SUFFIXES)}_{sha256[:_HASH_DIGITS]}.unread"
        what = "file that could not be read"
        yield partial(_copy, stores, folder, found.key, path, what, exact=True, landed_as=landed)


def _own(stores: Stores, folder: ExportFolder) -> Iterator[Step]:
    """The runner's own files, as they are now and as they were."""
    settings = stores.settings
    for name, path, suffixes in (
        ("athlete", settings.athlete_path, (".toml",)),
        ("roster", settings.roster_path, ROSTER_SUFFIXES),
        ("roster_codes", settings.roster_codes_path, (".toml",)),
        ("wellness", settings.wellness_path, WELLNESS_SUFFIXES),
    ):
        if file := own_file(path, suffixes):
            to = f"own/{name}{Path(file.name).suffix.lower()}"
            yield partial(folder.write, to, [file.data], f"your {name} file", holds_exact_positions=True)
    for name in _OWN_IN_BRONZE:
        for found in stores.lake.list(f"bronze/{name}"):
            to = f"own/earlier/{name}/{found.key.rpartition('/')[2]}"
            what = f"your {name} file as it was once"
            yield partial(_copy, stores, folder, found.key, to, what, exact=True)
    for found in stores.lake.list(COROS_REPLIES):
        to = f"own/coros_replies/{found.key.rpartition('/')[2]}"
        yield partial(_copy, stores, folder, found.key, to, "a reply of COROS's server")


def _silver(stores: Stores, folder: ExportFolder, circles: Sequence[Circle]) -> Iterator[Step]:
    for table in SILVER_TABLES:
        hides = bool(circles) and table is SILVER_RECORDS
        for found in stores.lake.list(f"{table.layer}/{table.name}"):
            if hides:
                yield partial(_masked, stores, folder, found.key, table, circles)
            else:
                exact = table is SILVER_RECORDS
                yield partial(_copy, stores, folder, found.key, found.key, table.description, exact=exact)
    for table in (ATHLETE_SETTINGS, ROSTER_SHIFTS, *WELLNESS_TABLES):
        rows = LakeTable(stores.lake, table).read()
        if rows.num_rows:
            to = f"{table.layer}/{table.name}.parquet"
            yield partial(folder.write, to, as_parquet(rows), table.description)


def _gold(stores: Stores, folder: ExportFolder, layout: str) -> Iterator[Step]:
    for table in (*GOLD_TABLES, QUARANTINED_FILE):
        yield partial(_gold_table, stores, folder, table, layout)


def _gold_table(stores: Stores, folder: ExportFolder, table: Table, layout: str) -> None:
    rows = stores.warehouse.read_table(table.name)
    pieces = as_csv(rows) if layout == "csv" else as_parquet(rows)
    folder.write(f"gold/{table.name}.{layout}", pieces, table.description)


def _products(stores: Stores, folder: ExportFolder) -> Iterator[Step]:
    answers = {table.name: stores.warehouse.read_table(table.name).to_pylist() for table in ANSWER_TABLES}
    if any(answers.values()):
        yield partial(
            folder.write, "answers.json", [json.dumps(answers, indent=2).encode()], "the three answers"
        )
    if any(found.key == REPORT_KEY for found in stores.lake.list("report")):
        yield partial(_copy, stores, folder, REPORT_KEY, "report.html", "the report")


def _bronze_file(stores: Stores, folder: ExportFolder, sha256: str, path: str, landed_as: str) -> None:
    data = [stores.bronze.data(sha256)]
    folder.write(path, data, "activity file", holds_exact_positions=True, landed_as=landed_as)


def _copy(
    stores: Stores,
    folder: ExportFolder,
    key: str,
    path: str,
    what: str,
    *,
    exact: bool = False,
    landed_as: str | None = None,
) -> None:
    folder.write(path, stores.lake.pieces(key), what, holds_exact_positions=exact, landed_as=landed_as)


def _masked(stores: Stores, folder: ExportFolder, key: str, table: Table, circles: Sequence[Circle]) -> None:
    day = date.fromisoformat(key.partition("activity_date=")[2][:10])
    rows = masked(LakeTable(stores.lake, table).read(day), circles)
    folder.write(key, [encoded(rows).data], f"{table.description} No positions in privacy zones.")
