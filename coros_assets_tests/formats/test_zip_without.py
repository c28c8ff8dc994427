"""Archives written anew without some files: the others come out bit for bit, for any program."""

import io
import random
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coros_assets.errors import UnreadableFileError
from coros_assets.formats.archives import unpacked
from coros_assets.formats.zip_without import without
from coros_assets_tests.tcx_text import run_file
from coros_assets_tests.zip_bytes import Entry, forged, zip_of

GONE = run_file(seconds=30)
NOISE = random.Random(0).randbytes(5000)


def rewritten(data: bytes, gone: bytes = GONE) -> bytes | None:
    pieces = without("all.zip", data, lambda file: bytes(file.data[:]) == gone)
    return None if pieces is None else b"".join(pieces)


def held(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {member.filename: archive.read(member) for member in archive.infolist()}


class _Unseekable(io.RawIOBase):
    """A pipe: what is written into it gets its sizes behind the data."""

    def __init__(self):
        self.data = bytearray()

    def writable(self):
        return True

    def write(self, piece):
        self.data += piece
        return len(piece)


@given(
    st.dictionaries(
        st.text(st.characters(categories=("L", "N")), min_size=1, max_size=9), st.binary(max_size=300)
    ),
    st.booleans(),
    st.integers(0, 9),
)
def test_every_other_member_is_as_it_was(others, is_piped, at):
    files = [(f"{name}.bin", data) for name, data in others.items()] + [("stays.tcx", b"<gpx>")]
    files.insert(min(at, len(files)), ("gone.tcx", GONE))
    target = _Unseekable() if is_piped else io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    packed = bytes(target.data) if is_piped else target.getvalue()
    new = rewritten(packed)
    assert held(new) == {name: data for name, data in files if name != "gone.tcx"}
    assert b"gone.tcx" not in new
    assert rewritten(new) is None
    assert [file.name for file in unpacked("all.zip", new)] == ["all.zip/stays.tcx"]


def test_an_archive_in_an_archive_is_written_anew_too():
    inner = zip_of({"gone.tcx": GONE, "inside.tcx": b"<gpx>1", "noise.bin": NOISE})
    new = held(rewritten(zip_of({"deep/inner.zip": inner, "stays.tcx": b"<gpx>2"})))
    assert new["stays.tcx"] == b"<gpx>2"
    assert held(new["deep/inner.zip"]) == {"inside.tcx": b"<gpx>1", "noise.bin": NOISE}
    assert set(held(rewritten(zip_of({"i.zip": zip_of({"gone.tcx": GONE}), "s.tcx": b"<gpx>"})))) == {"s.tcx"}


def test_an_archive_of_nothing_else_is_given_up_with_what_lay_beside():
    assert rewritten(zip_of({"gone.tcx": GONE, "gone-metadata.json": b"{}"})) == b""


def test_bytes_that_no_directory_names_are_left_behind():
    """An earlier deletion leaves them: here the member before is forgotten by a new directory."""
    lost = zip_of({"a.bin": NOISE})
    body = lost[: lost.index(b"PK\x01\x02")]
    kept = zip_of({"gone.tcx": GONE, "stays.tcx": b"<gpx>"})
    new = rewritten(body + kept)
    assert NOISE[:50] not in new
    assert held(new) == {"stays.tcx": b"<gpx>"}


def test_a_locked_member_stays_as_it_lies_there():
    locked = Entry(b"locked.tcx", b"secret" * 20, flags=1)
    new = rewritten(forged(locked, Entry(b"gone.tcx", GONE)))
    assert locked.packed() in new


def test_what_is_no_whole_archive_or_of_gigabytes_is_refused():
    with pytest.raises(UnreadableFileError):
        rewritten(zip_of({"gone.tcx": GONE})[:-30])
    large = Entry(b"stays.tcx", b"<gpx>", header_at=0xFFFFFFFF, extra=b"\x01\x00\x08\x00" + bytes(8))
    with pytest.raises(UnreadableFileError, match="cannot be written anew"):
        rewritten(forged(large, Entry(b"gone.tcx", GONE)))
