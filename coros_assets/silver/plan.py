"""Which dates silver must be made for, and what each date's silver is made from.

Belongs here: the identity of a silver partition's inputs. Does not: making it (`build.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from coros_assets.formats.read import PARSER_VERSION

SILVER_VERSION: Final = "1"


def silver_digest(bronze_digest: str, home_timezone: str) -> str:
    """The identity of what a silver partition is made from: its files, the code's version, the settings."""
    inputs = "\n".join([bronze_digest, PARSER_VERSION, SILVER_VERSION, home_timezone])
    return hashlib.sha256(inputs.encode()).hexdigest()


def due_dates(states: Mapping[date, Mapping[str, Any]], home_timezone: str) -> set[date]:
    """The dates whose silver is missing or was made from something else."""
    return {
        day
        for day, state in states.items()
        if state["silver_digest"] != silver_digest(state["bronze_digest"], home_timezone)
    }
