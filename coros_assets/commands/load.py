"""One load of everything that waits, as a Dagster run in this process.

Belongs here: starting the run and turning its failure into a sentence. Does not: what a load does
(the assets).
"""

from __future__ import annotations

import logging
from typing import Final

import dagster as dg
from dagster_shared.error import SerializableErrorInfo

from coros_assets.bronze.assets import BRONZE
from coros_assets.commands.instance import open_instance
from coros_assets.errors import CorosError, RosterError, UnreadableFileError, WellnessError
from coros_assets.live_runs import end_abandoned
from coros_assets.settings import Settings

_SAID: Final = [error.__name__ for error in (CorosError, UnreadableFileError, RosterError, WellnessError)]
_QUIET: Final = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def load(settings: Settings) -> None:
    """Brings every layer up to date with landing, roster and settings.

    Raises:
        CorosError: the run failed; the text is the first failure's.
    """
    logging.getLogger("alembic").setLevel(logging.ERROR)
    from coros_assets.definitions import defs
    from coros_assets.sensors import LOAD, today

    complete = {"ops": {BRONZE.to_python_identifier(): {"config": {"judge_young_files": True}}}}
    with open_instance(settings) as instance:
        end_abandoned(instance, LOAD)
        result = defs.resolve_job_def(LOAD).execute_in_process(
            instance=instance, partition_key=today(), run_config=_QUIET | complete, raise_on_error=False
        )
        if not result.success:
            raise CorosError(_failure(result))


def _said(error: SerializableErrorInfo) -> str:
    """The sentence of the outermost error that has one for the runner; else the innermost error's text."""
    while error.cause is not None and error.cls_name not in _SAID:
        error = error.cause
    return error.message.strip().removeprefix(f"{CorosError.__module__}.{error.cls_name}: ")


def _failure(result: dg.ExecuteInProcessResult) -> str:
    for event in result.all_events:
        if event.is_step_failure and event.step_failure_data.error is not None:
            return _said(event.step_failure_data.error)
    failed = [event for event in result.get_asset_check_evaluations() if not event.passed]
    if failed:
        first = failed[0]
        place = first.asset_key.to_user_string()
        return f"The check {first.check_name} of {place} failed; see `coros-assets status`."
    return "The load failed; see the run in `coros-assets ui`."
