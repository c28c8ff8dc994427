"""Rosters and activities as hypothesis draws them.

Belongs here: generators that reach the limits of the definitions (12, 36 and 48 h, 28 days, zones at
both ends of the date). Does not: properties (the tests).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import hypothesis.strategies as st

from .builders import VIENNA, Interval

ZONES = st.sampled_from(
    [VIENNA, VIENNA, VIENNA, "America/New_York", "Pacific/Kiritimati", "Pacific/Honolulu"]
)
BEGIN = datetime(2026, 3, 20, 6, tzinfo=UTC)

_GAPS_H = st.one_of(
    st.sampled_from([0, 8, 11, 12, 12, 24, 36, 48, 60]), st.integers(0, 60), st.integers(20 * 24, 32 * 24)
)
_LENGTHS_H = st.one_of(st.sampled_from([8, 12, 12, 24]), st.integers(1, 72))


@st.composite
def intervals(draw: st.DrawFn, least: int = 1, most: int = 14) -> list[Interval]:
    """Shifts that do not overlap, on whole hours, with gaps from none to beyond the horizon."""
    at, found = BEGIN, []
    for gap, length in draw(st.lists(st.tuples(_GAPS_H, _LENGTHS_H), min_size=least, max_size=most)):
        start = at + timedelta(hours=gap)
        at = start + timedelta(hours=length)
        found.append((start, at, draw(ZONES)))
    return found


@st.composite
def around(draw: st.DrawFn, shifts: list[Interval], most: int = 6) -> list[Interval]:
    """Activities near the edges of these shifts, from an instant to longer than believed."""
    edges = st.sampled_from([edge for start, end, _ in shifts for edge in (start, end)])
    near = st.one_of(st.sampled_from([-12, 0, 12, 36, 48]), st.integers(-80, 80), st.integers(-900, 900))
    lengths = st.one_of(st.sampled_from([0, 60]), st.integers(0, 60 * 60))
    found = []
    for _ in range(draw(st.integers(1, most))):
        start = draw(edges) + timedelta(hours=draw(near))
        found.append((start, start + timedelta(minutes=draw(lengths)), draw(ZONES)))
    return found
