import bz2
import gzip
import io
import lzma
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coros_assets.formats import archives, xml_guard, zip_members
from coros_assets.formats.archives import Share, Unpacked, unpacked
from coros_assets_tests.fit_bytes import file_id, fit, records
from coros_assets_tests.tcx_text import run_file
from coros_assets_tests.zip_bytes import ENCRYPTED, SYMLINK, UTF8, Entry, forged, zip_of

TCX = run_file(seconds=5)
FIT = fit(file_id(), records((0, 120), (1, 121)))
GPX = b'<?xml version="1.0"?><gpx><trk/></gpx>'


def contents(data: bytes) -> dict[str, bytes]:
    """What a landed file `x` gives, all of it readable."""
    found = list(unpacked("x", data))
    assert not [item.reason for item in found if item.reason]
    return {item.name: item.data for item in found}


def reasons(data: bytes) -> dict[str, str | None]:
    return {item.name: item.reason for item in unpacked("x", data)}


def only_reason(data: bytes) -> str:
    """The one reason for which a landed file gives nothing."""
    [item] = unpacked("x", data)
    assert item.reason is not None
    return item.reason


@pytest.mark.parametrize("data", [TCX, FIT, GPX, b"", b"anything", b"PK", b"\x1f"])
def test_a_file_that_is_no_archive_gives_itself(data):
    assert list(unpacked("2024/run.tcx", data)) == [Unpacked("2024/run.tcx", data)]


@pytest.mark.parametrize("step", [1, 2, 3, 7])
def test_the_shares_of_an_archive_give_each_member_once(step):
    data = zip_of({f"{run}/same name.tcx": TCX + b" " * run for run in range(5)} | {"bad.fit": b"bad"})
    shares = [list(unpacked("x", data, Share(first, step))) for first in range(step)]
    assert sorted((item.name, item.data) for share in shares for item in share) == sorted(
        contents(data).items()
    )


@pytest.mark.parametrize("data", [TCX, gzip.compress(TCX), b"PK\x03\x04 cut", zip_of({"readme.txt": b""})])
def test_what_has_no_shares_is_in_the_first(data):
    assert list(unpacked("x", data, Share(0, 2))) == list(unpacked("x", data))
    assert list(unpacked("x", data, Share(1, 2))) == []


def test_gzip_is_told_by_content():
    assert contents(gzip.compress(TCX)) == {"x": TCX}


def test_gzip_streams_in_a_row_are_one_file_and_bytes_after_them_are_left():
    halves = gzip.compress(TCX[:700]) + gzip.compress(b"") + gzip.compress(TCX[700:])
    assert contents(halves) == {"x": TCX}
    assert contents(halves + bytes(512)) == {"x": TCX}
    assert contents(halves + b"trailing") == {"x": TCX}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (gzip.compress(TCX)[:-9], "cut short"),
        (gzip.compress(TCX)[:-1], "cut short"),
        (gzip.compress(TCX) + gzip.compress(TCX)[:-9], "cut short"),
        (b"\x1f\x8bnothing of the kind", "damaged"),
        (gzip.compress(TCX)[:-8] + bytes(8), "damaged"),
        (gzip.compress(bytes(xml_guard.MAX_BYTES + 1), 9), "expands to more than"),
        (gzip.compress(bytes(3 * 2**20), 9), "expands to more than 200 times its size"),
        (gzip.compress(gzip.compress(TCX)), "archive inside gzip"),
        (gzip.compress(zip_of({"a.tcx": TCX})), "archive inside gzip"),
        (gzip.compress(b"") * (archives.MAX_GZIP_STREAMS + 1), "more than 4,096 gzip streams"),
    ],
)
def test_gzip_that_is_broken_or_a_bomb_is_refused_with_its_bytes(data, reason):
    [item] = unpacked("x", data)
    assert reason in (item.reason or "")
    assert item.data == data


def test_a_zip_gives_its_activity_files_at_any_depth_of_folders():
    files = {"a.TCX": TCX, "2024/06/b.fit": FIT, "2024/c.gpx.gz": gzip.compress(GPX)}
    assert contents(zip_of(files)) == {"x/a.TCX": TCX, "x/2024/06/b.fit": FIT, "x/2024/c.gpx.gz": GPX}


def test_members_are_opened_one_at_a_time():
    broken = forged(Entry(b"a.tcx", TCX), Entry(b"b.tcx", TCX, checksum=1))
    iterator = unpacked("x", broken)
    assert next(iterator).data == TCX
    assert "checksum" in (next(iterator).reason or "")


