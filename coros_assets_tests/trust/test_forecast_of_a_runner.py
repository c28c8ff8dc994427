"""A real runner's history: which forecast speaks, and whether its ranges hold what came.

Belongs here: forecasts on real files. Does not: planted effects (`coros_assets_tests/forecast/`).
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pytest

from coros_assets.forecast.findings import recovery_anomalies
from coros_assets.forecast.outlook import COMING_RUN, FATIGUE, NEXT_RUN, forecast_tables
from coros_assets.settings import Settings
from coros_assets.stores import Stores
from coros_assets.tables import WELLNESS_DAILY
from coros_assets_tests.commands.test_cli import run
from coros_assets_tests.trust.test_false_alarms import HISTORY, roster

pytestmark = pytest.mark.slow

TABLES: Final = ("analysis_run", "fact_day", "dim_shift")
_LOG: Final = logging.getLogger(__name__)


@pytest.fixture(scope="module")
def tables(activity_files: Path, tmp_path_factory: pytest.TempPathFactory) -> list[pa.Table]:
    base = tmp_path_factory.mktemp("runner")
    (base / "roster.csv").write_text(roster())
    zone = {"COROS_HOME_TIMEZONE": "Asia/Shanghai"}
    run(base / "home", "ingest", activity_files / HISTORY, "--roster", base / "roster.csv", **zone)
    warehouse = Stores(Settings(home=base / "home")).warehouse
    return [warehouse.read_table(name) for name in TABLES]


@pytest.fixture(scope="module")
def evaluation(tables: list[pa.Table]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = forecast_tables(*tables)[1].to_pylist()
    for row in rows:
        _LOG.info({name: value for name, value in row.items() if value is not None})
    return rows


def test_ranges_hold_four_of_five_outcomes_of_the_real_history(evaluation: list[dict[str, Any]]) -> None:
    shipped = {row["target"]: row for row in evaluation if row["is_shipped"]}
    for target in (NEXT_RUN, COMING_RUN, FATIGUE):
        assert shipped[target]["coverage_pct"] == pytest.approx(80, abs=3)


def test_on_so_short_a_history_with_an_invented_roster_no_model_is_shipped(
    evaluation: list[dict[str, Any]],
) -> None:
    for row in evaluation:
        assert row["is_shipped"] <= (not row["is_model"])
        assert (row["skill_low_pct"] or 0) <= 0


def test_few_of_the_real_runs_are_called_unusual(tables: list[pa.Table]) -> None:
    rows = recovery_anomalies(*tables, WELLNESS_DAILY.empty()).to_pylist()
    told = [row for row in rows if row["kind"] in {"spike", "drift"}]
    for row in told:
        _LOG.info(row["sentence"])
    assert len(told) < 0.05 * tables[0].num_rows
