"""Questions put to an endpoint that answers well, badly or not at all: what comes of it, and what is sent."""

from __future__ import annotations

import json
import socket
import threading
import time
from contextlib import contextmanager

import pytest
from pydantic import SecretStr

from coros_assets.ask import agent, endpoint
from coros_assets.ask.agent import NoQueryError, Refusal, asked
from coros_assets.ask.endpoint import Endpoint
from coros_assets.errors import CorosError
from coros_assets_tests.ask.conftest import INJECTED, LAPS
from coros_assets_tests.ask.scripted import (
    Reply,
    Scripted,
    called,
    message,
    prose,
    queries,
    query,
    refused,
)
from coros_assets_tests.ask.test_hostile import HOSTILE, state_of

KEY = "c4n4ry-ask"
QUESTION = "how many laps are there?"
COUNT = "SELECT count(*) AS laps FROM gold.fact_lap"


def put(loaded, scripted: Scripted, *replies: Reply, question: str = QUESTION, limit_s: float = 20):
    """What comes of a question to which the endpoint replies like this, one after the other."""
    scripted.replies = list(replies)
    place = Endpoint(scripted.url, "scripted", SecretStr(KEY))
    return asked(question, place, loaded.warehouse.query_as_reader, limit_s)


def test_a_right_query_is_run_and_its_rows_are_the_answer(loaded, scripted):
    answer = put(loaded, scripted, query(COUNT, "All laps."))
    assert answer.rows.to_pylist() == [{"laps": LAPS}]
    assert answer.sql == 'SELECT\n  COUNT(*) AS "laps"\nFROM gold.fact_lap'
    assert (answer.understood, answer.statements, len(scripted.requests)) == ("All laps.", 1, 1)


def test_a_block_of_sql_in_prose_is_run_too(loaded, scripted):
    answer = put(loaded, scripted, prose(f"Of course! Here it is:\n```sql\n{COUNT};\n```\nYou have 12 laps."))
    assert answer.rows.to_pylist() == [{"laps": LAPS}]
    assert answer.understood == ""


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (query("SELECT speed FROM gold.fact_lap"), "no column"),
        (query("SELECT pg_sleep(1)"), "not on the list"),
        (query("SELECT lap_index, count(*) FROM gold.fact_lap"), "must appear in the GROUP BY clause"),
        (prose("There are many."), "Call answer_with_query or refuse"),
        (prose("```sql\nSELECT 1\n```\nor\n```sql\nSELECT 2\n```"), "exactly one ```sql block"),
        (called("answer_with_query", '{"sql": '), "Invalid JSON"),
        (called("answer_with_query", {"query": COUNT}), "Field required"),
        (called("drop_everything", {}), "Unknown tool"),
    ],
    ids=[
        "column",
        "function",
        "grouping",
        "prose",
        "two blocks",
        "half json",
        "wrong argument",
        "wrong tool",
    ],
)
def test_what_fails_goes_back_with_its_reason_and_may_be_repaired(loaded, scripted, wrong, told):
    answer = put(loaded, scripted, wrong, query(COUNT))
    assert answer.rows.to_pylist() == [{"laps": LAPS}]
    assert told in json.loads(json.dumps(scripted.requests[1].body["messages"][-1]))["content"]


def test_a_refusal_is_the_models_to_make(loaded, scripted):
    assert put(loaded, scripted, refused("There is no weather.")) == Refusal(reason="There is no weather.")


@pytest.mark.parametrize(
    "bad", ["DROP SCHEMA gold CASCADE", "SELECT * FROM generate_series(1, 1000000000)", "x"]
)
def test_after_two_repairs_it_ends_with_the_last_reason(loaded, scripted, bad):
    with pytest.raises(
        NoQueryError, match=r"gave nothing that may be run\. The last problem: .*coros-assets sql"
    ):
        put(loaded, scripted, query(bad))
    assert len(scripted.requests) == 3


