"""What the guard lets through, and how it is written anew; hostile statements have files of their own."""

from __future__ import annotations

import time

import pytest

from benchmarks.ask.questions import questions
from coros_assets.ask.guard import (
    MOST_CHARACTERS,
    MOST_DEPTH,
    MOST_NODES,
    RefusedStatementError,
    guarded,
)
from coros_assets.ask.vocabulary import COLUMNS, FUNCTIONS
from coros_assets_tests.ask.postgres_reading import reading

WRITTEN_ANEW = {
    "select Runs from Fact_Day": "SELECT runs FROM gold.fact_day",
    "SELECT 1 -- words": "SELECT 1",
    "TABLE gold.fact_day": "SELECT * FROM gold.fact_day",
    "SELECT 1 AS user": 'SELECT 1 AS "user"',
    'SELECT runs AS "Runs (n)" FROM fact_day': 'SELECT runs AS "Runs (n)" FROM gold.fact_day',
    "SELECT d.runs FROM gold.fact_day d": 'SELECT "d".runs FROM gold.fact_day AS "d"',
    "WITH a AS (SELECT 1 AS n) SELECT n FROM a": 'WITH "a" AS ( SELECT 1 AS n ) SELECT n FROM "a"',
    "SELECT 'it''s' FROM fact_day": "SELECT 'it''s' FROM gold.fact_day",
    "SELECT 'DROP TABLE x; --'": "SELECT 'DROP TABLE x; --'",
    "SELECT runs FROM fact_day UNION SELECT 1": "SELECT runs FROM gold.fact_day UNION SELECT 1",
    "SELECT current_date - interval '3 days'": "SELECT CURRENT_DATE - INTERVAL '3 DAYS'",
    "SELECT b.* FROM (SELECT * FROM fact_lap) b": 'SELECT "b".* FROM ( SELECT * FROM gold.fact_lap ) AS "b"',
}
REASONS = {
    "SELECT 1; SELECT 2": "exactly one statement",
    "": "exactly one statement",
    "DROP TABLE gold.fact_lap": "Only a SELECT",
    "SELECT pg_sleep(1)": "function pg_sleep is not on the list",
    "SELECT * FROM generate_series(1, 3)": "function generate_series is not on the list",
    "SELECT * FROM pg_class": "no table",
    "SELECT nope FROM fact_day": "no column",
    "SELECT d.nope FROM fact_day d": "no column",
    "SELECT 'x'::regclass": "REGCLASS",
    "SELECT runs FROM fact_day FOR UPDATE": "FOR UPDATE",
    "SELECT 'a' || 'b'": "DPIPE",
    "SELECT E'a'": "BYTESTRING",
    "SELECT 'a\\'": "backslash",
    "SELECT (": "not SQL that can be read",
    f"SELECT {'(' * 5000}": "too deeply nested",
    "SELECT a.n FROM (SELECT 1 AS m) AS a(n)": "Name columns where they are selected",
    "SELECT a.runs FROM fact_day a, fact_lap a": "not clear",
    f"SELECT '{'x' * MOST_CHARACTERS}'": "characters",
    f"SELECT {','.join('1' for _ in range(MOST_NODES))}": "too long",
    f"SELECT 1{'+1' * MOST_DEPTH}": "too deeply nested",
}


@pytest.mark.parametrize("statement", WRITTEN_ANEW)
def test_a_statement_is_written_anew_from_its_tree(statement):
    assert " ".join(guarded(statement).split()) == WRITTEN_ANEW[statement]


