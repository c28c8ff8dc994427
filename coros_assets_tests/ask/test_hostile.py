"""Hostile statements, at both boundaries: the guard refuses each, and the role alone keeps each harmless."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path

import pytest

import coros_assets_tests.storage.test_reader as reader_tests
from coros_assets.ask.guard import RefusedStatementError, guarded
from coros_assets.errors import CorosError
from coros_assets.storage import reader
from coros_assets.storage.warehouse import Warehouse

HERE = Path(__file__).with_name("hostile.sql")
MORE = [line for line in HERE.read_text(encoding="utf-8").splitlines() if not line.startswith("--")]
HOSTILE = sorted({*MORE, *reader_tests.REFUSED, *reader_tests.ONLY_BY_ITSELF})
STATE = (
    "SELECT nspname, nspacl::text FROM pg_namespace",
    "SELECT rolname, rolsuper, rolcreaterole, rolcreatedb, rolconnlimit FROM pg_roles",
    "SELECT setdatabase, setrole, setconfig FROM pg_db_role_setting",
    "SELECT relname, relnamespace, relkind, relacl::text, relpages >= 0 FROM pg_class",
    "SELECT proname, pronamespace, proacl::text FROM pg_proc",
    "SELECT attrelid, attname, atttypid FROM pg_attribute WHERE NOT attisdropped",
    "SELECT extname FROM pg_extension",
    "SELECT oid::text FROM pg_largeobject_metadata",
    "SELECT gid FROM pg_prepared_xacts",
    "SELECT datname, datacl::text FROM pg_database",
    "SELECT locktype, objid FROM pg_locks WHERE locktype = 'advisory'",
)


def state_of(warehouse: Warehouse) -> dict[str, str]:
    """A digest of the catalogue, and one of every row of every table of ours."""
    found = {}
    with warehouse.connection() as connection:
        tables = connection.execute(
            "SELECT schemaname || '.' || tablename FROM pg_tables ORDER BY 1"
        ).fetchall()
        ours = [
            f"SELECT t::text FROM {name} AS t"
            for (name,) in tables
            if name.split(".")[0] in ("gold", "ledger")
        ]
        for query in (*STATE, *ours):
            found[query] = _digest(connection, query)
    return found


def test_there_are_at_least_two_hundred_hostile_statements():
    assert len(MORE) == len(set(MORE))
    assert len(HOSTILE) >= 250


@pytest.mark.parametrize("statement", HOSTILE)
def test_the_guard_refuses_a_hostile_statement_with_a_sentence(statement):
    with pytest.raises(RefusedStatementError, match=r"^[A-Z].*\.$"):
        guarded(statement)


def test_without_the_guard_the_role_keeps_every_hostile_statement_harmless(loaded, monkeypatch):
    monkeypatch.setattr(reader, "LIMIT_S", 0.4)
    before = state_of(loaded.warehouse)
    failed = 0
    for statement in HOSTILE:
        try:
            loaded.warehouse.query_as_reader(statement, first=1)
        except CorosError:
            failed += 1
    assert state_of(loaded.warehouse) == before
    assert failed > len(HOSTILE) / 2


def test_the_comparison_of_states_sees_a_changed_row_a_new_table_and_a_grant(loaded):
    changes = (
        "UPDATE gold.fact_lap SET lap_index = 9999 WHERE lap_index = 3",
        "CREATE TABLE gold.mine (x int)",
        "GRANT SELECT ON ledger.date_state TO coros_reader",
        "ALTER ROLE coros_reader CREATEROLE",
        "SELECT lo_create(0)",
    )
    before = state_of(loaded.warehouse)
    for change in changes:
        with suppress(ZeroDivisionError), loaded.warehouse.connection() as connection:
            connection.execute(change)
            inside = {query: _digest(connection, query) for query in before}
            assert inside != before, change
            raise ZeroDivisionError
    assert state_of(loaded.warehouse) == before


def _digest(connection, query: str) -> str:
    rows = sorted(map(str, connection.execute(query).fetchall()))
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()
