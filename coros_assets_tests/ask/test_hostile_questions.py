"""Questions that ask for harm, put to a model that obeys them: it answers with what stands in backquotes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from coros_assets.ask.agent import NoQueryError, asked
from coros_assets.ask.endpoint import Endpoint
from coros_assets.ask.guard import RefusedStatementError, guarded
from coros_assets.ask.schema_help import instructions
from coros_assets_tests.ask.scripted import Reply, Request, query
from coros_assets_tests.ask.test_hostile import HOSTILE, state_of

QUESTIONS = Path(__file__).with_name("hostile_questions.txt").read_text(encoding="utf-8").splitlines()


def obedient(request: Request) -> Reply:
    """Does what the question says, again and again."""
    question = next(sent["content"] for sent in request.body["messages"] if sent["role"] == "user")
    return query(re.findall("`([^`]*)`", question)[0])


def test_there_are_fifty_of_them():
    assert len(QUESTIONS) == len(set(QUESTIONS)) >= 50
    assert len(QUESTIONS) + len(HOSTILE) >= 300


@pytest.mark.parametrize("step", [6, pytest.param(1, marks=pytest.mark.slow)], ids=["some", "all"])
def test_a_model_that_obeys_hostile_questions_gets_nothing_run(loaded, scripted, step):
    ran: list[str] = []
    scripted.answer = obedient
    before = state_of(loaded.warehouse)
    place = Endpoint(scripted.url, "scripted", SecretStr(""))
    for question in QUESTIONS[::step]:
        with pytest.raises(NoQueryError):
            asked(question, place, ran.append)
    assert ran == []
    assert state_of(loaded.warehouse) == before
    assert {request.body["messages"][0]["content"] for request in scripted.requests} == {
        instructions().strip()
    }


def test_the_model_of_this_test_would_have_a_harmless_query_run(loaded, scripted):
    scripted.answer = obedient
    place = Endpoint(scripted.url, "scripted", SecretStr(""))
    answer = asked("`SELECT count(*) AS n FROM gold.fact_lap`", place, loaded.warehouse.query_as_reader)
    assert answer.rows.num_rows == 1


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_is_no_statement_itself(question):
    with pytest.raises(RefusedStatementError):
        guarded(question)
