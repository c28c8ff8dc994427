"""Wellness as JSON: plain records, the replies of an MCP server, or several of these in one file.

Belongs here: finding records and reports in JSON. Does not: reports (`coros_report.py`), or what
cells may hold (`rows.py`).

Shapes, and where they were seen:

- COROS's own MCP server, as clients print its replies: `{"content": [{"type": "text", "text": …}]}`, the
  text being a report (`coros_report.py`), often quoted as JSON once more.
- `coros-training-mcp` and its relatives (github.com/dholliday3/coros-training-mcp, cygnusb/coros-mcp):
  `{"records": […], "count": …, "date_range": …}` from `get_daily_metrics`, with `date` as YYYYMMDD,
  `rhr` and `avg_sleep_hrv` (nightly rMSSD), and from `get_sleep_data`, with `total_duration_minutes`
  and no hours of the clock. They carry much else, which is passed over. 0 and -1 are no reading there.
- This project's own: a list of records, or `{"records": […]}`, with the columns of `rows.py`.

Several replies stand in a list, or in an object under names of any kind.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from coros_assets.errors import WellnessError
from coros_assets.inert import printable
from coros_assets.wellness.coros_report import is_report, read_report
from coros_assets.wellness.rows import COLUMNS, Row, column_name

MAX_VALUES: Final = 3_000_000
"""Brackets and commas in a file; more would take gigabytes as objects."""

_DEEPEST: Final = 8
_MINUTES_PER_HOUR: Final = 60.0
_REPLY_KEYS: Final = ("result", "content", "records", "text")
_RECORD_KEYS: Final = {
    name for column in ("date", "sleep_start", "sleep_end") for name in (column, *COLUMNS[column])
}
_COROS: Final = {"rhr": "resting_heart_rate_bpm", "avg_sleep_hrv": "hrv_rmssd_ms"}
_COROS_SLEEP: Final = "total_duration_minutes"
_COROS_KEYS: Final = {"avg_sleep_hrv", _COROS_SLEEP}
_NO_READING: Final = (None, 0, -1)


def read_json(name: str, text: str) -> Iterator[Row]:
    """The rows of a JSON file.

    Raises:
        WellnessError: not JSON, too large or too deep, or neither records nor replies.
    """
    if sum(map(text.count, "[{,")) > MAX_VALUES:
        raise WellnessError(f"{name}: more values than a life of mornings: export fewer years.")
    return _found(name, _parsed(name, text), "", 0)


def _parsed(name: str, text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        where = f" in line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise WellnessError(f"{name}: this is not JSON{where}: export the file again.") from error


def _refuse_constant(constant: str) -> Any:
    raise ValueError(constant)


def _found(name: str, value: Any, place: str, depth: int) -> Iterator[Row]:
    """The rows in a value, wherever they are; `place` names it in messages."""
    if depth > _DEEPEST:
        raise WellnessError(f"{name}: {place} is nested too deep: give the replies as they came.")
    if isinstance(value, str):
        yield from _in_text(name, value, place, depth)
    elif isinstance(value, list):
        for number, item in enumerate(value, start=1):
            yield from _found(name, item, f"{place} record {number}".strip(), depth + 1)
    elif isinstance(value, dict):
        yield from _in_object(name, value, place, depth)
    else:
        raise WellnessError(
            f"{name}: {place or 'it'} is neither a record nor a reply: '{printable(str(value))}'."
        )


def _in_text(name: str, text: str, place: str, depth: int) -> Iterator[Row]:
    if text.lstrip().startswith(("{", "[", '"')):
        yield from _found(name, _parsed(name, text), place, depth + 1)
    elif is_report(text):
        for row in read_report(name, text):
            yield Row(f"{place} {row.entry}".strip(), row.cells)


def _in_object(name: str, value: Mapping[str, Any], place: str, depth: int) -> Iterator[Row]:
    reply = next((value[key] for key in _REPLY_KEYS if key in value), None)
    if reply is not None:
        yield from _found(name, reply, place, depth + 1)
    elif not _COROS_KEYS.isdisjoint(value):
        yield _of_coros(value, place)
    elif not _RECORD_KEYS.isdisjoint(value):
        yield _plain(name, value, place)
    else:
        for key, item in value.items():
            if isinstance(item, dict | list | str):
                yield from _found(name, item, f"{place} {printable(key)}".strip(), depth + 1)


def _of_coros(record: Mapping[str, Any], place: str) -> Row:
    """A record of `coros-training-mcp`. Whether its total holds the naps is not said anywhere."""
    cells = {column: record.get(key) for key, column in _COROS.items()}
    minutes = record.get(_COROS_SLEEP)
    if isinstance(minutes, int | float) and minutes not in _NO_READING:
        cells["sleep_h"] = minutes / _MINUTES_PER_HOUR
    cells = {column: value for column, value in cells.items() if value not in _NO_READING}
    return Row(
        place, {column: _cell(value) for column, value in {**cells, "date": record.get("date")}.items()}
    )


def _plain(name: str, record: Mapping[str, Any], place: str) -> Row:
    cells = {column_name(name, key): _cell(value) for key, value in record.items() if value is not None}
    return Row(place or "the record", {column: cell for column, cell in cells.items() if cell})


def _cell(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value).strip()
