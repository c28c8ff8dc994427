"""What is where: counts per layer, the sums between them, quarantine, and where data lives.

Belongs here: collecting facts. Does not: printing them (`cli.py`).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from coros_assets.athlete import AthleteHistory
from coros_assets.athlete_settings.load import athlete_entries
from coros_assets.bronze.tombstones import read_tombstones
from coros_assets.own_inputs import problems
from coros_assets.reconcile import gold_sum, landing_sum, silver_sum
from coros_assets.storage.parquet import LakeTable
from coros_assets.stores import Stores
from coros_assets.tables import QUARANTINED_FILE, ROSTER_SHIFTS
from coros_assets.waiting import waiting
from coros_assets.wellness.load import wellness_in


def status(stores: Stores) -> dict[str, Any]:
    """Counts, sums, waiting work, quarantine and places, ready for JSON."""
    settings = stores.settings
    sums = [landing_sum(stores.warehouse), silver_sum(stores.warehouse), gold_sum(stores.warehouse)]
    landed, silver, gold = (found.counts for found in sums)
    work = waiting(stores)
    return {
        "landing": {
            "files_taken_in": landed["landed"],
            "files_waiting": len(work.files),
        },
        "bronze": {
            "files": landed["bronze"],
            "duplicates": landed["duplicate"],
            "quarantined": landed["quarantined"],
        },
        "silver": {
            "dates": silver["dates"],
            "dates_out_of_date": len(work.silver_dates),
            "activities": silver["activities_silver"],
            "points": silver["points_kept"],
            "points_dropped": silver["points_dropped"],
        },
        "athlete": _athlete(stores, changed=work.athlete),
        "wellness": _wellness(stores, changed=work.wellness),
        "roster": {
            "shifts": LakeTable(stores.lake, ROSTER_SHIFTS).read_if_whole().num_rows,
            "changed": work.roster,
        },
        "gold": {
            "activities": gold["activities"],
            "duplicates_linked": gold["duplicates_linked"],
            "dates_out_of_date": len(work.gold_dates),
        },
        "waiting": {"dates_by_reason": dict(work.reasons)},
        "problems": problems(stores),
        "damaged": [state["problem"] for state in stores.ledger.date_states().values() if state["problem"]],
        "reconciliation": [{"equation": found.equation, "holds": found.holds} for found in sums],
        "quarantine": [
            {"name": row["name"], "reason": row["reason"], "sha256": row["sha256"]}
            for row in stores.warehouse.read_table(QUARANTINED_FILE.name).to_pylist()
        ],
        "erasures": {
            "refused": [{"name": row["name"], "reason": row["reason"]} for row in stores.ledger.refused()],
            "unfinished": len(read_tombstones(stores.lake).unfinished),
        },
        "places": {
            "home": str(settings.home),
            "landing": settings.landing,
            "lake": settings.lake,
            "warehouse": stores.warehouse.place,
            "roster": str(settings.roster_path),
            "roster_codes": str(settings.roster_codes_path),
            "wellness": str(settings.wellness_path),
            "athlete": str(settings.athlete_path),
            "home_timezone": str(stores.home_timezone),
        },
    }


def _athlete(stores: Stores, *, changed: bool) -> dict[str, Any]:
    history = AthleteHistory.of(athlete_entries(stores.lake))
    estimated = sorted(history.on(date.max).estimated)
    return {"entries": len(history.entries), "estimated": estimated, "changed": changed}


def _wellness(stores: Stores, *, changed: bool) -> dict[str, Any]:
    daily, sleep = wellness_in(stores.lake)
    return {"mornings": daily.num_rows, "sleeps": sleep.num_rows, "changed": changed}
