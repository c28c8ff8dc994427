"""The benchmark's own questions, comparison and scores. No model is at work here: none is measured."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime

import pyarrow as pa
import pytest
from pydantic import SecretStr

from benchmarks.ask.__main__ import main as measure
from benchmarks.ask.questions import Question, Unanswerable, questions, unanswerable
from benchmarks.ask.run import (
    Outcome,
    always_counting,
    always_refusing,
    demo_stores,
    expected,
    put_all,
    scores,
)
from benchmarks.ask.score import same_rows
from coros_assets.commands.ask import ask
from coros_assets.errors import CorosError
from coros_assets.stores import Stores
from coros_assets_tests.ask.scripted import Reply, Request, prose, query, refused


def test_there_are_enough_questions_and_a_third_needs_the_roster():
    asked = questions()
    assert len({question.text for question in asked}) == len(asked) >= 60
    assert 1 / 3 <= sum(question.needs_roster for question in asked) / len(asked) < 1 / 2
    assert len({question.text for question in unanswerable()}) >= 12
    assert {"not in the data", "writes", "other people", "medical advice"} < {q.why for q in unanswerable()}


TABLE = pa.table({"a": [1, 2], "b": ["x", "y"], "c": [1.0, 2.0]})
SAME = {
    "itself": TABLE,
    "rows in another order": TABLE.take([1, 0]),
    "columns in another order, under other names": pa.table({"k": ["y", "x"], "l": [2.0, 1.0], "m": [2, 1]}),
    "a column besides": TABLE.append_column("d", pa.array(["p", "q"])),
    "rounded": pa.table({"a": [1, 2], "b": ["x", "y"], "c": [1.004, 1.996]}),
    "whole numbers as others": pa.table({"a": [1.0, 2.0], "b": ["x", "y"], "c": [1, 2]}),
}
OTHER = {
    "a row less": TABLE.slice(1),
    "a row twice": TABLE.take([0, 0]),
    "a row more": TABLE.take([0, 1, 1]),
    "a column less": TABLE.drop_columns(["b"]),
    "another count": pa.table({"a": [1, 3], "b": ["x", "y"], "c": [1.0, 2.0]}),
    "too far off": pa.table({"a": [1, 2], "b": ["x", "y"], "c": [1.02, 2.0]}),
    "values of a column among other rows": pa.table({"a": [1, 2], "b": ["y", "x"], "c": [1.0, 2.0]}),
    "a null": pa.table({"a": [1, None], "b": ["x", "y"], "c": [1.0, 2.0]}),
    "another unit": pa.table({"a": [1, 2], "b": ["x", "y"], "c": [1000.0, 2000.0]}),
}


@pytest.mark.parametrize("name", SAME)
def test_rows_are_the_same(name):
    assert same_rows(TABLE, SAME[name])


@pytest.mark.parametrize("name", OTHER)
def test_rows_are_not_the_same(name):
    assert not same_rows(TABLE, OTHER[name])


def test_a_date_is_the_same_as_its_midnight_and_a_truth_value_no_number():
    days = pa.table({"d": [date(2025, 1, 1)]})
    assert same_rows(days, pa.table({"d": [datetime(2025, 1, 1)]}))  # noqa: DTZ001  a local time
    assert not same_rows(days, pa.table({"d": [datetime(2025, 1, 1, 1)]}))  # noqa: DTZ001  a local time
    assert not same_rows(pa.table({"b": [True]}), pa.table({"b": [1]}))


@pytest.fixture
def asking(loaded, scripted) -> Stores:
    """Stores whose settings name the scripted endpoint."""
    named = {"ask_url": scripted.url, "ask_model": "scripted", "ask_key": SecretStr("")}
    return Stores(loaded.settings.model_copy(update=named))


QUESTIONS = (
    Question("laps?", "SELECT count(*) FROM gold.fact_lap", needs_roster=False),
    Question("nights?", "SELECT count(*) FROM gold.dim_shift WHERE kind = 'night'", needs_roster=True),
    Unanswerable("weather?", "not in the data"),
)


def test_each_outcome_is_told_from_the_others(asking, scripted):
    replies = {
        "laps?": query("SELECT count(*) AS n FROM gold.fact_lap"),
        "nights?": query("SELECT 5 AS nights"),
        "weather?": refused("There is none."),
        "days?": prose("Many."),
        "shifts?": refused("I will not."),
        "rain?": query("SELECT 1"),
    }

    def answer(request: Request) -> Reply:
        return replies[request.body["messages"][1]["content"]]

    scripted.answer = answer
    more = [Question(text, "SELECT 1", needs_roster=False) for text in ("days?", "shifts?")]
    outcomes = put_all(asking, [*QUESTIONS, *more, Unanswerable("rain?", "not in the data")], ask)
    assert [put.outcome for put in outcomes] == [
        *(Outcome.RIGHT, Outcome.WRONG, Outcome.REFUSED, Outcome.INVALID, Outcome.REFUSED, Outcome.WRONG)
    ]
    found = scores(outcomes)
    assert (found.answerable, found.of_the_roster, found.unanswerable) == (4, 1, 2)
    assert (found.execution_accuracy, found.execution_accuracy_of_the_roster) == (1 / 4, 0)
    assert (found.refusal_accuracy, found.wrongly_refused, found.invalid_rate) == (1 / 2, 1 / 4, 1 / 6)


def test_an_endpoint_that_is_down_ends_it_instead_of_counting_as_a_bad_model(asking, scripted):
    scripted.replies = [Reply(b"", 500)]
    with pytest.raises(CorosError, match="status 500"):
        put_all(asking, QUESTIONS, ask)


def test_the_floors_are_what_they_are_called(loaded):
    refusing = scores(put_all(loaded, QUESTIONS, always_refusing))
    assert (refusing.execution_accuracy, refusing.refusal_accuracy, refusing.wrongly_refused) == (0, 1, 1)
    counting = scores(put_all(loaded, QUESTIONS, always_counting))
    assert (counting.execution_accuracy, counting.refusal_accuracy) == (0, 0)


def test_without_an_endpoint_it_says_how_to_set_one(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["benchmarks.ask"])
    monkeypatch.delenv("COROS_ASK_URL", raising=False)
    assert measure() == 1
    assert "COROS_ASK_URL" in capsys.readouterr().err


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Iterator[Stores]:
    """The demo that the questions are about."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COROS_HOME", str(tmp_path_factory.mktemp("demo")))
        yield demo_stores()


