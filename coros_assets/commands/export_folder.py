"""A folder of files that were taken out, and its manifest.

Belongs here: names that are safe on any system, whole files or none, sizes and hashes. Does not: what is
taken out (`export.py`).
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from coros_assets.errors import CorosError, first_line
from coros_assets.inert import inert_cell

MANIFEST: Final = "manifest.json"
_LONGEST_NAME_BYTES: Final = 80
_ROWS_PER_PIECE: Final = 10_000


@dataclass(frozen=True)
class Exported:
    """A line of the manifest; `landed_as` is the name under which a raw file came."""

    path: str
    size_bytes: int
    sha256: str
    what: str
    holds_exact_positions: bool
    landed_as: str | None


class ExportFolder:
    """A new or empty folder that files are written into, each in whole or not at all."""

    def __init__(self, path: Path) -> None:
        """Makes the folder, readable by its owner alone.

        Raises:
            CorosError: it holds something, or cannot be made.
        """
        self.path = path.expanduser().absolute()
        self.files: list[Exported] = []
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            is_taken = next(self.path.iterdir(), None) is not None
        except OSError as error:
            raise CorosError(
                f"{self.path} cannot be used: {first_line(error)}; give another folder."
            ) from error
        if is_taken:
            raise CorosError(
                f"{self.path} is not empty. An export is never mixed with other files, which may be of "
                "activities that were erased since: give a new folder, or empty this one."
            )

    def write(
        self,
        name: str,
        pieces: Iterable[bytes | memoryview],
        what: str,
        *,
        holds_exact_positions: bool = False,
        landed_as: str | None = None,
    ) -> str:
        """Writes a file and its line of the manifest; its SHA-256 is returned.

        Raises:
            CorosError: it cannot be written.
        """
        path = self.path / PurePosixPath(name)
        part = path.with_name(f"{path.name}.part")
        digest, size = hashlib.sha256(), 0
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as file:
                for piece in pieces:
                    digest.update(piece)
                    size += file.write(piece)
            part.replace(path)
        except OSError as error:
            raise CorosError(f"{path} cannot be written: {first_line(error)}.") from error
        sha256 = digest.hexdigest()
        self.files.append(Exported(name, size, sha256, what, holds_exact_positions, landed_as))
        return sha256

    def finish(self) -> None:
        """Writes the manifest, the last file: an export without it is not whole."""
        listed = [asdict(file) for file in sorted(self.files, key=lambda file: file.path)]
        self.write(MANIFEST, [json.dumps({"files": listed}, indent=1).encode()], "this list")


def safe_name(landed: str, suffixes: tuple[str, ...]) -> str:
    """The readable part of a landed name: its last step without suffix, in letters, digits, `-`, `_`, `.`."""
    name = landed.rpartition("/")[2]
    for suffix in sorted(suffixes, key=len, reverse=True):
        if name.lower().endswith(suffix):
            name = name[: -len(suffix)]
            break
    letters = (
        letter if letter.isalnum() or letter in "-_." else "_"
        for letter in unicodedata.normalize("NFC", name)
    )
    short = "".join(letters).encode("utf-8", "replace")[:_LONGEST_NAME_BYTES].decode("utf-8", "ignore")
    return short.strip("-_.") or "file"


def as_parquet(rows: pa.Table) -> Iterator[bytes | memoryview]:
    """A table as a Parquet file."""
    sink = pa.BufferOutputStream()
    pq.write_table(rows, sink, compression="zstd", write_page_checksum=True)
    yield memoryview(sink.getvalue())


def as_csv(rows: pa.Table) -> Iterator[bytes]:
    """A table as CSV with a header, in UTF-8, some thousand rows at a time; no cell is a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(rows.column_names)
    for batch in rows.to_batches(max_chunksize=_ROWS_PER_PIECE):
        writer.writerows([_cell(value) for value in row.values()] for row in batch.to_pylist())
        yield text.getvalue().encode()
        text.seek(0)
        text.truncate()
    yield text.getvalue().encode()


def _cell(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return inert_cell(json.dumps(value, ensure_ascii=False))
    return inert_cell(value) if isinstance(value, str) else value
