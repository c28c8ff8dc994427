"""What PostgreSQL itself reads in a statement: which relations, functions and columns it would touch.

Belongs here: PostgreSQL's own parse tree, as it keeps that of a view, taken apart. It is another reader of
SQL than the guard's, and the one that counts. Does not: what is allowed (`coros_assets.ask.vocabulary`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from coros_assets.ask.vocabulary import COLUMNS, FUNCTIONS
from coros_assets.storage.postgres import Connection

_CALL = re.compile(r"\{FUNCEXPR :funcid (\d+) [^{}]*?:funcformat (\d)")
_BY_CAST = ("1", "2")
_AGGREGATE = re.compile(r":(?:aggfnoid|winfnoid) (\d+)")
_TABLE = re.compile(r":rtekind \d+ :relid (\d+)")
_VALUE_FUNCTION = re.compile(r"SQLVALUEFUNCTION :op (\d+)")
_DATE_AND_TIME = {"0", "3", "4", "7", "8"}  # CURRENT_DATE, CURRENT_TIMESTAMP, LOCALTIMESTAMP
_OTHER_ROWS = re.compile(r":rtekind ([34578])")  # functions, XML tables, VALUES, named tuple stores, results
_ROW_OR_SYSTEM_COLUMN = re.compile(r"\{VAR :varno \d+ :varattno (-\d+|0) ")
SPELT_BY_GRAMMAR = {"timezone", "date"}
"""Functions that stand for AT TIME ZONE and for the difference to a date."""


@dataclass(frozen=True)
class Reading:
    """What a statement touches, by PostgreSQL's names."""

    relations: frozenset[str]
    functions: frozenset[str]
    other: frozenset[str]

    @property
    def not_listed(self) -> set[str]:
        """Whatever of it is not published or not on the list of functions."""
        tables = {f"gold.{name}" for name in COLUMNS}
        return {
            *(self.relations - tables),
            *(self.functions - set(FUNCTIONS) - SPELT_BY_GRAMMAR),
            *self.other,
        }


def reading(connection: Connection, statement: str) -> Reading:
    """PostgreSQL's reading of a SELECT, rolled back.

    Raises:
        psycopg.Error: it is none, or no view can be made of it.
    """
    with connection.transaction(force_rollback=True):
        described = connection.execute(f"SELECT * FROM ({statement}\n) AS q LIMIT 0".encode()).description
        names = ", ".join(f"c{i}" for i in range(len(described or ())))
        connection.execute(f"CREATE TEMP VIEW looked_at ({names}) AS {statement}".encode())
        tree = _one(
            connection, "SELECT ev_action::text FROM pg_rewrite WHERE ev_class = 'looked_at'::regclass"
        )
        called = {oid for oid, form in _CALL.findall(tree) if form not in _BY_CAST}
        oids = [int(oid) for oid in called | set(_AGGREGATE.findall(tree))]
        functions = _one(
            connection, "SELECT array_agg(DISTINCT proname::text) FROM pg_proc WHERE oid = ANY(%s)", [oids]
        )
        relations = _one(
            connection,
            "SELECT array_agg(relnamespace::regnamespace || '.' || relname) FROM pg_class"
            " WHERE oid = ANY(%s)",
            [[int(oid) for oid in _TABLE.findall(tree)]],
        )
    other = {f"value function {op}" for op in set(_VALUE_FUNCTION.findall(tree)) - _DATE_AND_TIME}
    other |= {f"rows of kind {kind}" for kind in _OTHER_ROWS.findall(tree)}
    other |= {f"column {number}" for number in _ROW_OR_SYSTEM_COLUMN.findall(tree)}
    return Reading(frozenset(relations or ()), frozenset(functions or ()), frozenset(other))


def _one(connection: Connection, query: str, parameters: list[object] | None = None):
    return connection.execute(query.encode(), parameters).fetchone()[0]
