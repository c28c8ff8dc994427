"""Listing a folder in which anybody may have left anything."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest
from obstore.store import LocalStore

from coros_assets.storage.folder import files_below
from coros_assets.storage.lake import ObjectStore


def keys(folder: Path, prefix: str = "") -> list[str]:
    return sorted(key for key, _ in files_below(folder, prefix))


def test_a_file_is_listed_as_the_object_store_lists_it(tmp_path: Path) -> None:
    ObjectStore(str(tmp_path)).put("a/b c#%ä.tcx", b"run")
    [[listed]] = LocalStore(tmp_path).list()
    [found] = ObjectStore(str(tmp_path)).list()
    assert (found.key, found.size_bytes, found.modified) == (
        listed["path"],
        listed["size"],
        listed["last_modified"],
    )
    assert f'"{found.version}"' == listed["e_tag"]


@pytest.mark.parametrize("name", [b"Icon\r", b"caf\xe9.tcx", b"\x1b[2J.tcx", b"tab\t.tcx", b"del\x7f.tcx"])
def test_a_name_that_is_no_key_stops_nothing_and_is_said(
    tmp_path: Path, name: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "good.tcx").write_bytes(b"run")
    (tmp_path / os.fsdecode(name)).write_bytes(b"run")
    with caplog.at_level(logging.WARNING):
        assert keys(tmp_path) == ["good.tcx"]
    [said] = caplog.messages
    assert "rename it" in said
    assert said.isascii()
    assert said.isprintable()


def test_links_are_followed_and_circles_are_gone_through_once(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "run.tcx").write_bytes(b"run")
    (tmp_path / "a" / "again").symlink_to(tmp_path)
    (tmp_path / "linked.tcx").symlink_to(tmp_path / "a" / "run.tcx")
    (tmp_path / "nothing.tcx").symlink_to(tmp_path / "gone")
    (tmp_path / "itself.tcx").symlink_to(tmp_path / "itself.tcx")
    assert keys(tmp_path) == ["a/run.tcx", "linked.tcx"]


def test_what_is_no_file_or_still_being_written_is_passed_over(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.tcx")
    (tmp_path / "run.tcx#1").write_bytes(b"half")
    (tmp_path / "run #1.tcx").write_bytes(b"run")
    assert keys(tmp_path) == ["run #1.tcx"]


def test_only_what_is_below_the_prefix_is_listed(tmp_path: Path) -> None:
    for key in ("a/one", "a/b/two", "ab/three"):
        ObjectStore(str(tmp_path)).put(key, b"")
    assert keys(tmp_path, "a") == ["a/b/two", "a/one"]
    assert keys(tmp_path, "c") == []
