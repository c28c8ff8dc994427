"""Whether the rows of one query are those of another.

Belongs here: the comparison. Does not: running queries (`run.py`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, time
from itertools import permutations
from typing import Any, Final

import pyarrow as pa

RELATIVE: Final = 0.001
ABSOLUTE: Final = 0.005
"""What a number may be off, other than a whole one: as much as rounding to two decimals or so costs."""
_MOST_ARRANGEMENTS: Final = 5_000


def same_rows(expected: pa.Table, given: pa.Table) -> bool:
    """Whether `given` has the rows of `expected`, in any order, its columns in any order and under any name.

    Columns that it has besides do no harm: the runner sees what was asked for.
    """
    if expected.num_rows != given.num_rows:
        return False
    wanted, found = _columns(expected), _columns(given)
    candidates = [[i for i, column in enumerate(found) if _same_values(want, column)] for want in wanted]
    return any(
        _same_multiset(list(zip(*wanted, strict=True)), list(zip(*(found[i] for i in chosen), strict=True)))
        for chosen in _arrangements(candidates)
    )


def _arrangements(candidates: Sequence[Sequence[int]]) -> list[tuple[int, ...]]:
    """Ways to give each wanted column one of its candidates, none twice."""
    usable = sorted({i for each in candidates for i in each})
    if len(usable) < len(candidates) or math.perm(len(usable), len(candidates)) > _MOST_ARRANGEMENTS:
        return []
    return [
        chosen
        for chosen in permutations(usable, len(candidates))
        if all(i in each for i, each in zip(chosen, candidates, strict=True))
    ]


def _columns(rows: pa.Table) -> list[list[Any]]:
    return [[_plain(value) for value in column.to_pylist()] for column in rows.columns]


def _plain(value: Any) -> Any:
    """A date at midnight is a date."""
    is_midnight = isinstance(value, datetime) and value.time() == time.min
    return value.date() if is_midnight else value


def _same_values(one: Sequence[Any], other: Sequence[Any]) -> bool:
    return _same_multiset([(value,) for value in one], [(value,) for value in other])


def _same_multiset(wanted: list[tuple[Any, ...]], found: list[tuple[Any, ...]]) -> bool:
    left = list(found)
    for row in wanted:
        match = next((i for i, other in enumerate(left) if all(map(_same, row, other))), None)
        if match is None:
            return False
        left.pop(match)
    return not left


def _same(wanted: Any, found: Any) -> bool:
    if isinstance(wanted, bool) or isinstance(found, bool):
        return wanted is found
    if isinstance(wanted, int) and isinstance(found, int | float):
        return wanted == found
    if isinstance(wanted, float) and isinstance(found, int | float):
        return math.isclose(wanted, found, rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    return bool(wanted == found)
