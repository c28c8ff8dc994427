"""A database with the gold tables, the answers' views and a few hand-written rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import psycopg
import pytest

from coros_assets.storage.embedded import embedded_url
from coros_assets.storage.statements import scripts
from coros_assets.tables import DIM_SHIFT, FACT_ACTIVITY, FACT_BEST_EFFORT, FACT_DAY
from coros_assets.views import ANSWER_VIEWS

FIXTURES: Final = Path(__file__).parent / "fixtures"


@pytest.fixture(scope="session")
def gold(session_home: Path) -> Iterator[psycopg.Connection]:
    """The views over the rows of `fixtures/given`, which name only the columns in question."""
    with psycopg.connect(embedded_url(session_home, "answer_views"), autocommit=True) as connection:
        connection.execute("CREATE SCHEMA gold")
        for table in (FACT_ACTIVITY, FACT_BEST_EFFORT, FACT_DAY, DIM_SHIFT):
            text = (FIXTURES / "given" / f"{table.name}.csv").read_text(encoding="utf-8")
            given = text.splitlines()[0].split(",")
            connection.execute(table.ddl.encode())
            for column in table.columns:
                if column.required and column.name not in given:
                    connection.execute(
                        f"ALTER TABLE {table.qualified_name} ALTER {column.name} DROP NOT NULL".encode()
                    )
            query = f"COPY {table.qualified_name} ({', '.join(given)}) FROM STDIN (FORMAT csv, HEADER)"
            with connection.cursor() as cursor, cursor.copy(query.encode()) as copy:
                copy.write(text)
        for script in scripts("coros_assets.answers"):
            connection.execute(script.encode())
        for view in ANSWER_VIEWS:
            connection.execute(view.comments("VIEW").encode())
        yield connection
