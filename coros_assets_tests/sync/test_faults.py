"""COROS busy, broken, half, changed or hostile: a sentence, nothing harmed, and the next sync goes on."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from pydantic import SecretStr

from coros_assets.errors import SyncError
from coros_assets.sync import transport
from coros_assets.sync.pull import sync
from coros_assets.sync.transport import Pace
from coros_assets_tests.sync.actions import log_in, state_of, synced
from coros_assets_tests.sync.coros_server import Answer, coros_server
from coros_assets_tests.sync.test_pull import counting, kept

SLEEP, FILE = "querySleepOverview", "downloadActivityFitFiles"
RESULT = b'{"jsonrpc":"2.0","id":2,"result":{"content":[{"type":"text","text":"'
BUSY_TEXT = "COROS API is temporarily unavailable. Please try again later."
BROKEN_REPLIES = {
    "cut within its length": Answer(body=RESULT, cut=True),
    "no JSON": Answer(body=RESULT),
    "no message": Answer(body=b'{"hello": 1}'),
    "a page": Answer(body=b"<html>maintenance</html>", headers={"content-type": "text/html"}),
    "too long": Answer(body=b" " * (transport.MAX_BYTES + 1)),
    "compressed": Answer(body=gzip.compress(RESULT), headers={"content-encoding": "gzip"}),
    "500 for ever": Answer(500),
    "gone": Answer(404),
    "forbidden": Answer(403),
    "led elsewhere": Answer(307, {"location": "https://example.com/mcp"}),
}
OFTEN = {"cut within its length", "no JSON", "too long", "led elsewhere", "prose", "an error of the tool"}
"""What the default tests try; CI tries all."""
STRANGE_TEXTS = {
    "prose": "Your sleep was lovely.",
    "an error of the tool": "ERROR internal \x1b[31mfailure",
    "a refusal": "Tool call anomalies detected. High risk of session context pollution.",
    "busy": BUSY_TEXT,
    "a window that is none": "Sleep Data\n========\n\n2026-09-25\nMain Sleep Window: a - b",
    "too much": "No data found. " * 300_000,
    "nothing": "",
}


def some(cases: dict[str, object]) -> list[object]:
    return [
        pytest.param(case, id=name, marks=() if name in OFTEN else pytest.mark.slow)
        for name, case in cases.items()
    ]


@pytest.fixture(autouse=True)
def ready(stores, memory, coros):
    log_in(stores, coros)
    coros.asked.clear()


def recovers(stores, coros) -> None:
    """The next sync brings everything, as if nothing had been."""
    coros.instead.clear()
    coros.texts.clear()
    done = synced(stores)
    assert done.problems == []
    assert len(counting(stores)) == 12
    assert len(list(stores.landing.list())) == 3


@pytest.mark.parametrize("status", [400, 405, 503])
def test_a_server_that_wants_no_notice_of_the_beginning_gets_none(stores, coros, status):
    coros.instead["notifications/initialized"] = [Answer(status)]
    assert synced(stores).problems == []
    assert coros.instead["notifications/initialized"] == []


def test_a_busy_server_is_asked_again_when_it_says(stores, coros):
    coros.instead[SLEEP] = [Answer(429, {"retry-after": "1"}), Answer(503)]
    begun = time.monotonic()
    assert synced(stores).problems == []
    assert time.monotonic() - begun >= 1
    assert len(counting(stores)) == 12


def test_a_server_that_wants_long_rest_gets_it(stores, coros):
    later = format_datetime(datetime.fromtimestamp(time.time() + 1800, UTC), usegmt=True)
    for asked in ("1800", later):
        coros.instead[SLEEP] = [Answer(429, {"retry-after": asked})]
        with pytest.raises(SyncError, match=r"busy \(HTTP 429\) and wants 30 minutes of rest"):
            synced(stores)
    assert coros.asked == []
    recovers(stores, coros)


def test_a_server_that_stays_busy_is_left_alone_after_three_tries(stores, coros):
    coros.instead["querySleepHrv"] = [Answer(503)] * 5
    with pytest.raises(SyncError, match=r"busy \(HTTP 503\)\. What came so far is kept"):
        synced(stores)
    assert len(coros.instead["querySleepHrv"]) == 2
    assert "sleep_h" in next(iter(counting(stores).values()))
    recovers(stores, coros)


@pytest.mark.parametrize("answer", some(BROKEN_REPLIES))
def test_a_broken_reply_is_a_sentence_and_nothing_of_it_counts(stores, coros, answer):
    coros.instead[SLEEP] = [answer] * 4
    try:
        said = " ".join(synced(stores).problems)
    except SyncError as error:
        said = str(error)
    assert said.startswith(("COROS", "An answer of COROS", "127.0.0.1"))
    assert "example.com" not in said
    assert len(said) < 250
    recovers(stores, coros)


@pytest.mark.parametrize("text", some(STRANGE_TEXTS))
def test_a_strange_text_is_a_sentence_and_the_other_kinds_come(stores, coros, text):
    coros.texts[SLEEP] = text
    done = synced(stores)
    (said,) = done.problems
    assert "\x1b" not in said
    assert len(said) < 300
    assert done.days["Resting heart rate"] == 12
    assert "sleep_h" not in next(iter(counting(stores).values()))
    recovers(stores, coros)


def test_a_tool_that_has_no_time_is_asked_three_times(stores, coros):
    coros.texts["queryRestingHeartRate"] = BUSY_TEXT
    (said,) = synced(stores).problems
    assert said == "COROS has no time for queryRestingHeartRate now; run the sync again later."
    assert len(coros.calls("queryRestingHeartRate")) == 3


def test_half_a_list_is_no_list(stores, coros, has):
    whole = has.records("20200101", "20991231", 20)
    for text in (whole.replace("(3 records)", "(4 records)"), whole.replace("LabelId: ", "Label: ", 1)):
        coros.texts["querySportRecords"] = text
        assert "broken off" in synced(stores).problems[0]
        assert coros.calls(FILE) == []
    recovers(stores, coros)


def test_a_tool_that_wants_more_than_is_known_says_so(stores, coros, monkeypatch):
    monkeypatch.setattr("coros_assets.sync.pull._ALL_SPORTS", {})
    assert synced(stores).problems == [
        "COROS's tool querySportRecords now wants more than this version of coros-assets knows "
        "(sportTypeCodes, minDistanceKm): update coros-assets."
    ]


def test_half_a_file_is_not_landed_and_comes_with_the_next_sync(stores, coros, has):
    label, whole = next(iter(has.files.items()))
    for broken in (whole[:-40], whole[:50] + b"\xff" + whole[51:], b"", b"<html>"):
        has.files[label] = broken
        done = synced(stores)
        assert f"coros_sync/{label}.fit" not in {found.key for found in stores.landing.list()}
        if done.files:
            assert done.files_waiting == 1
    has.files[label] = whole
    assert done.files_waiting == 0, "three tries are enough"


def test_addresses_are_asked_for_without_the_token(stores, coros, has):
    coros.addresses = f"{coros.base}/fit/{{}}.fit?signature=s3cr3t"
    coros.headers.clear()
    assert synced(stores).files == 3
    without = [headers for headers in coros.headers if "authorization" not in headers]
    assert len(without) == 3
    assert {found.key: stores.landing.get(found.key) for found in stores.landing.list()} == {
        f"coros_sync/{label}.fit": data for label, data in has.files.items()
    }


@contextmanager
def another_server() -> Iterator[tuple[str, list[str]]]:
    """A server of someone else on this machine, and what it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


