"""The report in the asset graph.

Belongs here: what the report is made from and where it goes. Does not: how it looks (`page.py`).
"""

from datetime import UTC, datetime
from importlib.metadata import version
from typing import Final

import dagster as dg
import pyarrow as pa

from coros_assets.answers.fitness_trend import fitness_level
from coros_assets.answers.recovery import recovery_after_nights
from coros_assets.athlete_settings.load import athlete_entries
from coros_assets.forecast.outlook import past_next_runs
from coros_assets.products import MADE_FROM_KEY, REPORT, made_from_now
from coros_assets.report.page import render_report
from coros_assets.stores import Stores
from coros_assets.tables import (
    ACTIVITY_SOURCE,
    ANSWER_TABLES,
    DIM_SHIFT,
    FACT_ACTIVITY,
    FACT_BEST_EFFORT,
    FACT_DAY,
    FORECAST_TABLES,
    QUARANTINED_FILE,
)

REPORT_KEY: Final = "report/report.html"
_DEPS: Final = (*ANSWER_TABLES, *FORECAST_TABLES, FACT_ACTIVITY, FACT_BEST_EFFORT, FACT_DAY, DIM_SHIFT)
_READ: Final = (
    *ANSWER_TABLES,
    *FORECAST_TABLES,
    FACT_ACTIVITY,
    FACT_DAY,
    DIM_SHIFT,
    ACTIVITY_SOURCE,
    QUARANTINED_FILE,
)
_VIEWS: Final = (
    "suspected_copy",
    "analysis_run",
    "efficiency_by_hours_since_night",
    "efficiency_by_schedule_period",
    "next_day_by_load_tercile",
    "fitness_by_month",
    "best_effort_by_month",
    "personal_record",
)


@dg.asset(
    key=["report", "html"],
    deps=[[table.layer, table.name] for table in _DEPS],
    group_name="report",
    kinds={"html"},
)
def report_html(stores: dg.ResourceParam[Stores]) -> dg.MaterializeResult[None]:
    """The three answers and what stands behind them, in one HTML file that needs no network.

    A report of what has changed since is not kept: the load that changed it makes another.
    """
    made_from = made_from_now(stores, REPORT)
    page = render_report(_tables(stores), datetime.now(UTC), version("coros-assets")).encode()
    with stores.warehouse.exclusive(REPORT):
        if made_from_now(stores, REPORT) == made_from:
            stores.lake.put(REPORT_KEY, page)
            stores.lake.put(MADE_FROM_KEY, made_from.encode())
    return dg.MaterializeResult(
        metadata={"size_bytes": len(page), "place": f"{stores.lake.uri}/{REPORT_KEY}"}
    )


def _tables(stores: Stores) -> dict[str, pa.Table]:
    """What `render_report` takes."""
    names = [*(table.name for table in _READ), *_VIEWS]
    tables = {name: stores.warehouse.read_table(name) for name in names}
    runs = tables["analysis_run"]
    return tables | {
        "athlete_settings": athlete_entries(stores.lake),
        "fitness_level": fitness_level(runs),
        "recovery": recovery_after_nights(runs),
        "past_next_runs": past_next_runs(runs, tables["fact_day"], tables["dim_shift"]),
    }
