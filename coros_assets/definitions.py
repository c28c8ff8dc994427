"""The whole asset graph, on one screen.

Belongs here: which assets, checks, jobs, sensors and resources make the platform. Does not: any of
their insides.
"""

import dagster as dg

from coros_assets.answers.assets import (
    gold_answer_fitness_trend,
    gold_answer_next_day,
    gold_answer_night_shift,
)
from coros_assets.athlete_settings.assets import athlete_settings
from coros_assets.bronze.assets import bronze_activity_files, landing_activity_files
from coros_assets.checks import (
    every_landed_file_has_one_fate,
    every_point_is_kept_or_dropped_with_a_reason,
    every_silver_activity_is_in_gold,
)
from coros_assets.described import described
from coros_assets.forecast.assets import gold_forecast, gold_recovery_anomaly
from coros_assets.gold.assets import gold_dim_date, gold_dim_shift, gold_fact_day, gold_facts
from coros_assets.powerbi.assets import powerbi_model
from coros_assets.report.assets import report_html
from coros_assets.resources import StoresResource
from coros_assets.roster.assets import roster_shifts
from coros_assets.sensors import load_job, new_landing_files
from coros_assets.settings import load_settings
from coros_assets.silver.assets import silver_tables
from coros_assets.storage.io_managers import ParquetIOManager, PostgresIOManager
from coros_assets.sync.assets import coros_sync, sync_job, sync_schedule, synced_first
from coros_assets.wellness.assets import wellness_tables

stores = StoresResource()
settings = load_settings()

assets: list[dg.AssetsDefinition | dg.AssetSpec] = [
    landing_activity_files,
    bronze_activity_files,
    silver_tables,
    athlete_settings,
    roster_shifts,
    wellness_tables,
    gold_facts,
    gold_fact_day,
    gold_dim_shift,
    gold_dim_date,
    gold_answer_night_shift,
    gold_answer_next_day,
    gold_answer_fitness_trend,
    gold_forecast,
    gold_recovery_anomaly,
    report_html,
    powerbi_model,
]
if settings.sync:  # else nothing here reaches beyond this machine and its stores
    assets = [coros_sync, *dg.map_asset_specs(synced_first, assets)]

defs = dg.Definitions(
    assets=dg.map_asset_specs(described, assets),
    asset_checks=[
        every_landed_file_has_one_fate,
        every_point_is_kept_or_dropped_with_a_reason,
        every_silver_activity_is_in_gold,
    ],
    jobs=[load_job, *([sync_job] if settings.sync else [])],
    schedules=[sync_schedule(settings.home_timezone)] if settings.sync else [],
    sensors=[new_landing_files],
    resources={
        "stores": stores,
        "lake_io": ParquetIOManager(stores=stores),
        "warehouse_io": PostgresIOManager(stores=stores),
    },
    executor=dg.in_process_executor,  # a process a step would cost three seconds each
)