def test_no_order_of_failures_gets_a_fourth_request(loaded, scripted):
    mixed = [prose("no"), query("x"), called("refuse", {}), query(COUNT)]
    with pytest.raises(NoQueryError):
        put(loaded, scripted, *mixed)
    assert len(scripted.requests) == 3


def test_of_several_statements_at_once_the_first_that_may_be_run_counts(loaded, scripted):
    answer = put(loaded, scripted, queries("DROP SCHEMA gold", COUNT, "SELECT 2 AS laps"))
    assert answer.rows.to_pylist() == [{"laps": LAPS}]
    assert len(scripted.requests) == 1


def test_many_statements_at_once_are_not_tried_on_and_on(loaded, scripted):
    ran: list[str] = []

    def fails(statement: str):
        ran.append(statement)
        return loaded.warehouse.query_as_reader("SELECT 1 / 0")

    scripted.replies = [queries(*(f"SELECT {n} AS n" for n in range(500)))]
    with pytest.raises(NoQueryError, match="DivisionByZero while it ran"):
        asked(QUESTION, Endpoint(scripted.url, "scripted", SecretStr("")), fails)
    assert len(ran) == 3
    assert len(scripted.requests) == 1


def test_a_warehouse_that_lets_the_reader_not_in_is_no_fault_of_the_model(loaded, scripted):
    def refuses(_: str):
        raise CorosError("Queries are run as the role coros_reader.")

    scripted.replies = [query(COUNT)]
    with pytest.raises(CorosError, match=r"^Queries are run as the role") as error:
        asked(QUESTION, Endpoint(scripted.url, "scripted", SecretStr("")), refuses)
    assert not isinstance(error.value, NoQueryError)
    assert len(scripted.requests) == 1


@pytest.mark.parametrize("step", [16, pytest.param(1, marks=pytest.mark.slow)], ids=["some", "all"])
def test_a_model_that_gives_nothing_but_hostile_statements_reaches_nothing(loaded, scripted, step):
    before = state_of(loaded.warehouse)
    given = HOSTILE[::step]
    remaining = iter(given)
    scripted.answer = lambda _: query(next(remaining, "x"))
    while len(scripted.requests) < len(given):
        with pytest.raises(NoQueryError):
            put(loaded, scripted)
    assert state_of(loaded.warehouse) == before


class TestWhatIsSent:
    """Schema, question and reasons; never a row, and to nobody else."""

    def test_it_is_the_question_the_description_and_the_key(self, loaded, scripted):
        put(loaded, scripted, query(COUNT))
        (request,) = scripted.requests
        assert request.path == "/v1/chat/completions"
        assert request.headers["authorization"] == f"Bearer {KEY}"
        assert [sent["role"] for sent in request.body["messages"]] == ["system", "user"]
        assert request.body["messages"][1]["content"] == QUESTION
        assert request.body["max_completion_tokens"] == agent.LONGEST_ANSWER_TOKENS

    def test_names_in_the_data_reach_nobody_not_even_in_an_error(self, loaded, scripted):
        leaky = (
            query("SELECT source_name::int FROM gold.activity_source"),
            query("SELECT title::date FROM gold.dim_shift"),
            query("SELECT device, source_name FROM gold.activity_source"),
        )
        answer = put(loaded, scripted, *leaky)
        assert answer.rows.to_pylist() == [{"device": INJECTED, "source_name": INJECTED}]
        assert len(scripted.requests) == 3
        told = " ".join(request.words for request in scripted.requests)
        assert "InvalidTextRepresentation while it ran" in told
        assert "1gn0re" not in told

    def test_the_same_names_would_be_in_postgresqls_own_words(self, loaded):
        with pytest.raises(CorosError, match="1gn0re"):
            loaded.warehouse.query_as_reader("SELECT source_name::int FROM gold.activity_source")

    def test_nothing_is_told_of_this_machine_or_its_other_accounts(self, loaded, scripted, monkeypatch):
        for name in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_ADMIN_KEY"):
            monkeypatch.setenv(name, "c4n4ry-other")
        put(loaded, scripted, query(COUNT))
        (request,) = scripted.requests
        assert "c4n4ry-other" not in str(request)
        assert set(request.headers) == {
            *("host", "connection", "authorization", "accept", "accept-encoding", "content-type"),
            *("content-length", "user-agent"),
        }

    def test_no_other_place_is_reached_by_redirect_proxy_or_setting(self, loaded, scripted, monkeypatch):
        with Scripted() as elsewhere:
            elsewhere.replies = [query(COUNT)]
            for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "OPENAI_BASE_URL"):
                monkeypatch.setenv(name, elsewhere.url)
                monkeypatch.setenv(name.lower(), elsewhere.url)
            with reached() as places:
                put(loaded, scripted, query(COUNT))
            assert places == {int(scripted.url.split(":")[2].split("/")[0])}
            for status in (301, 302, 307, 308):
                moved = Reply(b"", status, {"location": f"{elsewhere.url}/chat/completions"})
                with pytest.raises(CorosError, match="it sends elsewhere, where nothing is sent"):
                    put(loaded, scripted, moved)
            assert elsewhere.requests == []