def test_a_file_is_never_fetched_from_elsewhere(stores, coros, has):
    with another_server() as (elsewhere, asked):
        coros.addresses = f"{coros.base}/fit/{{}}.fit?signature=s3cr3t"
        for label in has.files:
            coros.instead[f"/fit/{label}.fit"] = [Answer(302, {"location": f"{elsewhere}/stolen"})]
        done = synced(stores)
        assert "leads elsewhere" in done.remarks[0]
        for address in (f"{elsewhere}/x.fit", "https://example.com/x.fit", "file:///etc/passwd", "ftp://x/y"):
            coros.addresses = address
            with state_of(stores) as state:
                for pending in state["pending"].values():
                    pending["tries"] = 0
            assert synced(stores).files == 0
        assert asked == []
    assert list(stores.landing.list()) == []


def test_a_file_larger_than_any_run_is_not_landed(stores, coros, has, monkeypatch):
    monkeypatch.setattr("coros_assets.sync.files.MAX_FILE_BYTES", 1000)
    done = synced(stores)
    assert done.files == 0
    assert "no whole FIT file" in done.remarks[0]


def test_an_endless_file_ends(stores, coros, has, monkeypatch):
    monkeypatch.setattr("coros_assets.sync.transport.MAX_BYTES", 30_000)
    coros.addresses = f"{coros.base}/fit/{{}}.fit?signature=s3cr3t"
    for label in has.files:
        coros.instead[f"/fit/{label}.fit"] = [Answer(body=b"x" * 40_000)]
    done = synced(stores)
    assert done.files == 0
    assert "is larger than" in done.remarks[0]


def test_a_server_that_answers_in_streams_is_understood_and_half_a_stream_is_not(stores, memory, has):
    with coros_server(json_response=False) as streaming:
        streaming.begin(has)
        moved = type(stores)(stores.settings.model_copy(update={"sync_url": streaming.url}))
        vars(moved)["warehouse"] = stores.warehouse
        log_in(moved, streaming)
        half = b"event: message\ndata: " + RESULT
        streaming.instead[SLEEP] = [Answer(body=half, headers={"content-type": "text/event-stream"})]
        done = sync(moved, None, Pace(gap=0, waits=(), patience=1))
        assert done.problems == [
            "COROS's server did not answer in time. What came so far is kept; run the sync again later."
        ]
        assert done.files == 3
        recovers(moved, streaming)


def test_a_server_that_is_down_is_a_sentence(stores, coros):
    moved = stores.settings.model_copy(
        update={"sync_url": "http://127.0.0.1:1/mcp", "sync_token": SecretStr("t0ken")}
    )
    with pytest.raises(SyncError, match=r"127\.0\.0\.1 does not answer \(ConnectError\)"):
        synced(type(stores)(moved))


def test_what_failed_leaves_no_trace_once_it_went_well(stores, coros):
    coros.texts = {SLEEP: "?", "querySportRecords": "?"}
    coros.instead["querySleepHrv"] = [Answer(body=b"{")]
    synced(stores)
    recovers(stores, coros)
    before = kept(stores)
    recovers(stores, coros)
    assert kept(stores) == before
