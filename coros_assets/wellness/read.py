"""A wellness file, whatever its format, to the tables of mornings and sleeps.

Belongs here: telling the formats apart, and limits of the whole file. Does not: the formats themselves
(`csv_table.py`, `json_replies.py`, `coros_report.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

import pyarrow as pa

from coros_assets.errors import WellnessError
from coros_assets.home_timezone import HomeTimezone
from coros_assets.inert import printable
from coros_assets.wellness.coros_report import is_report, read_report
from coros_assets.wellness.csv_table import read_csv
from coros_assets.wellness.episodes import sleep_table
from coros_assets.wellness.json_replies import read_json
from coros_assets.wellness.mornings import daily_table
from coros_assets.wellness.rows import MAX_ROWS, Row

MAX_BYTES: Final = 32 * 1024 * 1024
"""Largest wellness file read: twenty years of COROS's replies without the raw time series."""

_BINARY: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_QUOTED_CELL: Final = re.compile(r'\s*"[^"\\\n]*"\s*[,;\r\n]')  # a quoted reply has line ends inside


class Wellness(NamedTuple):
    """The tables of a file: `WELLNESS_DAILY` and `WELLNESS_SLEEP`."""

    daily: pa.Table
    sleep: pa.Table


def read_wellness(name: str, data: bytes, home: HomeTimezone) -> Wellness:
    """The mornings and sleeps of a wellness file.

    Text in UTF-8: JSON if it begins with a bracket or a quotation mark, COROS's report if it holds one of
    its titles, else CSV with a header row.

    Args:
        name: the file's name, for `source` and for messages.
        data: the file's bytes.
        home: the zone of times that do not say theirs.

    Raises:
        WellnessError: the file cannot be read, is larger than 32 MiB, has nothing in it, or a row of it
            cannot be; the text names the row.
    """
    shown = printable(name)
    rows = read_rows(name, data)
    sleep = sleep_table(shown, rows, home)
    daily = daily_table(shown, rows, sleep)
    if not daily.num_rows and not sleep.num_rows:
        raise WellnessError(
            f"{shown}: there is no resting heart rate, heart-rate variability or sleep in it: "
            "export it again, or see the README for the columns."
        )
    return Wellness(daily, sleep)


def read_rows(name: str, data: bytes) -> list[Row]:
    """The rows of a wellness file as they stand in it, whatever they say of each other.

    Raises:
        WellnessError: the file cannot be read, or is too large.
    """
    shown = printable(name)
    if len(data) > MAX_BYTES:
        raise WellnessError(f"{shown}: larger than {MAX_BYTES >> 20} MiB: export fewer years.")
    rows = list(islice(_rows(shown, _text(shown, data)), MAX_ROWS + 1))
    if len(rows) > MAX_ROWS:
        raise WellnessError(f"{shown}: there are more than {MAX_ROWS:,} rows in it: export fewer years.")
    return rows


def _text(name: str, data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if _BINARY.search(text):
        raise WellnessError(f"{name}: neither CSV nor JSON in UTF-8: export it as one of these.")
    return text


def _rows(name: str, text: str) -> Iterator[Row]:
    if text.lstrip().startswith(("{", "[", '"')) and not _QUOTED_CELL.match(text):
        return read_json(name, text)
    return read_report(name, text) if is_report(text) else read_csv(name, text)