@pytest.mark.parametrize("statement", REASONS, ids=range(len(REASONS)))
def test_a_refusal_says_why(statement):
    with pytest.raises(RefusedStatementError, match=r"^[A-Z].*\.$") as refused:
        guarded(statement)
    assert REASONS[statement] in str(refused.value)
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize(
    "statement",
    [
        *("SELECT " + "(" * 2900 + "1" + ")" * 2900, "SELECT " + "CASE WHEN " * 590, "SELECT a" + "[" * 5900),
        *("SELECT * FROM " + "(SELECT * FROM " * 350 + "x", "SELECT 1 WHERE 1=1" + " AND 1=1" * 650),
        *("SELECT " + "NOT " * 1400 + "1", "SELECT 1" + "::int" * 1100, "SELECT a" + ".a" * 2900, ";" * 5900),
        *("/*" * 2900, "'" * 5999, "SELECT f(" + "x -> " * 1100 + "1)", "SELECT " + "EXISTS(" * 800),
    ],
    ids=lambda statement: statement[:20],
)
def test_a_statement_that_is_hard_to_read_is_refused_at_once(statement):
    began = time.process_time()
    with pytest.raises(RefusedStatementError):
        guarded(statement)
    assert time.process_time() - began < 1


@pytest.mark.parametrize("name", COLUMNS)
def test_every_published_column_can_be_asked_for(loaded, name):
    names = ", ".join(sorted(COLUMNS[name]))
    statement = guarded(f"SELECT {names} FROM {name} AS t WHERE t.{min(COLUMNS[name])} IS NOT NULL")
    assert '"' not in statement.replace('"t"', "")
    assert loaded.warehouse.query_as_reader(statement).num_rows >= 0


CALLS = {
    "count": "count(*)",
    "extract": "extract(YEAR FROM d)",
    "date_trunc": "date_trunc('month', d)",
    "to_char": "to_char(d, 'YYYY-MM')",
    "now": "now()",
    "age": "age(d, d)",
    "make_date": "make_date(2025, 1, 2)",
    "make_interval": "make_interval(hours => 2)",
    "cardinality": "cardinality(f)",
    "width_bucket": "width_bucket(x, 0, 10, 5)",
    "split_part": "split_part(t, ' ', 1)",
    "nth_value": "nth_value(x, 2) OVER (ORDER BY x)",
    "ntile": "ntile(4) OVER (ORDER BY x)",
    **dict.fromkeys(("mod", "power", "nullif", "log"), "{}(x::numeric, 2)"),
    **dict.fromkeys(("bool_and", "bool_or"), "{}(x > 1)"),
    **dict.fromkeys(("left", "right"), "{}(t, 2)"),
    **dict.fromkeys(("lower", "upper", "length"), "{}(t)"),
    **dict.fromkeys(("starts_with",), "{}(t, 'a')"),
    **dict.fromkeys(("substring",), "{}(t, 1, 2)"),
    **dict.fromkeys(
        ("corr", "covar_pop", "covar_samp", "regr_slope", "regr_intercept", "regr_r2"), "{}(x, x)"
    ),
    **dict.fromkeys(("greatest", "least", "coalesce"), "{}(x, 2)"),
    **dict.fromkeys(("percentile_cont", "percentile_disc"), "{}(0.5) WITHIN GROUP (ORDER BY x)"),
    "mode": "mode() WITHIN GROUP (ORDER BY x)",
    **dict.fromkeys(
        ("cume_dist", "dense_rank", "percent_rank", "rank", "row_number"), "{}() OVER (ORDER BY x)"
    ),
    **dict.fromkeys(("first_value", "last_value", "lag", "lead"), "{}(x) OVER (ORDER BY x)"),
}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_listed_function_can_be_called_and_is_postgresqls_of_that_name(loaded, function):
    call = CALLS.get(function, "{}(x)").format(function)
    rows = "(SELECT distance_m AS x, activity_date AS d, activity_id AS t FROM fact_lap) AS q"
    source = "(SELECT quality_flags AS f FROM fact_activity) AS q" if function == "cardinality" else rows
    statement = guarded(f"SELECT {call} AS answer FROM {source}")
    loaded.warehouse.query_as_reader(statement)
    with loaded.warehouse.connection() as connection:
        assert reading(connection, statement).not_listed == set()


def test_every_question_of_the_benchmark_passes_and_reads_only_what_is_listed(loaded):
    assert len(questions()) >= 60
    with loaded.warehouse.connection() as connection:
        for question in questions():
            found = reading(connection, guarded(question.sql))
            assert found.not_listed == set(), question.text
            assert found.relations, question.text
