"""Text to numbers and instants, strictly: what a pattern does not admit becomes null.

Belongs here: lexical rules. `float()` takes `nan`, `1e999`, `1_000` and full-width digits; these
functions do not. Does not: ranges that depend on the quantity (`silver/clean.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.compute as pc

_NUMBER = r"^[+-]?[0-9]{1,15}(\.[0-9]{0,20})?([eE][+-]?[0-9]{1,2})?$"
_INSTANT = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,12})?(Z|[+-][0-9]{2}:[0-9]{2})?$"
)
_BEYOND_MICROSECONDS = r"(\.[0-9]{6})[0-9]+"
_TYPE = pa.timestamp("us", tz="UTC")


def numbers(texts: Sequence[str | None]) -> pa.Array:
    """Decimal numbers as float64; anything else is null. Surrounding blanks are allowed."""
    trimmed = pc.ascii_trim_whitespace(pa.array(texts, pa.string()))
    readable = pc.match_substring_regex(trimmed, _NUMBER)
    return pc.if_else(readable, trimmed, None).cast(pa.float64())


def instants(texts: Sequence[str | None]) -> pa.Array:
    """ISO 8601 instants as UTC microseconds; a time without a zone counts as UTC, anything else is null."""
    trimmed = pc.ascii_trim_whitespace(pa.array(texts, pa.string()))
    readable = pc.if_else(pc.match_substring_regex(trimmed, _INSTANT), trimmed, None)
    short = pc.replace_substring_regex(readable, _BEYOND_MICROSECONDS, r"\1")
    zoned = pc.if_else(pc.match_substring_regex(short, r"(Z|[+-][0-9]{2}:[0-9]{2})$"), short, _with_z(short))
    try:
        return zoned.cast(_TYPE)
    except pa.ArrowInvalid:  # an impossible date such as 30 February somewhere in the column
        return pa.array([_instant(text) for text in zoned.to_pylist()], _TYPE)


def _with_z(texts: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(texts, "Z", "")


def _instant(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text).astimezone(UTC) if text else None
    except (ValueError, OverflowError):
        return None
