"""Which dates gold must be loaded for, and what each date's rows are made from.

Belongs here: the identity of a date's inputs. Does not: the rows (`facts.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from coros_assets.athlete import AthleteHistory
from coros_assets.gold.metrics import METRIC_VERSION
from coros_assets.roster.labels import shift_neighbourhood_digests


def gold_digests(
    states: Mapping[date, Mapping[str, Any]], shifts: pa.Table, athlete: AthleteHistory
) -> dict[date, str]:
    """The identity of each date's gold rows: its silver, the metrics, the runner, the shifts around it.

    Dates without silver are left out.
    """
    days = [day for day, state in states.items() if state["silver_digest"]]
    around = shift_neighbourhood_digests(days, shifts)
    return {
        day: _digest(states[day]["silver_digest"], METRIC_VERSION, athlete.on(day).fingerprint, shifts_around)
        for day, shifts_around in zip(days, around, strict=True)
    }


def _digest(*inputs: str) -> str:
    return hashlib.sha256("\n".join(inputs).encode()).hexdigest()
