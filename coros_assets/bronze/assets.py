"""Landing and bronze in the asset graph.

Belongs here: descriptions, partitions, metadata. Does not: the intake itself (`intake.py`).
"""

from datetime import UTC, datetime
from typing import Final

import dagster as dg

from coros_assets.athlete_settings.assets import ATHLETE
from coros_assets.bronze.erasure import remove_erased
from coros_assets.bronze.intake import refresh_dates, reread, take_in
from coros_assets.bronze.mend import mend_catalogue, recollect
from coros_assets.bronze.tombstones import read_tombstones
from coros_assets.partitions import ACTIVITY_DATES, chosen_dates, report_dates
from coros_assets.silver.plan import due_dates
from coros_assets.stores import Stores

LANDING: Final = dg.AssetKey(["landing", "activity_files"])
BRONZE: Final = dg.AssetKey(["bronze", "activity_files"])

landing_activity_files: Final = dg.AssetSpec(
    LANDING,
    group_name="landing",
    kinds={"file"},
    description="Activity files as the runner dropped them; read, never changed.",
)


class IntakeConfig(dg.Config):
    """How an intake judges files."""

    judge_young_files: bool = False
    """True where the landed files are known to be complete, as those given to `ingest` are."""


@dg.asset(
    key=BRONZE,
    deps=[LANDING, ATHLETE],
    group_name="bronze",
    kinds={"file"},
    partitions_def=ACTIVITY_DATES,
    backfill_policy=dg.BackfillPolicy.single_run(),
)
def bronze_activity_files(
    context: dg.AssetExecutionContext, config: IntakeConfig, stores: dg.ResourceParam[Stores]
) -> dg.MaterializeResult[None]:
    """Landed files, kept unchanged by the hash of their content, with a catalogue by activity date.

    A run takes in every landed file that is new, whatever its date, enters files anew whose reader or
    home zone changed, and looks again at the catalogue of the dates that wait or that it was started for.
    """
    bronze, ledger, home_timezone = stores.bronze, stores.ledger, stores.home_timezone
    chosen = chosen_dates(context)
    if read_tombstones(bronze.lake).to_be_removed:
        with stores.turns.alone():
            remove_erased(stores.places)
    states = ledger.date_states()
    catalogued = set() if states else bronze.dates()
    outdated = due_dates(states, home_timezone) | catalogued
    recollect(bronze, ledger)
    reread_dates = reread(outdated, bronze, ledger, home_timezone=home_timezone)
    refresh_dates(reread_dates | outdated | chosen, bronze, ledger)
    intake = take_in(
        stores.landing,
        bronze,
        ledger,
        home_timezone=home_timezone,
        now=datetime.now(UTC),
        judge_young_files=config.judge_young_files,
    )
    mended = mend_catalogue(bronze.suspects, bronze, ledger, home_timezone=home_timezone)
    bronze.suspects = set()
    refresh_dates(mended, bronze, ledger)
    late_dates = (intake.touched | reread_dates | mended) - chosen
    report_dates(context.instance, context.run, context.op_def.name, BRONZE, {day: {} for day in late_dates})
    return dg.MaterializeResult(
        metadata={
            "files_new": intake.new,
            "files_duplicate": intake.duplicate,
            "files_quarantined": intake.quarantined,
            "files_erased": intake.erased,
            "dates_touched": len(intake.touched),
        }
    )
