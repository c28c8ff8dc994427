"""The Power BI model: gold's tables and views as a star, in TMDL.

Belongs here: which tables the model has, how they are joined, sorted, foldered and formatted. Does not:
names, types and descriptions of columns (`tables.py`), measures (`Measures.tmdl`), the syntax (`tmdl.py`).

Facts are joined to the dimensions `dim_date` and `dim_schedule_period`. What belongs to one activity is
joined to `fact_activity`, so that each filter reaches a table by one way only.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from coros_assets.contract import Column, Table, Type
from coros_assets.gold.metrics.registry import ACTIVITY_METRICS, EFFORT_METRIC, LOAD_METRICS
from coros_assets.powerbi import tmdl
from coros_assets.tables import (
    ACTIVITY_SOURCE,
    ANSWER_ESTIMATE,
    DAY_WELLNESS,
    DIM_DATE,
    DIM_SHIFT,
    FACT_ACTIVITY,
    FACT_BEST_EFFORT,
    FACT_DAY,
    FACT_HEART_RATE_ZONE,
    QUARANTINED_FILE,
    SHIFT_CONTEXT,
    SLEEP_CONTEXT,
)
from coros_assets.views import (
    ACTIVITY_QUALITY_FLAG,
    ANALYSIS_RUN,
    DIM_SCHEDULE_PERIOD,
    EFFICIENCY_BY_HOURS_SINCE_NIGHT,
    NEXT_DAY_BY_LOAD_TERCILE,
    PERSONAL_RECORD,
    SUSPECTED_COPY,
)

MEASURES: Final = "Measures"
"""The table of the measures; it has no rows, and nothing of it is in gold."""

OF_AN_ACTIVITY: Final = (
    ANALYSIS_RUN,
    FACT_BEST_EFFORT,
    FACT_HEART_RATE_ZONE,
    PERSONAL_RECORD,
    ACTIVITY_SOURCE,
    ACTIVITY_QUALITY_FLAG,
    SUSPECTED_COPY,
)
MODEL_TABLES: Final = (
    DIM_DATE,
    DIM_SCHEDULE_PERIOD,
    DIM_SHIFT,
    FACT_ACTIVITY,
    FACT_DAY,
    *OF_AN_ACTIVITY,
    ANSWER_ESTIMATE,
    EFFICIENCY_BY_HOURS_SINCE_NIGHT,
    NEXT_DAY_BY_LOAD_TERCILE,
    QUARANTINED_FILE,
)
RELATIONSHIPS: Final = (
    (FACT_ACTIVITY, "activity_date", DIM_DATE, "date"),
    (FACT_DAY, "activity_date", DIM_DATE, "date"),
    (DIM_SHIFT, "start_date", DIM_DATE, "date"),
    (FACT_ACTIVITY, "schedule_period", DIM_SCHEDULE_PERIOD, "schedule_period"),
    (FACT_DAY, "schedule_period", DIM_SCHEDULE_PERIOD, "schedule_period"),
    *((table, "activity_id", FACT_ACTIVITY, "activity_id") for table in OF_AN_ACTIVITY),
)
"""The many's table and column, the one's table and column."""

SORTED_BY: Final = {
    (DIM_SCHEDULE_PERIOD, "schedule_period"): "sort_order",
    (FACT_BEST_EFFORT, "distance_label"): "distance_m",
    (PERSONAL_RECORD, "distance_label"): "distance_m",
    (ANSWER_ESTIMATE, "estimate"): "sort_order",
    (EFFICIENCY_BY_HOURS_SINCE_NIGHT, "hours_since_night"): "bin",
    (NEXT_DAY_BY_LOAD_TERCILE, "day_before"): "tercile",
}
PARAMETERS: Final = {
    "Server": (
        "localhost",
        "Host of the warehouse, with its port unless that is 5432: coros-assets sql prints both.",
    ),
    "Database": ("coros", "Name of the database, as coros-assets sql prints it."),
    "SchemaName": ("gold", "Schema of the star."),
}
"""Default and description of the parameters that say where the warehouse is."""

_TO_UTC: Final = "InUtc"
_FOLDERS: Final = (
    ("Shifts", SHIFT_CONTEXT),
    ("Sleep", SLEEP_CONTEXT),
    ("Metrics", tuple(metric.column for metric in ACTIVITY_METRICS)),
    ("Load", tuple(metric.column for metric in LOAD_METRICS)),
    ("Critical speed", EFFORT_METRIC.columns),
    ("Wellness", DAY_WELLNESS),
)
_DATA_TYPES: Final = {
    Type.TEXT: "string",
    Type.BOOL: "boolean",
    Type.INT: "int64",
    Type.BIGINT: "int64",
    Type.FLOAT: "double",
    Type.DATE: "dateTime",
    Type.INSTANT: "dateTime",
    Type.LOCAL_TIME: "dateTime",
}
"""What the model can hold; a list is left out, and stands in a view of its own."""

_FORMATS: Final = {
    Type.DATE: "yyyy-mm-dd",
    Type.INSTANT: "yyyy-mm-dd hh:nn",
    Type.LOCAL_TIME: "yyyy-mm-dd hh:nn",
    Type.INT: "0",
    Type.BIGINT: "0",
}
_WHOLE_UNITS: Final = {"m", "s", "s/km", "bpm", "ms", "W", "1/min"}


def model_files() -> dict[str, str]:
    """Every generated file of the model by its path below `definition/`."""
    return {
        "database.tmdl": "database\n\tcompatibilityLevel: 1601\n",
        "model.tmdl": tmdl.document(_model()),
        "expressions.tmdl": tmdl.document(_expressions()),
        "relationships.tmdl": tmdl.document(_relationships()),
        **{f"tables/{table.name}.tmdl": tmdl.document(_table(table)) for table in MODEL_TABLES},
    }


def columns_of(table: Table) -> tuple[Column, ...]:
    """The columns of a table that the model has."""
    return tuple(column for column in table.columns if column.type in _DATA_TYPES)


def _model() -> Iterator[list[str]]:
    yield [
        "model Model",
        "\tculture: en-GB",
        "\tdefaultPowerBIDataSourceVersion: powerBI_V3",
        "\tdiscourageImplicitMeasures",
        "\tsourceQueryCulture: en-GB",
        "\tdataAccessOptions",
        "\t\tlegacyRedirects",
        "\t\treturnErrorValuesAsNull",
    ]
    yield ["annotation __PBI_TimeIntelligenceEnabled = 0"]
    yield [f"ref table {name}" for name in (MEASURES, *(table.name for table in MODEL_TABLES))]


def _expressions() -> Iterator[list[str]]:
    for name, (default, description) in PARAMETERS.items():
        meta = 'meta [IsParameterQuery=true, Type="Text", IsParameterQueryRequired=true]'
        lines = [f'expression {name} = "{default}" {meta}', f"\tlineageTag: {tmdl.lineage_tag(name)}"]
        yield list(tmdl.described(description, lines))
    lines = [
        f"expression {_TO_UTC} =",
        "\t\t(instant) =>",
        "\t\t\tif Value.Is(instant, type datetimezone)",
        "\t\t\tthen DateTimeZone.RemoveZone(DateTimeZone.ToUtc(instant))",
        "\t\t\telse instant",
        f"\tlineageTag: {tmdl.lineage_tag(_TO_UTC)}",
    ]
    yield list(
        tmdl.described("An instant as its date and time in UTC, whatever the zone of the computer.", lines)
    )


def _relationships() -> Iterator[list[str]]:
    for many, foreign_key, one, key in RELATIONSHIPS:
        tag = tmdl.lineage_tag("relationship", many.name, foreign_key, one.name)
        yield [
            f"relationship {tag}",
            f"\tfromColumn: {many.name}.{foreign_key}",
            f"\ttoColumn: {one.name}.{key}",
        ]


def _table(table: Table) -> Iterator[list[str]]:
    tag = {"lineageTag": tmdl.lineage_tag(table.name)}
    category = {"dataCategory": "Time"} if table is DIM_DATE else {}
    head = [f"table {table.name}", *tmdl.indented(tmdl.properties(tag | category))]
    yield list(tmdl.described(table.description, head))
    for column in columns_of(table):
        yield list(tmdl.indented(tmdl.described(column.comment, _column(table, column))))
    yield list(tmdl.indented(_partition(table)))


def _column(table: Table, column: Column) -> Iterator[str]:
    yield f"column {column.name}"
    yield from tmdl.indented(
        tmdl.properties(
            {
                "dataType": _DATA_TYPES[column.type],
                "isHidden": _serves_the_model_only(table, column),
                "isKey": table.key == (column.name,),
                "formatString": _format_string(column),
                "displayFolder": _folder(column),
                "lineageTag": tmdl.lineage_tag(table.name, column.name),
                "summarizeBy": "none",
                "sourceColumn": column.name,
                "sortByColumn": SORTED_BY.get((table, column.name)),
            }
        )
    )
    yield from ("", "\tannotation SummarizationSetBy = User")


def _serves_the_model_only(table: Table, column: Column) -> bool:
    """True for a foreign key and for the order of another column."""
    joins = any((table, column.name) == (many, foreign_key) for many, foreign_key, _, _ in RELATIONSHIPS)
    return joins or any(table is of and column.name == by for (of, _), by in SORTED_BY.items())


def _format_string(column: Column) -> str | None:
    if column.type is not Type.FLOAT:
        return _FORMATS.get(column.type)
    whole = column.unit in _WHOLE_UNITS
    decimals = column.precision if column.precision is not None else 0 if whole else 2
    return "#,0" + ("." + "0" * decimals if decimals else "")


def _folder(column: Column) -> str | None:
    return next((name for name, columns in _FOLDERS if column in columns), None)


def _partition(table: Table) -> Iterator[str]:
    columns = columns_of(table)
    names = ", ".join(f'"{column.name}"' for column in columns)
    instants = [column.name for column in columns if column.type is Type.INSTANT]
    in_utc = ", ".join(f'{{"{name}", {_TO_UTC}, type datetime}}' for name in instants)
    steps = [
        "Source = PostgreSQL.Database(Server, Database)",
        f'Rows = Source{{[Schema = SchemaName, Item = "{table.name}"]}}[Data]',
        f"Columns = Table.SelectColumns(Rows, {{{names}}})",
        *([f"Instants = Table.TransformColumns(Columns, {{{in_utc}}})"] if instants else []),
    ]
    yield f"partition {table.name} = m"
    yield from ("\tmode: import", "\tsource =")
    body = [*(f"\t{step}," for step in steps[:-1]), f"\t{steps[-1]}"]
    yield from tmdl.indented(["let", *body, "in", f"\t{'Instants' if instants else 'Columns'}"], 3)
