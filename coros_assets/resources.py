"""Dagster's handle on the stores.

Belongs here: the resource through which assets and IO managers reach data. Does not: opening
anything itself (`stores.py`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Final
from weakref import WeakSet

import dagster as dg

from coros_assets.live_runs import alive
from coros_assets.settings import load_settings
from coros_assets.stores import Stores

# A run asks Dagster's storage some 400 times, and would connect anew each time: on a server with TLS and
# tokens that takes longer than all its work. What a web server is given for that reason serves a run, too.
_CONNECTIONS: Final = {"statement_timeout": 600_000, "pool_recycle": 600, "max_overflow": 20}  # ms, s, number
_keeping: Final[WeakSet[dg.DagsterInstance]] = WeakSet()


class StoresResource(dg.ConfigurableResource[Stores]):
    """The stores of the settings in this process's environment, opened once a process."""

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[Stores]:
        """The stores; a run is at work, and has its turn to load, as long as it lasts."""
        stores = _stores()
        if context.run is None or context.instance is None:
            yield stores
            return
        if context.instance not in _keeping:
            _keeping.add(context.instance)
            context.instance.optimize_for_webserver(**_CONNECTIONS)
        with alive(context.instance, context.run.run_id), stores.turns.beside_others():
            yield stores


@cache
def _stores() -> Stores:
    return Stores(load_settings())
