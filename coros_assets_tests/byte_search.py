"""Looks for what must be gone in everything that lies in a place, however it is written there.

Belongs here: the spellings of a value, and every layer that files are packed in. Does not: what is looked
for (`canary.py`).
"""

from __future__ import annotations

import gzip
import json
import re
import struct
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from coros_assets.storage.lake import ObjectStore

_RATE = re.compile(rb"<(?:\w+:)?(?:Value|hr)>(\d+)<")
SILVER_STEP_DEG = 2**-24
SEMICIRCLES = 2**31 / 180


def spellings_of_degrees(value: float) -> set[bytes]:
    """A coordinate as text, as a double, as a whole number of 64 bits; as given and as silver rounds it."""
    found = {f"{value:.{digits}f}".encode() for digits in (5, 6, 7)}
    for number in (value, round(value / SILVER_STEP_DEG) * SILVER_STEP_DEG):
        found |= {repr(number).encode(), struct.pack("<d", number), struct.pack(">d", number)}
    return found | {
        struct.pack("<q", round(value * scale)) for scale in (SEMICIRCLES, 1e7, 1 / SILVER_STEP_DEG)
    }


def spellings_of_position(latitude: float, longitude: float) -> set[bytes]:
    """Both coordinates in 32 bits each, one after the other: one alone is somewhere by chance."""
    found = set()
    for order in "<>":
        found.add(struct.pack(f"{order}2f", latitude, longitude))
        for scale in (SEMICIRCLES, 1e7, 1e5):
            found.add(struct.pack(f"{order}2i", round(latitude * scale), round(longitude * scale)))
    return found


def spellings_of_series(values: Iterable[int]) -> set[bytes]:
    """A pattern of heart rates: bytes, floats, and integers that follow each other."""
    values = list(values)
    formats = ("B", "<H", "<i", "<d", "<f")
    return {b"".join(struct.pack(code, value) for value in values) for code in formats} | {
        separator.join(str(value) for value in values).encode() for separator in (",", ", ", ";", " ")
    }


def spellings_of_text(text: str) -> set[bytes]:
    """A name as UTF-8, as UTF-16 and as JSON has it."""
    return {text.encode(), text.encode("utf-16-le"), json.dumps(text)[1:-1].encode()}


def found_in(files: Iterable[tuple[str, bytes]], needles: Mapping[str, set[bytes]]) -> set[tuple[str, str]]:
    """Which needle is where, in any of its spellings, also in the names of the files."""
    where: dict[bytes, list[str]] = defaultdict(list)
    for name, data in files:
        where[data.rstrip(b"\x00")].append(name)  # a server has each of its catalogues several times
        where[name.encode()].append(name)
    return {
        (what, name) for data, names in where.items() for what in _needles_in(data, needles) for name in names
    }


def _needles_in(data: bytes, needles: Mapping[str, set[bytes]]) -> set[str]:
    layers = list(_layers(data))
    return {
        what for what, spelled in needles.items() if any(each in one for one in layers for each in spelled)
    }


def files_of(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file and every empty folder below a folder, hidden and unfinished ones too."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(folder)), path.read_bytes()
        elif path.is_dir():
            yield str(path.relative_to(folder)), b""


def objects_of(store: ObjectStore) -> Iterator[tuple[str, bytes]]:
    """Every object of a store."""
    for found in store.list():
        yield found.key, store.get(found.key)


def _layers(data: bytes) -> Iterator[bytes]:
    """The bytes, and what they hold if they are packed or columns."""
    yield data
    if data.startswith(b"\x1f\x8b"):
        yield from _layers(_inflated(data))
    elif data.startswith(b"PK"):
        yield from _zip_layers(data)
    elif data.startswith(b"PAR1"):
        yield from _columns(pq.ParquetFile(BytesIO(data)).read())
    elif b"<?xml" in data[:10]:
        yield b",".join(_RATE.findall(data))
    elif data.startswith(b"\xff\xff\xff\xff"):  # Arrow streams one after the other, not compressed
        source = pa.BufferReader(data)
        while source.tell() < len(data):
            yield from _columns(pa.ipc.open_stream(source).read_all())


def _inflated(data: bytes) -> bytes:
    try:
        return gzip.decompress(data)
    except (EOFError, OSError, zlib.error):
        return zlib.decompressobj(zlib.MAX_WBITS + 16).decompress(data)


def _zip_layers(data: bytes) -> Iterator[bytes]:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            for member in archive.infolist():
                yield member.filename.encode()
                yield from _layers(archive.read(member))
    except zipfile.BadZipFile:
        return


def _columns(table: pa.Table) -> Iterator[bytes]:
    """Each column's values one after the other as the machine has them, and the metadata."""
    yield b"\n".join(key + b"=" + value for key, value in (table.schema.metadata or {}).items())
    for column in table.columns:
        if pa.types.is_floating(column.type):
            yield column.drop_null().to_numpy().tobytes()
        else:
            yield "\n".join(map(str, column.to_pylist())).encode()
