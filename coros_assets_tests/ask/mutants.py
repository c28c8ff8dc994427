"""Statements that nobody wrote: questions' SQL changed in its tree or in its text.

Belongs here: what is put where. Does not: what should come of it (`test_guard_properties.py`).
"""

from __future__ import annotations

import sqlglot
from hypothesis import strategies as st
from sqlglot import exp

from benchmarks.ask.questions import questions

GOLD = [question.sql for question in questions()]
HOSTILE_VALUES = (
    *("pg_sleep(0)", "random()", "pg_backend_pid()", "current_user", "current_setting('x')", "version()"),
    *("(SELECT rolname FROM pg_roles LIMIT 1)", "(SELECT count(*) FROM ledger.date_state)", "row_to_json(q)"),
    *("lo_create(0)", "pg_notify('x', 'y')", "set_config('x.y', 'z', false)", "repeat('x', 9)", "'x' || 'y'"),
    *("q.row_to_json", "ctid", "tableoid", "xmin", "run", "day", "user", "'pg_class'::regclass", "ROW(1)"),
    *("ARRAY[1]", "$$x$$", "E'x'", "zone"),
)
PLAIN_VALUES = (
    *("1", "1.5", "NULL", "TRUE", "'x'", "now()", "current_date", "runs", "distance_m", "activity_date"),
    *("count(*)", "avg(distance_m)", "lag(load) OVER (ORDER BY load)", "CASE WHEN TRUE THEN 1 END", "abs(1)"),
    *("(SELECT max(runs) FROM gold.fact_day)", "round(2.5)", "EXISTS (SELECT 1 FROM gold.dim_shift)"),
)
HOSTILE_NAMES = (
    *("pg_class", "pg_roles", "date_state", "pg_sleep", "row_to_json", "ctid", "user", "current_user"),
    *("ledger", "pg_catalog", "information_schema", 'a"b', "x; DROP TABLE y", "", "p" * 70),
)
PLAIN_NAMES = (
    "fact_day",
    "fact_lap",
    "fact_activity",
    "runs",
    "activity_date",
    "kind",
    "gold",
    "Fact_Day",
    "q",
)
TEXTS = (
    *(
        ";",
        "; SELECT 1",
        "--",
        "/*",
        "*/",
        "/* */",
        "$$",
        "'",
        '"',
        "\\",
        "E'",
        "U&'",
        "(",
        ")",
        ",",
        "::regclass",
    ),
    *(" FOR UPDATE", " INTO mine ", " UNION SELECT oid FROM pg_class ", " UNION ALL SELECT 1 ", " LATERAL "),
    *(
        " RECURSIVE ",
        " pg_sleep(1) ",
        " || ",
        " AND pg_sleep(1) IS NULL ",
        " LIMIT 3 ",
        " pg_catalog.",
        "gold.",
    ),
    *(
        " CROSS JOIN pg_roles ",
        " TABLESAMPLE SYSTEM (1) ",
        " ONLY ",
        " AS ",
        " NOT ",
        "\0",
        "\N{ZERO WIDTH SPACE}",
    ),
)


@st.composite
def changed_trees(draw: st.DrawFn) -> str:
    """One or two values of a question's tree replaced, or names changed."""
    tree = sqlglot.parse_one(draw(st.sampled_from(GOLD)), dialect="postgres")
    for _ in range(draw(st.integers(1, 2))):
        nodes = [node for node in tree.walk() if node.parent is not None]
        is_hostile = draw(st.integers(0, 2)) == 0
        if draw(st.integers(0, 2)):
            places = [node for node in nodes if isinstance(node, exp.Column | exp.Literal | exp.Func)]
            value = draw(st.sampled_from(HOSTILE_VALUES if is_hostile else PLAIN_VALUES))
            draw(st.sampled_from(places or nodes)).replace(sqlglot.parse_one(value, dialect="postgres"))
        else:
            name = draw(st.sampled_from([node for node in nodes if isinstance(node, exp.Identifier)]))
            name.set("this", draw(st.sampled_from(HOSTILE_NAMES if is_hostile else PLAIN_NAMES)))
            name.set("quoted", draw(st.booleans()))
    return tree.sql("postgres")


@st.composite
def changed_texts(draw: st.DrawFn) -> str:
    """A question's text with pieces put in, cut out or doubled."""
    text = draw(st.sampled_from(GOLD))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.sampled_from([start, min(len(text), start + 8)]))
        text = text[:start] + draw(st.sampled_from(TEXTS)) + text[end:]
    return text


MUTANTS = st.one_of(changed_trees(), changed_trees(), changed_trees(), changed_texts(), st.text(max_size=60))
