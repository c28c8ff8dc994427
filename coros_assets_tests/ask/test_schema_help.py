"""What the model is told of the tables: all that the reader may see, in few words, and no row."""

from __future__ import annotations

import pytest

from coros_assets.ask.schema_help import instructions
from coros_assets.ask.vocabulary import FUNCTIONS, PUBLISHED
from coros_assets_tests.ask.conftest import INJECTED

MOST_CHARACTERS = 30_000
"""About 8,000 tokens: fits a window of 16,000 with question and answer."""


@pytest.mark.parametrize("table", PUBLISHED, ids=lambda table: table.name)
def test_every_published_table_and_column_is_named(table):
    head, _, rest = instructions().partition(f"\n{table.qualified_name} (key ")
    assert head != instructions()
    assert table.description in rest
    block = rest.split("\ngold.")[0] if table.name not in {"answer_night_shift", "answer_next_day"} else rest
    missing = [column.name for column in table.columns if column.name not in block]
    assert missing == []


def test_the_published_tables_are_those_that_the_reader_can_see(loaded):
    seen = loaded.warehouse.query_as_reader(
        "SELECT table_schema || '.' || table_name AS name FROM information_schema.tables"
        " WHERE table_schema NOT IN ('pg_catalog', 'information_schema')"
    )
    assert set(seen["name"].to_pylist()) == {table.qualified_name for table in PUBLISHED}


def test_the_functions_are_named_and_the_text_is_short():
    assert f"Functions: {', '.join(sorted(FUNCTIONS))}." in instructions()
    assert len(instructions()) < MOST_CHARACTERS


def test_no_row_is_in_it(loaded):
    assert loaded.warehouse.read_table("activity_source")["device"].to_pylist() == [INJECTED]
    assert INJECTED not in instructions()
