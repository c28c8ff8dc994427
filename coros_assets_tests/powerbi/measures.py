"""DAX = SQL: each measure, evaluated by a DAX engine on gold's rows, against its twin in `twins.sql`.

Belongs here: filters in both languages, evaluating, comparing. Does not: the rows (`gold_rows.py`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import psycopg
from pbix_mcp.dax.engine import evaluate_measures_batch

from coros_assets.powerbi.model import MEASURES
from coros_assets.storage.warehouse import Warehouse
from coros_assets_tests.powerbi.source import Project

TOLERANCE: Final = 1e-9
DATE_TABLE: Final = "dim_date"
_HEAD, *_SECTIONS = (
    Path(__file__)
    .with_name("twins.sql")
    .read_text(encoding="utf-8")
    .replace("\n-- window: ", "\n-- measure: ")
).split("\n-- measure: ")
TWINS: Final = {name: query for name, _, query in (section.partition("\n") for section in _SECTIONS)}
WINDOWS: Final = ("last year", "in 28 days")


@dataclass(frozen=True)
class Filter:
    """One filter, in DAX by column and in SQL by parameter."""

    name: str
    dax: Mapping[str, list[Any]] = field(default_factory=dict)
    sql: Mapping[str, Any] = field(default_factory=dict)


FILTERS: Final = (
    Filter("nothing"),
    Filter("a year", {"dim_date.year": [2025]}, {"first": date(2025, 1, 1), "last": date(2025, 12, 31)}),
    Filter(
        "the year that is not over",
        {"dim_date.year": [2026]},
        {"first": date(2026, 1, 1), "last": date(2026, 12, 31)},
    ),
    Filter(
        "a leap month",
        {"dim_date.month_start": [date(2024, 2, 1)]},
        {"first": date(2024, 2, 1), "last": date(2024, 2, 29)},
    ),
    Filter(
        "a day", {"dim_date.date": [date(2025, 3, 5)]}, {"first": date(2025, 3, 5), "last": date(2025, 3, 5)}
    ),
    Filter("night blocks", {"dim_schedule_period.schedule_period": ["night"]}, {"periods": ["night"]}),
    Filter(
        "day blocks of a quarter",
        {
            "dim_schedule_period.schedule_period": ["day"],
            "dim_date.year": [2024],
            "dim_date.quarter": [4],
        },
        {"periods": ["day"], "first": date(2024, 10, 1), "last": date(2024, 12, 31)},
    ),
    Filter("a distance", {"fact_best_effort.distance_label": ["5 km"]}, {"distances": ["5 km"]}),
    Filter(
        "an estimate",
        {"answer_estimate.question_number": [2], "answer_estimate.sort_order": [1]},
        {"questions": [2], "orders": [1]},
    ),
    Filter(
        "a bar",
        {"efficiency_by_hours_since_night.bin": [1], "next_day_by_load_tercile.tercile": [2]},
        {"bins": [1], "terciles": [2]},
    ),
)


@dataclass(frozen=True)
class Rows:
    """What gold holds: for the DAX engine in memory, for SQL behind a connection."""

    warehouse: Warehouse
    tables: Mapping[str, Mapping[str, Any]]

    @classmethod
    def of(cls, warehouse: Warehouse, project: Project) -> Rows:
        tables = {}
        for name in project.tables.keys() - {MEASURES}:
            columns = [column for table, column in project.columns if table == name]
            values = warehouse.read_table(name).select(columns).to_pydict().values()
            tables[name] = {"columns": columns, "rows": [list(row) for row in zip(*values, strict=True)]}
        return cls(warehouse, tables)

    @cached_property
    def twins(self) -> dict[tuple[str, str], Any]:
        """The value of each twin under each filter."""
        with self.warehouse.connection() as connection:
            everything = self._everything()
            return {
                (each.name, name): _twin(connection, name, everything | each.sql)
                for each in FILTERS
                for name in _measure_names()
            }

    def _everything(self) -> dict[str, Any]:
        def values(table: str, column: str) -> list[Any]:
            return sorted(_values(self.tables, table, column))

        return {
            "first": min(values(DATE_TABLE, "date")),
            "last": max(values(DATE_TABLE, "date")),
            "periods": values("dim_schedule_period", "schedule_period"),
            "distances": values("fact_best_effort", "distance_label"),
            "questions": values("answer_estimate", "question_number"),
            "orders": values("answer_estimate", "sort_order"),
            "bins": values("efficiency_by_hours_since_night", "bin"),
            "terciles": values("next_day_by_load_tercile", "tercile"),
        }


def measure_problems(project: Project, rows: Rows) -> Iterator[str]:
    """Measures that differ from their twin, or have none."""
    yield from (f"{name}: no twin" for name in project.measures.keys() ^ set(_measure_names()))
    for each in FILTERS:
        for name, value in evaluated(project, rows, expressions(project), each).items():
            twin = rows.twins.get((each.name, name))
            if not _equal(value, twin):
                yield f"{name} under {each.name}: DAX {value}, SQL {twin}"


def orphans(project: Project, rows: Rows) -> list[str]:
    """Relationships with a value that has no row on its one side: it would show as a blank in a slicer."""
    return [
        f"{many} to {one}"
        for many, one in project.relationships
        if not _values(rows.tables, *many) <= _values(rows.tables, *one)
    ]


def _values(tables: Mapping[str, Mapping[str, Any]], table: str, column: str) -> set[Any]:
    at = tables[table]["columns"].index(column)
    return {row[at] for row in tables[table]["rows"]}


def _measure_names() -> Iterator[str]:
    """Those with a twin: written out, or a written one in a window."""
    yield from TWINS.keys() - set(WINDOWS)
    yield from ("Runs last year", "Distance km last year", "Load last year")
    bases = ("Runs", "Distance km", "Load", "Efficiency m per beat")
    yield from (f"{name} in 28 days" for name in bases)


def _twin(connection: psycopg.Connection[Any], name: str, parameters: Mapping[str, Any]) -> Any:
    for window in WINDOWS:
        if name.endswith(f" {window}") and name not in TWINS:
            first, last = connection.execute((_HEAD + TWINS[window]).encode(), parameters).fetchone()
            base = TWINS[name.removesuffix(f" {window}")]
            return _value(connection, base, {**parameters, "first": first, "last": last})
    return _value(connection, TWINS[name], parameters)


def _value(connection: psycopg.Connection[Any], query: str, parameters: Mapping[str, Any]) -> Any:
    row = connection.execute((_HEAD + query).encode(), parameters).fetchone()
    return row[0] if row else None


def expressions(project: Project) -> dict[str, str]:
    """The DAX of each measure."""
    return {name: measure.node.expression for name, measure in project.measures.items()}


def evaluated(project: Project, rows: Rows, dax: dict[str, str], each: Filter) -> dict[str, Any]:
    """The value of each DAX expression, by its name as a measure, under a filter."""
    relationships = [
        {"FromTable": many[0], "FromColumn": many[1], "ToTable": one[0], "ToColumn": one[1], "IsActive": 1}
        for many, one in project.relationships
    ]
    return evaluate_measures_batch(
        list(dax),
        rows.tables,
        dax,
        filter_context=dict(each.dax),
        date_table="none",  # by that name the engine would carry a date no further than one table
        relationships=relationships,
        date_tables={DATE_TABLE: "date"},
        measure_tables=project.measure_tables,
        model_columns={name: set(table["columns"]) for name, table in rows.tables.items()},
    )


def _equal(value: Any, twin: Any) -> bool:
    if value is None or twin is None:
        return value is twin
    return math.isclose(value, twin, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
