"""Arrow tables as Parquet objects in the lake, with their contract and the digest of their inputs.

Belongs here: keys, encoding, checksums. Does not: Dagster (`io_managers.py`), what a column's
resolution is (`tables.py`) and how values are rounded to it (`contract.py`).

Numbers lie in the files as plain doubles, which every engine computes with as they are. Rounded to
their resolution and compressed they take 9 bytes a point on COROS files. Scaled decimals with delta
encoding would take 5 at the same speed, but pandas makes Python objects of them, which cannot be
subtracted where one is missing, and Athena rounds their quotients to the digits of the operands.
Doubles with byte-stream split would take 7, but fastparquet and older Sparks refuse them.

Page checksums cover neither page headers nor the footer: of the bits of a short file every fourteenth can be
flipped unnoticed and makes other values, types, row counts or metadata. They are written for other
engines; ours look at a hash of the whole file, which stands in its own metadata.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from coros_assets.contract import Table
from coros_assets.errors import DamagedError, first_line
from coros_assets.storage.lake import ObjectStore
from coros_assets.storage.seal import HEX_DIGITS, is_whole_inside, sealed_inside

DIGEST_KEY: Final = b"coros.input_digest"
SEAL_KEY: Final = b"coros.sha256_with_this_as_zeros"
_SEAL_MARK: Final = SEAL_KEY + b"\x18\x40"  # in the footer's Thrift: the key, then a text of 64 letters
_log: Final = logging.getLogger(__name__)
_DATE: Final = "activity_date="
_CHOSEN: Final = "is_winner"
_FEW_ROWS: Final = 64  # below, making zstd contexts and dictionaries takes most of the time and saves little


@dataclass(frozen=True)
class ParquetFile:
    """A whole Parquet file in memory, and how many rows it has."""

    rows: int
    data: bytes


@dataclass(frozen=True)
class DatedFiles:
    """One activity date's files of several tables of a layer, by the table's name."""

    day: date
    files: Mapping[str, ParquetFile]


def stamped(rows: pa.Table, digest: str) -> pa.Table:
    """`rows` carrying the digest of what they were made from."""
    return rows.replace_schema_metadata({DIGEST_KEY: digest.encode()})


def encoded(rows: pa.Table) -> ParquetFile:
    """Stamped rows as a Parquet file, a checksum on every page and a hash of all of it in the footer."""
    sink = pa.BufferOutputStream()
    # No statistics and no copy of the Arrow schema: a file is one date, read whole, and Parquet has a type
    # for each of ours. In a file of one short activity they would weigh more than a column.
    with pq.ParquetWriter(
        sink,
        rows.schema,
        write_page_checksum=True,
        write_statistics=False,
        store_schema=False,
        **_layout(rows),
    ) as writer:
        writer.write_table(rows)
        writer.add_key_value_metadata((rows.schema.metadata or {}) | {SEAL_KEY: b"0" * HEX_DIGITS})
    return ParquetFile(rows.num_rows, sealed_inside(sink.getvalue().to_pybytes(), _SEAL_MARK))


@dataclass(frozen=True)
class Described:
    """What a whole Parquet file says of itself: how many rows it has, and the digest of its inputs.

    `chosen` is the number of rows that are marked as winner, None where there is no such column.
    """

    rows: int
    digest: str
    chosen: int | None


def described(data: bytes) -> Described:
    """The description of a file of the lake.

    Raises:
        OSError, pyarrow.ArrowException: the bytes are not those that were written.
    """
    file = _opened(data)
    digest = ((file.metadata.metadata or {}).get(DIGEST_KEY) or b"").decode()
    if _CHOSEN not in file.schema_arrow.names:
        return Described(file.metadata.num_rows, digest, None)
    chosen = pc.sum(file.read(columns=[_CHOSEN], use_threads=False)[_CHOSEN]).as_py()
    return Described(file.metadata.num_rows, digest, chosen or 0)


def decoded(data: bytes) -> pa.Table:
    """The rows and metadata that `encoded` was given.

    Raises:
        OSError, pyarrow.ArrowException: the bytes are not those that were written.
    """
    # One thread: columns of one date are too short to share out, and dates are read side by side.
    return _opened(data).read(use_threads=False)


def _opened(data: bytes) -> pq.ParquetFile:
    if not is_whole_inside(data, _SEAL_MARK):
        raise OSError("its bytes are not those that were written")
    return pq.ParquetFile(pa.BufferReader(data))


def _layout(rows: pa.Table) -> dict[str, Any]:
    """Compression and encodings that every engine reads; the youngest is delta, in Spark since 3.3."""
    if rows.num_rows < _FEW_ROWS:
        return {"compression": "snappy", "use_dictionary": False}
    return {
        "compression": "zstd",
        "compression_level": 1,  # on rounded doubles as small as level 3
        "use_dictionary": [field.name for field in rows.schema if pa.types.is_string(field.type)],
        "column_encoding": {
            field.name: "DELTA_BINARY_PACKED" for field in rows.schema if pa.types.is_timestamp(field.type)
        },
    }


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
        self._lake.put(self.key(day), file.data)
        return len(file.data)

    def read(self, day: date | None = None) -> pa.Table:
        """The rows of a date, or of the whole table; empty where nothing was written.

        Raises:
            DamagedError: the object is damaged.
        """
        key = self.key(day)
        try:
            return decoded(self._lake.get(key))
        except KeyError:
            return self.table.empty()
        except (pa.ArrowException, OSError) as error:
            raise DamagedError(
                f"{key} in {self._lake.uri} is damaged: {first_line(error)}. "
                f"Run `coros-assets rebuild`: it makes {self.table.qualified_name} again."
            ) from error

    def read_if_whole(self) -> pa.Table:
        """The rows of the whole table; a damaged one counts as never written, and a warning says so."""
        try:
            return self.read()
        except DamagedError as error:
            _log.warning("%s", error)
            return self.table.empty()

    def delete(self, days: Iterable[date]) -> None:
        """Removes the files of these dates, where there are some."""
        self._lake.delete(*map(self.key, days))

    @staticmethod
    def digest(rows: pa.Table) -> str:
        """The input digest that came with rows read by `read`."""
        return ((rows.schema.metadata or {}).get(DIGEST_KEY) or b"").decode()

    def key(self, day: date | None) -> str:
        """Where the file of a date, or of the whole table, lies."""
        folder = f"{self.table.layer}/{self.table.name}"
        return f"{folder}/{_DATE}{day.isoformat()}/part-0.parquet" if day else f"{folder}.parquet"

    def day_of(self, key: str) -> date | None:
        """The date whose file lies under a key; None if it is no date's of this table."""
        _, _, rest = key.partition(f"{self.table.layer}/{self.table.name}/{_DATE}")
        day = date.fromisoformat(rest[:10]) if rest else None
        return day if day and self.key(day) == key else None
