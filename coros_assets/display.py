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
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from coros_assets.commands.ask import Asked
from coros_assets.commands.verify import Verified
from coros_assets.inert import inert_cell, printable
from coros_assets.progress import watched_by
from coros_assets.storage.reader import READER_ROLE

if TYPE_CHECKING:
    from coros_assets.sync.pull import Synced

_KEPT: Final = "{} Until it is corrected, the last good one counts."
_NO_LIMIT: Final = 100_000  # characters


def console() -> Console:
    """Standard output; lines are broken for a terminal only, never for a pipe or a file.

    What it is given is text: no markup in brackets, no names of pictures between colons.
    """
    width = None if sys.stdout.isatty() else _NO_LIMIT
    return Console(highlight=False, markup=False, emoji=False, width=width)


def say(text: str) -> None:
    """A remark on standard error."""
    remarks = Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)
    remarks.print(printable(text, None))


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
        print_json(_objects(rows))
    elif layout == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(map(inert_cell, rows.column_names))
        for row in rows.to_pylist():
            writer.writerow(map(_cell, row.values()))
    else:
        table = Table(*(printable(name) for name in rows.column_names))
        for row in rows.to_pylist():
            table.add_row(*(printable(_text(value), None) for value in row.values()))
        console().print(table)


def print_asked(found: Asked) -> None:
    """The SQL that answered a question and its rows; how the question was understood is a remark."""
    if found.understood:
        say(f"Understood as: {found.understood}")
    for line in found.sql.splitlines():
        console().print(Text(printable(line, None), "dim"))
    print_rows(found.rows, "table")
    if not found.rows.num_rows:
        say("There are no such rows; `coros-assets status` says what is loaded.")
    if found.is_cut:
        say(f"There are more than these {found.rows.num_rows} rows; ask for less, or run the SQL yourself.")


def print_asked_json(found: Asked) -> None:
    """The same as one object; `refusal` is empty where there is an answer."""
    print_json(vars(found) | {"rows": _objects(found.rows)})


def print_connection(parts: Mapping[str, Any]) -> None:
    """How psql, Power BI and other programs reach the warehouse."""
    words = " ".join(f"{name}={value}" for name, value in parts.items())
    table = Table("setting", "value", show_header=False, box=None)
    table.add_row("psql", f'psql "{words} user={READER_ROLE}"')
    table.add_row("host", str(parts.get("host", "localhost")))
    table.add_row("port", str(parts.get("port", 5432)))
    table.add_row("database", str(parts.get("dbname", "")))
    table.add_row("schema", "gold")
    table.add_row("user", f"{READER_ROLE} (read only)")
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
        out.print(printable(_KEPT.format(problem), None))
    for problem in facts["damaged"]:
        out.print(printable(f"damaged: {problem}", None))
    for found in facts["reconciliation"]:
        out.print(("holds: " if found["holds"] else "DOES NOT HOLD: ") + found["equation"])
    _print_left_out(out, facts)
    for name, place in facts["places"].items():
        out.print(printable(f"{name.replace('_', ' ')}: {place}", None))


def _print_left_out(out: Console, facts: Mapping[str, Any]) -> None:
    """Files that are in no layer, and why."""
    for fate, files in (("quarantined", facts["quarantine"]), ("refused", facts["erasures"]["refused"])):
        for file in files:
            out.print(printable(f"{fate}: {file['name']}: {file['reason']}", None))
    if facts["erasures"]["unfinished"]:
        out.print("An erasure was interrupted; `coros-assets ingest` or the same `erase` again ends it.")


def print_findings(verified: Verified) -> None:
    """What `commands.verify` found, a line each, or that all is well."""
    out = console()
    for found in verified.findings:
        out.print(printable(f"{found.place}: {found.problem} {found.remedy}", None))
    looked_at = f"{verified.objects} files of {verified.size_bytes / 1e6:,.1f} MB"
    count = len(verified.findings)
    words = "1 finding" if count == 1 else f"{count} findings"
    say(f"Checked {looked_at}: " + (f"{words}." if count else "everything is as it was written."))


def print_ingest_summary(found: int, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """What an ingest found, by its fate."""
    gained = {name: after["bronze"][name] - before["bronze"][name] for name in after["bronze"]}
    say(
        f"{found} activity files found: {gained['files']} new, {gained['duplicates']} duplicate, "
        f"{gained['quarantined']} quarantined."
    )
    for problem in after["problems"]:
        say(_KEPT.format(problem))
    for problem in after["damaged"]:
        say(f"damaged: {problem}")
    known = {file["sha256"] for file in before["quarantine"]}
    for file in after["quarantine"]:
        if file["sha256"] not in known:
            say(f"quarantined: {file['name']}: {file['reason']}")
    refused = {file["name"] for file in before["erasures"]["refused"]}
    for file in after["erasures"]["refused"]:
        if file["name"] not in refused:
            say(f"refused: {file['name']}: {file['reason']}")


def print_synced(synced: Synced) -> None:
    """What a sync brought, a line each."""
    days = ", ".join(f"{what} {count}" for what, count in synced.days.items() if count) or "none"
    say(f"Days new or changed: {days}.")
    say(f"Activities new at COROS: {synced.activities_new}; files landed: {synced.files}.")
    if synced.files_waiting:
        say(f"{synced.files_waiting} files are still to come; the next syncs fetch them.")
    for remark in dict.fromkeys(synced.remarks):
        say(remark)


def print_answers(
    answers: Mapping[str, Sequence[Mapping[str, Any]]],
    say_checked: Callable[[Sequence[Mapping[str, Any]]], str],
) -> None:
    """Each question, its primary sentence, and what `say_checked` says of its rows, if anything."""
    out = console()
    for rows in answers.values():
        for row in rows:
            if row["is_primary"]:
                out.print(Text(row["question"], "bold"))
                out.print(row["sentence"])
        if words := say_checked(rows):
            out.print(Text(words, "dim"))


def _objects(rows: pa.Table) -> list[dict[str, Any]]:
    return [{name: _finite(value) for name, value in row.items()} for row in rows.to_pylist()]


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


def _cell(value: Any) -> Any:
    """Numbers and times as they are; any other value as text that no spreadsheet takes for a formula."""
    return value if value is None or isinstance(value, int | float | date) else inert_cell(str(value))
