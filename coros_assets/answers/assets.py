"""The three answers in the asset graph.

Belongs here: the assets. Does not: views (`sql/`) or statistics (the modules beside).
"""

from typing import Final

import dagster as dg
import pyarrow as pa

from coros_assets.answers.fitness_trend import answer_fitness_trend
from coros_assets.answers.next_day import answer_next_day
from coros_assets.answers.night_shift import answer_night_shift
from coros_assets.products import made_from_now
from coros_assets.storage.parquet import stamped
from coros_assets.stores import Stores
from coros_assets.tables import ANSWER_FITNESS_TREND, ANSWER_NEXT_DAY, ANSWER_NIGHT_SHIFT

_DEPS: Final = [dg.AssetKey(["gold", name]) for name in ("fact_activity", "fact_day", "dim_shift")]
_KIND: Final = {"postgres"}


@dg.asset(
    key=["gold", "answer_night_shift"],
    deps=_DEPS,
    io_manager_key="warehouse_io",
    group_name="answers",
    kinds=_KIND,
)
def gold_answer_night_shift(stores: dg.ResourceParam[Stores]) -> pa.Table:
    """How night shifts change running."""
    made_from, warehouse = made_from_now(stores, ANSWER_NIGHT_SHIFT.name), stores.warehouse
    answer = answer_night_shift(warehouse.read_table("analysis_run"), warehouse.read_table("dim_shift"))
    return stamped(answer, made_from)


@dg.asset(
    key=["gold", "answer_next_day"],
    deps=_DEPS,
    io_manager_key="warehouse_io",
    group_name="answers",
    kinds=_KIND,
)
def gold_answer_next_day(stores: dg.ResourceParam[Stores]) -> pa.Table:
    """How training load changes the next run."""
    made_from = made_from_now(stores, ANSWER_NEXT_DAY.name)
    return stamped(answer_next_day(stores.warehouse.read_table("analysis_run")), made_from)


@dg.asset(
    key=["gold", "answer_fitness_trend"],
    deps=_DEPS,
    io_manager_key="warehouse_io",
    group_name="answers",
    kinds=_KIND,
)
def gold_answer_fitness_trend(stores: dg.ResourceParam[Stores]) -> pa.Table:
    """How fitness has changed."""
    made_from = made_from_now(stores, ANSWER_FITNESS_TREND.name)
    return stamped(answer_fitness_trend(stores.warehouse.read_table("analysis_run")), made_from)
