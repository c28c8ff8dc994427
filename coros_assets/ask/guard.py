"""The second boundary around a statement that a model wrote; the first is the database role.

Belongs here: whether a statement is one SELECT of published tables and listed functions, and the text that
is run instead of the model's. Does not: the lists (`vocabulary.py`), or running it (`storage/reader.py`).

What is run is written anew from the tree that was looked at, never the model's text: where a parser here
and PostgreSQL's read a text differently (escapes, comments, quoting), only the tree counts. Every name that
is not of the catalogue is quoted, so that none can be a keyword. The new text must be read back as the same
tree. A reader of SQL that errs in spite of this meets the role, which can read gold and nothing else.
"""

from __future__ import annotations

import logging
import re
from typing import Final, cast

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.scope import Scope, traverse_scope

from coros_assets.ask.vocabulary import (
    CATALOGUE_NAMES,
    COLUMNS,
    NODES,
    SCHEMA,
    TYPES,
    UNNAMED_IN_TREE,
)
from coros_assets.errors import CorosError, first_line
from coros_assets.inert import printable

MOST_CHARACTERS: Final = 6_000
MOST_NODES: Final = 1_000
MOST_DEPTH: Final = 60
MOST_TABLES: Final = 12
"""Tables, CTEs included, that a statement may name: each one more multiplies the rows of a cross join."""
_LONGEST_NAME: Final = 63  # PostgreSQL's own

_DIALECT: Final = "postgres"
_TOO_DEEP: Final = "The statement is too long or too deeply nested; make it simpler."
_WORD: Final = re.compile(r"\w+", re.ASCII)
_ROOTS: Final = (exp.Select, exp.Union, exp.Intersect, exp.Except)

logging.getLogger("sqlglot").addHandler(logging.NullHandler())  # its warnings refuse nothing; this does


class RefusedStatementError(CorosError):
    """A statement that is not run; the text is a sentence that says why, for a person and for the model."""


def guarded(statement: str) -> str:
    """The one SELECT that `statement` is, written anew, with schema and quotes.

    Raises:
        RefusedStatementError: it is something else, or holds what is not listed.
    """
    tree = _parsed(statement)
    _check_size(tree)
    for node in tree.walk():
        _check_node(node)
    _resolve_tables(tree)
    try:
        _check_columns(tree)
    except SqlglotError as error:
        raise RefusedStatementError(f"The statement is not clear: {first_line(error)}.") from error
    text = tree.sql(_DIALECT, pretty=True, comments=False)
    if _parsed(text).sql(_DIALECT, pretty=True, comments=False) != text:
        raise RefusedStatementError("The statement changes when it is written anew; write it plainly.")
    return text


def _parsed(statement: str) -> exp.Expr:
    if len(statement) > MOST_CHARACTERS:
        raise RefusedStatementError(f"The statement has more than {MOST_CHARACTERS:,} characters.")
    if "\0" in statement or "\\" in statement:
        raise RefusedStatementError("The statement holds a backslash or a zero byte; do without.")
    try:
        trees = sqlglot.parse(statement, dialect=_DIALECT)
    except RecursionError as error:
        raise RefusedStatementError(_TOO_DEEP) from error
    except (SqlglotError, ValueError) as error:
        words = first_line(error).split(". Line")[0]
        raise RefusedStatementError(f"The statement is not SQL that can be read: {words}.") from error
    if len(trees) != 1 or not isinstance(trees[0], exp.Expr):
        raise RefusedStatementError("Give exactly one statement.")
    if type(trees[0]) not in _ROOTS:
        raise RefusedStatementError("Only a SELECT is run, or several joined by UNION, INTERSECT or EXCEPT.")
    return trees[0]


def _check_size(tree: exp.Expr) -> None:
    nodes = list(tree.walk())
    tables = sum(isinstance(node, exp.Table) for node in nodes)
    if tables > MOST_TABLES:
        raise RefusedStatementError(f"The statement names more than {MOST_TABLES} tables; use fewer.")
    if len(nodes) > MOST_NODES or max(node.depth for node in nodes) > MOST_DEPTH:
        raise RefusedStatementError(_TOO_DEEP)