@pytest.mark.slow
class TestOnTheDemo:
    """On the two simulated years that the questions are about."""

    def test_every_question_has_an_answer_that_the_guard_does_not_change(self, demo):
        for question in questions():
            rows = expected(demo, question).rows
            assert 0 < rows.num_rows <= 200, question.text
            assert rows == demo.warehouse.query_as_reader(question.sql), question.text
            assert any(value is not None for column in rows.columns for value in column.to_pylist())

    def test_no_answer_passes_for_that_of_another_question(self, demo):
        answers = {question.text: expected(demo, question).rows for question in questions()}
        for one, rows in answers.items():
            passing = [other for other, given in answers.items() if same_rows(rows, given)]
            assert passing == [one]

    def test_a_model_that_knows_every_answer_scores_one_and_the_floors_next_to_nothing(
        self, demo, scripted, monkeypatch, capsys
    ):
        known = {question.text: query(question.sql) for question in questions()}
        known |= {question.text: refused("No.") for question in unanswerable()}
        scripted.answer = lambda request: known[request.body["messages"][1]["content"]]
        monkeypatch.setenv("COROS_HOME", str(demo.settings.home))
        monkeypatch.setenv("COROS_ASK_URL", scripted.url)
        monkeypatch.setenv("COROS_ASK_MODEL", "scripted")
        monkeypatch.setattr("sys.argv", ["benchmarks.ask"])
        assert measure() == 0
        printed = capsys.readouterr().out
        lines = {
            line.split("│")[1].strip(): line.split("│")[2:-1] for line in printed.splitlines() if "│" in line
        }
        refusing, counting, model = (float(cell) for cell in lines["execution accuracy"])
        assert (refusing, model) == (0, 1)
        assert counting == pytest.approx(1 / len(questions()), abs=0.001)
        assert [float(cell) for cell in lines["refusal accuracy"]] == [1, 0, 1]
        assert Counter(request.headers["user-agent"] for request in scripted.requests) == {
            "coros-assets": len(known)
        }
