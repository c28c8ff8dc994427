"""What a model is told: which tables there are, what their columns mean, how to answer, when not to.

Belongs here: a text made from the contracts (`tables.py`, `views.py`) and the hints beside it. Does not: any
row, name or date of the runner's; no database is opened for it, so it is the same for everyone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import Final

from coros_assets.ask.vocabulary import FUNCTIONS, PUBLISHED
from coros_assets.contract import Column, Table, Type

_SHORT: Final = {
    Type.TEXT: "text",
    Type.TEXT_LIST: "text[]",
    Type.BOOL: "bool",
    Type.INT: "int",
    Type.BIGINT: "bigint",
    Type.FLOAT: "float",
    Type.DATE: "date",
    Type.INSTANT: "timestamptz",
    Type.LOCAL_TIME: "timestamp",
}


@cache
def instructions() -> str:
    """The hints, the functions that may be called, and every table with its columns."""
    hints = files(__package__).joinpath("hints.txt").read_text(encoding="utf-8")
    return "\n".join(
        (hints, f"Functions: {', '.join(sorted(FUNCTIONS))}.", "", "Tables and views:", *_tables(PUBLISHED))
    )


def _tables(tables: Sequence[Table]) -> Iterator[str]:
    """A block of lines a table; tables of the same columns share one."""
    told: set[Column] = set()
    for columns, alike in groupby(tables, key=lambda table: table.columns):
        for table in alike:
            yield f"{table.qualified_name} (key {', '.join(table.key)}): {table.description}"
        known = [column.name for column in columns if column in told]
        if known:
            yield f"  as above: {', '.join(known)}"
        yield from (
            f"  {column.name} {_SHORT[column.type]}: {column.comment}"
            for column in columns
            if column not in told
        )
        told.update(columns)
