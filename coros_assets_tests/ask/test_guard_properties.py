"""Whatever the guard lets through holds only what is listed, as PostgreSQL reads it, and changes nothing.

With planted faults: wherever the guard is made weaker, the hostile statements or PostgreSQL's reading tell.
"""

from __future__ import annotations

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from sqlglot import exp

from coros_assets.ask import guard
from coros_assets.ask.guard import RefusedStatementError, guarded
from coros_assets.ask.vocabulary import FUNCTIONS, NODES, TYPES
from coros_assets.errors import CorosError
from coros_assets.storage import reader
from coros_assets_tests.ask.mutants import MUTANTS
from coros_assets_tests.ask.postgres_reading import reading
from coros_assets_tests.ask.test_hostile import HOSTILE, state_of

SMUGGLED = (
    "SELECT user, 1 AS user",
    "SELECT d.row_to_json, 1 AS row_to_json FROM gold.fact_day AS d",
    "WITH a AS (SELECT * FROM gold.fact_lap) SELECT a.pg_typeof, 1 AS pg_typeof FROM a",
    "SELECT runs, 1 AS tableoid FROM gold.fact_day ORDER BY tableoid",
    'SELECT "current_user", 1 AS "current_user"',
)
"""Statements that a guard which looks at names alone lets through with a call in them."""


def unlisted(connection, statement: str) -> set[str]:
    """What PostgreSQL reads in a statement and no list has; nothing if it is no statement to it."""
    try:
        return reading(connection, statement).not_listed
    except psycopg.Error:
        return set()


def escaped(connection, statements) -> dict[str, set[str]]:
    """The statements that the guard lets through though they are hostile or hold what is not listed."""
    found = {}
    for statement in statements:
        try:
            text = guarded(statement)
        except RefusedStatementError:
            continue
        problems = unlisted(connection, text)
        if statement in HOSTILE or problems:
            found[statement] = problems
    return found


def examine(stores, examples: int) -> tuple[int, int]:
    """Tries so many mutants; returns how many passed, and how many of those PostgreSQL could run."""
    passed, ran = [], []

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(MUTANTS)
    def holds(statement: str) -> None:
        try:
            text = guarded(statement)
        except RefusedStatementError:
            return
        passed.append(text)
        assert unlisted(connection, text) == set()
        try:
            stores.warehouse.query_as_reader(text, first=2)
            ran.append(text)
        except CorosError:
            pass

    with stores.warehouse.connection() as connection:
        holds()
    return len(passed), len(ran)


def test_what_passes_reads_only_what_is_listed_and_changes_nothing(loaded, monkeypatch):
    monkeypatch.setattr(reader, "LIMIT_S", 1)
    before = state_of(loaded.warehouse)
    passed, ran = examine(loaded, 300)
    assert state_of(loaded.warehouse) == before
    assert passed > 50
    assert ran > 25


@pytest.mark.slow
def test_what_passes_of_many_mutants_reads_only_what_is_listed(loaded, monkeypatch):
    monkeypatch.setattr(reader, "LIMIT_S", 1)
    before = state_of(loaded.warehouse)
    passed, ran = examine(loaded, 5_000)
    assert state_of(loaded.warehouse) == before
    assert ran > 500
    assert passed > ran


def test_nothing_that_is_smuggled_in_by_a_name_is_called(loaded):
    with loaded.warehouse.connection() as connection:
        assert escaped(connection, (*HOSTILE, *SMUGGLED)) == {}


def nothing(*_: object) -> None:
    """Takes a check's place."""


FAULTS = {
    "one function more, without a node of its own": {
        "UNNAMED_IN_TREE": {*guard.UNNAMED_IN_TREE, "pg_postmaster_start_time"}
    },
    "one function more, with a node of its own": {"NODES": NODES | {exp.ExplodingGenerateSeries}},
    "row locks": {"NODES": NODES | {exp.Lock}},
    "INTO, which the tables' names stop too": {"NODES": NODES | {exp.Into}, "_resolve_tables": nothing},
    "deleting CTEs": {"NODES": NODES | {exp.Delete, exp.Returning}},
    "text put together": {"NODES": NODES | {exp.DPipe}},
    "arrays taken apart": {"NODES": NODES | {exp.Bracket}},
    "types of any kind": {"TYPES": frozenset(exp.DType)},
    "tables of any name": {"_resolve_tables": nothing},
    "columns of any name": {"_check_columns": nothing},
    "names as they stand": {"_check_identifier": nothing},
    "any depth and length": {"_check_size": nothing},
    "rows made of values": {"NODES": NODES | {exp.Values}, "_ROOTS": (exp.Select, exp.Values)},
    "statements of other kinds": {"NODES": NODES | {exp.Command}, "_ROOTS": (exp.Select, exp.Command)},
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_guard_that_is_weaker_in_one_place_is_noticed(loaded, monkeypatch, name):
    for attribute, weaker in FAULTS[name].items():
        monkeypatch.setattr(guard, attribute, weaker)
    with loaded.warehouse.connection() as connection:
        assert escaped(connection, (*HOSTILE, *SMUGGLED))


def test_the_lists_have_what_the_faults_add_nowhere():
    assert not NODES & {exp.Lock, exp.Into, exp.Delete, exp.DPipe, exp.Command, exp.Lateral, exp.Values}
    assert not {"pg_sleep", "generate_series", "set_config"} & set(FUNCTIONS)
    assert exp.DType.XML not in TYPES
