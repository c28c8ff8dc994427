"""Dagster's handle on the stores.

Belongs here: the resource through which assets and IO managers reach data. Does not: opening
anything itself (`stores.py`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import dagster as dg

from coros_assets.live_runs import alive
from coros_assets.settings import load_settings
from coros_assets.stores import Stores


class StoresResource(dg.ConfigurableResource[Stores]):
    """The stores of the settings in this process's environment, opened once a process."""

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[Stores]:
        """The stores; a run is at work, and has its turn to load, as long as it lasts."""
        stores = _stores()
        if context.run is None or context.instance is None:
            yield stores
            return
        with alive(context.instance, context.run.run_id), stores.turns.beside_others():
            yield stores


@cache
def _stores() -> Stores:
    return Stores(load_settings())
