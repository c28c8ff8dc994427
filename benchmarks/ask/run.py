"""Every question put to the endpoint of the settings, and its answer compared with that of its own SQL.

Belongs here: the database of the questions, the outcomes and the scores. Does not: the questions
(`questions.py`), comparing rows (`score.py`), printing (`__main__.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from benchmarks.ask.questions import Question, Unanswerable
from benchmarks.ask.score import same_rows
from coros_assets.ask.agent import NoQueryError
from coros_assets.ask.guard import guarded
from coros_assets.commands.ask import Asked, ask
from coros_assets.commands.demo import demo_home, land_demo
from coros_assets.commands.load import load
from coros_assets.settings import load_settings
from coros_assets.stores import Stores
from coros_assets.waiting import waiting

YEARS: Final = 2
SEED: Final = 0
"""The demo that the questions are about: dates, files and roster are the same wherever it is made."""


class Outcome(StrEnum):
    """What became of a question."""

    RIGHT = "right"
    WRONG = "wrong rows"
    REFUSED = "refused"
    INVALID = "nothing that may be run"


@dataclass(frozen=True)
class Put:
    """A question that was put, what became of it, and the model's SQL or reason."""

    question: Question | Unanswerable
    outcome: Outcome
    said: str


@dataclass(frozen=True)
class Scores:
    """Shares from 0 to 1, with the counts they are of."""

    answerable: int
    of_the_roster: int
    unanswerable: int
    execution_accuracy: float
    execution_accuracy_of_the_roster: float
    refusal_accuracy: float
    wrongly_refused: float
    invalid_rate: float


def demo_stores() -> Stores:
    """The demo's stores, loaded; in the demo's own home unless COROS_HOME names another."""
    demo_home()
    land_demo(load_settings(), YEARS, SEED)
    stores = Stores(load_settings())
    if waiting(stores):
        load(stores.settings)
    return stores


def expected(stores: Stores, question: Question) -> Asked:
    """The question answered by its own SQL, through the guard and as the reader."""
    sql = guarded(question.sql)
    return Asked(question.text, sql, rows=stores.warehouse.query_as_reader(sql))


def put_all(
    stores: Stores, asked: Iterable[Question | Unanswerable], put: Callable[[Stores, str], Asked] = ask
) -> list[Put]:
    """Each question put and judged; an endpoint that fails ends it, a model that fails is an outcome."""
    return [_put(stores, question, put) for question in asked]


def _put(stores: Stores, question: Question | Unanswerable, put: Callable[[Stores, str], Asked]) -> Put:
    try:
        found = put(stores, question.text)
    except NoQueryError as error:
        return Put(question, Outcome.INVALID, str(error))
    if found.refusal:
        return Put(question, Outcome.REFUSED, found.refusal)
    is_right = isinstance(question, Question) and same_rows(expected(stores, question).rows, found.rows)
    return Put(question, Outcome.RIGHT if is_right else Outcome.WRONG, found.sql)


def scores(outcomes: Sequence[Put]) -> Scores:
    """The shares of what became of the questions."""
    answerable = [put for put in outcomes if isinstance(put.question, Question)]
    roster = [put for put in answerable if isinstance(put.question, Question) and put.question.needs_roster]
    unanswerable = [put for put in outcomes if isinstance(put.question, Unanswerable)]
    return Scores(
        len(answerable),
        len(roster),
        len(unanswerable),
        _share(answerable, Outcome.RIGHT),
        _share(roster, Outcome.RIGHT),
        _share(unanswerable, Outcome.REFUSED),
        _share(answerable, Outcome.REFUSED),
        _share(outcomes, Outcome.INVALID),
    )


def always_refusing(_: Stores, question: str) -> Asked:
    """A floor: refuses whatever is asked."""
    return Asked(question, refusal="no")


def always_counting(stores: Stores, question: str) -> Asked:
    """Another floor: answers everything with the number of runs."""
    sql = guarded("SELECT count(*) AS runs FROM gold.fact_activity")
    return Asked(question, sql, rows=stores.warehouse.query_as_reader(sql))


def _share(outcomes: Sequence[Put], wanted: Outcome) -> float:
    return sum(put.outcome is wanted for put in outcomes) / len(outcomes) if outcomes else 0.0