def test_the_layout_of_corosexport_is_read_and_what_lies_beside_the_runs_is_passed_over():
    export = {
        "coros/2024-06-01_4711.fit": FIT,
        "coros/2024-06-01_4711-metadata.json": b'{"labelId": "4711", "note": "<gpx>"}',
        "coros/2024-06-02_4712.tcx": TCX,
        "coros/2024-06-02_4712-metadata.json": b"{}",
        "coros/laps.csv": b"lap,time\n1,300\n",
        "coros/track.kml": b"<kml><Document/></kml>",
        "coros/picture.jpg": b"\xff\xd8\xff\xe0JFIF",
        "__MACOSX/coros/._2024-06-01_4711.fit": b"\x00\x05\x16\x07",
        "coros/._2024-06-02_4712.tcx": b"\x00\x05\x16\x07",
        "coros/folder.fit/": b"",
    }
    expected = {"x/coros/2024-06-01_4711.fit": FIT, "x/coros/2024-06-02_4712.tcx": TCX}
    assert contents(zip_of(export)) == expected


@pytest.mark.parametrize(
    "data",
    [
        TCX,
        FIT,
        GPX,
        b"\xef\xbb\xbf\r\n" + TCX,
        TCX.decode().encode("utf-16"),
        b"<t:TrainingCenterDatabase xmlns:t='x'/>",
    ],
)
def test_a_member_is_known_by_content_whatever_it_is_called(data):
    assert contents(zip_of({"activity": data, "notes.txt": b"<html>"})) == {"x/activity": data}
    assert contents(zip_of({"activity.bin": gzip.compress(data)})) == {"x/activity.bin": data}


def test_a_member_with_the_name_of_an_activity_goes_on_whatever_it_holds():
    assert contents(zip_of({"a.tcx": b"<html>", "b.fit": b"", "c.zip": b"no zip"})) == {
        "x/a.tcx": b"<html>",
        "x/b.fit": b"",
        "x/c.zip": b"no zip",
    }


@pytest.mark.parametrize("files", [{}, {"notes.txt": b"none"}, {"inner.zip": zip_of({"notes.txt": b""})}])
def test_a_zip_without_activity_files_says_so_once(files):
    assert only_reason(zip_of(files)) == "The zip archive holds no TCX, FIT or GPX file."


def test_a_zip_in_a_zip_is_opened_and_one_in_that_is_not():
    inner = zip_of({"a.tcx": TCX, "deep.zip": zip_of({"b.tcx": TCX})})
    outer = zip_of({"part1.zip": inner, "part2.zip": zip_of({"c.fit": FIT}), "sheet.xlsx": inner})
    found = reasons(outer)
    assert list(found) == ["x/part1.zip/a.tcx", "x/part1.zip/deep.zip", "x/part2.zip/c.fit"]
    assert [name for name, reason in found.items() if reason] == ["x/part1.zip/deep.zip"]
    assert "in one that lies in another" in (found["x/part1.zip/deep.zip"] or "")