def _check_node(node: exp.Expr) -> None:
    """Refuses a kind of node, a function, a type or a word that is not listed; quotes foreign names."""
    if type(node) not in NODES:
        raise RefusedStatementError(_not_listed(node))
    match node:
        case exp.Anonymous() if not isinstance(node.this, str) or node.name.lower() not in UNNAMED_IN_TREE:
            raise RefusedStatementError(_not_listed(node))
        case exp.With() if node.args.get("recursive") or not (
            isinstance(node.parent, _ROOTS) and node.parent.parent is None
        ):
            raise RefusedStatementError("WITH may stand at the beginning alone, and never be RECURSIVE.")
        case exp.TableAlias() if node.columns:
            raise RefusedStatementError("Name columns where they are selected, not behind a table's name.")
        case exp.DataType() if node.this not in TYPES or node.args.get("nested"):
            raise RefusedStatementError(f"Values may not be cast to {_shown(node)}.")
        case exp.Var() if not all(map(_WORD.fullmatch, node.name.split())):
            raise RefusedStatementError(f"The word {_shown(node)} is not known.")
        case exp.Identifier():
            _check_identifier(node)
        case _:
            pass


def _not_listed(node: exp.Expr) -> str:
    if isinstance(node, exp.Func):
        called = node.sql(_DIALECT, comments=False).split("(")[0].lower()
        return f"The function {printable(called, 40)} is not on the list of those that may be called."
    return f"The statement holds {_shown(node)}, which is not on the list of what a question needs."


def _shown(node: exp.Expr) -> str:
    return f"{type(node).__name__.upper()} ({printable(node.sql(_DIALECT, comments=False), 60)})"


def _check_identifier(name: exp.Identifier) -> None:
    """Folds a bare name to lower case as PostgreSQL does; quotes it unless the catalogue has it."""
    if not name.args.get("quoted"):
        name.set("this", name.name.lower())
    if not name.name or name.name != printable(name.name, _LONGEST_NAME) or '"' in name.name:
        raise RefusedStatementError(f"The name {printable(name.name, 30)} is too long or not plain.")
    name.set("quoted", name.name not in CATALOGUE_NAMES)


def _resolve_tables(tree: exp.Expr) -> None:
    """Gives every table its schema; a name without one may be a CTE that stands before it."""
    with_ = tree.args.get("with_")
    known: set[str] = set()
    for cte in with_.expressions if with_ else ():
        for table in cte.this.find_all(exp.Table):
            _resolve_table(table, known)
        if cte.alias.startswith("pg_") or cte.alias in COLUMNS:
            raise RefusedStatementError(f"A CTE may not be called {printable(cte.alias)}; that is a table.")
        known.add(cte.alias)
    for table in tree.find_all(exp.Table):
        if table.find_ancestor(exp.CTE) is None:
            _resolve_table(table, known)


def _resolve_table(table: exp.Table, ctes: set[str]) -> None:
    if isinstance(table.this, exp.Identifier) and not table.catalog:
        if table.name in COLUMNS and table.db in ("", SCHEMA):
            table.set("db", exp.to_identifier(SCHEMA))
            return
        if table.name in ctes and not table.db:
            return
    raise RefusedStatementError(
        f"There is no table {printable(table.sql(_DIALECT), 60)} to be read, only those of schema {SCHEMA}."
    )


def _check_columns(tree: exp.Expr) -> None:
    """Refuses a column that no table here has and the statement does not name itself.

    `table.name` calls a function in PostgreSQL where the table has no such column, and a bare name may be
    the whole row or a system column.
    """
    named = {alias.alias for alias in tree.find_all(exp.Alias)}
    bare = named.union(*(COLUMNS.get(table.name, ()) for table in tree.find_all(exp.Table)))
    resolved: set[int] = set()
    for scope in traverse_scope(tree):
        sources = {name: _columns_of(source) for name, (_, source) in scope.selected_sources.items()}
        for column in scope.columns:
            if column.table in sources:
                if column.name not in sources[column.table]:
                    raise RefusedStatementError(_no_column(column))
                resolved.add(id(column))
    for column in tree.find_all(exp.Column):
        is_known = isinstance(column.this, exp.Star) or id(column) in resolved
        if not is_known and (column.table or column.name not in bare):
            raise RefusedStatementError(_no_column(column))


def _no_column(column: exp.Column) -> str:
    return f"There is no column {printable(column.sql(_DIALECT), 60)} in the tables named."


def _columns_of(source: exp.Table | Scope) -> frozenset[str]:
    """The names of the columns of a table, a CTE or a subquery; those of a union are its first part's."""
    if isinstance(source, exp.Table):
        return COLUMNS.get(source.name, frozenset())
    if source.set_operation_scopes:
        return _columns_of(source.set_operation_scopes[0])
    names: set[str] = set()
    for selected in cast("exp.Select", source.expression).selects:
        if selected.is_star:
            wanted = selected.table if isinstance(selected, exp.Column) else ""
            for name, (_, inner) in source.selected_sources.items():
                names |= _columns_of(inner) if wanted in ("", name) else frozenset()
        else:
            names.add(selected.alias_or_name)
    return frozenset(names)
