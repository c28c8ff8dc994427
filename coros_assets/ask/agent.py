"""A model asked for SQL, and its answer tried: guarded, run, and sent back with the reason if it fails.

Belongs here: the conversation with its limits. Does not: what may be run (`guard.py`), what the model is
told (`schema_help.py`), or how it is reached (`endpoint.py`).

The model sees the instructions, the question, and why a statement of its own failed; never a row, nor an
error that quotes one.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import pyarrow as pa
from pydantic import BaseModel, Field
from pydantic_ai import Agent, ModelRetry, TextOutput, ToolOutput, UsageLimits
from pydantic_ai.exceptions import AgentRunError, RunTimedOut, UnexpectedModelBehavior, UsageLimitExceeded
from pydantic_ai.settings import ModelSettings

from coros_assets.ask.endpoint import Endpoint, private_client
from coros_assets.ask.failures import words_on
from coros_assets.ask.guard import RefusedStatementError, guarded
from coros_assets.ask.schema_help import instructions
from coros_assets.errors import CorosError
from coros_assets.storage.reader import FailedQueryError

LONGEST_QUESTION: Final = 1_000  # characters
RETRIES: Final = 2
LONGEST_ANSWER_TOKENS: Final = 8_000
"""Room for a model that thinks aloud first; its time is limited too."""
LIMIT_S: Final = 180.0
"""Seconds for a question with all its tries; a small model on a processor of its own may need them."""

_FENCED: Final = re.compile(r"```(?:sql)?[ \t]*\n(.*?)```", re.DOTALL | re.IGNORECASE)
_UNREADABLE: Final = (
    "It answers what cannot be read, as another kind of server than that of COROS_ASK_URL may"
)


class NoQueryError(CorosError):
    """The model gave no query that may be run, within its tries and its time."""


class Proposal(BaseModel):
    """Answer the question with one SELECT."""

    sql: str
    understood: str = Field(description="One sentence: how the question was understood.")


class Refusal(BaseModel):
    """Refuse the question."""

    reason: str = Field(description="One sentence: why the tables cannot answer it.")


@dataclass(frozen=True)
class Answer:
    """What was run and its rows; `understood` is the model's word, `statements` is how many it needed."""

    sql: str
    rows: pa.Table
    understood: str
    statements: int


@dataclass
class _Attempts:
    """The statements of one question, tried one after the other; `problem` is why the last one failed."""

    run: Callable[[str], pa.Table]
    statements: int = 0
    problem: str = ""
    answers: list[Answer] = field(default_factory=list)

    def tried(self, output: Proposal | Refusal) -> Proposal | Refusal:
        """The same, once its statement was run; the model hears why if it cannot be."""
        if isinstance(output, Refusal):
            return output
        if self.statements > RETRIES:  # one message may hold any number of them
            raise UnexpectedModelBehavior("too many statements")
        self.statements += 1
        try:
            statement = guarded(output.sql)
            rows = self.run(statement)
            self.answers.append(Answer(statement, rows, output.understood, self.statements))
        except RefusedStatementError as error:
            self.problem = str(error)
            raise ModelRetry(self.problem) from error
        except FailedQueryError as error:
            self.problem = f"PostgreSQL refuses the query: {error.of_statement}"
            raise ModelRetry(self.problem) from error
        return output

    def read(self, text: str) -> Proposal:
        """The one block of SQL in prose, for models that call no tools."""
        fenced = _FENCED.findall(text)
        if len(fenced) != 1:
            self.problem = "It answers in prose"
            raise ModelRetry("Call answer_with_query or refuse; or give exactly one ```sql block.")
        return Proposal(sql=fenced[0], understood="")


def asked(
    question: str, endpoint: Endpoint, run: Callable[[str], pa.Table], limit_s: float = LIMIT_S
) -> Answer | Refusal:
    """What `endpoint` makes of the question, with the rows that `run` gives for a guarded statement.

    Raises:
        NoQueryError: the model gives nothing that may be run, or takes too long.
        CorosError: the question is too long, or the endpoint cannot be used.
    """
    if not question.strip() or len(question) > LONGEST_QUESTION:
        raise CorosError(f"A question has 1 to {LONGEST_QUESTION:,} characters; ask in fewer words.")
    attempts = _Attempts(run)
    try:
        output = asyncio.run(_conversation(question, endpoint, attempts, limit_s))
    except RunTimedOut as error:
        raise NoQueryError(
            f"The model at {endpoint.place} took longer than {limit_s:.0f} s; ask again, ask for less, or "
            "take a faster model."
        ) from error
    except (UnexpectedModelBehavior, UsageLimitExceeded) as error:
        last = attempts.problem or _UNREADABLE
        raise NoQueryError(
            f"The model at {endpoint.place} gave nothing that may be run. The last problem: "
            f"{last.rstrip('.')}. Ask in other words, or write the query yourself: coros-assets sql."
        ) from error
    except AgentRunError as error:
        raise CorosError(words_on(error, endpoint.place)) from error
    return output if isinstance(output, Refusal) else attempts.answers[-1]


async def _conversation(
    question: str, endpoint: Endpoint, attempts: _Attempts, limit_s: float
) -> Proposal | Refusal:
    async with private_client(limit_s) as client:
        agent = Agent[object, Proposal | Refusal](
            endpoint.chat_model(client),
            output_type=[
                ToolOutput(Proposal, name="answer_with_query"),
                ToolOutput(Refusal, name="refuse"),
                TextOutput(attempts.read),
            ],
            instructions=instructions(),
            retries=RETRIES,
            model_settings=ModelSettings(temperature=0, max_tokens=LONGEST_ANSWER_TOKENS, max_retries=0),
        )
        agent.instrument = False
        agent.output_validator(attempts.tried)
        limits = UsageLimits(request_limit=1 + RETRIES)
        result = await agent.run(question, usage_limits=limits, timeout=limit_s)
    return result.output
