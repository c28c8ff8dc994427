"""The data dictionary: every table and column in words, for a person who has never met the code.

Belongs here: laying out in Markdown what `tables.py` and the registry of metrics say. Does not: their words.
`python -m coros_assets.dictionary` prints it; `make dictionary` writes `docs/data_dictionary.md`.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator
from typing import Any, Final

from coros_assets.contract import Column, Table
from coros_assets.gold.metrics import METRIC_VERSION
from coros_assets.gold.metrics.registry import (
    ACTIVITY_METRICS,
    ANY_SPORT,
    EFFORT_METRIC,
    LOAD_METRICS,
)
from coros_assets.tables import CONTRACTS, FACT_ACTIVITY, FACT_DAY

LAYERS: Final = {
    "gold": "PostgreSQL, schema `gold`: what answers, report, SQL and Power BI read.",
    "silver": "Parquet in the lake, one file per table and activity date.",
    "roster": "Parquet in the lake: the roster that counts.",
    "wellness": "Parquet in the lake: what you brought in about sleep and mornings.",
    "athlete": "Parquet in the lake: the runner's own numbers, as `athlete.toml` gives them.",
    "ledger": "PostgreSQL, schema `ledger`: what was loaded, and from what it was made.",
}
"""In the order of the document; a layer that is missing here fails."""

_INTRODUCTION: Final = f"""\
# Data dictionary

Made by `make dictionary` from `coros_assets/tables.py` and the registry of metrics; not edited by hand.

Units stand in the names of columns and in the tables below. Instants are UTC, with the local time beside
them; a date is the local date on which an activity started. A value that was not recorded, or that cannot be
computed honestly, is empty (NULL), never 0; when a metric is empty stands in
[how the metrics are made](#metrics). Metrics are of version {METRIC_VERSION}, which each row carries: rows of
two versions are never mixed.
"""

_METRICS: Final = """\
## <a name="metrics"></a>How the metrics are made

A person is shown a metric to the digit named; the stored value keeps all of its own. *None* and *NaN* mean
that the column is empty. Metrics that compare with the runner's own heart rates or threshold speed take
those of `athlete.toml` valid on the date, and estimates where it gives none.
"""


def dictionary() -> str:
    """The whole document in Markdown."""
    return "\n".join((_INTRODUCTION, *_layers(), _METRICS, *_metrics()))


def _layers() -> Iterator[str]:
    by_layer: dict[str, list[Table]] = {layer: [] for layer in LAYERS}
    for table in CONTRACTS.values():
        by_layer[table.layer].append(table)
    for layer, tables in by_layer.items():
        yield f"## {layer}\n\n{LAYERS[layer]}\n"
        yield from map(_table, tables)


def _table(table: Table) -> str:
    rows = "\n".join(_row(table, column) for column in table.columns)
    key = ", ".join(f"`{name}`" for name in table.key)
    return f"""\
### {table.qualified_name}

{table.description} Key: {key}.

| column | type | unit | may be empty | meaning |
|---|---|---|---|---|
{rows}
"""


def _row(table: Table, column: Column) -> str:
    empty = "" if column.required or column.name in table.key else "yes"
    cells = (f"`{column.name}`", column.type.postgres, _unit(column), empty, column.description)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _unit(column: Column) -> str:
    return column.unit if column.resolution is None else f"{column.unit}, steps of {column.resolution:.1g}"


def _metrics() -> Iterator[str]:
    yield f"### Of an activity: {FACT_ACTIVITY.qualified_name}\n"
    for metric in ACTIVITY_METRICS:
        sports = "every sport" if metric.sports == ANY_SPORT else f"{', '.join(metric.sports)} only"
        yield _metric((metric.column,), metric.function, sports)
    yield f"### Of a day: {FACT_DAY.qualified_name}\n"
    for load_metric in LOAD_METRICS:
        yield _metric((load_metric.column,), load_metric.function)
    yield _metric(EFFORT_METRIC.columns, EFFORT_METRIC.function)


def _metric(columns: tuple[Column, ...], function: Callable[..., Any], sports: str = "") -> str:
    names = ", ".join(f"**`{column.name}`**{_digit(column)}" for column in columns)
    text = " ".join((inspect.getdoc(function) or "").split())
    return f"- {names}{sports and f', {sports}'}: {text}\n"


def _digit(column: Column) -> str:
    return "" if column.precision is None else f" (to {10**-column.precision:g})"


if __name__ == "__main__":
    sys.stdout.write(dictionary())
