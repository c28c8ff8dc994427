"""Asset checks: what must hold before the next layer may build on an asset.

Belongs here: binding the sums of `reconcile.py` to assets. Does not: computing them.
"""

import dagster as dg

from coros_assets.bronze.assets import BRONZE
from coros_assets.reconcile import Sum, gold_sum, landing_sum, silver_sum
from coros_assets.stores import Stores


@dg.asset_check(asset=BRONZE, blocking=True)
def every_landed_file_has_one_fate(stores: dg.ResourceParam[Stores]) -> dg.AssetCheckResult:
    """Landed files = bronze + duplicates + quarantined."""
    return _result(landing_sum(stores.warehouse))


@dg.asset_check(asset=["silver", "activities"], blocking=True)
def every_point_is_kept_or_dropped_with_a_reason(stores: dg.ResourceParam[Stores]) -> dg.AssetCheckResult:
    """Points parsed = points in silver + points dropped."""
    return _result(silver_sum(stores.warehouse))


@dg.asset_check(asset=["gold", "fact_activity"], blocking=True)
def every_silver_activity_is_in_gold(stores: dg.ResourceParam[Stores]) -> dg.AssetCheckResult:
    """Silver activities = gold activities + linked duplicates, and every lap has its activity."""
    return _result(gold_sum(stores.warehouse))


def _result(found: Sum) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(passed=found.holds, metadata={"equation": found.equation, **found.counts})
