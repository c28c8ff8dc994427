"""What COROS's tools answer, hostile until parsed here.

Belongs here: the text of a reply, the words that mean trouble, the list of activities, the file of one.
Does not: requests (`client.py`), or reports of sleep, rMSSD and heart rate (`wellness/coros_report.py`).

COROS documents names and purposes of its tools (github.com/coroslab/COROS-MCP), not their text. Seen in
2026 in the fixtures of several programs on GitHub: the text is a string quoted as JSON, line ends within;
the list begins `Sport Records — 2026-09-13 to 2026-09-24 (3 records)`, and its records hold
`Time Window: startTimestamp=1790166371 | endTimestamp=1790168672` and `LabelId: 480544748954747182 |
SportType: 400`; a file comes as a blob in base64, or as an address.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from coros_assets.errors import SyncError, UnreadableFileError, WellnessError
from coros_assets.formats.fit_layout import chained_blocks
from coros_assets.inert import printable
from coros_assets.sync.days import Days, by_day
from coros_assets.wellness.coros_report import is_report, read_report

MAX_TEXT: Final = 4_000_000  # characters; a week of the rawest report has some 50,000
MAX_ACTIVITIES: Final = 2_000  # in one reply

_BUSY: Final = "temporarily unavailable"
_REFUSED: Final = "Tool call anomalies detected"
_EMPTY: Final = re.compile(r"No [^\n]{0,200}(found|available)[^\n]{0,200}")
_FIRST_LINES: Final = 10
_RECORDS: Final = re.compile(r"Sport Records\b[^\n]{0,100}\((\d{1,6}) records?\)", re.ASCII)
_RECORD: Final = re.compile(r"^\d{1,5}\. ", re.MULTILINE | re.ASCII)
_LABEL: Final = re.compile(r"LabelId: ([^\s|]{1,200}) \| SportType: (\d{1,6})\b", re.ASCII)
_BEGIN: Final = re.compile(r"startTimestamp=(\d{9,10})\b", re.ASCII)
_PLAIN_ID: Final = re.compile(r"[A-Za-z0-9]{1,40}", re.ASCII)
_ADDRESS: Final = re.compile(r"https?://[^\s\"'<>|]{1,4000}")


class BusyError(SyncError):
    """COROS said that it has no time now."""


@dataclass(frozen=True)
class Activity:
    """An activity of the list; `label_id` is text from elsewhere."""

    label_id: str
    sport_type: int
    start: datetime


def file_name(label_id: str) -> str:
    """The name of an activity's file in landing; of an identifier that is no plain word, its hash."""
    is_plain = _PLAIN_ID.fullmatch(label_id) is not None
    name = (
        label_id if is_plain else "x-" + hashlib.sha256(label_id.encode("utf-8", "replace")).hexdigest()[:32]
    )
    return f"{name}.fit"


def reply_text(tool: str, content: Iterable[Any], is_error: bool) -> str:
    """The text of a reply's blocks, unquoted.

    Raises:
        BusyError: COROS has no time.
        SyncError: COROS calls it an error, or it is larger than any reply.
    """
    text = "\n".join(block.text for block in content if getattr(block, "type", "") == "text")
    if len(text) > MAX_TEXT:
        raise SyncError(f"COROS's reply to {tool} is too large; nothing of it was kept. Try again later.")
    if text.startswith('"'):
        try:
            unquoted = json.loads(text, strict=False)  # line ends stand in it as they are
        except ValueError:
            unquoted = None
        if not isinstance(unquoted, str):
            raise _half(tool)
        text = unquoted
    if _BUSY in text[:500]:
        raise BusyError(f"COROS has no time for {tool} now; run the sync again later.")
    if is_error or _REFUSED in text[:500]:
        raise SyncError(f"COROS refused {tool}: '{printable(text)}'. Run the sync again later.")
    return text


def reported_days(tool: str, kind: str, text: str) -> Days:
    """The days of a report of one kind; none if it says that there is nothing.

    Raises:
        SyncError: it is no report that coros-assets knows, or is broken off.
    """
    if not is_report(text):
        _require_nothing(tool, text)
        return {}
    try:
        return by_day(tool, read_report(tool, text))[kind]
    except WellnessError as error:
        raise SyncError(
            f"COROS's reply could not be understood: {error} Run the sync again later."
        ) from error


def listed_activities(tool: str, text: str) -> list[Activity]:
    """The activities of a list, as it has them.

    Raises:
        SyncError: it is none, or has not as many records as it says; a part of a list would lose runs.
    """
    head = _RECORDS.match(text.lstrip())
    if head is None:
        _require_nothing(tool, text)
        return []
    begins = [found.start() for found in _RECORD.finditer(text)]
    blocks = [text[begin:end] for begin, end in zip(begins, [*begins[1:], len(text)], strict=False)]
    if len(blocks) != int(head[1]) or len(blocks) > MAX_ACTIVITIES:
        raise _half(tool)
    return [_activity(tool, block) for block in blocks]


def _activity(tool: str, block: str) -> Activity:
    label, begin = _LABEL.search(block), _BEGIN.search(block)
    if label is None or begin is None:
        raise _half(tool)
    return Activity(label[1], int(label[2]), datetime.fromtimestamp(int(begin[1]), UTC))


def file_blob(content: Iterable[Any]) -> bytes | None:
    """The one file that is enclosed in a reply; None if there is none, several, or not base64."""
    blobs = [
        block.resource.blob
        for block in content
        if getattr(block, "type", "") == "resource" and hasattr(block.resource, "blob")
    ]
    if len(blobs) != 1:
        return None
    try:
        return base64.b64decode(blobs[0], validate=True)
    except (ValueError, binascii.Error):
        return None


def file_address(content: Iterable[Any], text: str) -> str | None:
    """The first address in a reply, which nobody has looked at yet; None if there is none."""
    links = [str(block.uri) for block in content if getattr(block, "type", "") == "resource_link"]
    found = _ADDRESS.search(text)
    return next(iter([*links, *([found[0]] if found else [])]), None)


def is_whole_fit(data: bytes) -> bool:
    """True for FIT with its checksums right; what is in it, bronze judges."""
    try:
        chained_blocks(data)
    except UnreadableFileError:
        return False
    return True


def _require_nothing(tool: str, text: str) -> None:
    """Refuses a text that does not say that there is nothing: its title may come first."""
    if not any(_EMPTY.fullmatch(line.strip()) for line in text.splitlines()[:_FIRST_LINES]):
        raise _half(tool)


def _half(tool: str) -> SyncError:
    return SyncError(
        f"COROS's reply to {tool} is not of a form that coros-assets knows, or is broken off; none of it "
        "counts. Run the sync again later; if it stays so, COROS may have changed it."
    )
