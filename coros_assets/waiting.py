"""What waits to be loaded, in any layer, and why.

Belongs here: comparing what there is with what was made from it. Does not: loading it (the assets)
or deciding when (`sensors.py`, `cli.py`).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Final

from coros_assets.bronze.intake import pending_files
from coros_assets.bronze.tombstones import read_tombstones
from coros_assets.gold.plan import changed_parts, gold_digests
from coros_assets.own_inputs import own_now
from coros_assets.products import are_current
from coros_assets.silver.plan import due_dates
from coros_assets.stores import Stores

_REASONS: Final = {
    "athlete": "athlete setting",
    "roster": "roster",
    "wellness": "wellness file",
    "metrics": "metric definition",
}
_HOME: Final = "home zone"


@dataclass(frozen=True)
class Waiting:
    """Landed files, dates of silver and gold, whether one of the runner's own files or the products changed,
    and how many erasures were interrupted.

    `reasons` counts, for each reason, the dates loaded once that are to be made again because of it.
    """

    files: tuple[str, ...]
    silver_dates: tuple[date, ...]
    gold_dates: tuple[date, ...]
    reasons: tuple[tuple[str, int], ...]
    athlete: bool
    roster: bool
    wellness: bool
    products: bool
    erasures: int

    def __bool__(self) -> bool:
        """True if anything waits."""
        return any(vars(self).values())

    @property
    def fingerprint(self) -> str:
        """The same for the same waiting work."""
        return hashlib.sha256(repr(self).encode()).hexdigest()


def waiting(stores: Stores) -> Waiting:
    """What a load would do now, beside trying again what a damaged file stopped."""
    states, now = stores.ledger.date_states(), own_now(stores)
    sound = {day: state for day, state in states.items() if not state["problem"]}
    silver_dates = due_dates(sound, now.home_timezone)
    at_another_home = silver_dates - due_dates(sound, stores.home_timezone)
    wanted = gold_digests(sound, now.gold)
    gold_dates = [day for day, digest in wanted.items() if digest != states[day]["gold_digest"]]
    made_before = [day for day in gold_dates if states[day]["gold_digest"]]
    parts = Counter(
        part for day in made_before for part in changed_parts(states[day]["gold_digest"], wanted[day])
    )
    counted = {_HOME: len(at_another_home)} | {reason: parts[part] for part, reason in _REASONS.items()}
    return Waiting(
        tuple(f"{found.key} {found.version}" for found in pending_files(stores.landing, stores.ledger)),
        tuple(sorted(silver_dates)),
        tuple(gold_dates),
        tuple((reason, dates) for reason, dates in counted.items() if dates),
        now.athlete,
        now.roster,
        now.wellness,
        not are_current(stores),
        len(read_tombstones(stores.lake).to_be_removed),
    )
