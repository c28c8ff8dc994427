"""The model's tables stand in the real database, and so do the views that serve it and its readers."""

from __future__ import annotations

import pytest

from coros_assets.contract import Table
from coros_assets.powerbi.model import MODEL_TABLES
from coros_assets.powerbi.pages import PAGES
from coros_assets.powerbi.parts import Page
from coros_assets.storage.warehouse import Warehouse
from coros_assets.tables import GOLD_TABLES, GOLD_VIEWS
from coros_assets_tests.powerbi.database import Columns

BY_QUESTION = """
    SELECT question_number, sort_order, estimate, family, question FROM gold.answer_estimate
    ORDER BY question_number, sort_order
"""


@pytest.mark.parametrize("table", [*GOLD_TABLES, *GOLD_VIEWS], ids=lambda table: table.name)
def test_a_contract_names_the_columns_of_gold_in_their_order(filled: Warehouse, table: Table) -> None:
    found = filled.query_as_reader(
        "SELECT attname, format_type(atttypid, atttypmod) AS type FROM pg_attribute"
        f" WHERE attrelid = 'gold.{table.name}'::regclass AND attnum > 0 ORDER BY attnum"
    )
    written = {"timestamp with time zone": "timestamptz", "timestamp without time zone": "timestamp"}
    types = [written.get(row["type"], row["type"]) for row in found.to_pylist()]
    assert list(zip(found["attname"].to_pylist(), types, strict=True)) == [
        (column.name, column.type.postgres) for column in table.columns
    ]


@pytest.mark.parametrize("view", GOLD_VIEWS, ids=lambda view: view.name)
def test_a_view_leaves_nothing_empty_that_its_contract_requires(filled: Warehouse, view: Table) -> None:
    rows = filled.read_table(view.name)
    assert rows.num_rows
    assert rows.select(view.key).group_by(list(view.key)).aggregate([]).num_rows == rows.num_rows
    view.conform(rows)


def test_every_view_of_gold_has_a_contract(filled: Warehouse) -> None:
    found = filled.query_as_reader("SELECT viewname::text FROM pg_views WHERE schemaname = 'gold'")
    assert set(found["viewname"].to_pylist()) == {view.name for view in GOLD_VIEWS}


def test_the_estimates_of_a_question_begin_with_the_primary_one(filled: Warehouse) -> None:
    rows = filled.query_as_reader(BY_QUESTION).to_pylist()
    families = ["primary", "sensitivity", "secondary", "naive"]
    assert [row["family"] for row in rows] == families * 3
    assert [row["estimate"] for row in rows[:2]] == ["1 primary", "2 sensitivity"]
    assert [row["question_number"] for row in rows] == [1] * 4 + [2] * 4 + [3] * 4


def test_shift_blocks_come_in_one_order(filled: Warehouse) -> None:
    blocks = filled.query_as_reader(
        "SELECT schedule_period FROM gold.dim_schedule_period ORDER BY sort_order"
    )
    assert blocks["schedule_period"].to_pylist() == ["day", "night", "off", "unknown"]


def test_a_flag_is_a_row_of_its_own(filled: Warehouse) -> None:
    wanted = "SELECT activity_id, quality_flags FROM gold.fact_activity ORDER BY activity_id"
    flags = [
        (row["activity_id"], flag)
        for row in filled.query_as_reader(wanted).to_pylist()
        for flag in row["quality_flags"]
    ]
    found = filled.read_table("activity_quality_flag").sort_by(
        [("activity_id", "ascending"), ("quality_flag", "ascending")]
    )
    assert [tuple(row.values()) for row in found.to_pylist()] == flags


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_shows_stands_in_named_tables_and_views_too(page: Page, gold: Columns) -> None:
    assert page.counterparts
    assert set(page.counterparts) <= {table for table, _ in gold}


def test_no_list_reaches_the_model(gold: Columns) -> None:
    assert {table.name for table in MODEL_TABLES} <= {table for table, _ in gold}
    assert ("fact_activity", "quality_flags") not in gold
    assert ("activity_quality_flag", "quality_flag") in gold
