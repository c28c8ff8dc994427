from pathlib import Path

import pytest

from coros_assets.errors import CorosError
from coros_assets.storage.lake import ObjectStore, StoredBytes


@pytest.fixture(params=["folder", "s3"])
def store(request, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ObjectStore:
    if request.param == "folder":
        return ObjectStore(str(tmp_path))
    for name, value in request.getfixturevalue("s3_environment").items():
        monkeypatch.setenv(name, value)
    return ObjectStore(f"s3://runs/{tmp_path.name}")


def test_an_object_comes_back_as_it_was_put(store):
    store.put("a/b c#%ä.tcx", b"first")
    store.put("a/b c#%ä.tcx", b"second")
    assert store.get("a/b c#%ä.tcx") == b"second"
    assert [(found.key, found.size_bytes) for found in store.list("a")] == [("a/b c#%ä.tcx", 6)]


def test_a_new_object_is_put_once_and_never_changed(store):
    assert store.put_new("one", b"first")
    assert not store.put_new("one", b"second")
    assert store.get("one") == b"first"


def test_what_is_not_there_is_a_key_error_and_deleting_it_is_nothing(store):
    with pytest.raises(KeyError):
        store.get("nothing")
    store.delete("nothing")
    assert list(store.list()) == []


def test_a_large_object_is_copied_and_looked_at_in_parts(store):
    data = bytes(range(256)) * 100_000
    store.put("large", data)
    large = StoredBytes(store, "large", len(data))
    assert (len(large), large[:4], large[-3:], large[9:9], large[len(data) - 2 : len(data) + 9]) == (
        len(data),
        data[:4],
        data[-3:],
        b"",
        data[-2:],
    )
    store.put_pieces("copy", large.pieces())
    assert store.get("copy") == data


def test_of_a_large_object_that_is_gone_nothing_is_read_and_nothing_written(store):
    gone = StoredBytes(store, "gone", 100)
    with pytest.raises(KeyError):
        gone[:4]
    with pytest.raises(KeyError):
        store.put_pieces("copy", gone.pieces())
    assert list(store.list()) == []


def test_the_version_of_an_object_changes_with_its_content(store):
    store.put("one", b"first")
    before = next(store.list()).version
    store.put("one", b"second")
    assert next(store.list()).version != before


@pytest.mark.parametrize("uri", ["{}", "file://{}"])
def test_a_folder_is_named_as_path_or_uri_and_made(tmp_path, uri):
    store = ObjectStore(uri.format(tmp_path / "new" / "lake"))
    store.put("x", b"1")
    assert store.folder == tmp_path / "new" / "lake"
    assert (store.folder / "x").read_bytes() == b"1"


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_bytes(b"in the way")
    with pytest.raises(CorosError, match=r"file/lake cannot be opened.*Check"):
        ObjectStore(str(tmp_path / "file" / "lake"))


def test_a_scheme_that_is_no_store_is_refused():
    with pytest.raises(CorosError, match="neither a folder nor an s3://"):
        ObjectStore("ftp://somewhere/else")


def test_a_folder_that_cannot_be_made_is_named():
    with pytest.raises(CorosError, match=r"/proc/no/lake cannot be opened"):
        ObjectStore("/proc/no/lake")
