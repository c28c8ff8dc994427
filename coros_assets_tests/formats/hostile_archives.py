"""Small archives made to harm, each with what becomes of it at the door of landing.

Belongs here: gzip and zip. Does not: archives whose size is the harm (`hostile_bulk.py`).
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Mapping

from coros_assets_tests.fit_bytes import file_id, fit, records
from coros_assets_tests.formats.hostile_files import GOOD, Case, read, refused
from coros_assets_tests.tcx_text import run_file
from coros_assets_tests.zip_bytes import ENCRYPTED, SYMLINK, Entry, forged, zip_of

FIT = fit(file_id(), records(*((second, 120) for second in range(61))))


def partly(data: bytes, reason: str) -> Case:
    """An archive of two files, the second refused."""
    return Case(lambda: data, reason, {"activities": 1})


def gzip_bomb(mebibytes: int) -> bytes:
    """Blanks as gzip packs them, one block repeated; the checksum at its end is never come to."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = packer.compress(b" " * 2**20) + packer.flush(zlib.Z_FULL_FLUSH)
    return gzip.compress(b"")[:10] + block * mebibytes + packer.flush() + bytes(8)


def nested_zip(data: bytes, depth: int) -> bytes:
    for level in range(depth):
        data = zip_of({f"{level}.zip": data})
    return data


def quoting_zip() -> bytes:
    """Members whose content begins with the next member's header, as in Fifield's bomb."""
    inner = forged(Entry(b"b.tcx", GOOD, method=0))
    kernel = inner[: inner.index(b"PK\x01\x02")]
    return forged(
        Entry(b"a.tcx", kernel, method=0), Entry(b"b.tcx", GOOD, method=0, header_at=30 + len(b"a.tcx"))
    )


def self_quoting_zip() -> bytes:
    """A member that says it is the rest of the archive, its own directory included."""
    return forged(Entry(b"a.zip", GOOD, method=0, packed_size=2 * len(GOOD), size=2 * len(GOOD)))


def named(*names: bytes) -> bytes:
    """An archive of good files with bad names; each is read, and shown by another name."""
    return forged(*(Entry(name, run_file(seconds=60 + at)) for at, name in enumerate(names)))


ARCHIVES: Mapping[str, Case] = {
    "bomb.tcx.gz": refused(gzip_bomb(4000), "expands to more than"),
    "bomb.zip": refused(zip_of({"a.tcx": b" " * 10_000_000}), "expands to more"),
    "lying_bomb.zip": refused(
        lambda: forged(Entry(b"a.tcx", b" " * 9_000_000, size=2000)), "size or checksum"
    ),
    "overlapping.zip": refused(forged(Entry(b"a.tcx", GOOD), Entry(b"b.tcx", GOOD, header_at=0)), "overlap"),
    "quoting.zip": refused(quoting_zip(), "overlap"),
    "self_quoting.zip": refused(self_quoting_zip(), "size or checksum"),
    "deep.zip": refused(nested_zip(GOOD, 6), "lies in one that lies in another"),
    "zip_in_zip.zip": read(nested_zip(GOOD, 2), points=61),
    "gzip_twice.tcx.gz": refused(gzip.compress(gzip.compress(GOOD)), "archive inside gzip"),
    "zip_in_gzip.tcx.gz": refused(gzip.compress(zip_of({"a.tcx": GOOD})), "archive inside gzip"),
    "gzip_in_zip.zip": read(zip_of({"a.tcx.gz": gzip.compress(GOOD)}), points=61),
    "streams.tcx.gz": refused(gzip.compress(b"") * 5000, "gzip streams in a row"),
    "blocks.tcx.gz": read(
        b"".join(gzip.compress(GOOD[n : n + 9]) for n in range(0, len(GOOD), 9)), points=61
    ),
    "trailing.tcx.gz": read(gzip.compress(GOOD) + b"rubbish", points=61),
    "cut.tcx.gz": refused(gzip.compress(GOOD)[:-20], "cut short"),
    "damaged.tcx.gz": refused(gzip.compress(GOOD)[:-8] + bytes(8), "damaged"),
    "no_gzip.tcx.gz": refused(b"\x1f\x8b" + GOOD, "damaged"),
    "cut.zip": refused(zip_of({"a.tcx": GOOD})[:-30], "zip archive is cut short"),
    "cut_first.zip": refused(zip_of({"a.tcx": GOOD})[40:], "neither FIT nor XML|does not begin with a tag"),
    "shorter_than_said.zip": refused(forged(Entry(b"a.tcx", GOOD, size=len(GOOD) + 1)), "size or checksum"),
    "longer_than_said.zip": refused(forged(Entry(b"a.tcx", GOOD, size=9)), "size or checksum"),
    "gigabytes_said.zip": refused(forged(Entry(b"a.tcx", GOOD, size=2**32 - 2)), "expands to more"),
    "checksum.zip": refused(forged(Entry(b"a.tcx", GOOD, checksum=1)), "size or checksum"),
    "locked.zip": refused(forged(Entry(b"a.tcx", GOOD, flags=ENCRYPTED)), "password"),
    "lzma.zip": refused(forged(Entry(b"a.tcx", GOOD, method=14)), "a method that is not read (number 14)"),
    "split.zip": refused(forged(Entry(b"a.tcx", GOOD), disk=1), "one part of a zip archive in several"),
    "photos.zip": refused(zip_of({"a.jpg": b"\xff\xd8"}), "holds no TCX, FIT or GPX"),
    "nothing.zip": refused(zip_of({}), "holds no TCX, FIT or GPX"),
    "link.zip": refused(forged(Entry(b"a.tcx", b"/etc/passwd", mode=SYMLINK)), "holds no TCX, FIT or GPX"),
    "seven.zip": refused(b"7z\xbc\xaf\x27\x1c" + bytes(100), "neither FIT nor XML"),
    "rar.zip": refused(b"Rar!\x1a\x07\x01\x00" + bytes(100), "neither FIT nor XML"),
    "traversal.zip": read(named(b"../../etc/cron.d/a.tcx"), points=61),
    "absolute.zip": read(named(b"/etc/passwd.tcx"), points=61),
    "drive.zip": read(named(b"C:\\Windows\\..\\a.tcx"), points=61),
    "share.zip": read(named(b"\\\\server\\share\\a.tcx"), points=61),
    "zero_name.zip": read(named(b"a.tcx\x00.exe.tcx"), points=61),
    "terminal_name.zip": read(named(b"\x1b]0;owned\x07\x1b[2J\r\n.tcx"), points=61),
    "backwards_name.zip": read(named("\u202excod\u202c.tcx".encode()), points=61),
    "device_name.zip": read(named(b"CON.tcx"), points=61),
    "same_name.zip": Case(lambda: named(b"a.tcx", b"a.tcx", b"./a.tcx"), "", {"activities": 3}),
    "mixed.zip": partly(zip_of({"a.tcx": GOOD, "b.tcx": b"<html/>"}), "root is 'html'"),
    "locked_beside.zip": partly(
        forged(Entry(b"a.tcx", GOOD), Entry(b"b.fit", FIT, flags=ENCRYPTED)), "password"
    ),
}
