"""What must hold after a crash and before anything mends it, and what must be there in the end.

Belongs here: judgements on what `state.py` read, each a sentence. Does not: how it came to that.
"""

from __future__ import annotations

import hashlib
import json
import re

import pyarrow as pa
import pyarrow.parquet as pq

from coros_assets.tables import GOLD_TABLES
from coros_assets_tests.torture.state import DATED, Seen, by_date

_CATALOGUE = "bronze/catalogue/"
PRODUCTS = ("report/report.html", "report/made_from.txt")
# What lies beside a refused file as `hash.name.json` says how it came.
_HASHED = re.compile(
    r"bronze/(?:files/..|quarantine|roster|athlete|wellness)/([0-9a-f]{64})(?!\.[0-9a-f]{16}\.json)"
)


def between(seen: Seen, before: Seen, after: Seen) -> list[str]:
    """What is wrong with what a stranger sees of a load that was killed."""
    return [
        *half_dates(seen, before, after),
        *_half_tables(seen, before, after),
        *_products(seen, before, after),
        *_bronze(seen, before),
        *_catalogue(seen),
        *_parquet(seen),
        *([f"{seen.locks} sessions of the dead are left in the database"] if seen.locks else []),
    ]


def half_dates(seen: Seen, before: Seen, after: Seen) -> list[str]:
    """Dates of which the five tables are neither all old nor all new."""
    now, old, new = by_date(seen), by_date(before), by_date(after)
    return [
        f"{day} is neither as it was nor as it will be"
        for day in sorted(now.keys() | old.keys() | new.keys())
        if now.get(day) not in (old.get(day), new.get(day))
    ]


def differences(seen: Seen, expected: Seen) -> list[str]:
    """Where the end differs from that of an undisturbed history, byte for byte."""
    found = []
    for kind in ("lake", "gold", "ledger"):
        here, there = getattr(seen, kind), getattr(expected, kind)
        found += [f"{kind}: {name} is lost" for name in there.keys() - here.keys()]
        found += [f"{kind}: {name} is too much" for name in here.keys() - there.keys()]
        found += [
            f"{kind}: {name} differs" for name in here.keys() & there.keys() if here[name] != there[name]
        ]
    return sorted(found)


def _half_tables(seen: Seen, before: Seen, after: Seen) -> list[str]:
    """Tables that are replaced whole and are neither old nor new, and rows that stand there twice."""
    whole = [
        f"{name} is neither as it was nor as it will be"
        for name, rows in seen.gold.items()
        if name not in DATED and rows not in (before.gold.get(name, ()), after.gold.get(name, ()))
    ]
    twice = [
        f"{table.name} holds a row twice"
        for table in GOLD_TABLES
        if len(set(seen.gold.get(table.name, ()))) < len(seen.gold.get(table.name, ()))
    ]
    return whole + twice


def _products(seen: Seen, before: Seen, after: Seen) -> list[str]:
    found = [
        f"{key} is neither as it was nor as it will be"
        for key in PRODUCTS
        if seen.lake.get(key) not in (before.lake.get(key), after.lake.get(key))
    ]
    report, made_from = PRODUCTS
    is_said_new = seen.lake.get(made_from) != before.lake.get(made_from)
    if is_said_new and seen.lake.get(report) != after.lake.get(report):
        found.append("the report is said to be new and is not")
    return found


def _bronze(seen: Seen, before: Seen) -> list[str]:
    """Objects whose bytes are not what their names say, and files that were there and are not."""
    wrong = [
        f"{key} holds other bytes than its name says"
        for key, data in seen.lake.items()
        if (named := _HASHED.match(key)) and hashlib.sha256(data).hexdigest() != named[1]
    ]
    return wrong + [f"{key} is lost" for key in before.lake if _HASHED.match(key) and key not in seen.lake]


def _catalogue(seen: Seen) -> list[str]:
    """Entries and ledger rows that name bytes which are not there."""
    bodies = {key: data.partition(b"\n") for key, data in seen.lake.items() if key.startswith(_CATALOGUE)}
    torn = [
        key for key, (seal, _, body) in bodies.items() if hashlib.sha256(body).hexdigest() != seal.decode()
    ]
    if torn:
        return [f"{key} is not what was written" for key in torn]
    entries = [json.loads(body) for _, _, body in bodies.values()]
    catalogued = {entry["sha256"] for entry in entries}
    kept = {key.rpartition("/")[2] for key in seen.lake if key.startswith("bronze/files/")}
    refused = {key.rpartition("/")[2] for key in seen.lake if key.startswith("bronze/quarantine/")}
    found = [f"the catalogue names {sha256}, which is not there" for sha256 in catalogued - kept]
    for row in seen.ledger.get("landing_file", ()):
        sha256 = re.search(r"[0-9a-f]{64}", row)[0]
        if sha256 not in (refused if ",quarantined," in row else catalogued & kept):
            found.append(f"the ledger names {sha256}, which is not there")
    return found


def _parquet(seen: Seen) -> list[str]:
    found = []
    for key, data in seen.lake.items():
        if key.endswith(".parquet"):
            try:
                pq.ParquetFile(pa.BufferReader(data), page_checksum_verification=True).read()
            except (pa.ArrowException, OSError) as error:
                found.append(f"{key} cannot be read: {error}")
    return found