@contextmanager
def reached():
    """The ports of every TCP connection that is opened inside."""
    ports: set[int] = set()
    connect = socket.socket.connect

    def noted(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6):
            ports.add(address[1])
        return connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", noted)
        yield ports


FAILURES = {
    "status 401: check COROS_ASK_KEY": Reply(b'{"error": {"message": "bad key c4n4ry-ask"}}', 401),
    "status 404: check COROS_ASK_URL": Reply(b"not found", 404, {"content-type": "text/plain"}),
    "status 429: it is asked too often": Reply(b"{}", 429),
    "status 500: see its log": Reply(b"<html>oops</html>", 500, {"content-type": "text/html"}),
    "status 503: see its log": Reply(b"", 503),
    "its answer is longer than": Reply(b" " * 3_000_000),
    "its answer is packed": Reply(b"\x1f\x8b", 200, {"content-encoding": "gzip"}),
    "answers what cannot be read": Reply(b"<html>login</html>", 200, {"content-type": "text/html"}),
    "what is no chat completion": Reply(b'{"choices": [', 200),
    "It answers what cannot be read": Reply(b"{}", 200),
    "gave nothing that may be run": message({"role": "assistant", "content": ""}, "stop"),
}


@pytest.mark.parametrize("said", FAILURES)
def test_an_endpoint_that_fails_is_said_to_and_asked_no_more_than_it_must(loaded, scripted, said):
    began = time.monotonic()
    with pytest.raises(CorosError, match=said) as error:
        put(loaded, scripted, FAILURES[said])
    assert KEY not in str(error.value)
    assert str(error.value).endswith(".")
    assert len(scripted.requests) <= 3
    assert time.monotonic() - began < 10


def test_a_server_that_is_not_there_is_said_to_be(loaded, scripted):
    place = Endpoint("http://127.0.0.1:9/v1", "m", SecretStr(""))
    with pytest.raises(CorosError, match=r"127\.0\.0\.1:9 cannot be reached.*Start the model's server"):
        asked(QUESTION, place, loaded.warehouse.query_as_reader)


def test_a_model_that_never_answers_is_given_up(loaded, scripted):
    never = threading.Event()
    began = time.monotonic()
    with pytest.raises(NoQueryError, match=r"took longer than 1 s"):
        put(loaded, scripted, Reply(after=never), limit_s=1)
    never.set()
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("question", ["", " \n", "x" * 1001])
def test_a_question_has_a_length(loaded, scripted, question):
    with pytest.raises(CorosError, match="1 to 1,000 characters"):
        put(loaded, scripted, query(COUNT), question=question)
    assert scripted.requests == []


def test_a_server_without_a_key_gets_none(loaded, scripted):
    scripted.replies = [query(COUNT)]
    asked(QUESTION, Endpoint(scripted.url, "m", SecretStr("")), loaded.warehouse.query_as_reader)
    assert scripted.requests[0].headers["authorization"] == f"Bearer {endpoint._NO_KEY}"
