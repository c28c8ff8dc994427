import subprocess
import sys

import dagster as dg
import pytest

from coros_assets.definitions import defs
from coros_assets.tables import GOLD_TABLES, ROSTER_SHIFTS, SILVER_TABLES, WELLNESS_TABLES

GRAPH = {
    "landing/activity_files": [],
    "athlete/settings": [],
    "bronze/activity_files": ["athlete/settings", "landing/activity_files"],
    "silver/records": ["bronze/activity_files"],
    "silver/laps": ["bronze/activity_files"],
    "silver/activities": ["bronze/activity_files"],
    "roster/shifts": ["athlete/settings"],
    "wellness/daily": ["athlete/settings"],
    "wellness/sleep": ["athlete/settings"],
    **dict.fromkeys(
        [
            "gold/fact_activity",
            "gold/fact_lap",
            "gold/fact_best_effort",
            "gold/fact_heart_rate_zone",
            "gold/activity_source",
        ],
        (
            "athlete/settings",
            "roster/shifts",
            "silver/activities",
            "silver/laps",
            "silver/records",
            "wellness/sleep",
        ),
    ),
    "gold/fact_day": ["gold/fact_activity", "gold/fact_best_effort", "roster/shifts", "wellness/daily"],
    "gold/dim_shift": ["roster/shifts"],
    "gold/dim_date": ["gold/fact_activity", "roster/shifts"],
    **dict.fromkeys(
        [
            "gold/answer_night_shift",
            "gold/answer_next_day",
            "gold/answer_fitness_trend",
            "gold/forecast",
            "gold/forecast_evaluation",
        ],
        ("gold/dim_shift", "gold/fact_activity", "gold/fact_day"),
    ),
    "gold/recovery_anomaly": ["gold/dim_shift", "gold/fact_activity", "gold/fact_day", "wellness/daily"],
    "report/html": [
        "gold/answer_fitness_trend",
        "gold/answer_next_day",
        "gold/answer_night_shift",
        "gold/dim_shift",
        "gold/fact_activity",
        "gold/fact_best_effort",
        "gold/fact_day",
        "gold/forecast",
        "gold/forecast_evaluation",
        "gold/recovery_anomaly",
    ],
    "powerbi/model": [
        "gold/activity_source",
        "gold/answer_fitness_trend",
        "gold/answer_next_day",
        "gold/answer_night_shift",
        "gold/dim_date",
        "gold/dim_shift",
        "gold/fact_activity",
        "gold/fact_best_effort",
        "gold/fact_day",
        "gold/fact_heart_rate_zone",
    ],
}
PARTITIONED = {"bronze/activity_files", "silver/records", "silver/laps", "silver/activities"}


@pytest.fixture(scope="module")
def nodes():
    return {node.key.to_user_string(): node for node in defs.resolve_asset_graph().asset_nodes}


def test_the_asset_graph_is_this_one(nodes):
    found = {
        key: sorted(parent.to_user_string() for parent in node.parent_keys) for key, node in nodes.items()
    }
    assert found == {key: list(parents) for key, parents in GRAPH.items()}


def test_bronze_and_silver_have_a_partition_a_day_that_a_range_fills_in_one_run(nodes):
    assert {key for key, node in nodes.items() if node.is_partitioned} == PARTITIONED
    for key in PARTITIONED:
        assert nodes[key].backfill_policy == dg.BackfillPolicy.single_run()
        assert nodes[key].partitions_def.get_first_partition_key() == "2005-01-01"


def test_every_asset_says_what_it_is_to_whom_it_belongs_and_of_what_kind(nodes):
    for node in nodes.values():
        assert node.description
        assert node.owners
        assert node.kinds
        assert node.group_name != "default"


@pytest.mark.parametrize(
    "table",
    [*SILVER_TABLES, *GOLD_TABLES, ROSTER_SHIFTS, *WELLNESS_TABLES],
    ids=lambda table: table.qualified_name,
)
def test_every_table_shows_its_columns(nodes, table):
    schema = nodes[f"{table.layer}/{table.name}"].metadata["dagster/column_schema"]
    assert [(column.name, column.description) for column in schema.columns] == [
        (column.name, column.comment) for column in table.columns
    ]


def test_the_sums_between_the_layers_block_what_comes_after():
    graph = defs.resolve_asset_graph()
    blocking = {key.name for key in graph.asset_check_keys if graph.get(key).blocking}
    assert blocking == {
        "every_landed_file_has_one_fate",
        "every_point_is_kept_or_dropped_with_a_reason",
        "every_silver_activity_is_in_gold",
    }


def test_the_command_line_imports_no_heavy_library_for_its_help():
    heavy = {"dagster", "pyarrow", "numpy", "mcp", "keyring"}
    program = f"import sys, coros_assets.cli; print(sorted({heavy} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
