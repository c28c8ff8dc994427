"""The answers' views: hand-written rows in, expected rows out, each view with a file of its own."""

from __future__ import annotations

import csv
from typing import Any, Final

import psycopg
import pytest
from psycopg import sql

from coros_assets_tests.answers.conftest import FIXTURES

VIEWS: Final = sorted(path.stem for path in (FIXTURES / "expected").iterdir())
SMALL: Final = 1e-6


def expected(view: str) -> tuple[list[str], list[list[Any]]]:
    with (FIXTURES / "expected" / f"{view}.csv").open(encoding="utf-8") as file:
        columns, *lines = csv.reader(file)
    return columns, [[_read(text) for text in line] for line in lines]


def _read(text: str) -> Any:
    try:
        return pytest.approx(float(text), abs=SMALL) if text else None
    except ValueError:
        return text


def rows(gold: psycopg.Connection, view: str, columns: list[str]) -> list[list[Any]]:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    query = sql.SQL("SELECT {} FROM {}").format(names, sql.Identifier("gold", view))
    return [[_plain(value) for value in row] for row in gold.execute(query)]


def _plain(value: Any) -> Any:
    return value if value is None or type(value) in {int, float} else str(value)


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_gives_the_rows_written_down_for_it(gold: psycopg.Connection, view: str) -> None:
    columns, wanted = expected(view)
    found = rows(gold, view, columns)
    if view == "analysis_run":  # a view without an order of its own
        found.sort(key=lambda row: [line[0] for line in wanted].index(row[0]))
    labelled = [dict(zip(columns, row, strict=True)) for row in found]
    assert labelled == [dict(zip(columns, line, strict=True)) for line in wanted]


def test_every_view_has_a_file_of_expected_rows(gold: psycopg.Connection) -> None:
    views = gold.execute("SELECT table_name FROM information_schema.views WHERE table_schema = 'gold'")
    assert {name for (name,) in views} == set(VIEWS)


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_and_all_its_columns_are_described(gold: psycopg.Connection, view: str) -> None:
    undescribed = gold.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::text::regclass"
        " AND (attnum > 0 AND col_description(attrelid, attnum) IS NULL"
        " OR obj_description(attrelid, 'pg_class') IS NULL)",
        [f"gold.{view}"],
    )
    assert undescribed.fetchall() == []


def test_numbers_come_as_the_types_that_readers_expect(gold: psycopg.Connection) -> None:
    types = gold.execute(
        "SELECT DISTINCT data_type FROM information_schema.columns"
        " JOIN information_schema.views USING (table_schema, table_name) WHERE table_schema = 'gold'"
    )
    simple = {"text", "integer", "double precision", "boolean", "date"}
    simple |= {"timestamp with time zone", "timestamp without time zone"}
    assert {name for (name,) in types} <= simple


def test_without_a_roster_every_run_stays_and_none_has_an_arm(gold: psycopg.Connection) -> None:
    with gold.transaction(force_rollback=True):
        gold.execute("TRUNCATE gold.dim_shift")
        gold.execute(
            "UPDATE gold.fact_activity SET schedule_period = 'unknown', hours_since_night_end = NULL"
        )
        gold.execute("UPDATE gold.fact_day SET schedule_period = 'unknown'")
        found = rows(gold, "analysis_run", ["night_arm", "roster_cycle"])
        assert found == [[None, None]] * len(expected("analysis_run")[1])
        assert rows(gold, "efficiency_by_hours_since_night", ["n"]) == []


def test_without_any_activity_all_views_are_empty(gold: psycopg.Connection) -> None:
    with gold.transaction(force_rollback=True):
        gold.execute("TRUNCATE gold.fact_activity, gold.fact_best_effort, gold.fact_day, gold.dim_shift")
        assert [rows(gold, view, expected(view)[0]) for view in VIEWS] == [[]] * len(VIEWS)


def test_an_arm_does_not_depend_on_the_zone_of_the_session(gold: psycopg.Connection) -> None:
    columns = ["activity_id", "night_arm", "hour_of_day", "hours_until_night_start"]
    utc = rows(gold, "analysis_run", columns)
    with gold.transaction(force_rollback=True):
        gold.execute("SET LOCAL TimeZone = 'Pacific/Auckland'")
        assert sorted(rows(gold, "analysis_run", columns), key=str) == sorted(utc, key=str)
