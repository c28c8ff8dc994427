"""Arrow tables as Parquet objects in the lake, with their contract and the digest of their inputs.

Belongs here: keys, encoding, checksums. Does not: Dagster (`io_managers.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from coros_assets.contract import Table
from coros_assets.storage.lake import ObjectStore

DIGEST_KEY: Final = b"coros.input_digest"
ZSTD_LEVEL: Final = 3


@dataclass(frozen=True)
class ParquetFile:
    """A whole Parquet file in memory, and how many rows it has."""

    rows: int
    data: bytes


@dataclass(frozen=True)
class DatedFiles:
    """One activity date's files of several tables."""

    day: date
    files: Mapping[Table, ParquetFile]


def stamped(table: Table, rows: pa.Table, digest: str) -> pa.Table:
    """`rows` as the contract says, carrying the digest of what they were made from."""
    return table.conform(rows).replace_schema_metadata({DIGEST_KEY: digest.encode()})


def encoded(rows: pa.Table) -> ParquetFile:
    """Stamped rows as a Parquet file."""
    sink = pa.BufferOutputStream()
    pq.write_table(rows, sink, compression="zstd", compression_level=ZSTD_LEVEL, write_page_checksum=True)
    return ParquetFile(rows.num_rows, sink.getvalue().to_pybytes())


class LakeTable:
    """One table of the lake: a Parquet file an activity date, or a single file where `dated` is false.

    The dated layout is Hive's (`activity_date=YYYY-MM-DD`), which DuckDB, Athena and pandas read.
    """

    def __init__(self, lake: ObjectStore, table: Table) -> None:
        """Names the table; nothing is read."""
        self._lake = lake
        self.table = table

    def write(self, file: ParquetFile, day: date | None = None) -> int:
        """Puts the file of a date, or of the whole table, in one atomic write; returns its size."""
        self._lake.put(self._key(day), file.data)
        return len(file.data)

    def read(self, day: date | None = None) -> pa.Table:
        """The rows of a date, or of the whole table; empty where nothing was written."""
        try:
            data = self._lake.get(self._key(day))
        except KeyError:
            return self.table.empty()
        return pq.read_table(pa.BufferReader(data), page_checksum_verification=True)

    @staticmethod
    def digest(rows: pa.Table) -> str:
        """The input digest that came with rows read by `read`."""
        return ((rows.schema.metadata or {}).get(DIGEST_KEY) or b"").decode()

    def _key(self, day: date | None) -> str:
        folder = f"{self.table.layer}/{self.table.name}"
        return f"{folder}/activity_date={day.isoformat()}/part-0.parquet" if day else f"{folder}.parquet"
