"""The measures on the simulated runner's two years, from her files through gold."""

from __future__ import annotations

from pathlib import Path

import pytest

from coros_assets.settings import Settings
from coros_assets.stores import Stores
from coros_assets_tests.commands.test_cli import run
from coros_assets_tests.powerbi.measures import (
    FILTERS,
    TWINS,
    WINDOWS,
    Rows,
    evaluated,
    measure_problems,
    orphans,
)
from coros_assets_tests.powerbi.source import Project


def test_every_measure_has_a_value_under_some_filter(rows: Rows) -> None:
    """So that none agrees with its twin by being empty."""
    empty = [
        name
        for name in TWINS.keys() - set(WINDOWS)
        if all(rows.twins[each.name, name] is None for each in FILTERS)
    ]
    assert empty == []


def test_pace_and_time_are_shown_as_a_runner_writes_them(project: Project, rows: Rows) -> None:
    formats = {
        name: measure.node.child("formatStringDefinition") for name, measure in project.measures.items()
    }
    shown = {
        name: node.expression.replace("SELECTEDMEASURE()", "[value]")
        for name, node in formats.items()
        if node
    }
    assert "Pace s per km" in shown
    for value, minutes, hours in (
        ("332.4", "5:32", "0:05:32"),
        ("359.6", "6:00", "0:06:00"),
        ("11045", "184:05", "3:04:05"),
    ):
        texts = evaluated(project, rows, {**shown, "value": value}, FILTERS[0])
        wanted = {name: hours if name == "Best time s" else minutes for name in shown}
        assert {name: texts[name].strip('"') for name in shown} == wanted


def test_every_foreign_key_finds_its_row_and_one_that_does_not_is_named(project: Project, rows: Rows) -> None:
    assert orphans(project, rows) == []
    without = {**rows.tables["dim_date"], "rows": rows.tables["dim_date"]["rows"][400:]}
    cut = Rows(rows.warehouse, {**rows.tables, "dim_date": without})
    assert {each.split(",")[0] for each in orphans(project, cut)} == {
        "('fact_activity'",
        "('fact_day'",
        "('dim_shift'",
    }


@pytest.mark.slow
def test_on_the_simulated_runner_dax_says_what_sql_says(project: Project, tmp_path: Path) -> None:
    run(tmp_path / "home", "demo")
    warehouse = Stores(Settings(home=tmp_path / "home", home_timezone="Europe/Vienna")).warehouse
    rows = Rows.of(warehouse, project)
    assert list(measure_problems(project, rows)) == []
    assert orphans(project, rows) == []