def zip64() -> bytes:
    """As a program writes it that does not know beforehand how large things become."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive, archive.open("a.tcx", "w", force_zip64=True) as member:
        member.write(TCX)
    data = packed.getvalue()
    at = data.rfind(b"PK\x05\x06")
    entry_at = data.rfind(b"PK\x01\x02")
    size, packed_size = struct.unpack_from("<2L", data, entry_at + 20)
    extra = struct.pack("<2H2Q", 1, 16, packed_size, size)
    name_end = entry_at + 46 + 5
    entry = bytearray(data[entry_at:name_end])
    struct.pack_into("<2L", entry, 20, 0xFFFFFFFF, 0xFFFFFFFF)
    struct.pack_into("<H", entry, 30, len(extra))
    directory = bytes(entry) + extra
    end64 = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, len(directory), entry_at)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, entry_at + len(directory), 1)
    end = data[at : at + 8] + b"\xff" * 12 + bytes(2)
    return data[:entry_at] + directory + end64 + locator + end


@pytest.mark.parametrize(
    "data",
    [
        zip64(),
        forged(Entry(b"a.tcx", TCX, method=0)),
        zip_of({"a.tcx": TCX})[:-2] + struct.pack("<H", 8) + b"comment.",
        forged(Entry(b"a.tcx", TCX, extra=struct.pack("<2H", 0x5455, 5) + b"12345")),
        forged(Entry(b"a.tcx", TCX), count=7),
    ],
    ids=["zip64", "stored", "comment", "extra field", "wrong count"],
)
def test_unusual_archives_are_read(data):
    assert contents(data) == {"x/a.tcx": TCX}


def test_an_archive_written_to_a_pipe_is_read():
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.tcx", TCX)
        archive.writestr("b.fit", FIT)
    assert contents(pipe.getvalue()) == {"x/a.tcx": TCX, "x/b.fit": FIT}


def good(name: bytes = b"good.tcx") -> Entry:
    return Entry(name, TCX)


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (Entry(b"a.fit", FIT, flags=ENCRYPTED), "protected by a password"),
        (Entry(b"a.fit", FIT, method=99, flags=ENCRYPTED), "protected by a password"),
        (Entry(b"a.fit", bz2.compress(FIT), method=12), "a method that is not read (number 12)"),
        (Entry(b"a.fit", lzma.compress(FIT), method=14), "a method that is not read (number 14)"),
        (Entry(b"a.fit", FIT, method=9), "a method that is not read (number 9)"),
        (Entry(b"a.fit", FIT, checksum=1), "size or checksum"),
        (Entry(b"a.fit", FIT, method=0, checksum=1), "size or checksum"),
        (Entry(b"a.fit", FIT, size=len(FIT) - 1), "size or checksum"),
        (Entry(b"a.fit", FIT, size=len(FIT) + 1), "size or checksum"),
        (Entry(b"a.fit", FIT, method=0, size=len(FIT) + 1), "size or checksum"),
        (Entry(b"a.fit", bytes(5 * 2**20), size=10), "size or checksum"),
        (Entry(b"a.fit", FIT, packed_size=9), "cut short"),
        (Entry(b"a.fit", FIT, header_at=2**31), "cut short"),
    ],
)
def test_a_member_that_cannot_be_opened_is_refused_and_the_others_are_read(entry, reason):
    found = list(unpacked("x", forged(entry, good())))
    assert found[-1] == Unpacked("x/good.tcx", TCX)
    assert reason in (found[0].reason or "")


def test_a_refused_member_comes_with_the_bytes_that_lie_in_the_archive():
    [found] = unpacked("x", forged(Entry(b"a.fit", FIT, flags=ENCRYPTED)))
    assert found.data == Entry(b"", FIT).packed()


def test_damaged_deflate_is_refused():
    packed = Entry(b"", FIT).packed()
    damaged = forged(Entry(b"a.fit", FIT)).replace(packed, b"\xff" * len(packed))
    assert "is damaged" in only_reason(damaged)


def test_a_member_too_large_to_be_an_activity_is_refused_without_opening_it(monkeypatch):
    monkeypatch.setattr(xml_guard, "MAX_BYTES", len(TCX))
    assert "expands to" in (reasons(forged(Entry(b"a.fit", TCX + b" "), good()))["x/a.fit"] or "")


def test_an_archive_is_refused_as_a_whole_if_it_holds_too_much(monkeypatch):
    many = [Entry(b"%d.fit" % number, FIT) for number in range(4)]
    monkeypatch.setattr(zip_members, "MAX_MEMBERS", 3)
    assert "more than 3 files" in only_reason(forged(*many))
    in_parts = zip_of({"1.zip": forged(*many[:2]), "2.zip": forged(*many[2:])})
    assert "expands to more than any folder" in (reasons(in_parts)["x/2.zip"] or "")
    monkeypatch.setattr(zip_members, "MAX_MEMBERS", 4)
    assert len(reasons(forged(*many))) == 4
    monkeypatch.setattr(archives, "MAX_TOTAL_BYTES", 4 * len(FIT) - 1)
    assert "expands to more than any folder" in only_reason(forged(*many))
    monkeypatch.setattr(archives, "MAX_ARCHIVE_BYTES", 100)
    assert "larger than" in only_reason(forged(*many))


def test_an_archive_whose_directory_is_beyond_reason_is_refused_without_a_walk_through_it():
    extra = struct.pack("<2H", 0x9999, 0) * 16_383
    assert "list of files" in only_reason(forged(*[Entry(b"a.fit", FIT, extra=extra)] * 130))
    assert list(contents(forged(Entry(b"a.fit", FIT, extra=extra)))) == ["x/a.fit"]


def test_an_archive_that_expands_beyond_reason_is_refused_before_anything_is_opened():
    bomb = forged(*[Entry(b"%d.tcx" % number, bytes(2**20)) for number in range(4)])
    assert "expands to more than any folder" in only_reason(bomb)


def test_zips_in_a_zip_share_what_an_archive_may_expand_to():
    part = zip_of({"a.tcx": bytes(900_000)}, compresslevel=9)
    found = reasons(zip_of({"1.zip": part, "2.zip": part}))
    assert found["x/1.zip/a.tcx"] is None
    assert "expands to more than any folder" in (found["x/2.zip"] or "")


def overlapping() -> bytes:
    """Two members whose directory entries point to one content."""
    one = Entry(b"a.tcx", TCX)
    return forged(one, Entry(b"a.tcx", TCX, header_at=0))


def quoted() -> bytes:
    """Members whose content begins with the next member's local header, as in Fifield's bomb."""
    inner = forged(Entry(b"b.tcx", TCX, method=0))
    kernel = inner[: inner.index(b"PK\x01\x02")]
    first = Entry(b"a.tcx", kernel, method=0)
    return forged(first, Entry(b"b.tcx", TCX, method=0, header_at=30 + 5))


@pytest.mark.parametrize("data", [overlapping(), quoted()])
def test_members_that_share_bytes_are_a_bomb(data):
    assert "overlap" in only_reason(data)


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04",
        zip_of({"a.tcx": TCX})[:-1],
        zip_of({"a.tcx": TCX})[:-30],
        zip_of({"a.tcx": TCX})[:200],
        zip_of({"a.tcx": TCX})[:300] + zip_of({"a.tcx": TCX})[400:],
        b"PK\x05\x06" + bytes(8) + b"\xff" * 10,
        forged(Entry(b"a.tcx", TCX)).replace(b"PK\x01\x02", b"PK\x01\x03"),
        zip64().replace(b"PK\x06\x06", b"PK\x06\x05"),
    ],
)
def test_an_archive_that_is_cut_short_or_damaged_is_refused(data):
    assert "cut short or damaged" in only_reason(data)


def test_a_part_of_a_split_archive_is_refused():
    assert "one part of a zip archive in several" in only_reason(forged(good(), disk=1))


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (b"../../etc/a.tcx", "etc/a.tcx"),
        (b"/etc/./a.tcx", "etc/a.tcx"),
        (b"C:\\Users\\..\\a.tcx", "C:/Users/a.tcx"),
        (b"\\\\server\\share\\a.tcx", "server/share/a.tcx"),
        (b"a\x00.fit\n\x1b[31m.tcx", "a�.fit �[31m.tcx"),
        ("laufxct\u202e.tcx".encode(), "laufxct.tcx"),
        ("Läufe/Sønntag.tcx".encode(), "Läufe/Sønntag.tcx"),
        (b"L\x84ufe/a.tcx", "Läufe/a.tcx"),
        (b"n" * 65_000 + b".tcx", "…" + "n" * 195 + ".tcx"),
        (b"..", ""),
    ],
)
def test_names_are_shown_without_what_points_elsewhere_or_cannot_be_seen(written, shown):
    assert contents(forged(Entry(written, TCX))) == {f"x/{shown}": TCX}


def test_a_name_that_is_not_the_utf8_it_says_is_replaced():
    assert contents(forged(Entry(b"\xff\xfe.tcx", TCX, flags=UTF8))) == {"x/��.tcx": TCX}


def test_a_name_given_twice_is_shown_twice():
    entries = [Entry(name, TCX) for name in (b"a.tcx", b"a.tcx (2)", b"a.tcx", b"./a.tcx")]
    assert list(contents(forged(*entries))) == ["x/a.tcx", "x/a.tcx (2)", "x/a.tcx (3)", "x/a.tcx (4)"]


def test_a_symbolic_link_is_no_file():
    assert contents(forged(Entry(b"link.tcx", b"/etc/passwd", mode=SYMLINK), good())) == {"x/good.tcx": TCX}


@given(
    st.dictionaries(
        st.from_regex(r"[a-z]{1,9}(/[a-z]{1,9}){0,3}\.(tcx|fit|gpx)", fullmatch=True), st.binary(), max_size=6
    ),
    st.data(),
)
def test_any_archive_is_given_back_and_any_change_of_it_ends_in_words(files, data):
    # A content that begins like an archive would be opened.
    whole = zip_of({name: b"." + inside for name, inside in files.items()})
    if files:
        assert contents(whole) == {f"x/{name}": b"." + inside for name, inside in files.items()}
    changed = bytearray(whole)
    for _ in range(3):
        at = data.draw(st.integers(0, len(changed) - 1))
        changed[at] = data.draw(st.integers(0, 255))
    for found in unpacked("x", bytes(changed)):
        assert found.name.isprintable()
        assert found.reason is None or found.reason.endswith(".")
