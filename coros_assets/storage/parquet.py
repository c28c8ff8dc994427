"""Arrow tables as Parquet objects in the lake, with their contract and the digest of their inputs.

Belongs here: keys, encoding, checksums. Does not: Dagster (`io_managers.py`).
"""

from __future__ import annotations

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
class DatedTable:
    """The rows of one activity date and the digest of what they were made from."""

    day: date
    rows: pa.Table
    digest: str


class LakeTable:
    """One table of the lake: a Parquet file an activity date, or a single file where `dated` is false.

    The dated layout is Hive's (`activity_date=YYYY-MM-DD`), which DuckDB, Athena and pandas read.
    """

    def __init__(self, lake: ObjectStore, table: Table) -> None:
        """Names the table; nothing is read."""
        self._lake = lake
        self.table = table

    def stamped(self, rows: pa.Table, digest: str) -> pa.Table:
        """`rows` as the contract says, carrying the digest of what they were made from."""
        return self.table.conform(rows).replace_schema_metadata({DIGEST_KEY: digest.encode()})

    def write(self, rows: pa.Table, day: date | None = None) -> int:
        """Writes stamped rows of a date, or of the whole table, in one atomic put; returns its size."""
        sink = pa.BufferOutputStream()
        pq.write_table(rows, sink, compression="zstd", compression_level=ZSTD_LEVEL, write_page_checksum=True)
        data = sink.getvalue().to_pybytes()
        self._lake.put(self._key(day), data)
        return len(data)

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
