"""How things look in a terminal.

Belongs here: tables, bars, JSON and CSV. Does not: collecting what is shown (`commands/`). Results go
to standard output, progress and remarks to standard error; control characters never go out.
"""

from __future__ import annotations

import csv
import json
import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, Final

import pyarrow as pa
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from coros_assets.progress import watched_by

_KEPT: Final = "{} Until it is corrected, the last good one counts."
_NO_LIMIT: Final = 100_000  # characters
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def console() -> Console:
    """Standard output; lines are broken for a terminal only, never for a pipe or a file."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else _NO_LIMIT)


def say(text: str) -> None:
    """A remark on standard error."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(escape(plain(text)))


def plain(text: str) -> str:
    """`text` without control characters, so that no file name can steer the terminal."""
    return "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text
    )


@contextmanager
def progress_bars() -> Iterator[None]:
    """Shows a bar for each kind of long work done inside."""
    columns = (TextColumn("{task.description:<20}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        tasks: dict[str, Any] = {}

        def watch(description: str, done: int, total: int) -> None:
            if description not in tasks:
                tasks[description] = bars.add_task(description, total=total)
            bars.update(tasks[description], completed=done)

        with watched_by(watch):
            yield


def print_json(value: Any) -> None:
    """Indented JSON; dates and instants as ISO 8601."""
    sys.stdout.write(json.dumps(value, indent=2, default=_json, allow_nan=False) + "\n")


def print_rows(rows: pa.Table, layout: str) -> None:
    """Rows as `table`, `csv` with a header, or `json`, an array of objects."""
    if layout == "json":
        print_json([{name: _finite(value) for name, value in row.items()} for row in rows.to_pylist()])
    elif layout == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(rows.column_names)
        for row in rows.to_pylist():
            writer.writerow([_csv(value) for value in row.values()])
    else:
        table = Table(*rows.column_names)
        for row in rows.to_pylist():
            table.add_row(*(escape(plain(_text(value))) for value in row.values()))
        console().print(table)


def print_connection(parts: Mapping[str, Any]) -> None:
    """How psql, Power BI and other programs reach the warehouse."""
    words = " ".join(f"{name}={value}" for name, value in parts.items() if name in ("host", "port", "dbname"))
    table = Table("setting", "value", show_header=False, box=None)
    table.add_row("psql", escape(f'psql "{words} user=coros_reader"'))
    table.add_row("host", escape(str(parts.get("host", "localhost"))))
    table.add_row("port", escape(str(parts.get("port", 5432))))
    table.add_row("database", escape(str(parts.get("dbname", ""))))
    table.add_row("schema", "gold")
    table.add_row("user", "coros_reader (read only)")
    console().print(table)
    say("The embedded server runs as long as a command does: keep `coros-assets ui` open to stay connected.")


def print_status(facts: Mapping[str, Any]) -> None:
    """The facts of `commands.status` for a person."""
    out = console()
    table = Table("layer", "what", "count")
    for layer in ("landing", "bronze", "silver", "athlete", "roster", "wellness", "gold"):
        for name, count in facts[layer].items():
            shown = ", ".join(count) or "nothing" if isinstance(count, list) else str(count)
            table.add_row(layer, name.replace("_", " "), shown)
    out.print(table)
    for reason, dates in facts["waiting"]["dates_by_reason"].items():
        wait = "1 date waits" if dates == 1 else f"{dates} dates wait"
        out.print(f"{wait} to be recomputed because of a changed {reason}; the next load does it")
    for problem in facts["problems"]:
        out.print(escape(plain(_KEPT.format(problem))))
    for found in facts["reconciliation"]:
        out.print(("holds: " if found["holds"] else "DOES NOT HOLD: ") + found["equation"])
    for file in facts["quarantine"]:
        out.print(escape(plain(f"quarantined: {file['name']}: {file['reason']}")))
    for name, place in facts["places"].items():
        out.print(escape(plain(f"{name.replace('_', ' ')}: {place}")))


def print_ingest_summary(found: int, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """What an ingest found, by its fate."""
    gained = {name: after["bronze"][name] - before["bronze"][name] for name in after["bronze"]}
    say(
        f"{found} activity files found: {gained['files']} new, {gained['duplicates']} duplicate, "
        f"{gained['quarantined']} quarantined."
    )
    for problem in after["problems"]:
        say(_KEPT.format(problem))
    known = {file["sha256"] for file in before["quarantine"]}
    for file in after["quarantine"]:
        if file["sha256"] not in known:
            say(f"quarantined: {file['name']}: {file['reason']}")


def print_answers(
    answers: Mapping[str, Sequence[Mapping[str, Any]]],
    say_checked: Callable[[Sequence[Mapping[str, Any]]], str],
) -> None:
    """Each question, its primary sentence, and what `say_checked` says of its rows, if anything."""
    out = console()
    for rows in answers.values():
        for row in rows:
            if row["is_primary"]:
                out.print(f"[bold]{escape(plain(row['question']))}[/bold]")
                out.print(escape(plain(row["sentence"])))
        if words := say_checked(rows):
            out.print(f"[dim]{escape(words)}[/dim]")


def _finite(value: Any) -> Any:
    """JSON has no NaN and no infinity."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _json(value: Any) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(round(value, 3)) if isinstance(value, float) else str(value)


def _csv(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula gets an apostrophe in front."""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value
