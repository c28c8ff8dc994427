"""Tombstones: what they recognise, what they let through, and that they tell nobody what they stand for."""

import gzip
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coros_assets.bronze.catalogue import content_hash
from coros_assets.bronze.inspect import Inspection
from coros_assets.bronze.tombstones import NOTHING_ERASED, Order, Tombstones, put_tombstone, read_tombstones
from coros_assets.silver.duplicates import Candidate, choose
from coros_assets.storage.lake import ObjectStore
from coros_assets_tests import canary

MINUTE_US = 60_000_000
KEY = b"k" * 64
starts = st.integers(1_500_000_000_000_000, 1_500_000_600_000_000)
lengths = st.integers(0, 7200 * 1_000_000)


def tombstones(*recordings: tuple[int, int], key: bytes = KEY) -> Tombstones:
    return Tombstones(key).with_new("subject", recordings)[0]


def candidate(start_us: int, length_us: int, name: str) -> Candidate:
    landed_at = datetime(2026, 1, 1, tzinfo=UTC)
    return Candidate(start_us, start_us + length_us, "running", "tcx", landed_at, name, 0, date(2017, 7, 14))


@given(starts, lengths, st.integers(-150, 150), lengths)
def test_whatever_silver_would_take_for_the_erased_activity_is_recognised(
    start, length, apart_s, other_length
):
    erased, other = candidate(start, length, "a"), candidate(start + apart_s * 1_000_000, other_length, "b")
    is_same = len({choice.activity_id for choice in choose([erased, other]).values()}) == 1
    is_covered = tombstones((erased.start_us, erased.end_us)).cover_recording(other.start_us, other.end_us)
    assert is_covered or not is_same


@given(starts, lengths, st.integers(4 * 60, 86_400), lengths, st.sampled_from([-1, 1]))
def test_a_recording_that_starts_four_minutes_apart_is_another_one(
    start, length, apart_s, other_length, sign
):
    other = start + sign * apart_s * 1_000_000
    assert not tombstones((start, start + length)).cover_recording(other, other + other_length)


def test_a_run_begun_right_after_one_that_was_broken_off_is_another_one():
    start = 25_000_000 * MINUTE_US
    broken_off = tombstones((start, start + MINUTE_US))
    assert broken_off.cover_recording(start, start + MINUTE_US)
    assert not broken_off.cover_recording(start + 2 * MINUTE_US, start + 60 * MINUTE_US)


PIECES = {
    "tcx": canary.tcx()[:-300],
    "tcx from the middle": canary.tcx()[40_000:50_000],
    "utf-16": canary.tcx().decode().encode("utf-16")[:-301],
    "gpx": canary.gpx()[:-200],
    "fit": canary.fit_file()[:-2000],
    "fit without its beginning": canary.fit_file()[200:-2],
    "gzip": gzip.compress(canary.tcx())[:-300],
    "other zone": canary.tcx()
    .replace(b"2024-06-01T17:", b"2024-06-01T19:")
    .replace(b"Z</Time>", b"+02:00</Time>"),
}
RUN_US = (
    int(canary.START.timestamp()) * 1_000_000,
    int(canary.START.timestamp() + canary.SECONDS) * 1_000_000,
)


@pytest.mark.parametrize("form", PIECES)
def test_a_piece_of_an_erased_activity_is_recognised_and_one_of_another_is_not(form):
    assert tombstones(RUN_US).cover_piece(PIECES[form])
    an_hour_later = (RUN_US[0] + 60 * MINUTE_US, RUN_US[1] + 60 * MINUTE_US)
    assert not tombstones(an_hour_later).cover_piece(PIECES[form])


def test_bytes_without_a_time_are_no_piece():
    for data in (b"", b"\x00" * 5000, b"9999-99-99T99:99", bytes(range(256)) * 4000):
        assert not tombstones(RUN_US).cover_piece(data)


def test_a_tombstone_of_a_file_alone_covers_that_file_alone():
    order = Order("", (content_hash(canary.tcx()),), ("kanari.tcx",), (), canary.START)
    empty, erasure = Tombstones(KEY).with_new("subject", [])
    stones = Tombstones(KEY, (empty.for_files(erasure, order),))
    unread = Inspection(content_hash(canary.tcx()), (), b"", "cut short")
    assert stones.cover(unread, canary.tcx())
    assert not stones.cover(Inspection("other", (), b"", "cut short"), canary.tcx()[:-300])
    assert not NOTHING_ERASED.cover(unread, canary.tcx())


def test_what_lies_in_the_lake_names_neither_file_nor_time_once_the_erasure_is_done(tmp_path):
    lake = ObjectStore(str(tmp_path))
    sha256 = content_hash(canary.tcx())
    order = Order(canary.ACTIVITY, (sha256,), ("kanari.tcx",), (canary.START.date(),), canary.START)
    stones, erasure = read_tombstones(lake, make_key=True).with_new(canary.ACTIVITY, [RUN_US])
    put_tombstone(lake, stones.for_files(erasure, order))
    written = b"".join(lake.get(found.key) for found in lake.list("bronze/erased"))
    assert sha256.encode() in written  # the control: as long as there is work to do, it says so
    assert [each.order for each in read_tombstones(lake).unfinished] == [order]
    [unfinished] = read_tombstones(lake).erasures
    put_tombstone(lake, replace(unfinished, order=None))
    written = b"".join(found.key.encode() + lake.get(found.key) for found in lake.list("bronze/erased"))
    minutes = [str(RUN_US[0] // MINUTE_US + minute) for minute in range(15)]
    for word in (sha256, "kanari", canary.ACTIVITY, "2024", "06-01", *minutes):
        assert word.encode() not in written
    assert read_tombstones(lake).unfinished == []
    assert read_tombstones(lake).cover_recording(*RUN_US)


def test_another_key_makes_other_marks_and_a_key_is_made_once(tmp_path):
    lake = ObjectStore(str(tmp_path))
    assert read_tombstones(lake) == NOTHING_ERASED
    key = read_tombstones(lake, make_key=True).key
    assert read_tombstones(lake, make_key=True).key == key
    assert len(bytes.fromhex(key.decode())) == 32
    assert Tombstones(key).content_mark("x") != Tombstones(KEY).content_mark("x")
