"""Which dates gold must be loaded for, and what each date's rows are made from.

Belongs here: the identity of a date's inputs, part by part. Does not: the rows (`facts.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from coros_assets.athlete import AthleteHistory
from coros_assets.gold.metrics import METRIC_VERSION
from coros_assets.roster.labels import shift_neighbourhood_digests
from coros_assets.wellness.before_runs import sleep_digests


@dataclass(frozen=True)
class OwnInputs:
    """What gold is made from beside recordings: `ROSTER_SHIFTS`, `WELLNESS_SLEEP`, and the runner."""

    shifts: pa.Table
    sleeps: pa.Table
    athlete: AthleteHistory


def gold_digests(states: Mapping[date, Mapping[str, Any]], own: OwnInputs) -> dict[date, str]:
    """The identity of each date's gold rows: its recordings, the metrics, the runner, what lies around it.

    One word a part, `name=digest`, so that the ledger tells which part changed. Dates without silver are
    left out.
    """
    days = [day for day, state in states.items() if state["silver_digest"]]
    around = zip(
        days, shift_neighbourhood_digests(days, own.shifts), sleep_digests(days, own.sleeps), strict=True
    )
    return {
        day: _joined(
            recordings=states[day]["silver_digest"],
            metrics=METRIC_VERSION,
            athlete=own.athlete.on(day).fingerprint,
            roster=shifts,
            wellness=sleeps,
        )
        for day, shifts, sleeps in around
    }


def changed_parts(made_from: str | None, wanted: str) -> frozenset[str]:
    """The names of the parts in which two digests of a date differ; all of them if nothing was made yet."""
    present = set((made_from or "").split())
    return frozenset(part.partition("=")[0] for part in wanted.split() if part not in present)


def _joined(**parts: str) -> str:
    return " ".join(f"{name}={digest}" for name, digest in parts.items())
