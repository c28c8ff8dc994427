"""A question in plain language, brought to the endpoint of the settings and to the warehouse.

Belongs here: what must be set up first, and how many rows are fetched. Does not: the conversation (`ask/`)
or printing (`display.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import pyarrow as pa

from coros_assets.errors import CorosError
from coros_assets.extras import require_extra
from coros_assets.settings import Settings
from coros_assets.stores import Stores

MOST_ROWS_SHOWN: Final = 200
_NOT_SET_UP: Final = (
    "No model is set up: put COROS_ASK_URL (an OpenAI-compatible endpoint, such as that of a model server on "
    "this machine, http://127.0.0.1:11434/v1) and COROS_ASK_MODEL into the environment or .env, and "
    "COROS_ASK_KEY if the endpoint asks for one. Your question and the description of the tables would be "
    "sent there, never a row of your data."
)


@dataclass(frozen=True)
class Asked:
    """A question and its answer; `refusal` is the model's reason where there is none.

    `rows` are at most 200; `is_cut` says that there were more. `understood` is how the model took it.
    """

    question: str
    sql: str = ""
    understood: str = ""
    rows: pa.Table = field(default_factory=lambda: pa.table({}))
    is_cut: bool = False
    refusal: str = ""


def ask(stores: Stores, question: str) -> Asked:
    """The answer to a question, from SQL that the model wrote, the guard let through and the reader ran.

    Raises:
        CorosError: no model is set up, it cannot be reached, or it gave nothing that may be run.
    """
    settings = stores.settings
    check_set_up(settings)
    from coros_assets.ask.agent import Refusal, asked
    from coros_assets.ask.endpoint import Endpoint
    from coros_assets.ask.prose import without_new_numbers

    def run(statement: str) -> pa.Table:
        return stores.warehouse.query_as_reader(statement, first=MOST_ROWS_SHOWN + 1)

    found = asked(question, Endpoint(settings.ask_url, settings.ask_model, settings.ask_key), run)
    if isinstance(found, Refusal):
        reason = without_new_numbers(found.reason, question)
        return Asked(question, refusal=reason or "it gives no reason that can be shown")
    return Asked(
        question,
        found.sql,
        without_new_numbers(found.understood, question, found.sql),
        found.rows.slice(0, MOST_ROWS_SHOWN),
        is_cut=found.rows.num_rows > MOST_ROWS_SHOWN,
    )


def check_set_up(settings: Settings) -> None:
    """Says what to set up before a question can be asked.

    Raises:
        CorosError: no endpoint or no model is named, or a package is missing.
    """
    if not (settings.ask_url and settings.ask_model):
        raise CorosError(_NOT_SET_UP)
    require_extra("ask", "pydantic_ai", "sqlglot")
