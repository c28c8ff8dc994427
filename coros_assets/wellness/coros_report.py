"""What COROS's own MCP server (mcp.coros.com) answers: reports in words, not JSON.

Belongs here: the reports of `querySleepData`, `querySleepOverview`, `querySleepHrv` and
`queryRestingHeartRate`. Does not: the JSON that a client wraps them in (`json_replies.py`).

COROS documents the tools (github.com/coroslab/COROS-MCP) but not their text. Its shape was seen in 2026
in replies that several programs on GitHub keep as fixtures of their tests: titles underlined with `=`,
dates of waking up, `Main Sleep Window: 2026-09-24 21:39 - 2026-09-25 04:40`, in older replies
`23:23 - 08:01` without dates, `Nap Window: …`, `HRV Avg: 81 ms — Normal`, `2026-09-26: 49 bpm`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from coros_assets.errors import WellnessError
from coros_assets.inert import printable
from coros_assets.wellness.rows import Row, date_of

_SECTIONS: Final = {
    "Sleep Data": "sleep",
    "Sleep Overview": "sleep",
    "HRV Assessment": "hrv",
    "Resting Heart Rate": "resting",
}
_UNDERLINE: Final = re.compile(r"={5,}", re.ASCII)
_DATE_LINE: Final = re.compile(r"(\d{4}-\d{2}-\d{2}):?", re.ASCII)
_FIELD: Final = re.compile(r"([A-Za-z][^:]{0,40}):\s*(\S.*)")
_RESTING: Final = re.compile(r"(\d{4}-\d{2}-\d{2}): (?:(\d{1,4}) bpm|No data)", re.ASCII)
_HRV: Final = re.compile(r"(\d{1,4}) ms\b.*", re.ASCII)
_LENGTH: Final = re.compile(r"(?:(\d{1,4})\s*h)?\s*(?:(\d{1,4})\s*min)?(?: .*)?", re.ASCII)
_END: Final = r"(?:(\d{4}-\d{2}-\d{2}) )?(\d{2}:\d{2})"
_WINDOW: Final = re.compile(f"{_END} - {_END}", re.ASCII)
_NEAR: Final = timedelta(days=2)

Fields = Mapping[str, tuple[int, str]]


def is_report(text: str) -> bool:
    """True if one of the known titles stands in the text, underlined."""
    lines = text.splitlines()
    return any(_section(lines, line) for line in range(len(lines)))


def read_report(name: str, text: str) -> Iterator[Row]:
    """The rows of one report or several below each other; other reports and raw time series are skipped.

    A window is in the clock of the watch. One whose dates lie more than two days from its day, as COROS
    has written naps (in 1982), is taken by its hours on that day.

    Raises:
        WellnessError: a known section holds a line that is none of its own.
    """
    lines = text.splitlines()
    section, begin = "", 0
    for line in range(len(lines) + 1):
        if line == len(lines) or _is_title(lines, line):
            yield from _rows(name, section, list(enumerate(lines[begin:line], start=begin + 1)))
            section, begin = _section(lines, line), line + 2


def _is_title(lines: list[str], line: int) -> bool:
    return line + 1 < len(lines) and _UNDERLINE.fullmatch(lines[line + 1].strip()) is not None


def _section(lines: list[str], line: int) -> str:
    """The kind of section that a line is the title of; empty for others, and for lines that are none."""
    if not _is_title(lines, line):
        return ""
    title = lines[line].strip()
    return next((section for known, section in _SECTIONS.items() if title.startswith(known)), "")


def _rows(name: str, section: str, lines: list[tuple[int, str]]) -> Iterator[Row]:
    if section == "resting":
        yield from _resting(name, lines)
    elif section:
        for at, day, fields in _days(lines):
            yield from _hrv(at, day, fields) if section == "hrv" else _sleep(name, at, day, fields)


def _resting(name: str, lines: Iterable[tuple[int, str]]) -> Iterator[Row]:
    for at, line in lines:
        found = _RESTING.fullmatch(line.strip())
        if found is None and line.strip() and not line.startswith(("Note:", "No ")):
            raise WellnessError(f"{name}: line {at} is no resting heart rate: '{printable(line)}'.")
        if found and found[2]:
            yield Row(f"line {at}", {"date": found[1], "resting_heart_rate_bpm": found[2]})


def _days(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str, Fields]]:
    """Line, date and fields of each block that begins with a date."""
    block: tuple[int, str, dict[str, tuple[int, str]]] | None = None
    for at, line in lines:
        if begun := _DATE_LINE.fullmatch(line.strip()):
            if block:
                yield block
            block = at, begun[1], {}
        elif block and (field := _FIELD.fullmatch(line.strip())):
            block[2][field[1]] = at, field[2].strip()
    if block:
        yield block


def _hrv(at: int, day: str, fields: Fields) -> Iterator[Row]:
    found = _HRV.fullmatch(fields.get("HRV Avg", (at, ""))[1])
    if found and int(found[1]):
        yield Row(f"line {fields['HRV Avg'][0]}", {"date": day, "hrv_rmssd_ms": found[1]})


def _sleep(name: str, at: int, day: str, fields: Fields) -> Iterator[Row]:
    woke = date_of(name, f"line {at}", day)
    asleep = _hours(fields, "Main Sleep (asleep)", "Main Sleep")
    if "Main Sleep Window" in fields:
        for row in _windows(name, woke, fields["Main Sleep Window"]):
            yield Row(row.entry, {**row.cells, **_asleep("asleep_h", asleep), "date": day, "is_nap": "false"})
    elif asleep:
        yield Row(f"line {at}", {"date": day, "sleep_h": asleep})
    naps = [row for key in ("Nap Window", "Nap Windows") for row in _windows(name, woke, fields.get(key))]
    napped = _hours(fields, "Naps Total (asleep)", "Naps Total") if len(naps) == 1 else ""
    for row in naps:
        yield Row(row.entry, {**row.cells, **_asleep("asleep_h", napped), "date": day, "is_nap": "true"})


def _asleep(column: str, hours: str) -> dict[str, str]:
    return {column: hours} if hours else {}


def _hours(fields: Fields, *keys: str) -> str:
    """A length such as `6h 53min` in hours; empty where there is none, or no sleep."""
    text = next((fields[key][1] for key in keys if key in fields), "")
    found = _LENGTH.fullmatch(text)
    minutes = int(found[1] or 0) * 60 + int(found[2] or 0) if found else 0
    return f"{minutes / 60:.6f}" if minutes else ""


def _windows(name: str, woke: date, field: tuple[int, str] | None) -> Iterator[Row]:
    if field is None or field[1] == "No data":
        return
    at, text = field
    for part in text.split(", "):
        found = _WINDOW.fullmatch(part)
        if found is None:
            raise WellnessError(f"{name}: line {at} has '{printable(part)}', which is no window of sleep.")
        start_day, start, end_day, end = found.groups()
        if not (start_day and end_day and _is_near(end_day, woke)):
            start_day, end_day = str(woke - timedelta(days=start > end)), str(woke)
        yield Row(f"line {at}", {"sleep_start": f"{start_day} {start}", "sleep_end": f"{end_day} {end}"})


def _is_near(day: str, woke: date) -> bool:
    try:
        return abs(date.fromisoformat(day) - woke) <= _NEAR
    except ValueError:
        return False
