"""Text to numbers and instants, strictly: what a pattern does not admit becomes null.

Belongs here: lexical rules. `float()` takes `nan`, `1e999`, `1_000` and full-width digits; these
functions do not. Does not: ranges that depend on the quantity (`silver/clean.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from coros_assets.inert import printable

_NUMBER = r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?$"
# The Gregorian calendar: Arrow refuses a whole column for one date that is not in it.
_LEAP_YEAR = r"([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)"
_MONTH_AND_DAY = r"((0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)"
_HOUR_AND_MINUTE = r"([01][0-9]|2[0-3]):[0-5][0-9]"
_INSTANT = (
    rf"^([0-9]{{4}}-{_MONTH_AND_DAY}|{_LEAP_YEAR}-02-29)T{_HOUR_AND_MINUTE}:[0-5][0-9]"
    rf"(\.[0-9]{{1,12}})?(Z|[+-]{_HOUR_AND_MINUTE})?$"
)
_BEYOND_MICROSECONDS = r"(\.[0-9]{6})[0-9]+"
_SMALL: Final = np.uint8(ord("e") - ord("E"))  # the bit that makes a letter small
_SHAPES: Final = {
    len(shape): np.frombuffer(shape, np.uint8)
    for shape in (b"0000-00-00T00:00:00Z", b"0000-00-00T00:00:00.000Z")
}
# How far above its shape each character may be: a digit nine, all others not at all.
_ROOM: Final = {
    length: np.where(shape == ord("0"), 9, 0).astype(np.uint8) for length, shape in _SHAPES.items()
}
_TYPE = pa.timestamp("us", tz="UTC")
_LONGEST_DEVICE_NAME: Final = 200


def device_name(text: str) -> str | None:
    """The printable characters of a device's name, at most 200; None if there are none."""
    return printable(text, _LONGEST_DEVICE_NAME).strip() or None


def numbers(texts: Sequence[str | None] | pa.Array) -> pa.Array:
    """Decimal numbers as float64; anything else is null. Surrounding blanks are allowed."""
    given = texts if isinstance(texts, pa.Array) else pa.array(texts, pa.string())
    if _may_be_plain(given):
        try:
            return _finite(given.cast(pa.float64()))
        except pa.ArrowInvalid:  # an empty text, or one such as `1.2.3`, somewhere in the column
            pass
    trimmed = pc.ascii_trim_whitespace(given)
    readable = pc.match_substring_regex(trimmed, _NUMBER)
    return _finite(pc.if_else(readable, trimmed, None).cast(pa.float64()))


def instants(texts: Sequence[str | None] | pa.Array) -> pa.Array:
    """ISO 8601 instants as UTC microseconds; a time without a zone counts as UTC, anything else is null."""
    given = texts if isinstance(texts, pa.Array) else pa.array(texts, pa.string())
    if _is_uniform(given):
        try:
            return given.cast(_TYPE)
        except pa.ArrowInvalid:  # an impossible date such as 30 February somewhere in the column
            pass
    trimmed = pc.ascii_trim_whitespace(given)
    readable = pc.if_else(pc.match_substring_regex(trimmed, _INSTANT), trimmed, None)
    short = pc.replace_substring_regex(readable, _BEYOND_MICROSECONDS, r"\1")
    zoned = pc.if_else(
        pc.match_substring_regex(short, r"(Z|[+-][0-9]{2}:[0-9]{2})$"),
        short,
        pc.binary_join_element_wise(short, "Z", ""),
    )
    return zoned.cast(_TYPE)


def _finite(values: pa.Array) -> pa.Array:
    """The values, with null for those that are infinite."""
    if np.isfinite(values.to_numpy(zero_copy_only=False)).all():
        return values
    return pc.if_else(pc.is_finite(values), values, None)


def _may_be_plain(texts: pa.Array) -> bool:
    """True if no text has a letter but `e` and `E`.

    Of such texts Arrow's cast takes those that match `_NUMBER`, and refuses the column for any other.
    """
    _, offsets, characters = texts.buffers()
    if not len(texts) or not characters:
        return True
    bounds = np.frombuffer(offsets, np.int32)
    data = np.frombuffer(characters, np.uint8)[bounds[texts.offset] : bounds[texts.offset + len(texts)]]
    return bool(np.all((data <= ord("9")) | (data | _SMALL == ord("e"))))


def _is_uniform(texts: pa.Array) -> bool:
    """True if every text has the shape `2024-06-01T17:00:00Z`, with or without milliseconds."""
    if not len(texts) or texts.null_count:
        return False
    _, offsets, characters = texts.buffers()
    bounds = np.frombuffer(offsets, np.int32)[texts.offset : texts.offset + len(texts) + 1]
    shape = _SHAPES.get(int(bounds[1] - bounds[0]))
    if shape is None or np.any(bounds[1:] - bounds[:-1] != len(shape)):
        return False
    rows = np.frombuffer(characters, np.uint8)[bounds[0] : bounds[-1]].reshape(len(texts), len(shape))
    return bool(np.all(rows - shape <= _ROOM[len(shape)]))  # anything below its shape wraps around
