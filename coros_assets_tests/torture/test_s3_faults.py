"""What an S3 server may do to a request: none of it loses, doubles or halves an object."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from pydantic import SecretStr

from coros_assets.bronze.catalogue import content_hash
from coros_assets.bronze.store import BronzeStore
from coros_assets.errors import CorosError
from coros_assets.settings import Settings
from coros_assets.storage import lake
from coros_assets.storage.lake import ObjectStore
from coros_assets_tests.servers import S3_SECRET
from coros_assets_tests.torture.s3_faults import Fault, FaultyS3, faulty_s3

LOST = [Fault.LOST_WITH_500, Fault.LOST_WITH_RESET]
DATA = random.Random(1).randbytes(200_000)


def is_named(fault: Fault) -> str:
    return fault.name.lower()


@pytest.fixture
def s3(s3_environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultyS3]:
    """A proxy before the S3 server, which the environment names."""
    for name, value in s3_environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setitem(lake._RETRIES, "backoff", {})  # the library's own: ten times in some two seconds
    with faulty_s3(urlsplit(s3_environment["AWS_ENDPOINT_URL"]).port) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{proxy.port}")
        yield proxy


@pytest.fixture
def store(s3: FaultyS3, tmp_path) -> ObjectStore:
    return ObjectStore(f"s3://runs/{tmp_path.name}")


def test_of_many_who_put_a_new_object_at_once_exactly_one_does(store):
    for number in range(5):
        with ThreadPoolExecutor(8) as threads:
            put = [threads.submit(store.put_new, f"one{number}", bytes([n]) * 1000) for n in range(8)]
        won = [n for n, result in enumerate(put) if result.result()]
        assert [bytes([n]) * 1000 for n in won] == [store.get(f"one{number}")]


@pytest.mark.parametrize("fault", LOST, ids=is_named)
def test_a_put_whose_acknowledgement_is_lost_is_there_once_and_whole(store, s3, fault):
    s3.times(fault, 1, "PUT")
    store.put("replaced", DATA)
    assert (s3.seen["PUT"], store.get("replaced")) == (2, DATA)
    s3.times(fault, 1, "PUT")
    store.put_new("new", DATA)
    assert (s3.seen["PUT"], store.get("new")) == (2, DATA)
    assert sorted(found.key for found in store.list()) == ["new", "replaced"]


@pytest.mark.parametrize("fault", LOST, ids=is_named)
def test_a_new_file_whose_acknowledgement_is_lost_is_in_bronze_and_only_read_once_more(store, s3, fault):
    bronze = BronzeStore(store)
    s3.times(fault, 1, "PUT")
    sha256 = content_hash(DATA)
    assert not bronze.keep(sha256, DATA)
    assert (bronze.data(sha256), bronze.parsed(sha256)) == (DATA, None)


@pytest.mark.parametrize("fault", LOST, ids=is_named)
@pytest.mark.parametrize("method", ["POST", "PUT"], ids=["begin_and_end", "part"])
def test_a_large_object_whose_acknowledgements_are_lost_is_whole(store, s3, fault, method):
    data = DATA * 60
    s3.times(fault, 3, method)
    store.put_pieces("large", [memoryview(data)])
    assert store.get("large") == data


@pytest.mark.parametrize("fault", LOST, ids=is_named)
def test_a_deletion_whose_acknowledgement_is_lost_is_done(store, s3, fault):
    store.put("one", DATA)
    s3.times(fault, 1, "POST")
    store.delete("one")
    assert list(store.list()) == []


@pytest.mark.parametrize("fault", [Fault.TRUNCATED, Fault.STALLED, *LOST, Fault.SLOW_DOWN], ids=is_named)
def test_an_answer_that_stops_half_way_is_asked_for_again(store, s3, fault, monkeypatch):
    store.put("one", DATA)
    if fault is Fault.STALLED:
        monkeypatch.setitem(lake._CLIENT, "read_timeout", "1 second")
        store = ObjectStore(store.uri)
    s3.times(fault, 2, "GET", "one")
    assert store.get("one") == DATA
    s3.times(fault, 1, "GET", "one")
    assert b"".join(store.pieces("one")) == DATA
    s3.times(fault, 1, "GET", "one")
    assert store.part("one", 100, 150_000) == DATA[100:150_000]


def test_half_an_answer_is_never_taken_for_the_whole(store, s3):
    store.put("one", DATA)
    s3.times(Fault.TRUNCATED, 1000, "GET", "one")
    with pytest.raises(CorosError, match=r"cannot be read: .* run the command again"):
        store.get("one")
    s3.times(Fault.TRUNCATED, 1000, "GET", "list-type")
    with pytest.raises(CorosError, match=r"cannot be listed: .* run the command again"):
        list(store.list())


def test_a_server_that_is_busy_for_a_while_is_waited_for_and_then_said_to_be(store, s3):
    s3.times(Fault.SLOW_DOWN, 5, "PUT")
    store.put("one", DATA)
    assert s3.seen["PUT"] == 6
    s3.times(Fault.SLOW_DOWN, 1000, "PUT")
    began = time.monotonic()
    with pytest.raises(CorosError, match=r"cannot be written: .*503.*if it was only busy, run the command"):
        store.put("one", b"other")
    assert (s3.seen["PUT"], time.monotonic() - began < 60) == (11, True)
    s3.times(Fault.NONE, 0, "PUT")
    assert store.get("one") == DATA


def test_no_setting_shows_a_credential_and_what_the_environment_holds_is_never_shown(store, monkeypatch):
    named = {n: f for n, f in Settings.model_fields.items() if re.search("key|secret|token|credential", n)}
    assert [name for name, field in named.items() if field.annotation is not SecretStr] == []
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")
    store.put("one", b"")  # what was opened keeps what it was opened with
    with pytest.raises(CorosError, match="the AWS credentials in the environment") as error:
        ObjectStore(store.uri).put("one", b"")
    assert "another" not in str(error.value)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", S3_SECRET)
    ObjectStore(store.uri).put("one", b"")
