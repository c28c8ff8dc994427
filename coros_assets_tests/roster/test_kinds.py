"""Kinds of shifts, at their limits and over the nights the clocks change."""

from __future__ import annotations

import pyarrow as pa
import pytest

from coros_assets.roster.kinds import shift_kinds

from .builders import INSTANT, VIENNA, csv_bytes, read, roster


@pytest.mark.parametrize(
    ("start", "end", "kind"),
    [
        ("2026-05-04 07:00", "2026-05-04 19:00", "day"),
        ("2026-05-04 06:00", "2026-05-04 14:00", "day"),
        ("2026-05-04 05:59", "2026-05-04 14:00", "early"),
        ("2026-05-04 13:00", "2026-05-04 21:00", "day"),
        ("2026-05-04 13:00", "2026-05-04 21:01", "evening"),
        ("2026-05-04 05:00", "2026-05-04 22:00", "evening"),
        ("2026-05-04 16:00", "2026-05-05 00:00", "evening"),
        ("2026-05-04 17:00", "2026-05-05 01:59", "evening"),
        ("2026-05-04 17:00", "2026-05-05 02:00", "night"),
        ("2026-05-04 19:00", "2026-05-05 07:00", "night"),
        ("2026-05-05 00:00", "2026-05-05 03:00", "night"),
        ("2026-05-05 00:30", "2026-05-05 03:00", "early"),
        ("2026-05-05 03:00", "2026-05-05 11:00", "night"),
        ("2026-05-05 03:01", "2026-05-05 11:00", "early"),
        ("2026-05-04 04:30", "2026-05-05 00:30", "night"),
        ("2026-05-04 07:00", "2026-05-05 07:00", "night"),
        ("2026-05-04 00:00", "2026-05-05 00:00", "night"),
        ("2026-05-04 12:00", "2026-05-07 12:00", "night"),
        ("2026-12-31 19:00", "2027-01-01 07:00", "night"),
    ],
)
def test_the_kind_follows_from_the_local_hours(start: str, end: str, kind: str) -> None:
    assert roster(f"{start},{end}")["kind"].to_pylist() == [kind]


@pytest.mark.parametrize(
    ("zone", "start", "end", "kind"),
    [
        # The hour from 02:00 is skipped: 3.5 h by the clock are 2.5 h of work.
        (VIENNA, "2026-03-29 00:30", "2026-03-29 04:00", "early"),
        (VIENNA, "2026-03-29 00:00", "2026-03-29 04:00", "night"),
        # The hour from 02:00 comes twice: 2 h by the clock are 3 h of work.
        (VIENNA, "2026-10-25 01:30", "2026-10-25 03:30", "night"),
        (VIENNA, "2026-10-25 03:01", "2026-10-25 05:01", "early"),
        ("America/New_York", "2026-03-08 00:30", "2026-03-08 04:00", "early"),
        ("America/New_York", "2026-11-01 00:30", "2026-11-01 02:30", "night"),
        ("Australia/Sydney", "2026-04-05 01:30", "2026-04-05 03:30", "night"),
        ("Australia/Sydney", "2026-10-04 00:30", "2026-10-04 04:00", "early"),
    ],
)
def test_hours_in_the_night_are_hours_worked(zone: str, start: str, end: str, kind: str) -> None:
    shifts = read("r.csv", csv_bytes("start,end,timezone", f"{start},{end},{zone}"), VIENNA)
    assert shifts["kind"].to_pylist() == [kind]


def test_the_same_instants_are_a_night_in_one_zone_and_a_day_in_another() -> None:
    instants = pa.array([1_780_000_000_000_000] * 2, INSTANT)  # 2026-05-28 20:26:40 UTC
    eight_hours_later = pa.array([1_780_028_800_000_000] * 2, INSTANT)
    kinds = shift_kinds(instants, eight_hours_later, pa.array([VIENNA, "Asia/Tokyo"]))
    assert kinds.to_pylist() == ["night", "early"]


def test_no_shifts_have_no_kinds() -> None:
    assert (
        shift_kinds(pa.array([], INSTANT), pa.array([], INSTANT), pa.array([], pa.string())).to_pylist() == []
    )
